"""The categories as they ship, read from `categories.csv` (NOTICE.txt says where they come from)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("categories.csv")


@dataclass(frozen=True, kw_only=True)
class CategoryEntry:
    scheme: str
    code: str
    iri: str
    label: str
    parents: tuple[str, ...]
    definition: str
    special_kind: str
    is_criminal: bool
    is_personal: bool
    since: str
    deprecated_on: str
    replaced_by: str


def shipped_categories() -> Iterator[CategoryEntry]:
    with FILE.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            yield CategoryEntry(
                scheme=row["scheme"],
                code=row["code"],
                iri=row["iri"],
                label=row["label"],
                parents=tuple(code for code in row["parent"].split(";") if code),
                definition=row["definition_own_words"],
                special_kind=row["special_kind"],
                is_criminal=row["is_criminal"] == "true",
                is_personal=row["is_personal"] == "true",
                since=row["since"],
                deprecated_on=row["deprecated"],
                replaced_by=row["replaced_by"],
            )
