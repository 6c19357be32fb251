"""The categories as they ship, read from `categories.csv` (NOTICE.txt says where they come from)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("categories.csv")


@dataclass(frozen=True, kw_only=True)
class CategoryEntry:
    """`asks_biometric_use`: of a body or a voice, which is special only where it is processed to identify one
    person (GDPR Art. 4(14), rec. 51); whoever says the term says for what it is used."""

    scheme: str
    code: str
    iri: str
    label: str
    parents: tuple[str, ...]
    definition: str
    special_kind: str
    is_criminal: bool
    asks_biometric_use: bool
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
                asks_biometric_use=row["asks_biometric_use"] == "true",
                is_personal=row["is_personal"] == "true",
                since=row["since"],
                deprecated_on=row["deprecated"],
                replaced_by=row["replaced_by"],
            )
