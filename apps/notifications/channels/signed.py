"""Signed JSON: who knows the secret can tell that it came from here, and when."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime

from apps.notifications.channels.message import Message, Secrets, Told


def message(told: Told, secrets: Secrets, *, at: datetime) -> Message:
    """The signature is HMAC-SHA256 of "<timestamp>.<body>", hexadecimal, after "v1="."""
    body = json.dumps(told.payload, sort_keys=True, separators=(",", ":")).encode()
    stamp = str(int(at.timestamp()))
    return Message(
        url=secrets.url,
        body=body,
        headers={
            "Content-Type": "application/json",
            "User-Agent": "Lakewarden",
            "Lakewarden-Event": str(told.payload["event"]),
            "Lakewarden-Delivery": told.delivery,
            "Lakewarden-Timestamp": stamp,
            "Lakewarden-Signature": f"v1={signature(secrets.secret, stamp, body)}",
        },
    )


def signature(secret: str, stamp: str, body: bytes) -> str:
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
