"""Signed JSON: who knows the secret can tell that it came from here, and when."""

from __future__ import annotations

import json
from datetime import datetime

from apps.kernel.outbound import signed_headers
from apps.notifications.channels.message import Message, Secrets, Told


def message(told: Told, secrets: Secrets, *, at: datetime) -> Message:
    body = json.dumps(told.payload, sort_keys=True, separators=(",", ":")).encode()
    event = str(told.payload["event"])
    headers = signed_headers(secrets.secret, body, event=event, delivery=told.delivery, at=at)
    return Message(url=secrets.url, body=body, headers=headers)
