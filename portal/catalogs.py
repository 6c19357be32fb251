"""Catalogs of translations, from the text that translators edit (.po) to what gettext reads (.mo).

Done at every start, in the state directory, so that nothing but Python is needed and nothing built is kept
with the sources.
"""

from __future__ import annotations

import ast
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

KEYWORD = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d)\])? (".*")')
MAGIC = 0x950412DE
HEADER_SIZE = 28


@dataclass
class Message:
    context: str = ""
    id: str = ""
    plural: str = ""
    texts: dict[int, str] = field(default_factory=dict)

    @property
    def is_translated(self) -> bool:
        return bool(self.texts) and all(self.texts.values())

    @property
    def key(self) -> bytes:
        context = f"{self.context}\4" if self.context else ""
        plural = f"\0{self.plural}" if self.plural else ""
        return f"{context}{self.id}{plural}".encode()

    @property
    def value(self) -> bytes:
        return "\0".join(text for _number, text in sorted(self.texts.items())).encode()


def messages_in(catalog: str) -> Iterator[Message]:
    """Of a .po file. What is obsolete or a comment is left out."""
    for block in re.split(r"\n\s*\n", catalog):
        message, place = Message(), ("", 0)
        for line in block.splitlines():
            found = KEYWORD.fullmatch(line.strip())
            if found:
                place = (found[1], int(found[2] or 0))
                _add(message, place, ast.literal_eval(found[3]))
            elif line.startswith('"'):
                _add(message, place, ast.literal_eval(line))
        if message.texts:
            yield message


def _add(message: Message, place: tuple[str, int], text: str) -> None:
    keyword, number = place
    if keyword == "msgstr":
        message.texts[number] = message.texts.get(number, "") + text
    elif keyword == "msgid":
        message.id += text
    elif keyword == "msgid_plural":
        message.plural += text
    else:
        message.context += text


def compiled(catalog: str) -> bytes:
    """What is translated, as GNU gettext reads it: two tables of lengths and offsets, then the texts."""
    entries = sorted((each.key, each.value) for each in messages_in(catalog) if each.is_translated)
    count = len(entries)
    keys, values = HEADER_SIZE, HEADER_SIZE + 8 * count
    offset, tables, texts = values + 8 * count, [], []
    for column in range(2):
        for entry in entries:
            tables.append(struct.pack("<II", len(entry[column]), offset))
            texts.append(entry[column] + b"\0")
            offset += len(entry[column]) + 1
    header = struct.pack("<7I", MAGIC, 0, count, keys, values, 0, 0)
    return b"".join((header, *tables, *texts))


def compile_all(sources: Path, target: Path) -> None:
    """`de/LC_MESSAGES/django.po` becomes `de/LC_MESSAGES/django.mo` below the target."""
    for source in sorted(sources.glob("*/LC_MESSAGES/*.po")):
        made = (target / source.relative_to(sources)).with_suffix(".mo")
        made.parent.mkdir(parents=True, exist_ok=True)
        made.write_bytes(compiled(source.read_text(encoding="utf-8")))
