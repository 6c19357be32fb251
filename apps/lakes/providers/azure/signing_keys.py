"""The key that signs: asked of the account by a principal, and kept in memory for a while."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from apps.kernel.errors import LakewardenError, NotFound
from apps.lakes.providers.azure.account import address_of, sign_in_address
from apps.lakes.providers.azure.sas import VERSION, SigningKey
from apps.lakes.providers.contract import ConnectionSpec
from apps.lakes.providers.faults import (
    LAKE_CLOCKS_DIFFER,
    LAKE_REFUSED,
    LAKE_THING_MISSING,
    failure,
    malformed,
)
from apps.lakes.providers.keyring import Duty, SecretSource
from apps.lakes.providers.secret import Secret
from apps.lakes.providers.web import Answered, ask, ask_with_form, plain_code
from apps.policy.reason import Reason

LONGEST = timedelta(days=7)
"""Azure Storage REST API, "Get User Delegation Key": its end lies within seven days of now."""
EARLIER = timedelta(minutes=5)
"""A key begins so long before now: the clocks of portal and account may differ."""
KEPT = timedelta(hours=1)
"""An account takes all its keys back at once; for so long nobody here notices."""
SCOPE = "https://storage.azure.com/.default"
JWT = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ABSENT = frozenset({"AADSTS90002", "AADSTS900023", "AADSTS700016"})
"""No such tenant, no tenant by such a name, no such application in it."""
_TIME = frozenset({"AADSTS700024", "AADSTS50013"})
"""An assertion outside its time."""
_GONE = frozenset({"ResourceNotFound", "AccountNotFound"})
_PARTS = ("SignedOid", "SignedTid", "SignedStart", "SignedExpiry", "SignedService", "SignedVersion", "Value")


@dataclass(frozen=True, kw_only=True)
class Kept:
    key: SigningKey
    until: datetime


class SigningKeys:
    """One for each account and principal. Nothing of it is ever written down."""

    def __init__(self, secrets: SecretSource, clock: Callable[[], datetime]) -> None:
        self._secrets = secrets
        self._clock = clock
        self._kept: dict[tuple[str, ...], Kept] = {}

    def key(self, connection: ConnectionSpec, *, until: datetime, is_fresh: bool = False) -> SigningKey:
        """One that lives until then at least.  Raises: ProviderFailure, NotFound."""
        keys = self._secrets.keys(connection, Duty.ISSUER).reveal()
        name = (address_of(connection), sign_in_address(connection), keys["access_key_id"])
        now = self._clock()
        kept = self._kept.get(name)
        if kept is None or is_fresh or kept.until <= now or moment(kept.key.expiry) < until:
            token = self._token(connection, keys["access_key_id"], keys["secret_access_key"])
            key = _read(self._asked(connection, token, now), until)
            kept = self._kept[name] = Kept(key=key, until=now + KEPT)
        return kept.key

    def signs_in(self, connection: ConnectionSpec) -> None:
        """Whether the principal gets a token at all.  Raises: ProviderFailure, NotFound."""
        keys = self._secrets.keys(connection, Duty.ISSUER).reveal()
        self._token(connection, keys["access_key_id"], keys["secret_access_key"])

    def _token(self, connection: ConnectionSpec, client: str, secret: str) -> str:
        """A secret that is a JWT is the token of a workload, and vouches for the client."""
        proof = (
            {"client_assertion_type": JWT, "client_assertion": secret}
            if secret.startswith("eyJ") and secret.count(".") == 2
            else {"client_secret": secret}
        )
        form = {"grant_type": "client_credentials", "client_id": client, "scope": SCOPE, **proof}
        answer = ask_with_form("GetToken", sign_in_address(connection), form)
        if not answer.is_good:
            raise _refused_sign_in(answer)
        return answer.text("access_token")

    def _asked(self, connection: ConnectionSpec, token: str, now: datetime) -> Answered:
        start, expiry = _text(now - EARLIER), _text(now + LONGEST - EARLIER)
        body = f"<KeyInfo><Start>{start}</Start><Expiry>{expiry}</Expiry></KeyInfo>"
        answer = ask(
            "GetUserDelegationKey",
            f"{address_of(connection)}/?restype=service&comp=userdelegationkey",
            body=f'<?xml version="1.0" encoding="utf-8"?>{body}'.encode(),
            headers={
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/xml",
                "x-ms-version": VERSION,
            },
        )
        if not answer.is_good:
            raise _refused(answer)
        return answer


def code_in(answer: Answered) -> str:
    """The code of a refusal of the account."""
    root = _parsed(answer.body)
    code = None if root is None else root.findtext("Code")
    return plain_code(code, f"HTTP {answer.status}")


def moment(text: str) -> datetime:
    """Raises: ValueError."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def _read(answer: Answered, until: datetime) -> SigningKey:
    """Raises: ProviderFailure (permanent), naming the part that is missing or unfit."""
    root = _parsed(answer.body)
    parts = {name: (root.findtext(name) or "") if root is not None else "" for name in _PARTS}
    for name, value in parts.items():
        if not value:
            raise malformed(answer.call, name)
    try:
        start, expiry = moment(parts["SignedStart"]), moment(parts["SignedExpiry"])
    except ValueError:
        raise malformed(answer.call, "SignedExpiry") from None
    if expiry < until or start >= expiry:
        raise malformed(answer.call, "SignedExpiry")
    try:
        base64.b64decode(parts["Value"], validate=True)
    except binascii.Error:
        raise malformed(answer.call, "Value") from None
    return SigningKey(
        object_id=parts["SignedOid"],
        tenant_id=parts["SignedTid"],
        start=parts["SignedStart"],
        expiry=parts["SignedExpiry"],
        service=parts["SignedService"],
        version=parts["SignedVersion"],
        value=Secret({"value": parts["Value"]}),
    )


def _parsed(body: bytes) -> Element | None:
    try:
        return fromstring(body)
    except (ParseError, DefusedXmlException, ValueError):
        return None


def _refused_sign_in(answer: Answered) -> LakewardenError:
    told = answer.document()
    numbers = told.get("error_codes")
    first = numbers[0] if isinstance(numbers, list) and numbers else None
    code = f"AADSTS{first}" if isinstance(first, int) else plain_code(told.get("error"), "Unknown")
    return _meaning(answer.call, code, absent=_ABSENT)


def _refused(answer: Answered) -> LakewardenError:
    return _meaning(answer.call, code_in(answer), absent=_GONE)


def _meaning(call: str, code: str, *, absent: frozenset[str]) -> LakewardenError:
    if code in absent:
        return NotFound(Reason(code=LAKE_THING_MISSING, facts={"call": call, "fault": code}))
    reason = LAKE_CLOCKS_DIFFER if code in _TIME else LAKE_REFUSED
    return failure(reason, call, code, is_transient=False)


def _text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
