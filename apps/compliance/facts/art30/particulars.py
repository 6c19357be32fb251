"""What the particulars of an activity say, in the words of the register."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date

from apps.compliance.exports.entry import MISSING, Absent, Category
from apps.compliance.exports.words import article
from apps.compliance.lifecycle.activity.particulars import (
    Automation,
    DataSource,
    Particulars,
    SpecialCategory,
)
from apps.compliance.lifecycle.parties import PartyContent
from apps.compliance.lifecycle.transfers import REGIME
from apps.policy.packs import ALL_PACKS, law_on

ELSEWHERE = "(not obtained from the data subject)"


def within_the_union(country: str, on: date) -> str | Absent:
    """Art. 27 asks for a representative outside the European Economic Area alone."""
    inside = law_on(on, ALL_PACKS).countries(REGIME, "eea") or frozenset()
    return Absent.NOT_APPLICABLE if country in inside else ""


def representative(said: Particulars, country: str, on: date) -> str | Absent:
    if said.representative.strip():
        return ", ".join(line.strip() for line in said.representative.splitlines() if line.strip())
    if said.has_no_representative is True:
        return Absent.NONE
    return within_the_union(country, on)


def representative_of(party: PartyContent, on: date) -> str | Absent:
    return party.representative.strip() or within_the_union(party.country, on)


def officer(said: Particulars) -> str | Absent:
    if not said.dpo.strip() and said.has_no_dpo is True:
        return Absent.NONE
    return said.dpo


def categories(
    said: Particulars, classified: Collection[str], taxonomy: Mapping[str, Category]
) -> Iterator[Category]:
    """What columns are classified as, and what the activity says of its kinds of data. A kind that is said to
    be special is, whatever the taxonomy holds of it."""
    rows = {row.category: row for row in said.personal_data if row.category}
    for code in sorted({*classified, *rows}):
        known = taxonomy.get(code)
        row = rows.get(code)
        if known is None and row is None:  # classified as something that is about nobody
            continue
        found = known or Category(code=code, label=code)
        kind = row.special_kind if row else None
        if kind is SpecialCategory.CRIMINAL:
            found = replace(found, is_criminal=True)
        elif kind is not None and not found.special:
            found = replace(found, special=str(kind.label))
        yield found
    for row in said.personal_data:
        if not row.category and row.special_kind is not None:
            is_criminal = row.special_kind is SpecialCategory.CRIMINAL
            special = "" if is_criminal else str(row.special_kind.label)
            yield Category(code="", label=MISSING, special=special, is_criminal=is_criminal)


def automated_decisions(said: Particulars) -> str:
    match said.automation:
        case Automation.NONE:
            return Absent.NONE.value
        case Automation.PROFILING:
            return "Profiling, no solely automated decision"
        case Automation.NOT_SIGNIFICANT:
            return "Solely automated, without legal or similarly significant effect"
        case Automation.SIGNIFICANT:
            return f"Solely automated: {article(said.art22_basis.value) if said.art22_basis else MISSING}"
    return ""


def sources(said: Particulars) -> tuple[str, ...]:
    told = []
    if DataSource.SUBJECT in said.sources:
        told.append("Data subject")
    if DataSource.THIRD_PARTY in said.sources or (DataSource.PUBLIC in said.sources and said.source_party):
        told.append(f"{said.source_party.strip() or MISSING} {ELSEWHERE}")
    elif DataSource.PUBLIC in said.sources:
        told.append(f"Public sources {ELSEWHERE}")
    return tuple(told)
