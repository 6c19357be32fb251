"""What a code looks like: a text, a tone and an icon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext


@dataclass(frozen=True, kw_only=True)
class Word:
    """`tone` is one of neutral, info, success, warning, danger; color alone never says anything."""

    text: Any
    tone: str = "neutral"
    icon: str = "info"


def of(words: dict[str, Word], code: object) -> Word:
    """The word for a code; a code that nobody worded is shown as it stands."""
    return words.get(str(code)) or Word(text=_plain(code))


def text_of(texts: dict[str, Any], code: object) -> str:
    return str(texts.get(str(code)) or _plain(code))


def listed(texts: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(texts) < 2:
        return "".join(texts)
    return gettext("%(first)s and %(last)s") % {"first": ", ".join(texts[:-1]), "last": texts[-1]}


def _plain(code: object) -> str:
    return str(code).replace("_", " ")
