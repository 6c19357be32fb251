"""What goes to a webhook: which address, with which headers, which bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Secrets:
    """What lies sealed in a webhook: its address, and what signs or opens it."""

    url: str
    secret: str = ""


@dataclass(frozen=True, kw_only=True)
class Message:
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Told:
    """A delivery as a channel needs it: `state` is that of what it is about, as it is now.

    `thread` is what an earlier message about the same thing is known by; empty for the first.
    """

    delivery: str
    payload: Mapping[str, Any]
    title: str
    state: str
    link: str
    room: str
    thread: str = ""
