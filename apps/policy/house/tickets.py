"""The form a ticket reference must have: letters as they stand, and classes of characters with a count.

`OPS-[0-9]{1,6}` is a form; groups, alternatives and endless repetition are none. So matching is a walk over
sets of positions, linear in the reference, and no form can make it slow.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass

LONGEST_FORM = 80
LONGEST_REFERENCE = 100
MOST_REPEATED = 40

_PLAIN = frozenset(string.ascii_letters + string.digits + "-_/#:. ")
_CLASSES = {
    "[0-9]": frozenset(string.digits),
    "[A-Z]": frozenset(string.ascii_uppercase),
    "[a-z]": frozenset(string.ascii_lowercase),
    "[A-Za-z]": frozenset(string.ascii_letters),
    "[A-Z0-9]": frozenset(string.ascii_uppercase + string.digits),
    "[a-z0-9]": frozenset(string.ascii_lowercase + string.digits),
    "[A-Za-z0-9]": frozenset(string.ascii_letters + string.digits),
}
_PART = re.compile(r"(\[[A-Za-z0-9-]{1,12}\]|[^\[\]{}])(?:\{([0-9]{1,2})(?:,([0-9]{1,2}))?\})?")


class FormUnknown(ValueError):
    """The text is no form; the message says why, as a phrase."""


@dataclass(frozen=True, kw_only=True)
class _Part:
    characters: frozenset[str]
    is_optional: bool


@dataclass(frozen=True, kw_only=True)
class TicketForm:
    """Build one with `read_form`."""

    text: str
    parts: tuple[_Part, ...]

    def matches(self, reference: str) -> bool:
        if len(reference) > LONGEST_REFERENCE:
            return False
        here = self._reached({0})
        for character in reference:
            here = self._reached(
                {at + 1 for at in here if at < len(self.parts) and character in self.parts[at].characters}
            )
        return len(self.parts) in here

    def _reached(self, places: set[int]) -> set[int]:
        """With every place behind an optional part."""
        found = set(places)
        for at in range(len(self.parts)):
            if at in found and self.parts[at].is_optional:
                found.add(at + 1)
        return found


def read_form(text: str) -> TicketForm:
    """Raises: FormUnknown."""
    if not 0 < len(text) <= LONGEST_FORM:
        raise FormUnknown(f"a form has 1 to {LONGEST_FORM} characters")
    parts: list[_Part] = []
    at = 0
    while at < len(text):
        found = _PART.match(text, at)
        if found is None:
            raise FormUnknown(f"«{text[at]}» may not stand there")
        parts += _parts_of(found[1], found[2], found[3])
        at = found.end()
    return TicketForm(text=text, parts=tuple(parts))


def _parts_of(what: str, low: str | None, high: str | None) -> list[_Part]:
    characters = _CLASSES.get(what) if what.startswith("[") else frozenset(what) & _PLAIN
    if not characters:
        raise FormUnknown(f"«{what}» is none of the letters, digits, - _ / # : . and classes allowed")
    least = 1 if low is None else int(low)
    most = least if high is None else int(high)
    if not 0 <= least <= most <= MOST_REPEATED or most == 0:
        raise FormUnknown(f"a part repeats 1 to {MOST_REPEATED} times")
    needed = [_Part(characters=characters, is_optional=False)] * least
    return needed + [_Part(characters=characters, is_optional=True)] * (most - least)
