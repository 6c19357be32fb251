"""Icons by what they mean here; their shapes come from lucide."""

from __future__ import annotations

from functools import cache

from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

SHAPES = {
    "activity": "scroll-text",
    "add": "plus",
    "admin": "user-cog",
    "agreement": "handshake",
    "alert": "triangle-alert",
    "approve": "circle-check",
    "archive": "archive",
    "attach": "paperclip",
    "bell": "bell",
    "catalog": "library",
    "chart": "chart-column",
    "check": "check",
    "classify": "tag",
    "clock": "clock",
    "close": "x",
    "column": "table-2",
    "cross": "x",
    "dataset": "database",
    "deadline": "calendar-clock",
    "design": "palette",
    "draft": "pencil-line",
    "edit": "pencil-line",
    "empty": "box",
    "ending": "hourglass",
    "history": "history",
    "home": "house",
    "inbox": "inbox",
    "info": "info",
    "key": "key-round",
    "keyboard": "keyboard",
    "labels": "tags",
    "lake": "cylinder",
    "law": "scale",
    "leave": "log-out",
    "lineage": "workflow",
    "location": "map-pin",
    "lock": "lock",
    "menu": "menu",
    "model": "brain",
    "open": "lock-open",
    "opinion": "message-square-text",
    "organization": "landmark",
    "away": "calendar-off",
    "pause": "pause",
    "people": "users",
    "person": "user",
    "plug": "plug",
    "print": "printer",
    "project": "folder-kanban",
    "publish": "badge-check",
    "purpose": "target",
    "request": "file-text",
    "return": "undo-2",
    "review": "list-checks",
    "risk": "shield-alert",
    "search": "search",
    "send": "send",
    "service": "bot",
    "settings": "settings",
    "shield": "shield",
    "ticket": "ticket",
    "token": "key-square",
    "trail": "footprints",
    "webhook": "webhook",
    "question": "circle-question-mark",
}


@cache
def icon(name: str) -> SafeString:
    """As tall as the text beside it, hidden from screen readers: the text says it.

    Raises: KeyError for a meaning without a shape.
    """
    attributes = {"class": "icon", "stroke_width": "1.75", "aria_hidden": "true", "focusable": "false"}
    return SafeString(" ".join(lucide(SHAPES[name], size=None, **attributes).split()))
