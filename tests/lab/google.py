"""The three services of a cloud that a narrowed token goes through, as their documents say they answer.

It reads a boundary as text, and knows one shape of it; whatever else it finds opens nothing. What the cloud
itself makes of a boundary is not shown by this.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from apps.lakes.prefix import BucketName, StorageRoot
from apps.lakes.providers.contract import ConnectionSpec, Flavor
from apps.lakes.providers.gcs.adapter import GcsProvider
from apps.lakes.providers.keyring import EnvironmentSecrets
from tests.lab.cloud import Answer, Asked, serving

ISSUER = "issuer@portal.iam.gserviceaccount.com"
ACCOUNT = "lake-keys@research.iam.gserviceaccount.com"
KEY_ID = "key-1"
PLATFORM = "https://cluster.example.org"
POOLS = "//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools"
POOL = f"{POOLS}/portal/providers/cluster"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
AUDIENCE = "https://iamcredentials.googleapis.com/"
SCOPE = "https://www.googleapis.com/auth/devstorage.read_write"
READS, WRITES = "inRole:roles/storage.objectViewer", "inRole:roles/storage.objectUser"
SHAPE = re.compile(
    r"resource\.name\.startsWith\('projects/_/buckets/([a-z0-9.-]+)/objects/([^'\\]+)'\) \|\| "
    r"api\.getAttribute\('storage\.googleapis\.com/objectListPrefix', ''\)\.startsWith\('([^'\\]+)'\)"
)


@dataclass(frozen=True, kw_only=True)
class Given:
    """A token that was given. Without rules it is the account's own."""

    ends_at: datetime
    rules: list[dict[str, Any]] | None = None


