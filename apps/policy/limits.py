"""The two ends of access: when a grant ends, and how long a key taken from it may live."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from apps.policy.decision import Limit
from apps.policy.facts import SHORTEST_LEASE_MINUTES
from apps.policy.reason import Reason, declare

REQUESTED_END = "requested_end"

GRANT_HAS_ENDED = declare(
    "GRANT_HAS_ENDED", "The grant has ended.", "Ask for an extension, or send a new request."
)
LEASE_TOO_SHORT = declare(
    "LEASE_TOO_SHORT",
    "Only %(seconds)s seconds of access are left, and the provider issues no key under %(minimum)s seconds.",
    "Ask for an extension of the grant.",
)


def earliest(requested_end: datetime, limits: Iterable[Limit]) -> Limit:
    """The first end of all. Where several coincide the requested end is named, else the first by name."""
    asked = Limit(ends_at=requested_end, factor=REQUESTED_END)
    return min((asked, *limits), key=lambda limit: (limit.ends_at, limit != asked, limit.factor, limit.about))


def lease_ttl(
    *, provider_max: timedelta, class_cap: timedelta | None, remaining: timedelta, provider_min: timedelta
) -> timedelta | Reason:
    """Whole seconds a key may live, or why none is issued. An unknown class cap counts as the shortest one.

    `remaining` is the end of the grant minus now. No lease outlives its grant: what the provider cannot issue
    short enough is refused, never rounded up.
    """
    if remaining <= timedelta(0):
        return Reason(code=GRANT_HAS_ENDED)
    cap = timedelta(minutes=SHORTEST_LEASE_MINUTES) if class_cap is None else class_cap
    ttl = min(provider_max, cap, remaining)
    seconds = ttl // timedelta(seconds=1)
    if seconds < 1 or timedelta(seconds=seconds) < provider_min:
        minimum = -(-provider_min // timedelta(seconds=1))
        return Reason(code=LEASE_TOO_SHORT, facts={"seconds": seconds, "minimum": minimum})
    return timedelta(seconds=seconds)
