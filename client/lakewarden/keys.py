"""A key, and the forms in which programs take one."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

ABOUT_A_LAKE = ("AWS_ALLOW_HTTP", "AWS_REQUEST_CHECKSUM_CALCULATION")
"""No other variable is taken from a portal: some of them name programs to run."""


@dataclass(frozen=True, kw_only=True)
class Key:
    """What one needs to read. `places` are addresses like `s3://bucket/prefix/`; `expires_at` is in UTC."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str = field(repr=False)
    expires_at: datetime
    endpoint: str
    region: str
    places: tuple[str, ...]
    surroundings: dict[str, str] = field(default_factory=dict, hash=False)
    """What a program is told of the lake, as variables of its environment."""


def key_in(answer: dict[str, Any]) -> Key:
    """From what the container address answers."""
    return Key(
        access_key_id=answer["AccessKeyId"],
        secret_access_key=answer["SecretAccessKey"],
        session_token=answer["Token"],
        expires_at=datetime.fromisoformat(answer["Expiration"]),
        endpoint=answer["Endpoint"],
        region=answer["Region"],
        places=tuple(answer["Places"]),
        surroundings=_surroundings(answer),
    )


def _surroundings(answer: dict[str, Any]) -> dict[str, str]:
    """Where the lake is, and of what else the portal says the variables that are known here."""
    told = dict(answer.get("Surroundings", {}))
    about = {name: str(told[name]) for name in ABOUT_A_LAKE if name in told}
    return {"AWS_ENDPOINT_URL": answer["Endpoint"], "AWS_DEFAULT_REGION": answer["Region"], **about}


def _env(key: Key) -> str:
    values = {
        "AWS_ACCESS_KEY_ID": key.access_key_id,
        "AWS_SECRET_ACCESS_KEY": key.secret_access_key,
        "AWS_SESSION_TOKEN": key.session_token,
        **key.surroundings,
    }
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in values.items())


def _json(key: Key) -> str:
    told = {
        "access_key_id": key.access_key_id,
        "secret_access_key": key.secret_access_key,
        "session_token": key.session_token,
        "expires_at": key.expires_at.isoformat(),
        "endpoint": key.endpoint,
        "region": key.region,
        "places": list(key.places),
    }
    return json.dumps(told, indent=2)


def _credential_process(key: Key) -> str:
    """AWS SDKs and Tools Reference Guide, "Process credential provider"."""
    told = {
        "Version": 1,
        "AccessKeyId": key.access_key_id,
        "SecretAccessKey": key.secret_access_key,
        "SessionToken": key.session_token,
        "Expiration": key.expires_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    return json.dumps(told)


FORMATS: dict[str, Callable[[Key], str]] = {
    "env": _env,
    "json": _json,
    "credential-process": _credential_process,
}
