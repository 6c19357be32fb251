"""Reading and checking tokens of issuers. Nothing is asked and nothing is believed before the signature."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from apps.accounts.workloads.errors import (
    CLAIM_DIFFERS,
    TOKEN_ALGORITHM,
    TOKEN_ENDED,
    TOKEN_FIELD,
    TOKEN_LIVES_LONG,
    TOKEN_MALFORMED,
    TOKEN_TO_COME,
)
from apps.kernel.errors import InvalidInput, invalid

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""Signatures by a private key alone: no shared secret, and never none."""
LONGEST_TOKEN = 16 * 1024
LONGEST_LIFE = timedelta(hours=24)
CLOCKS_DIFFER = timedelta(seconds=30)
LONGEST_SHOWN = 200
CHECKED_ANYWAY = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti"})
FIELD = "subject_token"
_NO_CLAIM = object()


@dataclass(frozen=True, kw_only=True)
class Presented:
    """A token as somebody sent it: what it says, which nobody has shown yet."""

    compact: str = field(repr=False)
    algorithm: str
    kid: str
    claims: Mapping[str, Any] = field(repr=False)

    @property
    def issuer(self) -> str:
        return _text(self.claims.get("iss"))

    @property
    def subject(self) -> str:
        return _text(self.claims.get("sub"))

    @property
    def audience(self) -> str:
        """The one it is meant for; empty where it is meant for several, any of whom could bring it here."""
        found = self.claims.get("aud")
        if isinstance(found, list) and len(found) == 1:
            return _text(found[0])
        return _text(found)

    @property
    def mark(self) -> str:
        """SHA-256 of what tells it from other tokens: its id, or what was signed, which nobody can vary."""
        own = _text(self.claims.get("jti"))
        told = f"jti {own}" if own else f"signed {self.compact.rpartition('.')[0]}"
        return hashlib.sha256(told.encode()).hexdigest()


def read(compact: str) -> Presented:
    """What a token says, unproven.  Raises: InvalidInput."""
    if not compact or len(compact) > LONGEST_TOKEN or not compact.isascii():
        raise _malformed("it is empty, too long, or has other characters than ASCII")
    try:
        whole = jwt.PyJWS(algorithms=[]).decode_complete(compact, options={"verify_signature": False})
        claims = json.loads(whole["payload"])
    except (jwt.InvalidTokenError, ValueError, RecursionError):
        raise _malformed("it has not three parts of JSON and a signature") from None
    if not isinstance(claims, dict):
        raise _malformed("its content is no object")
    header = whole["header"]
    algorithm = header.get("alg")
    if algorithm not in ALGORITHMS:
        raise invalid(FIELD, TOKEN_ALGORITHM, algorithm=shown(algorithm), known=", ".join(ALGORITHMS))
    return Presented(compact=compact, algorithm=algorithm, kid=_text(header.get("kid")), claims=claims)


def check_moments(token: Presented, *, at: datetime) -> datetime:
    """That it is good now, and not for long. Answers with its end.  Raises: InvalidInput."""
    begun, ends = _moment(token, "iat"), _moment(token, "exp")
    if ends <= at - CLOCKS_DIFFER:
        raise invalid(FIELD, TOKEN_ENDED, ended_at=ends.isoformat())
    begins = max(begun, _moment(token, "nbf")) if "nbf" in token.claims else begun
    if begins > at + CLOCKS_DIFFER:
        raise invalid(FIELD, TOKEN_TO_COME, begins_at=begins.isoformat())
    if ends - begun > LONGEST_LIFE:
        raise invalid(FIELD, TOKEN_LIVES_LONG, hours=int(LONGEST_LIFE.total_seconds()) // 3600)
    return ends


def check_claims(token: Presented, wanted: Mapping[str, str]) -> None:
    """That each claim that was registered stands in it with that value.  Raises: InvalidInput."""
    for name, value in wanted.items():
        found = claim_of(token.claims, name)
        if found is _NO_CLAIM or isinstance(found, list | dict) or _spelled(found) != value:
            told = "" if found is _NO_CLAIM else shown(found)
            raise invalid(FIELD, CLAIM_DIFFERS, claim=name, found=told)


def claim_of(claims: Mapping[str, Any], name: str) -> Any:
    """By its name; or by a JSON pointer (RFC 6901), for what stands deeper."""
    if not name.startswith("/"):
        return claims.get(name, _NO_CLAIM)
    found: Any = claims
    for step in name[1:].split("/"):
        if not isinstance(found, dict):
            return _NO_CLAIM
        found = found.get(step.replace("~1", "/").replace("~0", "~"), _NO_CLAIM)
    return found


def _moment(token: Presented, claim: str) -> datetime:
    value = token.claims.get(claim)
    try:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError
        return datetime.fromtimestamp(value, tz=UTC)
    except (ValueError, OverflowError, OSError):
        raise invalid(FIELD, TOKEN_FIELD, claim=claim) from None


def _spelled(value: Any) -> str:
    """A text as it is; a number or a truth value as JSON writes it."""
    return value if isinstance(value, str) else json.dumps(value)


def _text(value: Any) -> str:
    """Empty where it is none, or has what nobody can see: nothing of that kind is registered."""
    return value if isinstance(value, str) and value.isprintable() else ""


def shown(value: Any) -> str:
    """What a stranger sent, short and on one line."""
    told = value if isinstance(value, str) else json.dumps(value)
    return "".join(each if each.isprintable() else "?" for each in told[:LONGEST_SHOWN])


def _malformed(fault: str) -> InvalidInput:
    return invalid(FIELD, TOKEN_MALFORMED, fault=fault)
