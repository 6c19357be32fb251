"""Session tokens: everything the gate must know of a session, sealed under a key only the gate has.

So no list of sessions is kept, and a session survives a restart of the process. The session's own secret is
inside as well: a token that was changed does not open, and one paired with another key id fails.
Fernet (`cryptography`) is AES-CBC with HMAC-SHA256, authenticated before it is opened.
"""

from __future__ import annotations

import json
import os
import secrets
from base64 import b32encode
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from portal.embedded.lake.faults import Fault, bad_request


@dataclass(frozen=True, kw_only=True)
class Session:
    """One assumed role. Times are whole seconds since 1970, UTC."""

    key_id: str
    secret: str = field(repr=False)
    role: str
    name: str
    policy: str
    issued_at: int
    expires_at: int

    def check_alive(self, *, now: datetime) -> None:
        """Raises: Fault after the end."""
        if now.timestamp() >= self.expires_at:
            raise Fault("ExpiredToken", 400, "The provided token has expired.")


class Sealer:
    """Seals sessions with a key from the state directory, made at the first start."""

    def __init__(self, key_file: Path) -> None:
        self._fernet = Fernet(_kept_key(key_file))

    def seal(self, session: Session) -> str:
        return self._fernet.encrypt(json.dumps(asdict(session)).encode()).decode()

    def open(self, token: str, *, key_id: str) -> Session:
        """Raises: Fault where the token is not ours, was changed, or belongs to another key id."""
        try:
            session = Session(**json.loads(self._fernet.decrypt(token.encode())))
        except (InvalidToken, UnicodeEncodeError):
            raise _invalid() from None
        if session.key_id != key_id:
            raise _invalid()
        return session


def new_session(*, role: str, name: str, policy: str, now: datetime, seconds: int) -> Session:
    """A session that lives no longer than asked: its end is rounded down to a whole second."""
    issued_at = int(now.timestamp())
    return Session(
        key_id="ASIA" + b32encode(os.urandom(10)).decode(),
        secret=secrets.token_urlsafe(30),
        role=role,
        name=name,
        policy=policy,
        issued_at=issued_at,
        expires_at=issued_at + seconds,
    )


def iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _kept_key(key_file: Path) -> bytes:
    try:
        descriptor = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return key_file.read_bytes()
    with os.fdopen(descriptor, "wb") as target:
        target.write(Fernet.generate_key())
        target.flush()
        os.fsync(target.fileno())
    return key_file.read_bytes()


def _invalid() -> Fault:
    return bad_request("InvalidToken", "The provided token is malformed or otherwise invalid.")
