"""Risk marks: each fact alone raises its mark, an unknown fact counts as if it were so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from apps.policy.calendar import end_of_working_day
from apps.policy.facts import Action, Identifiability, Relation, RequestFacts
from apps.policy.risk import WEIGHT, Risk, risks_of, weight_of
from tests.policy.samples import column, request


def with_column(facts: RequestFacts, **changes: object) -> RequestFacts:
    asset = replace(facts.assets[0], columns=(column(**changes),))
    return replace(facts, assets=(asset,))


def with_subject(facts: RequestFacts, relation: Relation | None) -> RequestFacts:
    return replace(facts, subject=replace(facts.subject, relation=relation))


CALM = replace(with_subject(with_column(request()), Relation.EMPLOYEE), place_of_processing="DE")


def test_a_harmless_request_has_no_mark() -> None:
    assert risks_of(CALM) == ()
    assert weight_of(()) == 0


@pytest.mark.parametrize(
    ("facts", "marks"),
    [
        (with_column(CALM, special_kinds=frozenset({"health"})), {Risk.SPECIAL_CATEGORY}),
        (with_column(CALM, is_criminal=True), {Risk.CRIMINAL}),
        (with_column(CALM, class_rank=3), {Risk.HIGHEST_CLASS}),
        (with_column(CALM, class_rank=None), {Risk.HIGHEST_CLASS}),
        (with_column(CALM, is_confirmed=False), {Risk.NOT_CONFIRMED}),
        (with_column(CALM, identifiability=None), {Risk.PERSONAL}),
        (replace(CALM, actions=frozenset({Action.EXPORT})), {Risk.LEAVES_THE_HOUSE}),
        (replace(CALM, place_of_processing="US"), set()),
        (
            replace(with_column(CALM, identifiability=Identifiability.IDENTIFIED), place_of_processing="US"),
            {Risk.PERSONAL, Risk.OUTSIDE_EEA},
        ),
        (with_subject(CALM, Relation.VENDOR), {Risk.EXTERNAL}),
        (with_subject(CALM, None), {Risk.EXTERNAL}),
    ],
)
def test_each_fact_raises_its_mark(facts: RequestFacts, marks: set[Risk]) -> None:
    assert set(risks_of(facts)) == marks


def test_the_heaviest_mark_stands_first_and_the_weight_is_their_sum() -> None:
    facts = with_column(CALM, special_kinds=frozenset({"health"}), identifiability=None, is_confirmed=False)
    risks = risks_of(facts)
    assert risks[0] is Risk.SPECIAL_CATEGORY
    assert weight_of(risks) == sum(WEIGHT[risk] for risk in risks) == 11


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("2027-03-01T09:30", "2027-03-05T00:00"),  # Monday: Tuesday, Wednesday, Thursday
        ("2027-03-04T23:30", "2027-03-11T00:00"),  # Friday already, in Berlin
        ("2027-03-05T12:00", "2027-03-11T00:00"),  # Friday: the weekend does not count
        ("2027-03-06T12:00", "2027-03-11T00:00"),  # Saturday
        ("2027-03-25T12:00", "2027-03-31T00:00"),  # across the change to summer time
    ],
)
def test_three_working_days_end_at_midnight_of_the_organization(begin: str, end: str) -> None:
    zone = ZoneInfo("Europe/Berlin")
    at = datetime.fromisoformat(begin).replace(tzinfo=UTC)
    assert end_of_working_day(at, days=3, zone=zone) == datetime.fromisoformat(end).replace(tzinfo=zone)
