"""Our terms in the words of other vocabularies: fideslang, and the Data Use Ontology (NOTICE.txt).

`fideslang.csv` and `duo.csv` hold keys of theirs, which are names; every sentence is ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from apps.compliance.taxonomy.terms import Facet, TaxonomySpoilt, rows_of, terms


class Match(StrEnum):
    """How their word relates to ours: the same, about the same, narrower or broader than ours."""

    EXACT = "exact"
    CLOSE = "close"
    NARROW = "narrow"
    BROAD = "broad"


@dataclass(frozen=True, kw_only=True)
class Mapped:
    facet: Facet
    theirs: str
    ours: str
    match: Match


@dataclass(frozen=True, kw_only=True)
class UseTerm:
    """A code of the Data Use Ontology. `purpose` is the kind of purpose it speaks of, where it does."""

    code: str
    id: str
    iri: str
    is_permission: bool
    definition: str
    purpose: str = ""
    match: Match | None = None


@cache
def fideslang() -> tuple[Mapped, ...]:
    """Raises: TaxonomySpoilt where it names a term of ours that does not ship."""
    found = tuple(
        Mapped(
            facet=Facet(row["facet"]),
            theirs=row["fides_key"],
            ours=row["code"],
            match=Match(row["match"]),
        )
        for row in rows_of("fideslang")
    )
    for each in found:
        if each.ours not in terms(each.facet):
            raise TaxonomySpoilt(f"fideslang.csv: {each.theirs} names {each.ours}, which does not ship")
    return found


def from_fideslang(facet: Facet, key: str) -> str | None:
    """Our code for a key of theirs; for one that is not mapped, that of the nearest key above it."""
    codes = {each.theirs: each.ours for each in fideslang() if each.facet is facet}
    parts = key.split(".")
    above = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((codes[name] for name in above if name in codes), None)


def to_fideslang(facet: Facet, code: str) -> str | None:
    """Their key for a term of ours: an exact one before a close one; never a narrower one, for that would say
    more than is known."""
    fitting = [
        each
        for each in fideslang()
        if each.facet is facet and each.ours == code and each.match is not Match.NARROW
    ]
    order = list(Match)
    return min(fitting, key=lambda each: order.index(each.match)).theirs if fitting else None


@cache
def use_terms() -> tuple[UseTerm, ...]:
    """Raises: TaxonomySpoilt where a code names a kind of purpose that does not ship."""
    found = tuple(
        UseTerm(
            code=row["code"],
            id=row["id"],
            iri=row["iri"],
            is_permission=row["kind"] == "permission",
            definition=row["definition_own_words"],
            purpose=row["purpose"],
            match=Match(row["match"]) if row["match"] else None,
        )
        for row in rows_of("duo")
    )
    for each in found:
        if each.purpose and each.purpose not in terms(Facet.PURPOSES):
            raise TaxonomySpoilt(f"duo.csv: {each.code} names {each.purpose}, which does not ship")
    return found
