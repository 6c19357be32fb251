"""Tokens: the issuer vouches for itself, acts for the account, and has the account's token narrowed.

The issuer is an account with a key, or a workload for which its platform vouches: then nothing is stored.

Sources: Google AIP-4111, "Self-signed JWT"; IAM Service Account Credentials API, `generateAccessToken`;
Security Token Service API, `token`, with RFC 8693, "OAuth 2.0 Token Exchange"; IAM documentation, "Obtain
short-lived credentials for Workload Identity Federation".
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from apps.kernel.errors import LakewardenError, NotFound, ProviderFailure
from apps.lakes.providers.contract import ConnectionSpec
from apps.lakes.providers.faults import LAKE_REFUSED, LAKE_THING_MISSING, failure, malformed
from apps.lakes.providers.gcs.account import IAM, STORAGE, sts_address, token_address
from apps.lakes.providers.keyring import Duty, SecretSource, variables
from apps.lakes.providers.secret import Secret
from apps.lakes.providers.web import JSON, Answered, ask, ask_with_form, plain_code
from apps.policy.reason import Reason, declare

SECRET_UNFIT = declare(
    "LAKE_SECRET_UNFIT",
    "The secret %(variable)s of this lake connection is no key of the service account %(account)s.",
    "Set it to the JSON file of a key of that account, as the console of the cloud hands it out, or to the"
    " token of a workload together with the name of its identity provider.",
)
PROVIDER_UNFIT = declare(
    "LAKE_WORKLOAD_PROVIDER_UNFIT",
    "The secret %(secret)s is the token of a workload, and %(variable)s names no workload identity provider.",
    "Set %(variable)s to its whole name, such as //iam.googleapis.com/projects/123456789012/locations/global/"
    "workloadIdentityPools/portal/providers/cluster.",
)
SCOPE = "https://www.googleapis.com/auth/devstorage.read_write"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
JWT = "urn:ietf:params:oauth:token-type:jwt"
CLOUD = "https://www.googleapis.com/auth/cloud-platform"
READING = "https://www.googleapis.com/auth/devstorage.read_only"
_WORKLOAD_SCOPES = {f"{IAM}/": CLOUD, f"{STORAGE}/": READING}
"""By the service to which the token is shown: at the storage it only tries to read."""
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - a name, no token
_PROVIDER = re.compile(
    r"//iam\.googleapis\.com/projects/[0-9]{1,20}/locations/global/workloadIdentityPools/[a-z0-9-]{4,32}"
    r"/providers/[a-z0-9-]{4,32}",
    re.ASCII,
)
VOUCHES_FOR = timedelta(minutes=5)
EARLIER = timedelta(seconds=30)
"""The clock of the portal may be ahead."""


@dataclass(frozen=True, kw_only=True)
class Token:
    value: Secret = field(repr=False)
    expires_at: datetime

    @property
    def text(self) -> str:
        return self.value.reveal()["access_token"]


def token_of_issuer(connection: ConnectionSpec, secrets: SecretSource, audience: str, now: datetime) -> str:
    """What the issuer shows at one service. A secret that is a JWT is the token of a workload.

    Raises: ProviderFailure.
    """
    keys = secrets.keys(connection, Duty.ISSUER).reveal()
    named, secret = keys["access_key_id"], keys["secret_access_key"]
    if secret.startswith("eyJ") and secret.count(".") == 2:
        return _federated(connection, named, secret, _WORKLOAD_SCOPES[audience])
    return _vouching(connection, named, secret, audience, now)


def _vouching(connection: ConnectionSpec, account: str, secret: str, audience: str, now: datetime) -> str:
    """A JWT by which the issuer's account signs in.  Raises: ProviderFailure (permanent)."""
    key_id, key = _signing_key(connection, account, secret)
    begins = now - EARLIER
    claims = {
        "iss": account,
        "sub": account,
        "aud": audience,
        "iat": int(begins.timestamp()),
        "exp": int((begins + VOUCHES_FOR).timestamp()),
    }
    head = {"alg": "RS256", "typ": "JWT", "kid": key_id}
    text = f"{_coded(json.dumps(head).encode())}.{_coded(json.dumps(claims).encode())}"
    return f"{text}.{_coded(key.sign(text.encode(), PKCS1v15(), hashes.SHA256()))}"


