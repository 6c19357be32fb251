"""Public keys of issuers (RFC 7517): what a set may hold, and which key of it made a signature."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import jwt

from apps.accounts.workloads.errors import (
    KEY_UNKNOWN,
    SIGNATURE_WRONG,
    WORKLOAD_KEY_PRIVATE,
    WORKLOAD_KEYS,
)
from apps.accounts.workloads.tokens import ALGORITHMS, FIELD, Presented, shown
from apps.kernel.errors import InvalidInput, invalid

MOST_KEYS = 50
LONGEST_SET = 64 * 1024
PRIVATE_PARTS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
SHORTEST_RSA_BITS = 2048
TYPE_OF = {"RS": ("RSA", None), "PS": ("RSA", None), "EdDSA": ("OKP", "Ed25519")}
CURVE_OF = {"ES256": "P-256", "ES384": "P-384"}

KeySet = dict[str, list[dict[str, Any]]]


def read_keys(text: str, *, field: str = "keys") -> KeySet:
    """A set as it is published or pasted, without what is of no use here.  Raises: InvalidInput."""
    if len(text) > LONGEST_SET:
        raise _unread(field, f"it has more than {LONGEST_SET} characters")
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise _unread(field, "it is not JSON") from None
    keys = told.get("keys") if isinstance(told, dict) else None
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
        raise _unread(field, "it has no list «keys» of objects")
    if len(keys) > MOST_KEYS:
        raise _unread(field, f"it has more than {MOST_KEYS} keys")
    if any(key.get("kty") == "oct" or PRIVATE_PARTS & set(key) for key in keys):
        raise invalid(field, WORKLOAD_KEY_PRIVATE)
    useful = [key for key in keys if _is_useful(key)]
    if not useful:
        raise _unread(field, "none of its keys is for signatures by " + ", ".join(ALGORITHMS))
    return {"keys": useful}


def has_key(keys: KeySet | None, token: Presented) -> bool:
    return keys is not None and bool(_fitting(keys, token))


def check_signature(keys: KeySet, token: Presented) -> None:
    """That a key of the set made the signature.  Raises: InvalidInput."""
    fitting = _fitting(keys, token)
    if len(fitting) != 1:
        raise invalid(FIELD, KEY_UNKNOWN, kid=shown(token.kid), algorithm=token.algorithm)
    key = _loaded(fitting[0], token.algorithm)
    if key is None:
        raise invalid(FIELD, KEY_UNKNOWN, kid=shown(token.kid), algorithm=token.algorithm)
    try:
        jwt.PyJWS(algorithms=[token.algorithm]).decode_complete(
            token.compact, key.key, algorithms=[token.algorithm]
        )
    except jwt.PyJWTError:
        raise invalid(FIELD, SIGNATURE_WRONG, kid=shown(token.kid)) from None


def _fitting(keys: Mapping[str, Any], token: Presented) -> Sequence[dict[str, Any]]:
    """The key of that name; a token without a name may be signed by the only key of its kind."""
    return [
        key
        for key in keys["keys"]
        if key.get("kid", "") == token.kid or not token.kid
        if _does(key, token.algorithm)
    ]


def _does(key: Mapping[str, Any], algorithm: str) -> bool:
    """Whether the key is of the kind that the algorithm signs by, and made for no other."""
    if key.get("alg", algorithm) != algorithm or key.get("use", "sig") != "sig":
        return False
    if curve := CURVE_OF.get(algorithm):
        return key.get("kty") == "EC" and key.get("crv") == curve
    kind, curve = TYPE_OF[algorithm if algorithm == "EdDSA" else algorithm[:2]]
    return key.get("kty") == kind and (curve is None or key.get("crv") == curve)


def _is_useful(key: Mapping[str, Any]) -> bool:
    fitting = [algorithm for algorithm in ALGORITHMS if _does(key, algorithm)]
    return bool(fitting) and _loaded(key, fitting[0]) is not None


def _loaded(key: Mapping[str, Any], algorithm: str) -> jwt.PyJWK | None:
    """None where it is no key, or one that is too short to be believed."""
    try:
        loaded = jwt.PyJWK(dict(key), algorithm)
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    size = getattr(loaded.key, "key_size", SHORTEST_RSA_BITS)
    return None if key.get("kty") == "RSA" and size < SHORTEST_RSA_BITS else loaded


def _unread(field: str, fault: str) -> InvalidInput:
    return invalid(field, WORKLOAD_KEYS, fault=fault)
