"""Secrets that must be used again lie sealed: who reads the database alone cannot open them."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from apps.kernel.errors import ProviderFailure
from apps.policy.reason import Reason, declare

SEAL_BROKEN = declare(
    "SEAL_BROKEN",
    "A sealed secret cannot be opened: the portal's secret key has changed since.",
    "Name the earlier key among the fallbacks, or give the secret anew.",
)


def seal(secret: str, *, use: str) -> bytes:
    """Sealed under the portal's key; what was sealed for one use cannot be opened for another."""
    return _keys(use).encrypt(secret.encode())


def unseal(sealed: bytes | memoryview, *, use: str) -> str:
    """Raises: ProviderFailure where neither the key nor an earlier one fits."""
    try:
        return _keys(use).decrypt(bytes(sealed)).decode()
    except InvalidToken:
        raise ProviderFailure(Reason(code=SEAL_BROKEN), is_transient=False) from None


def seal_under(bearer: str, parts: Mapping[str, str], *, use: str) -> bytes:
    """Sealed under what only the bearer knows, such as a token of which the portal keeps the hash alone."""
    return Fernet(_derived(bearer, use)).encrypt(json.dumps(dict(parts)).encode())


def unseal_under(bearer: str, sealed: bytes, *, use: str) -> dict[str, str] | None:
    """None where it was sealed under something else, or for another use."""
    try:
        opened = Fernet(_derived(bearer, use)).decrypt(sealed)
    except InvalidToken:
        return None
    parts: dict[str, str] = json.loads(opened)
    return parts


def _keys(use: str) -> MultiFernet:
    known = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(key, use)) for key in known])


def _derived(key: str, use: str) -> bytes:
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"lakewarden {use}".encode())
    return base64.urlsafe_b64encode(derive.derive(key.encode()))
