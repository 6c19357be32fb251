"""A tenant and a storage account with a hierarchy, as their documents say they answer.

It knows what an emulator does not: signatures for a directory. It is written from the page "Create a user
delegation SAS", and reads the signature from the address alone, as the service does.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote
from xml.sax.saxutils import escape

from defusedxml.ElementTree import fromstring

from apps.lakes.prefix import BucketName, StorageRoot
from apps.lakes.providers.azure.adapter import AzureProvider
from apps.lakes.providers.contract import ConnectionSpec, Flavor
from apps.lakes.providers.keyring import EnvironmentSecrets
from tests.lab.cloud import Answer, Asked, serving

ACCOUNT, TENANT, CLIENT = "lakeaccount", "tenant.example.org", "b5a1c0de-0000-4000-8000-000000000001"
CLIENT_SECRET = "a~secret.of-the.application"
STRANGER = "b5a1c0de-0000-4000-8000-00000000000f"
TOKEN = "a token of the tenant"
SIGNED_BY = "object-1"


@dataclass
class AzureHouse:
    """`asked` is everything it was asked; objects are kept by container and name."""

    origin: str = ""
    containers: dict[str, dict[str, bytes]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    secret: bytes = b"what the account signs with"

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        account, _, rest = unquote(asked.path).removeprefix("/").partition("/")
        if asked.path.endswith("/oauth2/v2.0/token"):
            return self._token(account, asked.form)
        if account != ACCOUNT:
            return _refusal(404, "ResourceNotFound")
        if asked.query.get("comp") == "userdelegationkey":
            return self._delegation_key(asked)
        return self._storage(rest, asked)

    def _token(self, tenant: str, form: dict[str, str]) -> Answer:
        if tenant != TENANT:
            return _error(400, "invalid_request", 90002)
        if form["client_id"] != CLIENT:
            return _error(401, "unauthorized_client", 700016)
        if form.get("client_secret") != CLIENT_SECRET and not form.get("client_assertion"):
            return _error(401, "invalid_client", 7000215)
        return 200, json.dumps({"token_type": "Bearer", "expires_in": 3599, "access_token": TOKEN}).encode()

    def _delegation_key(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return _refusal(401, "InvalidAuthenticationInfo")
        told = fromstring(asked.body)
        start, expiry = str(told.findtext("Start")), str(told.findtext("Expiry"))
        values = {
            "SignedOid": SIGNED_BY,
            "SignedTid": TENANT,
            "SignedStart": start,
            "SignedExpiry": expiry,
            "SignedService": "b",
            "SignedVersion": asked.headers["x-ms-version"],
            "Value": base64.b64encode(self._value(start, expiry)).decode(),
        }
        inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in values.items())
        return 200, f"<UserDelegationKey>{inner}</UserDelegationKey>".encode()

    def _value(self, start: str, expiry: str) -> bytes:
        return hmac.new(self.secret, f"{SIGNED_BY}{start}{expiry}".encode(), hashlib.sha256).digest()

    def _storage(self, rest: str, asked: Asked) -> Answer:
        container, _, name = rest.partition("/")
        lists = asked.query.get("comp") == "list"
        wanted = "l" if lists else {"GET": "r", "PUT": "w", "DELETE": "d"}[asked.method]
        place = asked.query.get("prefix", "") if lists else name
        if refused := self._why_refused(asked.query, container, place, wanted):
            return _refusal(403, refused)
        objects = self.containers.get(container)
        if objects is None:
            return _refusal(404, "ContainerNotFound")
        if lists:
            return 200, b"<EnumerationResults/>"
        if asked.method == "PUT":
            return self._stored(objects, name, asked)
        if name not in objects:
            return _refusal(404, "BlobNotFound")
        return 200, objects[name]

    def _stored(self, objects: dict[str, bytes], name: str, asked: Asked) -> Answer:
        digest = base64.b64encode(hashlib.md5(asked.body, usedforsecurity=False).digest()).decode()
        if asked.headers.get("content-md5", digest) != digest:
            return _refusal(400, "Md5Mismatch")
        objects[name] = asked.body
        return 201, b""

    def _why_refused(self, query: dict[str, str], container: str, place: str, wanted: str) -> str:
        depth = int(query.get("sdd") or 0)
        directory = "/".join(place.split("/")[:depth])
        if query.get("sr") != "d" or not depth or len(place.split("/")) <= depth:
            return "AuthenticationFailed"
        resource = f"/blob/{ACCOUNT}/{container}/{directory}"
        if self._signature(query, resource) != query.get("sig"):
            return "AuthenticationFailed"
        now = datetime.now(UTC)
        if not _moment(query["st"]) <= now < _moment(query["se"]):
            return "AuthenticationFailed"
        return "" if wanted in query["sp"] else "AuthorizationPermissionMismatch"

    def _signature(self, query: dict[str, str], resource: str) -> str:
        told = [query.get(name, "") for name in ("sp", "st", "se")]
        by = [query.get(name, "") for name in ("skoid", "sktid", "skt", "ske", "sks", "skv")]
        rest = [query.get(name, "") for name in ("saoid", "suoid", "scid", "sip", "spr", "sv", "sr")]
        text = "\n".join([*told, resource, *by, *rest, "", query.get("ses", ""), "", "", "", "", ""])
        value = self._value(query.get("skt", ""), query.get("ske", ""))
        return base64.b64encode(hmac.new(value, text.encode(), hashlib.sha256).digest()).decode()

    def secrets(self, **changes: str) -> EnvironmentSecrets:
        start = "LAKEWARDEN_LAKE_AZURE_ISSUER"
        kept = {f"{start}_KEY": CLIENT, f"{start}_SECRET": CLIENT_SECRET}
        return EnvironmentSecrets({**kept, **{f"{start}_{name}": value for name, value in changes.items()}})

    def provider(self, **changes: str) -> AzureProvider:
        return AzureProvider(self.secrets(**changes))

    def connection(self, **changes: Any) -> ConnectionSpec:
        values: dict[str, Any] = {
            "flavor": Flavor.AZURE,
            "endpoint": self.origin,
            "sts_endpoint": self.origin,
            "options": {"tenant": TENANT, "account": ACCOUNT},
            "secret_ref": "AZURE",
            "roots": tuple(StorageRoot(bucket=BucketName(text=name)) for name in self.containers),
        }
        return ConnectionSpec(**{**values, **changes})


@contextmanager
def running_azure() -> Iterator[AzureHouse]:
    house = AzureHouse()
    with serving(house.answer) as origin:
        house.origin = origin
        yield house


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _refusal(status: int, code: str) -> Answer:
    return status, f"<Error><Code>{code}</Code><Message>words of the server</Message></Error>".encode()


def _error(status: int, word: str, number: int) -> Answer:
    told = {"error": word, "error_description": "words of the server", "error_codes": [number]}
    return status, json.dumps(told).encode()
