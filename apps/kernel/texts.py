"""Reasons in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext

from apps.policy.reason import Reason, Value, text_of


def sentence(reason: Reason) -> str:
    """What is the matter.  Raises: KeyError where the reason lacks a fact its wording needs."""
    return _worded(text_of(reason.code).sentence, reason)


def remedy(reason: Reason) -> str:
    """What to do about it.  Raises: KeyError, as `sentence`."""
    return _worded(text_of(reason.code).remedy, reason)


def _worded(text: str, reason: Reason) -> str:
    # gettext("") is the header of the catalog, not an empty text.
    return gettext(text) % {name: _shown(value) for name, value in in_words(reason).items()} if text else ""


def in_words(reason: Reason) -> dict[str, Value]:
    """Its facts, with words in the place of codes that have been given some."""
    words = text_of(reason.code).words
    return {
        name: _translated(value, words[name]) if name in words else value
        for name, value in reason.facts.items()
    }


def _translated(value: Value, words: Mapping[str, str]) -> Value:
    if isinstance(value, tuple):
        return tuple(_translated(member, words) for member in value)
    word = words.get(value) if isinstance(value, str) else None
    return gettext(word) if word else value


def _shown(value: object) -> object:
    return ", ".join(str(_shown(member)) for member in value) if isinstance(value, tuple) else value
