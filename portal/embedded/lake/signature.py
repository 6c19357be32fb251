"""Who signed a request, and whether the request is the one that was signed: AWS Signature Version 4.

Source: AWS General Reference, "Create a signed AWS API request"; Amazon S3 API Reference, "Authenticating
Requests: Using Query Parameters". Every `x-amz-*` header must be signed, so that nobody adds a copy source
or another token to a request on its way.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from portal.embedded.lake.faults import Fault, access_denied, bad_request
from portal.embedded.lake.message import Request

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED = "UNSIGNED-PAYLOAD"
CLOCK_SKEW = timedelta(minutes=15)
LONGEST_PRESIGN = timedelta(days=7)
SERVICES = frozenset({"s3", "sts", "iam"})

_HEADER = re.compile(
    r"AWS4-HMAC-SHA256 +Credential=(?P<credential>[^ ,]+), *SignedHeaders=(?P<signed>[a-z0-9;_-]+),"
    r" *Signature=(?P<signature>[0-9a-f]{64})",
    re.ASCII,
)
_PRESIGN_NAMES = frozenset(
    {
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-SignedHeaders",
        "X-Amz-Signature",
        "X-Amz-Security-Token",
        "X-Amz-Content-Sha256",
    }
)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What a request says about its signer, not yet believed."""

    key_id: str
    day: str
    region: str
    service: str
    signed_headers: tuple[str, ...]
    signature: str
    signed_at: datetime
    timestamp: str
    lifetime: timedelta | None
    token: str | None
    payload_hash: str

    @property
    def scope(self) -> str:
        return f"{self.day}/{self.region}/{self.service}/aws4_request"


def claim_of(request: Request) -> Claim:
    """Read the signature of a request.  Raises: Fault where there is none or it is malformed."""
    is_presigned = "X-Amz-Signature" in request.query
    if is_presigned and "authorization" in request.headers:
        raise bad_request("InvalidArgument", "Only one way of authentication is allowed.")
    claim = _presigned_claim(request) if is_presigned else _header_claim(request)
    if claim.service not in SERVICES or claim.timestamp[:8] != claim.day:
        raise _malformed()
    unsigned = [
        name for name in request.headers if name.startswith("x-amz-") and name not in claim.signed_headers
    ]
    if unsigned or "host" not in claim.signed_headers:
        raise access_denied("There were headers present in the request which were not signed.")
    return claim


def plain_query(request: Request) -> dict[str, str]:
    """The parameters that say what is asked, without those of the signature."""
    return {name: value for name, value in request.query.items() if name not in _PRESIGN_NAMES}


def check(request: Request, claim: Claim, secret: str, *, now: datetime) -> bytes:
    """Raises: Fault unless the secret signed this very request, recently. Returns the signing key."""
    _check_time(claim, now)
    key = signing_key(secret, claim)
    expected = _sign(key, string_to_sign(claim, _canonical_request(request, claim))).hex()
    if not hmac.compare_digest(expected, claim.signature):
        raise Fault("SignatureDoesNotMatch", 403, "The request signature does not match.")
    return key


def signing_key(secret: str, claim: Claim) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (claim.day, claim.region, claim.service, "aws4_request"):
        key = _sign(key, part)
    return key


def string_to_sign(claim: Claim, canonical: str) -> str:
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return f"{ALGORITHM}\n{claim.timestamp}\n{claim.scope}\n{digest}"


def _header_claim(request: Request) -> Claim:
    header = request.headers.get("authorization")
    if header is None:
        raise access_denied("The request is not signed.")
    match = _HEADER.fullmatch(header)
    timestamp = request.headers.get("x-amz-date", "")
    if match is None:
        raise _malformed()
    key_id, day, region, service = _credential(match["credential"])
    payload = request.headers.get("x-amz-content-sha256")
    if payload is None:
        if service == "s3":
            raise bad_request("InvalidRequest", "The header x-amz-content-sha256 is missing.")
        payload = hashlib.sha256(request.body).hexdigest()
    return Claim(
        key_id=key_id,
        day=day,
        region=region,
        service=service,
        signed_headers=tuple(match["signed"].split(";")),
        signature=match["signature"],
        signed_at=_time(timestamp),
        timestamp=timestamp,
        lifetime=None,
        token=request.headers.get("x-amz-security-token"),
        payload_hash=payload,
    )


def _presigned_claim(request: Request) -> Claim:
    query = request.query
    if query.get("X-Amz-Algorithm") != ALGORITHM or "x-amz-security-token" in request.headers:
        raise _malformed()
    seconds = query.get("X-Amz-Expires", "")
    if (
        not re.fullmatch(r"[1-9][0-9]{0,5}", seconds, re.ASCII)
        or int(seconds) > LONGEST_PRESIGN.total_seconds()
    ):
        raise _malformed()
    key_id, day, region, service = _credential(query.get("X-Amz-Credential", ""))
    timestamp = query.get("X-Amz-Date", "")
    payload = query.get("X-Amz-Content-Sha256") or request.headers.get("x-amz-content-sha256") or UNSIGNED
    return Claim(
        key_id=key_id,
        day=day,
        region=region,
        service=service,
        signed_headers=tuple(query.get("X-Amz-SignedHeaders", "").split(";")),
        signature=query["X-Amz-Signature"],
        signed_at=_time(timestamp),
        timestamp=timestamp,
        lifetime=timedelta(seconds=int(seconds)),
        token=query.get("X-Amz-Security-Token"),
        payload_hash=payload,
    )


def _credential(text: str) -> tuple[str, str, str, str]:
    parts = text.split("/")
    if len(parts) != 5 or parts[4] != "aws4_request" or not all(parts):
        raise _malformed()
    return parts[0], parts[1], parts[2], parts[3]


def _time(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise _malformed() from None


def _check_time(claim: Claim, now: datetime) -> None:
    if claim.lifetime is None:
        if abs(now - claim.signed_at) > CLOCK_SKEW:
            raise Fault("RequestTimeTooSkewed", 403, "The clocks differ by more than 15 minutes.")
        return
    if claim.signed_at > now + CLOCK_SKEW:
        raise Fault("RequestTimeTooSkewed", 403, "The request is signed in the future.")
    if now >= claim.signed_at + claim.lifetime:
        raise access_denied("Request has expired")


def _canonical_request(request: Request, claim: Claim) -> str:
    query = sorted(
        (_encoded(name), _encoded(value))
        for name, value in request.query.items()
        if name != "X-Amz-Signature"
    )
    headers = "".join(f"{name}:{_header_value(request, name)}\n" for name in claim.signed_headers)
    return "\n".join(
        (
            request.method,
            quote(request.path, safe="/-_.~"),
            "&".join(f"{name}={value}" for name, value in query),
            headers,
            ";".join(claim.signed_headers),
            claim.payload_hash,
        )
    )


def _header_value(request: Request, name: str) -> str:
    if name not in request.headers:
        raise access_denied("A signed header is missing.")
    return re.sub(r" +", " ", request.headers[name].strip())


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")


def _sign(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _malformed() -> Fault:
    return bad_request("AuthorizationHeaderMalformed", "The signature of the request is malformed.")