def _federated(connection: ConnectionSpec, provider: str, jwt: str, scope: str) -> str:
    """A token of the workload itself, for that of its platform.  Raises: ProviderFailure."""
    if not _PROVIDER.fullmatch(provider):
        variable, secret = variables(connection, Duty.ISSUER)
        reason = Reason(code=PROVIDER_UNFIT, facts={"variable": variable, "secret": secret})
        raise ProviderFailure(reason, is_transient=False)
    form = {
        "grant_type": EXCHANGE,
        "audience": provider,
        "scope": scope,
        "requested_token_type": ACCESS_TOKEN,
        "subject_token": jwt,
        "subject_token_type": JWT,
    }
    answer = ask_with_form("ExchangeWorkloadToken", sts_address(connection), form)
    if not answer.is_good:
        raise _refused(answer)
    return answer.text("access_token")


def token_of_account(
    connection: ConnectionSpec, secrets: SecretSource, *, ttl: timedelta, now: datetime
) -> Token:
    """A token with all that the account may, for no longer than asked; it never leaves the portal.

    Raises: ProviderFailure, NotFound (the account).
    """
    shown = token_of_issuer(connection, secrets, f"{IAM}/", now)
    body = {"scope": [SCOPE], "lifetime": f"{int(ttl.total_seconds())}s"}
    answer = ask(
        "GenerateAccessToken",
        token_address(connection),
        body=json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {shown}", "Content-Type": JSON},
    )
    if not answer.is_good:
        raise _refused(answer)
    value, told = answer.text("accessToken"), answer.text("expireTime")
    try:
        expires_at = datetime.fromisoformat(told.replace("Z", "+00:00")).astimezone(UTC)
    except ValueError:
        raise malformed(answer.call, "expireTime") from None
    return Token(value=Secret({"access_token": value}), expires_at=expires_at)


def narrowed_token(connection: ConnectionSpec, token: Token, boundary: str, *, now: datetime) -> Token:
    """The same, for what the boundary leaves. It ends with the token it was made from, at the latest.

    Raises: ProviderFailure.
    """
    form = {
        "grant_type": EXCHANGE,
        "subject_token": token.text,
        "subject_token_type": ACCESS_TOKEN,
        "requested_token_type": ACCESS_TOKEN,
        "options": boundary,
    }
    answer = ask_with_form("ExchangeToken", sts_address(connection), form)
    if not answer.is_good:
        raise _refused(answer)
    value = answer.text("access_token")
    if answer.document().get("issued_token_type", ACCESS_TOKEN) != ACCESS_TOKEN:
        raise malformed(answer.call, "issued_token_type")
    return Token(
        value=Secret({"access_token": value}), expires_at=min(token.expires_at, _end(answer, token, now))
    )


def _end(answer: Answered, token: Token, now: datetime) -> datetime:
    """Without a word about it, a narrowed token ends with the other."""
    seconds = answer.document().get("expires_in")
    if seconds is None:
        return token.expires_at
    if isinstance(seconds, bool) or not isinstance(seconds, int) or seconds <= 0:
        raise malformed(answer.call, "expires_in")
    return now + timedelta(seconds=seconds)


def _signing_key(connection: ConnectionSpec, account: str, told: str) -> tuple[str, RSAPrivateKey]:
    unfit = ProviderFailure(
        Reason(
            code=SECRET_UNFIT,
            facts={"variable": variables(connection, Duty.ISSUER)[1], "account": account},
        ),
        is_transient=False,
    )
    try:
        document = json.loads(told)
        key = load_pem_private_key(str(document["private_key"]).encode(), password=None)
        is_theirs = document["client_email"] == account
        key_id = str(document["private_key_id"])
    except (ValueError, TypeError, LookupError, UnsupportedAlgorithm):
        raise unfit from None
    if not (is_theirs and isinstance(key, RSAPrivateKey)):
        raise unfit
    return key_id, key


def _refused(answer: Answered) -> LakewardenError:
    """The cloud's own services tell a status by name, the token service a word of OAuth."""
    told = answer.document().get("error")
    word = told.get("status") if isinstance(told, Mapping) else told
    code = plain_code(word, f"HTTP {answer.status}")
    if code == "NOT_FOUND":
        return NotFound(Reason(code=LAKE_THING_MISSING, facts={"call": answer.call, "fault": code}))
    return failure(LAKE_REFUSED, answer.call, code, is_transient=False)


def _coded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()
