"""The hierarchy of purposes as it ships, read from `purposes.csv` (NOTICE.txt says where it comes from)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("purposes.csv")


@dataclass(frozen=True, kw_only=True)
class PurposeEntry:
    scheme: str
    code: str
    iri: str
    label: str
    parents: tuple[str, ...]
    definition: str
    since: str
    deprecated_on: str
    replaced_by: str


def shipped_purposes() -> Iterator[PurposeEntry]:
    with FILE.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            yield PurposeEntry(
                scheme=row["scheme"],
                code=row["code"],
                iri=row["iri"],
                label=row["label"],
                parents=tuple(code for code in row["parent"].split(";") if code),
                definition=row["definition_own_words"],
                since=row["since"],
                deprecated_on=row["deprecated"],
                replaced_by=row["replaced_by"],
            )
