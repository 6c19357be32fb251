"""Every term that ships, facet by facet: one CSV file each, checked when it is read (NOTICE.txt).

The terms of one's own stand in the tables of the two taxonomies on which decisions rest: data categories, and
the hierarchy of purposes. The other facets are the words of the law and of the record of processing.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from apps.classification.taxonomy import shipped_categories

HERE = Path(__file__).parent


class Facet(StrEnum):
    """What a term is a word for; each is a file of that name, categories excepted."""

    CATEGORIES = "categories"
    PURPOSES = "purposes"
    DATA_SUBJECTS = "data_subjects"
    PROCESSING = "processing"
    LEGAL_BASES = "legal_bases"
    TRANSFERS = "transfers"
    RIGHTS = "rights"
    MEASURES = "measures"
    AI_ACT = "ai_act"
    AI_OPERATIONS = "ai_operations"


NAMESPACES = {
    "dpv": "https://w3id.org/dpv#",
    "dpv-pd": "https://w3id.org/dpv/pd#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "eu-aiact": "https://w3id.org/dpv/legal/eu/aiact#",
    "ai": "https://w3id.org/dpv/ai#",
    "local": "urn:lakewarden:",
}
"""By scheme; a term of ours never lies in the space of another."""


@dataclass(frozen=True, kw_only=True)
class Term:
    """`special_kind` is a case of GDPR Art. 9(1), of data categories alone; offences are apart (Art. 10).
    `asks_biometric_use`: a trait of body or voice, special only where it is used to identify one person."""

    facet: Facet
    scheme: str
    code: str
    iri: str
    label: str
    parents: tuple[str, ...]
    definition: str
    since: date
    special_kind: str = ""
    is_criminal: bool = False
    asks_biometric_use: bool = False
    deprecated_on: date | None = None
    replaced_by: str = ""

    @property
    def is_in_use(self) -> bool:
        return self.deprecated_on is None


class TaxonomySpoilt(ValueError):
    """A file says something that it must not."""


@cache
def terms(facet: Facet) -> Mapping[str, Term]:
    """By code, in the order of the file.  Raises: TaxonomySpoilt."""
    found = tuple(_categories() if facet is Facet.CATEGORIES else _read(facet))
    if faults := list(faults_of(found)):
        raise TaxonomySpoilt(f"{facet.value}.csv: " + "; ".join(faults))
    return {term.code: term for term in found}


def every_term() -> Iterator[Term]:
    for facet in Facet:
        yield from terms(facet).values()


def iri_of(facet: Facet, code: str) -> str:
    """Raises: KeyError where nothing of that code ships."""
    return terms(facet)[code].iri


@cache
def shipped_iris() -> frozenset[str]:
    """Of the Data Privacy Vocabulary 2.3, without terms of our own."""
    return frozenset(term.iri for term in every_term() if term.scheme != "local")


def faults_of(found: Iterable[Term]) -> Iterator[str]:
    """What must not be said: a code twice, an address outside its space, a parent or a successor that is not
    there or leads back, a term without words of our own."""
    rows = tuple(found)
    by_code = {term.code: term for term in rows}
    if len(by_code) < len(rows):
        yield "a code stands twice"
    if len({term.iri for term in rows}) < len(rows):
        yield "an address stands twice"
    for term in rows:
        space = NAMESPACES.get(term.scheme)
        if space is None or not term.iri.startswith(space):
            yield f"{term.code} has an address outside its scheme"
        if not term.definition.strip() or not term.label.strip():
            yield f"{term.code} has no words"
        if missing := set(term.parents) - set(by_code):
            yield f"{term.code} has unknown parents: {', '.join(sorted(missing))}"
        if term.replaced_by and (term.is_in_use or term.replaced_by not in by_code):
            yield f"{term.code} is replaced by what is not there, or while it is in use"
        if _leads_back(term, by_code):
            yield f"{term.code} lies below itself"


def _leads_back(term: Term, by_code: Mapping[str, Term]) -> bool:
    seen: set[str] = set()
    front = set(term.parents)
    while front:
        if term.code in front:
            return True
        seen |= front
        above = (by_code[code].parents for code in front if code in by_code)
        front = set().union(*above) - seen
    return False


def _read(facet: Facet) -> Iterator[Term]:
    for row in rows_of(facet.value):
        yield Term(
            facet=facet,
            scheme=row["scheme"],
            code=row["code"],
            iri=row["iri"],
            label=row["label"],
            parents=tuple(code for code in row["parent"].split(";") if code),
            definition=row["definition_own_words"],
            since=date.fromisoformat(row["since"]),
            deprecated_on=_day(row["deprecated"]),
            replaced_by=row["replaced_by"],
        )


def rows_of(name: str) -> Iterator[dict[str, str]]:
    """Of a file beside this one."""
    with HERE.joinpath(f"{name}.csv").open(newline="", encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


def _categories() -> Iterator[Term]:
    for entry in shipped_categories():
        yield Term(
            facet=Facet.CATEGORIES,
            scheme=entry.scheme,
            code=entry.code,
            iri=entry.iri,
            label=entry.label,
            parents=entry.parents,
            definition=entry.definition,
            since=date.fromisoformat(entry.since),
            special_kind=entry.special_kind,
            is_criminal=entry.is_criminal,
            asks_biometric_use=entry.asks_biometric_use,
            deprecated_on=_day(entry.deprecated_on),
            replaced_by=entry.replaced_by,
        )


def _day(stated: str) -> date | None:
    return date.fromisoformat(stated) if stated else None


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What statements are made with, or about: classes, properties and countries; `statements.csv`."""

    scheme: str
    code: str
    iri: str
    label: str


@cache
def statements() -> tuple[Statement, ...]:
    return tuple(Statement(**row) for row in rows_of("statements"))