def a_key() -> tuple[rsa.RSAPublicKey, str]:
    """The public half, and the private one as the JSON file that is handed out."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    text = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = {"client_email": ISSUER, "private_key_id": KEY_ID, "private_key": text.decode()}
    return private.public_key(), json.dumps(file)


@dataclass
class GoogleHouse:
    """`asked` is everything it was asked; `tokens` is what it gave."""

    public: rsa.RSAPublicKey
    file: str = field(repr=False)
    origin: str = ""
    buckets: dict[str, dict[str, bytes]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    tokens: dict[str, Given] = field(default_factory=dict)
    workloads: set[str] = field(default_factory=set)
    says_when_it_ends: bool = True

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        if asked.path.endswith(":generateAccessToken"):
            return self._token_of_account(asked)
        if asked.path == "/v1/token":
            return self._narrowed(asked.form)
        return self._storage(asked)

    def _token_of_account(self, asked: Asked) -> Answer:
        shown = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if shown not in self.workloads and not self._is_issuer(shown):
            return _error(401, "UNAUTHENTICATED")
        if unquote(asked.path).split("/")[-1] != f"{ACCOUNT}:generateAccessToken":
            return _error(404, "NOT_FOUND")
        told = json.loads(asked.body)
        if told["scope"] != [SCOPE]:
            return _error(400, "INVALID_ARGUMENT")
        ends_at = datetime.now(UTC) + timedelta(seconds=int(told["lifetime"].removesuffix("s")))
        value = self._give(Given(ends_at=ends_at.replace(microsecond=0)))
        ends = self.tokens[value].ends_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        return 200, json.dumps({"accessToken": value, "expireTime": ends}).encode()

    def _is_issuer(self, jwt: str) -> bool:
        try:
            text, _, signed = jwt.rpartition(".")
            self.public.verify(_decoded(signed), text.encode(), PKCS1v15(), hashes.SHA256())
            head, claims = (json.loads(_decoded(part)) for part in text.split("."))
        except (InvalidSignature, ValueError):
            return False
        now = datetime.now(UTC).timestamp()
        is_now = claims["iat"] <= now < claims["exp"] <= claims["iat"] + 3600
        who = (head["kid"], claims["iss"], claims["sub"], claims["aud"])
        return is_now and who == (KEY_ID, ISSUER, ISSUER, AUDIENCE)

    def _federated(self, form: dict[str, str]) -> Answer:
        """For the token that a platform gave to its workload, where the pool knows both."""
        try:
            text, _, signed = form["subject_token"].rpartition(".")
            self.public.verify(_decoded(signed), text.encode(), PKCS1v15(), hashes.SHA256())
            claims = json.loads(_decoded(text.split(".")[1]))
        except (InvalidSignature, ValueError):
            return 400, json.dumps({"error": "invalid_grant"}).encode()
        known = (form["grant_type"], form["audience"], claims["iss"], claims["aud"])
        if known != (EXCHANGE, POOL, PLATFORM, POOL) or claims["exp"] <= datetime.now(UTC).timestamp():
            return 400, json.dumps({"error": "invalid_target"}).encode()
        value = f"ya29.d.{secrets.token_urlsafe(40)}"
        self.workloads.add(value)
        told = {
            "access_token": value,
            "issued_token_type": ACCESS_TOKEN,
            "token_type": "Bearer",
            "expires_in": 3600,
        }
        return 200, json.dumps(told).encode()

    def workload_token(self, **claims: Any) -> str:
        """As a platform hands it to the portal."""
        key = load_pem_private_key(json.loads(self.file)["private_key"].encode(), password=None)
        assert isinstance(key, rsa.RSAPrivateKey)
        ends = int((datetime.now(UTC) + timedelta(hours=1)).timestamp())
        told = {"iss": PLATFORM, "sub": "portal", "aud": POOL, "exp": ends, **claims}
        text = f"{_coded(json.dumps({'alg': 'RS256'}).encode())}.{_coded(json.dumps(told).encode())}"
        return f"{text}.{_coded(key.sign(text.encode(), PKCS1v15(), hashes.SHA256()))}"

    def _narrowed(self, form: dict[str, str]) -> Answer:
        if form["subject_token_type"] == "urn:ietf:params:oauth:token-type:jwt":
            return self._federated(form)
        kind = "urn:ietf:params:oauth:token-type:access_token"
        if form["grant_type"] != "urn:ietf:params:oauth:grant-type:token-exchange":
            return 400, json.dumps({"error": "unsupported_grant_type"}).encode()
        wide = self.tokens.get(form["subject_token"])
        if wide is None or (form["subject_token_type"], form["requested_token_type"]) != (kind, kind):
            return 400, json.dumps({"error": "invalid_grant"}).encode()
        rules = json.loads(form["options"])["accessBoundary"]["accessBoundaryRules"]
        if not 1 <= len(rules) <= 10 or len(form["options"]) > 4096:
            return 400, json.dumps({"error": "invalid_request"}).encode()
        told: dict[str, object] = {
            "access_token": self._give(Given(ends_at=wide.ends_at, rules=rules)),
            "issued_token_type": kind,
            "token_type": "Bearer",
        }
        if self.says_when_it_ends:
            told["expires_in"] = max(int((wide.ends_at - datetime.now(UTC)).total_seconds()), 1)
        return 200, json.dumps(told).encode()

    def _give(self, given: Given) -> str:
        value = f"ya29.{secrets.token_urlsafe(60)}"
        self.tokens[value] = given
        return value

    def _storage(self, asked: Asked) -> Answer:
        bucket, _, name = unquote(asked.path).removeprefix("/").partition("/")
        given = self.tokens.get(asked.headers.get("authorization", "").removeprefix("Bearer "))
        if given is None or given.ends_at <= datetime.now(UTC):
            return _refusal(401, "AuthenticationRequired")
        lists, prefix = not name, asked.query.get("prefix", "")
        if not self._opens(given, bucket, prefix if lists else name, lists, asked.method != "GET"):
            return _refusal(403, "AccessDenied")
        objects = self.buckets.get(bucket)
        if objects is None:
            return _refusal(404, "NoSuchBucket")
        if lists:
            return 200, b"<ListBucketResult/>"
        if asked.method == "PUT":
            digest = base64.b64encode(hashlib.md5(asked.body, usedforsecurity=False).digest()).decode()
            if asked.headers.get("content-md5", digest) != digest:
                return _refusal(400, "BadDigest")
            objects[name] = asked.body
            return 200, b""
        return (200, objects[name]) if name in objects else _refusal(404, "NoSuchKey")

    def _opens(self, given: Given, bucket: str, place: str, lists: bool, writes: bool) -> bool:
        return any(
            (WRITES if writes else READS) in _with_less(rule["availablePermissions"])
            and rule["availableResource"] == f"//storage.googleapis.com/projects/_/buckets/{bucket}"
            and _fits(rule["availabilityCondition"]["expression"], bucket, place, lists)
            for rule in given.rules or []
        )

    def secrets(self, file: str = "", issuer: str = ISSUER) -> EnvironmentSecrets:
        start = "LAKEWARDEN_LAKE_GOOGLE_ISSUER"
        return EnvironmentSecrets({f"{start}_KEY": issuer, f"{start}_SECRET": file or self.file})

    def provider(self, file: str = "", issuer: str = ISSUER) -> GcsProvider:
        return GcsProvider(self.secrets(file, issuer))

    def connection(self, **changes: Any) -> ConnectionSpec:
        values: dict[str, Any] = {
            "flavor": Flavor.GCS,
            "endpoint": self.origin,
            "sts_endpoint": self.origin,
            "iam_endpoint": self.origin,
            "options": {"service_account": ACCOUNT},
            "secret_ref": "GOOGLE",
            "roots": tuple(StorageRoot(bucket=BucketName(text=name)) for name in self.buckets),
        }
        return ConnectionSpec(**{**values, **changes})


@contextmanager
def running_google() -> Iterator[GoogleHouse]:
    public, file = a_key()
    house = GoogleHouse(public=public, file=file)
    with serving(house.answer) as origin:
        house.origin = origin
        yield house


def _fits(expression: str, bucket: str, place: str, lists: bool) -> bool:
    found = SHAPE.fullmatch(expression)
    if found is None or found[1] != bucket:
        return False
    return place.startswith(found[3] if lists else found[2])


def _with_less(roles: list[str]) -> set[str]:
    """Who may write may read."""
    return {*roles, READS} if WRITES in roles else set(roles)


def _coded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _error(status: int, word: str) -> Answer:
    told = {"error": {"code": status, "status": word, "message": "words of the server"}}
    return status, json.dumps(told).encode()


def _refusal(status: int, code: str) -> Answer:
    return status, f"<Error><Code>{code}</Code><Message>words of the server</Message></Error>".encode()
