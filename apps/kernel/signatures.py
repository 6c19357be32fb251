"""Signing what leaves the house: Ed25519 (RFC 8032). Who has the public key needs nothing else of us."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings


@dataclass(frozen=True, kw_only=True)
class PublicKey:
    """`is_current`: what is signed now is signed by it; earlier ones fit what was signed before."""

    hex: str
    is_current: bool

    @property
    def sha256(self) -> str:
        return hashlib.sha256(bytes.fromhex(self.hex)).hexdigest()

    @property
    def fingerprint(self) -> str:
        """The beginning of `sha256`, in groups that can be read out on the telephone."""
        digest = self.sha256[:32]
        return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


@dataclass(frozen=True, kw_only=True)
class Signature:
    hex: str
    key: PublicKey


def sign(message: bytes, *, use: str) -> Signature:
    """By the portal's key for that use; what was signed for one use does not pass for another."""
    private = _private(settings.SECRET_KEY, use)
    return Signature(hex=private.sign(message).hex(), key=_public(private, is_current=True))


def public_keys(*, use: str) -> tuple[PublicKey, ...]:
    """The current one first, then those of earlier secret keys that the settings still name."""
    known = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return tuple(_public(_private(key, use), is_current=number == 0) for number, key in enumerate(known))


def _private(secret: str, use: str) -> Ed25519PrivateKey:
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"lakewarden signing {use}".encode())
    return Ed25519PrivateKey.from_private_bytes(derive.derive(secret.encode()))


def _public(private: Ed25519PrivateKey, *, is_current: bool) -> PublicKey:
    raw = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return PublicKey(hex=raw.hex(), is_current=is_current)
