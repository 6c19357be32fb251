"""Names whose letters run the other way: by themselves, so that they turn nothing beside them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.kernel.characters import is_turning


def isolated(text: Any) -> Any:
    """What people typed, inside a sentence: where its letters would turn the words around it, by itself."""
    return format_html("<bdi>{}</bdi>", text) if is_turning(str(text)) else text


def together(texts: Iterable[object], between: str = ", ") -> SafeString:
    """What was typed, one after another, none of which turns its neighbours."""
    return format_html_join(between, "{}", ((isolated(text),) for text in texts))
