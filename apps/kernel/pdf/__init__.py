"""Printing: PDF/UA from blocks. Whatever stands in a text, it is shown and never carried out."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import typst

from apps.kernel.pdf.blocks import (
    Block,
    Document,
    Heading,
    Items,
    Picture,
    Statements,
    Table,
    Terms,
    Text,
    table,
    terms,
)

STANDARD: Literal["ua-1"] = "ua-1"
HOUSE = Path(__file__).with_name("house.typ")
ROOT = Path(__file__).parents[3]
# Control characters but line breaks, and what turns the direction of writing or is not seen at all: printed,
# they would show another text than the one that was stored.
_UNSEEN = re.compile("[\0-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_UNSHOWN = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_FIRST_OF_LARGE_SCRIPTS = 0x2E80


def pdf_of(document: Document, *, at: datetime) -> bytes:
    """The document, printed at that moment.

    A character that no font of this machine holds is spelled out as its code point: nothing that was written
    is missing without a sign.
    """
    return set_in_type(document.as_json(), at=at)


def set_in_type(stated: dict[str, Any], *, at: datetime) -> bytes:
    """What a document says, as JSON holds it."""
    told = json.dumps(_seen(stated), ensure_ascii=False)
    missing: set[range] = set()
    while True:
        try:
            return _printed(_spelled(told, missing), at)
        except typst.TypstError as fault:
            found = _missing_in(str(fault))
            if not found or found <= missing:
                raise
            missing |= found


def printed_apart(document: Document, *, at: datetime) -> bytes:
    """The same, by a process of its own: for what is long. What setting it took of memory is given back with
    the process, and whoever waits here keeps nobody else waiting."""
    given = json.dumps({"document": document.as_json(), "at": at.isoformat()})
    made = subprocess.run(  # noqa: S603
        [sys.executable, "-m", f"{__name__}.apart"],
        input=given.encode(),
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={},
        check=True,
    )
    return made.stdout


def _printed(told: str, at: datetime) -> bytes:
    """Compiled where there is nothing to read but the look of the house."""
    return typst.compile(
        HOUSE,
        root=HOUSE.parent,
        format="pdf",
        sys_inputs={"told": told},
        pdf_standards=[STANDARD],
        timestamp=int(at.timestamp()),
    )


def _seen(told: Any) -> Any:
    match told:
        case str():
            return _UNSEEN.sub(lambda unseen: _code_point(unseen[0]), told.replace("\t", " "))
        case list():
            return [_seen(each) for each in told]
        case dict():
            return {name: each if name == "svg" else _seen(each) for name, each in told.items()}
    return told


def _missing_in(fault: str) -> set[range]:
    """Characters, or of the large scripts their whole block, that cannot be shown."""
    texts = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), "".join(_UNSHOWN.findall(fault)))
    return {_block(ord(character)) for character in texts}


def _block(code: int) -> range:
    if code < _FIRST_OF_LARGE_SCRIPTS:
        return range(code, code + 1)
    return range(code & ~0xFFF, (code | 0xFFF) + 1)


def _spelled(told: str, missing: set[range]) -> str:
    if not missing:
        return told
    return "".join(
        _code_point(each) if any(ord(each) in block for block in missing) else each for each in told
    )


def _code_point(character: str) -> str:
    return f"[U+{ord(character):04X}]"


__all__ = [
    "STANDARD",
    "Block",
    "Document",
    "Heading",
    "Items",
    "Picture",
    "Statements",
    "Table",
    "Terms",
    "Text",
    "pdf_of",
    "printed_apart",
    "set_in_type",
    "table",
    "terms",
]
