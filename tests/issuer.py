"""An issuer of workload tokens on this machine, as clusters and build systems have one: keys, and tokens."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from apps.kernel.clock import database_now
from tests.listener import Behaviour, Listener, answering, listening

SUBJECT = "repo:example/rocks:ref:refs/heads/main"
MAKERS: dict[str, Callable[[], Any]] = {
    "RS256": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
}


def private_key(algorithm: str, number: int = 1) -> Any:
    return _kept(algorithm, number)


@cache
def _kept(algorithm: str, number: int) -> Any:
    """Made once for a test run: keys take time."""
    return MAKERS[algorithm]()


def public_key(algorithm: str, number: int = 1) -> dict[str, Any]:
    key = private_key(algorithm, number).public_key()
    told: dict[str, Any] = jwt.get_algorithm_by_name(algorithm).to_jwk(key, as_dict=True)
    return {**told, "kid": f"{algorithm}-{number}", "use": "sig", "alg": algorithm}


def key_set(*keys: dict[str, Any]) -> str:
    return json.dumps({"keys": list(keys)})


@dataclass
class Issuer:
    """Serves its configuration and keys; `says` takes their place where a test wants another answer."""

    listener: Listener
    keys: list[dict[str, Any]] = field(default_factory=lambda: [public_key("RS256")])
    says: dict[str, Behaviour] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.port}"

    @property
    def asked(self) -> list[str]:
        return [each.target for each in self.listener.asked]

    def answer(self, wire: Any) -> None:
        target = self.asked[-1]
        usual = {
            "/.well-known/openid-configuration": {"issuer": self.url, "jwks_uri": f"{self.url}/keys"},
            "/keys": {"keys": self.keys},
        }
        body = json.dumps(usual.get(target, {})).encode()
        self.says.get(target, answering(200 if target in usual else 404, body))(wire)

    def token(self, audience: str, **given: Any) -> str:
        return signed(claims(self.url, audience, **given))


@contextmanager
def issuing() -> Iterator[Issuer]:
    """An issuer that answers until the block ends."""
    with listening(Listener()) as listener:
        issuer = Issuer(listener=listener)
        listener.behaviours = [issuer.answer]
        yield issuer


def claims(issuer: str, audience: str, **given: Any) -> dict[str, Any]:
    """What a build system says of a job; what is given as None is left out."""
    now = database_now()
    usual = {
        "iss": issuer,
        "aud": audience,
        "sub": SUBJECT,
        "iat": int(now.timestamp()),
        "exp": int((now + timedelta(minutes=5)).timestamp()),
        "jti": str(uuid4()),
    }
    return {name: value for name, value in {**usual, **given}.items() if value is not None}


def signed(said: dict[str, Any], algorithm: str = "RS256", number: int = 1, **header: Any) -> str:
    head = {"kid": f"{algorithm}-{number}", **header}
    key = private_key(algorithm, number)
    return jwt.encode(said, key, algorithm=algorithm, headers=head)
