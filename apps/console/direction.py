"""Names whose letters run the other way: by themselves, so that they turn nothing beside them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

TURNING = frozenset({"R", "AL", "AN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
"""Bidirectional classes (Unicode, annex 9) that change the order in which their neighbours are shown."""


def isolated(text: Any) -> Any:
    """What people typed, inside a sentence: where its letters would turn the words around it, by itself."""
    is_turning = any(unicodedata.bidirectional(letter) in TURNING for letter in str(text))
    return format_html("<bdi>{}</bdi>", text) if is_turning else text


def together(texts: Iterable[object], between: str = ", ") -> SafeString:
    """What was typed, one after another, none of which turns its neighbours."""
    return format_html_join(between, "{}", ((isolated(text),) for text in texts))
