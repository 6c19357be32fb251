"""Reasons in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext

from apps.policy.reason import Reason, text_of


def sentence(reason: Reason) -> str:
    """What is the matter.  Raises: KeyError where the reason lacks a fact its wording needs."""
    return _worded(text_of(reason.code).sentence, reason)


def remedy(reason: Reason) -> str:
    """What to do about it.  Raises: KeyError, as `sentence`."""
    return _worded(text_of(reason.code).remedy, reason)


def _worded(text: str, reason: Reason) -> str:
    # gettext("") is the header of the catalog, not an empty text.
    return gettext(text) % {name: _shown(value) for name, value in reason.facts.items()} if text else ""


def _shown(value: object) -> object:
    return ", ".join(str(_shown(member)) for member in value) if isinstance(value, tuple) else value
