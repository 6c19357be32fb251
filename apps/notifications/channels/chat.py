"""Messages for people in rooms. Nobody knows who reads there: no names of assets, no typed text.

A bot of Slack changes its earlier message, so that it follows the state of what it is about. Incoming
webhooks of Slack and workflows of Teams cannot: there a further message says how it stands.
"""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext

from apps.kernel.outbound import Answer
from apps.notifications.channels.message import Message, Secrets, Told

JSON = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Lakewarden"}


def slack(told: Told, secrets: Secrets) -> Message:
    return Message(url=secrets.url, headers=JSON, body=_bytes(_slack_content(told)))


def slack_bot(told: Told, secrets: Secrets) -> Message:
    """A new message, or the earlier one anew."""
    content: dict[str, Any] = {**_slack_content(told), "channel": told.room}
    method = "chat.postMessage"
    if told.thread:
        method = "chat.update"
        content["channel"], _, content["ts"] = told.thread.partition("/")
    headers = {**JSON, "Authorization": f"Bearer {secrets.secret}"}
    return Message(url=f"{secrets.url.rstrip('/')}/{method}", headers=headers, body=_bytes(content))


def thread_of(answer: Answer) -> str | None:
    """What Slack knows the message by; None where it did not take it, which it says in the body."""
    try:
        said = json.loads(answer.body)
    except ValueError:
        return None
    if not isinstance(said, dict) or said.get("ok") is not True:
        return None
    return f"{said.get('channel', '')}/{said.get('ts', '')}"


def teams(told: Told, secrets: Secrets) -> Message:
    """An adaptive card, in the envelope that workflows expect."""
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            {"type": "TextBlock", "text": told.title, "weight": "Bolder", "wrap": True},
            {"type": "TextBlock", "text": told.state, "wrap": True},
        ],
        "actions": [{"type": "Action.OpenUrl", "title": _open(), "url": told.link}],
    }
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return Message(
        url=secrets.url, headers=JSON, body=_bytes({"type": "message", "attachments": [attachment]})
    )


def _slack_content(told: Told) -> dict[str, Any]:
    text = f"*{_plain(told.title)}*\n{_plain(told.state)}\n<{told.link}|{_open()}>"
    return {
        "text": f"{told.title}: {told.state}",
        "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text}}],
    }


def _plain(text: str) -> str:
    """What Slack would read as markup is spelled out."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _open() -> str:
    return gettext("Open it in Lakewarden")


def _bytes(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()
