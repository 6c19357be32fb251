"""UUIDv7 outside, bigint inside."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_uid() -> UUID:
    """A time-ordered identifier (RFC 9562, 5.7)."""
    return uuid7()
