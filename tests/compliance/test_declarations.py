"""Declared kinds of records, without a database: what is read, what is missing, when it is late."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from apps.compliance.lifecycle.compatibility import Compatibility, CompatibilityContent, Condition, Score
from apps.compliance.lifecycle.cycle import Cycle
from apps.compliance.lifecycle.declaration import (
    Around,
    Evidence,
    Kind,
    Referred,
    Shape,
    Spec,
    is_empty,
    specs_of,
)
from apps.compliance.lifecycle.grounds import lia_carries, lia_gaps
from apps.compliance.lifecycle.interests import INTERESTS, Balance, InterestsContent, Likelihood
from apps.compliance.lifecycle.judging import judge, overdue, review_due_on
from apps.compliance.lifecycle.kinds import KINDS
from apps.compliance.lifecycle.purpose import PurposeContent
from apps.compliance.lifecycle.reading import content_sha256, read, written
from apps.kernel.errors import InvalidInput
from apps.policy.vocabulary import LawfulBasis, ObligationKind, Presumption
from tests.factories.compliance import interests_content

TODAY = date(2026, 11, 26)
AROUND = Around(today=TODAY)


def codes(reasons: Any) -> set[str]:
    return {reason.code for reason in reasons}


def sample(spec: Spec) -> Any:
    """A value that fits the shape."""
    match spec.shape:
        case Shape.CHOICE:
            return next(iter(spec.words or ()))
        case Shape.MANY:
            return frozenset(list(spec.words or ())[:2])
        case Shape.DAY:
            return date(2026, 2, 28)
        case Shape.MOMENT:
            return datetime(2026, 2, 28, 23, 30, tzinfo=UTC)
        case Shape.FLAG:
            return False
        case Shape.COUNT:
            return 0
        case Shape.COUNTRY:
            return "US"
        case Shape.ONE:
            return uuid4()
        case Shape.SOME:
            return (uuid4(), uuid4())
        case Shape.ROWS:
            row = spec.row or object
            return (row(**{name: sample(each) for name, each in specs_of(row).items()}),)
    return "Grün, with a snowman ☃"


def full(kind: Kind) -> Any:
    """Every field filled."""
    return kind.content(**{name: sample(spec) for name, spec in kind.specs.items()})


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_what_a_kind_says_is_written_and_read_without_loss(kind: Kind) -> None:
    content = full(kind)
    assert not any(is_empty(getattr(content, name)) for name in kind.specs)
    assert read(kind.content, written(content)) == content
    assert read(kind.content, written(kind.content(name="x"))) == kind.content(name="x")


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_the_hash_is_of_what_is_said(kind: Kind) -> None:
    content = full(kind)
    assert content_sha256(kind, content) == content_sha256(kind, read(kind.content, written(content)))
    assert content_sha256(kind, content) != content_sha256(kind, replace(content, name="Another"))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_an_empty_record_is_told_of_every_field_it_cannot_do_without(kind: Kind) -> None:
    found = judge(kind, kind.content(name="x"), AROUND)
    needed = {name for name, spec in kind.specs.items() if spec.needed is True}
    assert needed and needed <= {reason.field for reason in found.faults}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_every_kind_has_plain_words_and_a_prefix_of_its_own(kind: Kind) -> None:
    assert [each.prefix for each in KINDS.values()].count(kind.prefix) == 1
    assert all(str(word) for word in (kind.one, kind.many, kind.new, kind.lead, kind.empty))
    assert kind.aspect in kind.specs
    for spec in kind.specs.values():
        assert str(spec.label)


def test_every_wrong_line_is_named_at_once() -> None:
    given = {
        "name": "x",
        "whose": "nobody",
        "is_lawful": "yes",
        "safeguards": ["opt_out", "prayer"],
        "interest": 3,
        "source": "s" * 301,
        "next_review": "soon",
        "color": "red",
    }
    with pytest.raises(InvalidInput) as refused:
        read(InterestsContent, given, "content.")
    wrong = {reason.field: reason.code for reason in refused.value.reasons}
    assert wrong == {
        "content.whose": "RECORD_VALUE_MALFORMED",
        "content.is_lawful": "RECORD_VALUE_MALFORMED",
        "content.safeguards": "RECORD_VALUE_MALFORMED",
        "content.interest": "RECORD_VALUE_MALFORMED",
        "content.source": "RECORD_VALUE_TOO_LONG",
        "content.next_review": "RECORD_VALUE_MALFORMED",
        "content.color": "RECORD_FIELD_UNKNOWN",
    }


def test_rows_of_tables_are_read_with_their_number() -> None:
    rows = [{"kind": "mask", "column": "name"}, {"kind": "hide"}]
    with pytest.raises(InvalidInput) as refused:
        read(CompatibilityContent, {"conditions": rows})
    assert [reason.field for reason in refused.value.reasons] == ["conditions.1.kind"]


# Legitimate interests


def test_a_complete_assessment_of_interests_lacks_nothing() -> None:
    found = judge(INTERESTS, interests_content(), AROUND)
    assert (found.obstacles, found.doubts) == ((), ())


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"is_necessary": False}, "LIA_PREVAILS_WITHOUT_NEED"),
        ({"has_children": True}, "RECORD_FIELD_NEEDED_HERE"),
        ({"is_model_training": True}, "RECORD_FIELD_NEEDED_HERE"),
        ({"alternatives": ""}, "RECORD_FIELD_MISSING"),
        ({"next_review": date(2028, 1, 1)}, "RECORD_REVIEW_TOO_LATE"),
        ({"severity": Likelihood.MAXIMAL, "next_review": date(2027, 6, 30)}, "RECORD_REVIEW_TOO_LATE"),
        ({"effective_from": TODAY, "effective_to": TODAY}, "RECORD_PERIOD_REVERSED"),
    ],
)
def test_an_assessment_of_interests_is_held_to_what_it_says(said: dict[str, Any], code: str) -> None:
    assert code in codes(judge(INTERESTS, interests_content(**said), AROUND).obstacles)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"severity": Likelihood.IMPORTANT}, "LIA_HARM_UNANSWERED"),
        ({"has_special_data": True}, "LIA_SPECIAL_DATA_NEED_MORE"),
        ({"is_web_scraped": True, "training_mitigation": "None remembered."}, "LIA_SCRAPED_SURPRISE"),
    ],
)
def test_who_reviews_an_assessment_is_told_where_to_look(said: dict[str, Any], code: str) -> None:
    found = judge(INTERESTS, interests_content(**said), AROUND)
    assert code in codes(found.doubts)
    assert found.obstacles == ()


def on_interests(**given: Any) -> PurposeContent:
    made = {"lawful_basis": LawfulBasis.LEGITIMATE_INTERESTS, "lia_ref": "LIA-0001", "valid_from": TODAY}
    return PurposeContent(name="x", concept_code="y", **{**made, **given})


def weighed(**given: Any) -> Referred:
    made: dict[str, Any] = {"content": interests_content(), "first_approved_on": date(2026, 1, 1)}
    return Referred(kind=INTERESTS.slug, ref="LIA-0001", **{**made, **given})


def test_v07_holds_with_an_approved_assessment_that_prevails() -> None:
    assert list(lia_gaps(on_interests(), weighed())) == []
    assert list(lia_gaps(on_interests(lawful_basis=LawfulBasis.CONTRACT), None)) == []
    assert lia_carries(weighed())


@pytest.mark.parametrize(
    ("lia", "code"),
    [
        (None, "PURPOSE_LIA_NOT_FOUND"),
        (weighed(content=None), "PURPOSE_LIA_NOT_IN_FORCE"),
        (weighed(content=interests_content(outcome=Balance.OVERRIDDEN)), "PURPOSE_LIA_OVERRIDDEN"),
    ],
)
def test_v07_does_not_hold_without_one(lia: Referred | None, code: str) -> None:
    (reason,) = lia_gaps(on_interests(), lia)
    assert (reason.code, reason.rule, reason.field) == (code, "V-07", "lia_ref")
    assert lia is None or not lia_carries(lia)


def test_v12_an_assessment_is_older_than_what_rests_on_it() -> None:
    (late,) = lia_gaps(on_interests(valid_from=date(2025, 12, 31)), weighed())
    assert (late.code, late.rule) == ("PURPOSE_LIA_LATER", "V-12")
    assert list(lia_gaps(on_interests(valid_from=date(2026, 1, 1)), weighed())) == []


def test_v29_an_overdue_assessment_carries_nothing_after_its_grace() -> None:
    (reason,) = lia_gaps(on_interests(), weighed(is_overdue=True))
    assert reason.rule == "V-29"
    assert not lia_carries(weighed(is_overdue=True))


def test_v29_warns_for_thirty_days_and_blocks_then() -> None:
    due = date(2026, 10, 27)
    assert overdue(due, due) == ()
    assert codes(overdue(due, date(2026, 11, 26))) == {"RECORD_REVIEW_DUE"}
    assert codes(overdue(due, date(2026, 11, 27))) == {"RECORD_REVIEW_OVERDUE"}


def test_a_review_is_due_within_a_year_and_half_a_year_where_the_risk_is_high() -> None:
    approved_on = date(2026, 8, 31)
    assert review_due_on(INTERESTS, interests_content(), approved_on) == date(2027, 8, 31)
    risky = interests_content(severity=Likelihood.MAXIMAL)
    assert review_due_on(INTERESTS, risky, approved_on) == date(2027, 2, 28)
    sooner = interests_content(next_review=date(2026, 12, 1))
    assert review_due_on(INTERESTS, sooner, approved_on) == date(2026, 12, 1)


# Compatibility


def compatible(**given: Any) -> CompatibilityContent:
    texts = dict.fromkeys(("link", "context", "nature", "consequences", "safeguards"), "As expected.")
    scores = {f"{name}_score": Score.FAVOURS for name in texts}
    made: dict[str, Any] = {
        "name": "From payroll to research",
        "original_concept": "PersonnelPayment",
        "new_purpose": UUID(int=1),
        "assets": (UUID(int=2),),
        **texts,
        **scores,
        "outcome": Compatibility.COMPATIBLE,
        "why": "Nobody would be surprised.",
    }
    return CompatibilityContent(**{**made, **given})


def judged(**given: Any) -> Any:
    purpose = Referred(kind="purpose", ref="PU-0001", content=object())
    around = Around(today=TODAY, named={UUID(int=1): purpose})
    return judge(KINDS["compatibility"], compatible(**given), around)


def test_a_complete_compatibility_assessment_lacks_nothing() -> None:
    assert (judged().obstacles, judged().doubts) == ((), ())


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"outcome": Compatibility.WITH_CONDITIONS}, "RECORD_FIELD_NEEDED_HERE"),
        ({"presumption": Presumption.RESEARCH}, "RECORD_FIELD_NEEDED_HERE"),
        ({"conditions": (Condition(kind=ObligationKind.MASK),)}, "COMPATIBILITY_CONDITIONS_UNUSED"),
        ({"assets": ()}, "RECORD_FIELD_MISSING"),
        ({"conditions": (Condition(),), "outcome": Compatibility.WITH_CONDITIONS}, "RECORD_FIELD_MISSING"),
    ],
)
def test_a_compatibility_assessment_is_held_to_what_it_says(said: dict[str, Any], code: str) -> None:
    assert code in codes(judged(**said).obstacles)


def test_factors_that_speak_against_the_outcome_are_pointed_out() -> None:
    against = {"link_score": Score.AGAINST, "nature_score": Score.AGAINST, "context_score": Score.AGAINST}
    assert "COMPATIBILITY_AGAINST_ITSELF" in codes(judged(**against).doubts)
    incompatible = judged(**against, outcome=Compatibility.INCOMPATIBLE)
    assert "COMPATIBILITY_AGAINST_ITSELF" not in codes(incompatible.doubts)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_a_record_of_every_kind_names_what_shows_it_and_a_hash_that_is_none_is_a_fault(kind: Kind) -> None:
    shown = Evidence(what="Contract", where="Files of 2026, 7", sha256="a" * 64)
    content = kind.content(name="x", evidence=(shown,))
    assert read(kind.content, written(content)).evidence == (shown,)
    assert "evidence" in {name for group in kind.groups for name in group.names}

    def at_fault(*evidence: Evidence) -> set[str]:
        found = judge(kind, replace(content, evidence=evidence), AROUND).faults
        return {reason.field for reason in found if reason.field.startswith("evidence")}

    assert at_fault(shown, replace(shown, sha256="")) == set()
    assert at_fault(shown, replace(shown, sha256="A" * 64)) == {"evidence.1.sha256"}
    assert at_fault(replace(shown, where="")) == {"evidence.0.where"}


# Cycles

CYCLES = {slug: kind.cycle for slug, kind in KINDS.items() if kind.cycle}


@pytest.mark.parametrize("cycle", CYCLES.values(), ids=CYCLES.keys())
def test_every_stage_is_reached_and_has_a_way_on(cycle: Cycle) -> None:
    stages = {stage.value for stage in cycle.stages}
    ahead, reached = [cycle.begins], {cycle.begins}
    while ahead:
        stage = ahead.pop()
        found = {after for step in cycle.possible(stage) for after in step.leads_to} - reached
        reached |= found
        ahead += found
    assert reached == stages
    assert {stage for stage in stages if not cycle.possible(stage)} == set(cycle.ends)
    assert {before for step in cycle.steps for before in step.before} <= stages


@pytest.mark.parametrize("cycle", CYCLES.values(), ids=CYCLES.keys())
def test_what_a_step_asks_for_is_written_and_read_without_loss(cycle: Cycle) -> None:
    for step in cycle.steps:
        said = step.said(**{name: sample(spec) for name, spec in specs_of(step.said).items()})
        assert read(step.said, written(said)) == said
        assert len(step.slug) <= 40 and max(map(len, step.leads_to)) <= 30
