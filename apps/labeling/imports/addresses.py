"""E-mail addresses inside exports: personal data of those who annotate. They are counted and taken out, and
what differed before differs after."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

NAME = re.compile(r"[\w.%+\-]")
HOST = re.compile(r"(?:@|%40)[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,8}")
ADDRESS = re.compile(NAME.pattern + "{1,64}" + HOST.pattern)
TOKEN = re.compile(r"\[address \d+\]")
REPLACED = re.compile(f"{ADDRESS.pattern}|{TOKEN.pattern}")
NUMBER = re.compile(r"[0-9]{1,9}")
"""Of a tool. Ten digits or more may be a telephone's."""
TOKEN_OF_PERSON = re.compile(r"annotator-\d+")
NUMBERED = re.compile(r"\[address (\d{1,9})\]|annotator-(\d{1,9})")


def addresses_in(text: str, start: int = 0, end: int | None = None) -> int:
    """How often there is one; looks only around each «@», so long texts cost little."""
    end = len(text) if end is None else end
    if "%40" in text:
        text = text[start:end].replace("%40", "@")
        start, end = 0, len(text)
    found, at = 0, text.find("@", start, end)
    while at >= 0:
        is_named = at > start and NAME.match(text, at - 1)
        host = HOST.match(text, at, end) if is_named else None
        found += host is not None
        at = text.find("@", host.end() if host else at + 1, end)
    return found


def addresses_in_json(text: str) -> int:
    """Also where the sign is written as its number."""
    return addresses_in(text.replace("\\u0040", "@") if "\\u0040" in text else text)


def without_addresses(text: str) -> str:
    """For what is told once, and held to nothing."""
    return ADDRESS.sub("[address]", text) if "@" in text or "%40" in text else text


def shape_of(text: str) -> str | None:
    """What is alike in names that differ in their addresses alone; `None` where there is none in it."""
    shape, found = REPLACED.subn("\0", text)
    return shape if found else None


def highest_token(text: str) -> int:
    """The highest number in it that stands for an address or a person; 0 where there is none."""
    found = NUMBERED.findall(text) if "[address " in text or text.startswith("annotator-") else ()
    return max((int(address or person) for address, person in found), default=0)


class Pseudonyms:
    """What stands for the addresses and the people of one file, by first sight. Two never become one: what
    looks like a token gets one of its own, and whoever is no number of the tool is numbered anew."""

    def __init__(
        self, known: Mapping[str, str] | None = None, *, addresses: int = 0, people: int = 0
    ) -> None:
        """`known`: what stands for people whom one knows, by number or address. `addresses` and `people`: how
        many numbers are taken, where the file is added to another."""
        self._known = known or {}
        self._taken = addresses, people
        self._addresses: dict[str, str] = {}
        self._people: dict[str, str] = {}

    def in_place(self, text: str) -> str:
        """The text with a token for each address."""
        may_name = "@" in text or "%40" in text or "[address " in text
        return REPLACED.sub(self._token, text) if may_name else text

    def originals(self, texts: Iterable[str]) -> dict[str, str]:
        """Those that hold a token, with what stood in the file."""
        stands_for = {token: address for address, token in self._addresses.items()}
        return {
            text: TOKEN.sub(lambda found: stands_for.get(found[0], found[0]), text)
            for text in texts
            if "[address " in text
        }

    def of(self, annotator: str) -> str:
        if not annotator or NUMBER.fullmatch(annotator):
            return annotator
        same = annotator.casefold() if "@" in annotator else annotator
        if same in self._known:
            return self._known[same]
        return self._people.setdefault(same, f"annotator-{self._taken[1] + len(self._people) + 1}")

    def of_several(self, names: Sequence[str]) -> str:
        """Of one person under several names, of which somebody may be known by any."""
        same = [name.casefold() if "@" in name else name for name in names if name]
        known = next((self._known[name] for name in same if name in self._known), "")
        return known or (self.of(same[0]) if same else "")

    def _token(self, found: re.Match[str]) -> str:
        return self._addresses.setdefault(found[0], f"[address {self._taken[0] + len(self._addresses) + 1}]")
