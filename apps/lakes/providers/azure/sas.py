"""A shared access signature for one directory, signed with a user delegation key.

The string to sign has one line for each field, the empty ones too; its order is that of the service.
Source: Azure Storage REST API, "Create a user delegation SAS", "Construct the string-to-sign", for versions
from 2020-12-06 on; later ones add fields that nothing here needs, so the version stays what was tried.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from apps.lakes.providers.contract import Access
from apps.lakes.providers.secret import Secret

VERSION = "2023-11-03"
PERMISSIONS = {Access.READ: "rl", Access.WRITE: "racwdl"}
"""In the order in which the service wants them: read, add, create, write, delete, list."""


@dataclass(frozen=True, kw_only=True)
class SigningKey:
    """A user delegation key, as the account told it; `value` is what signs. Times are kept as they were told,
    for they are signed as text."""

    object_id: str
    tenant_id: str
    start: str
    expiry: str
    service: str
    version: str
    value: Secret = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Signed:
    """What one signature is for. Without a directory it is the whole container; no key is made for that."""

    account: str
    container: str
    directory: str
    permissions: str
    start: datetime
    expiry: datetime
    correlation: str = ""
    """Told in the logs of the account with every request."""


def signature(what: Signed, key: SigningKey) -> str:
    """As it is appended to an address."""
    values = {
        "st": _moment(what.start),
        "se": _moment(what.expiry),
        "sp": what.permissions,
        "spr": "https",
        "sv": VERSION,
        "sr": "d" if what.directory else "c",
        "sdd": str(what.directory.count("/") + 1) if what.directory else "",
        "scid": what.correlation,
        "skoid": key.object_id,
        "sktid": key.tenant_id,
        "skt": key.start,
        "ske": key.expiry,
        "sks": key.service,
        "skv": key.version,
    }
    values["sig"] = _sign(string_to_sign(what, key), key)
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in values.items() if value)


def string_to_sign(what: Signed, key: SigningKey) -> str:
    directory = f"/{what.directory}" if what.directory else ""
    before = (
        what.permissions,
        _moment(what.start),
        _moment(what.expiry),
        f"/blob/{what.account}/{what.container}{directory}",
        key.object_id,
        key.tenant_id,
        key.start,
        key.expiry,
        key.service,
        key.version,
    )
    authorized, unauthorized, address, snapshot, encryption = "", "", "", "", ""
    headers = [""] * 5
    return "\n".join(
        [
            *before,
            authorized,
            unauthorized,
            what.correlation,
            address,
            "https",
            VERSION,
            "d" if what.directory else "c",
            snapshot,
            encryption,
            *headers,
        ]
    )


def _sign(text: str, key: SigningKey) -> str:
    secret = base64.b64decode(key.value.reveal()["value"])
    return base64.b64encode(hmac.new(secret, text.encode(), hashlib.sha256).digest()).decode()


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
