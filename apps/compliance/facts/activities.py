"""What the activities that cover an asset tell beside themselves: whom the data are about, and how used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apps.compliance.facts.register import Party
from apps.compliance.lifecycle import RecipientKind
from apps.compliance.lifecycle.activity.particulars import Particulars, SubjectsBand
from apps.compliance.lifecycle.activity.particulars import has_children as names_children
from apps.compliance.lifecycle.data_sheets import DataSheetContent, listed
from apps.compliance.lifecycle.reading import read
from apps.policy.facts import ActivityFacts, PeopleFacts
from apps.policy.law_words import Art22Basis, AutomatedDecision, PartyPart, PartyRole, ScreeningPoint

LARGE = frozenset({SubjectsBand.MANY, SubjectsBand.MASSES})
IDENTIFIED = "identified"
STRICTNESS = tuple(AutomatedDecision)
PROFILING_POINTS = frozenset({ScreeningPoint.EVALUATION, ScreeningPoint.AUTOMATED_DECISION})
ROLE_OF = {
    RecipientKind.PROCESSOR: PartyRole.PROCESSOR,
    RecipientKind.SUB_PROCESSOR: PartyRole.SUB_PROCESSOR,
    RecipientKind.JOINT_CONTROLLER: PartyRole.JOINT_CONTROLLER,
    RecipientKind.INDEPENDENT_CONTROLLER: PartyRole.INDEPENDENT_CONTROLLER,
    RecipientKind.PUBLIC_AUTHORITY: PartyRole.INDEPENDENT_CONTROLLER,
    RecipientKind.INTERNATIONAL_ORGANIZATION: PartyRole.INDEPENDENT_CONTROLLER,
}
"""Teams of the own house are no party."""


@dataclass(frozen=True, kw_only=True)
class UseOfPeople:
    """How the activities say that the data are used; the strictest of them."""

    automation: AutomatedDecision | None
    art22_basis: Art22Basis | None
    has_art22_safeguards: bool | None
    needs_identifiers: bool | None


def people_facts(
    rows: Sequence[Mapping[str, Any]], activities: Sequence[ActivityFacts], sheets: Iterable[DataSheetContent]
) -> PeopleFacts:
    """Data subjects as the activities name them; children are among them where one activity says so.

    The scale is what the activities tell, and where they do not, what their screenings answer.
    """
    subjects = frozenset(word for row in rows for word in row["subjects"])
    said = [read(Particulars, row["particulars"]) for row in rows]
    has_children = any(names_children(subjects, each) for each in said)
    countries = frozenset(code for sheet in sheets for code in listed(sheet.countries))
    return PeopleFacts(
        subjects=subjects or None,
        has_children=has_children if subjects else None,
        is_monitored=_answered(activities, ScreeningPoint.MONITORING),
        is_large_scale=_is_large(said, _answered(activities, ScreeningPoint.LARGE_SCALE)),
        origin_countries=countries or None,
    )


def _is_large(said: Iterable[Particulars], answered: bool | None) -> bool | None:
    bands = {each.subjects_band for each in said}
    if answered or bands & LARGE:
        return True
    return False if bands and None not in bands else answered


def _answered(activities: Iterable[ActivityFacts], point: ScreeningPoint) -> bool | None:
    """Yes where one screening says so; no where all of them do."""
    screenings = [each.screening for each in activities]
    if any(each is not None and point in each.yes for each in screenings):
        return True
    is_denied = bool(screenings) and all(each is not None and point in each.no for each in screenings)
    return False if is_denied else None


def use_of_people(rows: Sequence[Mapping[str, Any]], activities: Sequence[ActivityFacts]) -> UseOfPeople:
    """What every activity says; a screening that denies profiles and automated decisions says none, too."""
    said = [row["particulars"] for row in rows]
    automation = [_automation(each, activity) for each, activity in zip(said, activities, strict=True)]
    known = [each for each in automation if each is not None]
    pairs = zip(said, automation, strict=True)
    significant = [each for each, word in pairs if word is AutomatedDecision.SOLELY_SIGNIFICANT]
    bases = [each.get("art22_basis") for each in significant]
    guarded = [_has_safeguards(each) for each in significant]
    named = [each.get("identifiability") for each in said]
    return UseOfPeople(
        automation=max(known, key=STRICTNESS.index) if known and len(known) == len(automation) else None,
        art22_basis=Art22Basis(bases[0]) if len(set(bases)) == 1 and bases[0] else None,
        has_art22_safeguards=all(guarded) if guarded else None,
        needs_identifiers=True if IDENTIFIED in named else None if None in named or not named else False,
    )


def _automation(said: Mapping[str, Any], activity: ActivityFacts) -> AutomatedDecision | None:
    if said.get("automation"):
        return AutomatedDecision(said["automation"])
    screening = activity.screening
    is_denied = screening is not None and screening.no >= PROFILING_POINTS
    return AutomatedDecision.NONE if is_denied else None


def _has_safeguards(said: Mapping[str, Any]) -> bool:
    """Review by a person under (a) and (c), what the law itself provides under (b)."""
    name = "art22_safeguards" if said.get("art22_basis") == Art22Basis.LAW else "human_review_contact"
    return bool(str(said.get(name, "")).strip())


def recipients_of(rows: Iterable[Mapping[str, Any]]) -> Iterator[Party]:
    """Everybody beside the own house to whom the activities give the data."""
    for row in rows:
        for recipient in row["recipients"]:
            role = ROLE_OF.get(RecipientKind(recipient["kind"]))
            if role is not None:
                named = recipient.get("party_id") or recipient["party"].strip() or recipient["kind"]
                yield Party(part=PartyPart.RECIPIENT, named=named, role=role)


def needed_columns(rows: Iterable[Mapping[str, Any]]) -> frozenset[str] | None:
    """The columns that the activities name; not known where none of them names any."""
    named = frozenset(
        column
        for row in rows
        for data in row["particulars"].get("personal_data", ())
        for column in listed(data.get("columns", ""))
    )
    return named or None
