"""Requests at random: a known start, some facts changed; and the changes that may never open a door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from apps.policy.facts import (
    NO_LIMIT,
    Action,
    Art9Condition,
    Art10Basis,
    Clearance,
    ColumnFacts,
    Identifiability,
    LawfulBasis,
    Obligation,
    ObligationKind,
    Outcome,
    Presumption,
    PurposeState,
    Relation,
    RequestFacts,
)

from . import samples as a

Change = Callable[[RequestFacts], RequestFacts]

DAYS = (date(2026, 12, 31), date(2027, 3, 5), date(2027, 9, 1), NO_LIMIT, None)
TRI = (True, False, None)
SETS = (frozenset[str](), frozenset({"pseudonymisation"}))
CONCEPTS = (*sorted(a.PARENTS), "ServiceProvision", "Unlisted")

COLUMN: dict[str, tuple[Any, ...]] = {
    "class_rank": (0, 1, 2, 3, 17, None),
    "special_kinds": (frozenset(), frozenset({"health"})),
    "is_criminal": TRI,
    "is_personal": TRI,
    "identifiability": (*Identifiability, None),
    "is_confirmed": (True, False),
    "permitted_purposes": (
        frozenset(),
        frozenset({"ResearchAndDevelopment"}),
        frozenset({"ServiceProvision", "AcademicResearch"}),
    ),
}
ASSET: dict[str, tuple[Any, ...]] = {
    "original_basis": (LawfulBasis.CONSENT, LawfulBasis.CONTRACT, None),
    "original_purpose": ("ServiceProvision", "Marketing", None),
    "has_anonymity_assessment": TRI,
    "retention_ends_on": DAYS,
    "agreement_ends_on": DAYS,
    "research_area": ("ResearchAndDevelopment", None),
}
PURPOSE: dict[str, tuple[Any, ...]] = {
    "code": CONCEPTS,
    "state": (*PurposeState, None),
    "lawful_basis": (*LawfulBasis, None),
    "has_legal_ground": TRI,
    "art9_conditions": (frozenset(), *(frozenset({word}) for word in Art9Condition)),
    "art9_has_law_ref": TRI,
    "art9_has_safeguards": TRI,
    "art10_basis": (*Art10Basis, None),
    "art89_safeguards": SETS,
    "valid_from": (date(2026, 1, 1), date(2027, 3, 10), None),
    "valid_to": DAYS,
    "presumption": (*Presumption, None),
    "is_art23_law": TRI,
}
SUBJECT: dict[str, tuple[Any, ...]] = {
    "relation": (*Relation, None),
    "cleared_rank": (0, 1, 2, 3, None),
    "contract_ends_on": DAYS,
    "is_active": TRI,
}
HANDLING: dict[str, tuple[Any, ...]] = {
    "max_grant_days": (1, 20, 300, NO_LIMIT, None),
    "max_lease_minutes": (15, 60, 720, NO_LIMIT, None),
    "stages": ((), ("data_owner",), ("compliance_officer", "ciso"), ("dpo",)),
    "needs_step_up": TRI,
    "is_auto_ok_allowed": TRI,
}
ASSESSMENT: dict[str, tuple[Any, ...]] = {
    "outcome": (*Outcome, None),
    "is_approved": TRI,
    "conditions": (frozenset(), frozenset({Obligation(kind=ObligationKind.WATERMARK)})),
}


def set_fact(facts: RequestFacts, of: str, name: str, value: Any, index: int = 0) -> RequestFacts:
    """The same request with one fact stated otherwise; `index` picks column, class or assessment."""
    if of == "request":
        return replace(facts, **{name: value})
    if of == "purpose":
        return a.with_purpose(facts, **{name: value})
    if of == "subject":
        return replace(facts, subject=replace(facts.subject, **{name: value}))
    if of == "asset":
        return a.with_asset(facts, **{name: value})
    if of == "activity":
        first, *rest = facts.assets[0].activities or (None,)
        changed = () if first is None else (replace(first, **{name: value}), *rest)
        return a.with_asset(facts, activities=changed)
    if of == "column":
        return a.with_asset(facts, columns=_put(facts.assets[0].columns, index, name, value))
    if of == "handling":
        return replace(facts, handling=_put(facts.handling, index, name, value))
    return replace(facts, assessments=_put(facts.assessments, index, name, value))


def _put(items: tuple[Any, ...], index: int, name: str, value: Any) -> tuple[Any, ...]:
    if not items:
        return ()
    at = index % len(items)
    return (*items[:at], replace(items[at], **{name: value}), *items[at + 1 :])


STATED: dict[str, dict[str, tuple[Any, ...]]] = {
    "column": COLUMN,
    "asset": ASSET,
    "purpose": PURPOSE,
    "subject": SUBJECT,
    "handling": HANDLING,
    "assessment": ASSESSMENT,
    "activity": {"clearance": (*Clearance, None)},
    "request": {"linked_personal": TRI, "place_of_processing": ("DE", "US", None)},
}

FACTS = [(of, name) for of, names in STATED.items() for name in names]
NULLABLE = [(of, name) for of, name in FACTS if None in STATED[of][name]]


@cache
def starts() -> tuple[RequestFacts, ...]:
    anonymised = a.column(identifiability=Identifiability.ANONYMISED)
    return (
        a.request(),
        a.with_asset(a.request(anonymised), has_anonymity_assessment=True),
        a.personal_request(),
        a.special_request(),
        a.gap_request(assessments=(a.assessment(),)),
        a.with_asset(a.gap_request(), original_basis=LawfulBasis.CONSENT),
    )


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, str, Any, int]:
    of, name = draw(st.sampled_from(FACTS))
    return of, name, draw(st.sampled_from(STATED[of][name])), draw(st.integers(0, 3))


@st.composite
def requests(draw: st.DrawFn) -> RequestFacts:
    facts = draw(st.sampled_from(starts()))
    for of, name, value, index in draw(st.lists(changes(), max_size=4)):
        facts = set_fact(facts, of, name, value, index)
    days = draw(st.sampled_from((1, 30, 290, 364, 380)))
    actions = draw(st.frozensets(st.sampled_from(Action), min_size=1, max_size=3))
    return replace(facts, ends_at=facts.starts_at + timedelta(days=days), actions=actions)


@st.composite
def columns(draw: st.DrawFn, name: str) -> ColumnFacts:
    base = draw(st.sampled_from((a.column(), a.personal_column(), a.special_column())))
    of = draw(st.sampled_from(sorted(COLUMN)))
    return replace(base, name=name, **{of: draw(st.sampled_from(COLUMN[of]))})


def _on_column(facts: RequestFacts, **changed: Any) -> RequestFacts:
    first, *rest = facts.assets[0].columns
    return a.with_asset(facts, columns=(replace(first, **changed), *rest))


@st.composite
def tightenings(draw: st.DrawFn) -> tuple[str, Change]:
    """A change after which nothing may be laxer: a higher class, one more category, column, action or day."""
    name = draw(
        st.sampled_from(("class", "special", "criminal", "category", "column", "asset", "action", "day"))
    )
    rank = draw(st.integers(1, 4))
    column = draw(columns("zz-added"))
    action = draw(st.sampled_from(Action))
    days = draw(st.sampled_from((1, 60)))

    def apply(facts: RequestFacts) -> RequestFacts:
        first = facts.assets[0].columns[0]
        if name == "class":
            known = first.class_rank
            return facts if known is None else _on_column(facts, class_rank=known + rank)
        if name == "special":
            return _on_column(facts, special_kinds=first.special_kinds | {"genetic"})
        if name == "criminal":
            return facts if first.is_criminal is None else _on_column(facts, is_criminal=True)
        if name == "category":
            return _on_column(facts, categories=first.categories | {"Location"})
        if name == "column":
            return a.with_asset(facts, columns=(*facts.assets[0].columns, column))
        if name == "asset":
            return replace(facts, assets=(*facts.assets, a.asset(column, uid="zz-added")))
        if name == "action":
            return replace(facts, actions=facts.actions | {action})
        return replace(facts, ends_at=facts.ends_at + timedelta(days=days))

    return name, apply
