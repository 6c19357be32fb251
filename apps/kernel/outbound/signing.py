"""How a receiver can tell that a message came from here, and when."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime


def signed_headers(secret: str, body: bytes, *, event: str, delivery: str, at: datetime) -> dict[str, str]:
    """The signature is HMAC-SHA256 of "<timestamp>.<body>", hexadecimal, after "v1="."""
    stamp = str(int(at.timestamp()))
    return {
        "Content-Type": "application/json",
        "User-Agent": "Lakewarden",
        "Lakewarden-Event": event,
        "Lakewarden-Delivery": delivery,
        "Lakewarden-Timestamp": stamp,
        "Lakewarden-Signature": f"v1={signature(secret, stamp, body)}",
    }


def signature(secret: str, stamp: str, body: bytes) -> str:
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
