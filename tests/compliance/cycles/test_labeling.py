"""Labeling policies: what they must not leave open, and how far labels that are made under them may go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from apps.compliance.facts.naming import Kept
from apps.compliance.facts.register import Register, system_facts
from apps.compliance.lifecycle import PurposeContent, labeling
from apps.compliance.lifecycle.ai_systems import AI_SYSTEMS, RiskClass
from apps.compliance.lifecycle.cycle import Standing, Step, Taker
from apps.compliance.lifecycle.declaration import Around, Content, Kind, Referred
from apps.compliance.lifecycle.judging import judge
from apps.compliance.lifecycle.labeling.cycle import CYCLE, Piloted
from apps.compliance.lifecycle.labeling.words import PilotBasis
from apps.compliance.lifecycle.parties import ContractClause, PartyContent
from apps.compliance.lifecycle.reading import read, written
from apps.kernel.contributions import Exhibit
from apps.policy.vocabulary import Art9Condition
from tests.compliance.cycles.taken import AROUND, AT, codes
from tests.factories.records import labeling_policy, system

PURPOSE, VENDOR = UUID(int=1), UUID(int=2)


def policy(**given: Any) -> labeling.LabelingPolicyContent:
    return labeling_policy(PURPOSE, **given)


def obstacles(content: labeling.LabelingPolicyContent, around: Around = AROUND) -> set[str]:
    return {reason.code for reason in judge(labeling.LABELING_POLICIES, content, around).obstacles}


def doubts(content: labeling.LabelingPolicyContent) -> set[str]:
    return {reason.code for reason in judge(labeling.LABELING_POLICIES, content, AROUND).doubts}


def test_a_policy_that_says_all_stands_in_nobodys_way() -> None:
    assert obstacles(policy()) == doubts(policy()) == set()
    assert obstacles(policy(countries="EEA, GB", conflicts="Who drilled the well.")) == set()


LABELS = policy().labels
UNSURE = LABELS[-1]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"purposes": ()}, "RECORD_FIELD_MISSING"),
        ({"guideline_sha256": ""}, "RECORD_FIELD_MISSING"),
        ({"guideline_sha256": "abc"}, "EVIDENCE_HASH_MALFORMED"),
        ({"labels": ()}, "LABELING_LABELS_FEW"),
        ({"labels": LABELS[:1]}, "LABELING_LABELS_FEW"),
        ({"labels": LABELS[:2]}, "LABELING_NOTHING_OPEN"),
        ({"labels": (*LABELS, UNSURE)}, "LABELING_LABEL_TWICE"),
        ({"labels": (*LABELS, replace(UNSURE, id="x", definition=""))}, "RECORD_FIELD_MISSING"),
        ({"labels": LABELS[:2], "task": labeling.LabelTask.BOX}, "LABELING_NOTHING_OPEN"),
        ({"measure": labeling.AgreementMeasure.F1}, "LABELING_MEASURE_UNFIT"),
        ({"overlap_share": "a tenth"}, "LABELING_SHARE_MALFORMED"),
        ({"countries": "NO, Germany"}, "LABELING_COUNTRY_MALFORMED"),
        ({"countries": "no"}, "LABELING_COUNTRY_MALFORMED"),
        ({"annotations_per_item": 1}, "LABELING_TOO_FEW_ANSWERS"),
        ({"annotations_per_item": 2, "is_subjective": True}, "LABELING_TOO_FEW_ANSWERS"),
        ({"annotations_per_item": 2, "is_high_risk": True}, "LABELING_TOO_FEW_ANSWERS"),
        ({"is_blind": False}, "LABELING_NOT_BLIND"),
        ({"is_cleared": False}, "LABELING_ANNOTATORS_NOT_CLEARED"),
        ({"is_confidential": False}, "LABELING_ANNOTATORS_NOT_CLEARED"),
        ({"adjudication": labeling.Adjudication.EXPERT}, "RECORD_FIELD_NEEDED_HERE"),
        ({"workforce": labeling.Workforce.CROWD}, "RECORD_FIELD_NEEDED_HERE"),
        ({"are_raw_kept": True}, "RECORD_FIELD_NEEDED_HERE"),
        ({"machine_tool": "Sorter"}, "RECORD_FIELD_NEEDED_HERE"),
        ({"is_redacted": True}, "RECORD_FIELD_NEEDED_HERE"),
        ({"has_hard_content": True}, "RECORD_FIELD_NEEDED_HERE"),
        ({"gold_accuracy": "90"}, "LABELING_SHARE_MALFORMED"),
        ({"coverage": "1.1"}, "LABELING_SHARE_MALFORMED"),
        ({"gold_tolerance": "-1"}, "LABELING_TOLERANCE_MALFORMED"),
        ({"gold_tolerance": "half"}, "LABELING_TOLERANCE_MALFORMED"),
        ({"gold_tolerance": "0.5"}, "LABELING_TOLERANCE_UNFIT"),
        ({"gold_tolerance": "0.5", "task": labeling.LabelTask.ORDINAL}, "LABELING_TOLERANCE_UNFIT"),
        ({"release_agreement": "0.7", "research_agreement": "0.75"}, "LABELING_TERMS_REVERSED"),
        ({"release_agreement": "0.666"}, "LABELING_TERMS_LAX"),
        ({"research_agreement": "0"}, "LABELING_TERMS_LAX"),
        ({"research_agreement": "0.9"}, "LABELING_TERMS_REVERSED"),
    ],
)
def test_what_it_leaves_open_keeps_it_from_being_approved(changes: dict[str, Any], code: str) -> None:
    assert obstacles(policy(**changes)) == {code}


@pytest.mark.parametrize(
    "term",
    [{"gold_accuracy": "0.89"}, {"release_agreement": "0.79"}, {"coverage": "0.9"}, {"unsure_share": "0.1"}],
)
def test_terms_below_ours_are_no_terms_for_high_risk(term: dict[str, Any]) -> None:
    high = {"is_high_risk": True, "annotations_per_item": 3, **term}
    assert obstacles(policy(**high)) == {"LABELING_TERMS_BELOW_OURS_IN_HIGH_RISK"}
    assert obstacles(policy(**{**high, "is_high_risk": False})) == set()


def test_a_difference_is_allowed_where_labels_are_numbers() -> None:
    numbers = {"task": labeling.LabelTask.REGRESSION, "labels": ()}
    for given in ("", "0", "0.5", "12.25"):
        assert obstacles(policy(**numbers, gold_tolerance=given)) == set()
    assert obstacles(policy(gold_tolerance="0")) == set()
    grades = tuple(
        replace(row, id=str(number)) for number, row in enumerate(LABELS) if not row.leaves_it_open
    )
    open_ = tuple(row for row in LABELS if row.leaves_it_open)
    ordinal = {"task": labeling.LabelTask.ORDINAL, "labels": (*grades, *open_)}
    assert obstacles(policy(**ordinal, gold_tolerance="1")) == set()


def test_hard_content_is_seen_by_those_who_agreed_and_for_hours() -> None:
    told = {"has_hard_content": True, "hard_content": "Violence.", "support": "A counselor."}
    assert obstacles(policy(**told, is_opt_in=True, hours_a_day=4)) == set()
    assert obstacles(policy(**told, is_opt_in=False, hours_a_day=4)) == {"LABELING_EXPOSED"}
    assert obstacles(policy(**told, is_opt_in=True, hours_a_day=9)) == {"LABELING_EXPOSED"}


@pytest.mark.parametrize("task", list(labeling.LabelTask))
def test_only_tasks_that_name_something_need_labels(task: labeling.LabelTask) -> None:
    unnamed = {labeling.LabelTask.REGRESSION, labeling.LabelTask.PAIRWISE, labeling.LabelTask.FREE_TEXT}
    assert bool(obstacles(policy(task=task, labels=()))) is (task not in unnamed)


def named(uid: UUID, content: object) -> Around:
    there = Referred(kind="", ref="P-1", content=content)
    return Around(today=AT.date(), named={uid: there})


def test_a_label_that_makes_sensitive_data_needs_a_condition_for_them() -> None:
    content = policy(labels=(replace(LABELS[0], is_sensitive=True), *LABELS[1:]))
    bare = PurposeContent(name="Rocks", concept_code="ResearchAndDevelopment")
    allowed = replace(bare, art9_conditions=frozenset({Art9Condition.EXPLICIT_CONSENT}))
    assert obstacles(content, named(PURPOSE, bare)) == {"LABELING_SENSITIVE_LABELS"}
    assert obstacles(content, named(PURPOSE, allowed)) == set()
    assert obstacles(policy(), named(PURPOSE, bare)) == set()


def test_who_labels_for_us_is_bound_by_a_contract() -> None:
    content = policy(workforce=labeling.Workforce.VENDOR, vendor=VENDOR)
    party = PartyContent(name="Labelers Ltd", clauses=frozenset(ContractClause))
    lax = replace(party, clauses=party.clauses - {ContractClause.AUDITS})
    assert obstacles(content, named(VENDOR, party)) == set()
    assert obstacles(content, named(VENDOR, lax)) == {"LABELING_VENDOR_UNBOUND"}
    assert obstacles(content, named(VENDOR, None)) == {"LABELING_VENDOR_UNBOUND"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"gold_accuracy": "0.89"}, "LABELING_TERMS_BELOW_OURS"),
        ({"release_agreement": "0.79"}, "LABELING_TERMS_BELOW_OURS"),
        ({"coverage": "0"}, "LABELING_TERMS_BELOW_OURS"),
        ({"unsure_share": "1"}, "LABELING_TERMS_BELOW_OURS"),
        ({"gold_items": 49}, "LABELING_GOLD_FEW"),
        ({"is_gold_hidden": False}, "LABELING_GOLD_SEEN"),
        (
            {"machine_tool": "S", "machine_version": "1", "machine_share": "1", "verified_share": "0.05"},
            "LABELING_VERIFIED_LITTLE",
        ),
    ],
)
def test_who_reviews_it_is_told_what_is_weak(changes: dict[str, Any], code: str) -> None:
    assert (obstacles(policy(**changes)), doubts(policy(**changes))) == (set(), {code})


@pytest.mark.parametrize(
    ("items", "reached", "told"),
    [
        (20, "0.667", set()),
        (19, "0.9", {"LABELING_PILOT_SMALL"}),
        (50, "0.66", {"LABELING_PILOT_FAILED"}),
        (50, "high", {"LABELING_SHARE_MALFORMED"}),
    ],
)
def test_a_guideline_that_does_not_work_is_not_piloted(items: int, reached: str, told: set[str]) -> None:
    assert codes(CYCLE, "pilot", by_hand(items, reached), policy()) == told


def by_hand(items: int, reached: str) -> Piloted:
    return Piloted(items=items, reached=reached, learned="Much.", report="Shelf 4")


def test_the_pilot_is_held_to_the_terms_of_its_policy() -> None:
    said = by_hand(50, "0.7")
    assert codes(CYCLE, "pilot", said, policy(research_agreement="0.75")) == {"LABELING_PILOT_FAILED"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"report": ""}, {"LABELING_PILOT_UNSHOWN"}),
        ({"report": "", "sha256": "a" * 64}, set()),
        ({"sha256": "a"}, {"EVIDENCE_HASH_MALFORMED"}),
        ({"items": None, "reached": ""}, {"LABELING_PILOT_UNSHOWN"}),
    ],
)
def test_figures_that_are_given_by_hand_need_something_that_shows_them(
    given: dict[str, Any], told: set[str]
) -> None:
    assert codes(CYCLE, "pilot", replace(by_hand(50, "0.9"), **given), policy()) == told


PILOT_STEP = CYCLE.step("pilot", "draft")
NOTHING = Piloted(learned="Much.")


def measured(items: int, lower: float | None) -> Standing:
    row = {"items": items, "lower": lower, "sha256": "b" * 64}
    shown = (Exhibit(name="pilots", told="", rows=(row,)),)
    return Standing(content=policy(), log=(), at=AT, shown=shown)


@pytest.mark.parametrize(
    ("items", "lower", "told"),
    [
        (20, 0.667, set()),
        (19, 0.9, {"LABELING_PILOT_SMALL"}),
        (50, 0.6669, {"LABELING_PILOT_FAILED"}),
        (50, None, {"LABELING_PILOT_UNDEFINED"}),
    ],
)
def test_a_pilot_that_was_measured_is_held_to_its_own_figures(
    items: int, lower: float | None, told: set[str]
) -> None:
    standing = measured(items, lower)
    assert {each.code for each in PILOT_STEP.check(NOTHING, standing)} == told


@pytest.mark.parametrize("typed", [{"items": 60}, {"reached": "0.99"}, {"report": "Shelf 4"}])
def test_nothing_that_is_typed_counts_beside_what_was_measured(typed: dict[str, Any]) -> None:
    told = PILOT_STEP.check(replace(NOTHING, **typed), measured(50, 0.5))
    assert {each.code for each in told} == {"LABELING_PILOT_MEASURED"}


def test_the_log_says_whether_it_was_measured() -> None:
    kept = PILOT_STEP.completed(NOTHING, measured(50, 0.81234))
    assert (kept.items, kept.reached, kept.sha256, kept.basis) == (50, "0.8123", "b" * 64, "measured")
    forged = replace(by_hand(50, "0.9"), basis=PilotBasis.MEASURED)
    assert PILOT_STEP.completed(forged, replace(measured(1, None), shown=())).basis == "told"
    before = {"items": 60, "reached": "0.9", "learned": "Written before there was a basis."}
    assert read(Piloted, before).basis == "told"


def _by_people(stage: str) -> tuple[Step, ...]:
    return tuple(step for step in CYCLE.possible(stage) if step.taker is not Taker.MACHINE)


def test_a_paused_policy_goes_on_is_tried_out_anew_or_is_closed() -> None:
    assert {step.slug for step in _by_people("paused")} == {"pilot", "resume-labeling", "close-labeling"}
    assert {step.slug for step in _by_people("active")} == {"pause-labeling", "close-labeling"}


DATA, OTHER = UUID(int=7), UUID(int=8)


def of_record(kind: Kind, content: Content, stage: str = "") -> Kept:
    return Kept(
        kind=kind,
        ref=f"{kind.prefix}-1",
        number=1,
        uid=str(UUID(int=3)),
        status="approved",
        stage=stage,
        stated=written(content),
        approved_on=AT.date(),
        effective_from=AT.date(),
        effective_to=None,
    )


@pytest.mark.parametrize(
    ("training", "policies", "is_labeled"),
    [
        ((DATA,), [({"is_high_risk": True}, "active")], True),
        ((), [({"is_high_risk": True}, "active")], True),
        ((DATA,), [({"is_high_risk": False}, "active")], False),
        ((OTHER,), [({"is_high_risk": True}, "active")], False),
        ((DATA,), [({"is_high_risk": True}, "active"), ({"datasets": (OTHER,)}, "paused")], True),
        ((DATA,), [({"is_high_risk": True}, "active"), ({"is_high_risk": False}, "paused")], False),
        ((DATA,), [({"is_high_risk": True}, "paused")], False),
    ],
)
def test_what_counts_is_a_policy_for_high_risk_about_what_the_system_learns_from(
    training: tuple[UUID, ...], policies: list[tuple[dict[str, Any], str]], is_labeled: bool
) -> None:
    learning = system(PURPOSE, risk_class=RiskClass.HIGH_ANNEX_III, training=training, labeling="By policy.")
    records = (
        of_record(AI_SYSTEMS, learning, "in_service"),
        *(of_record(labeling.LABELING_POLICIES, policy(**given), stage) for given, stage in policies),
    )
    found = system_facts(Register(records=records, on=AT.date()))
    assert found is not None
    assert found.has_labeling_policy is is_labeled


def test_nobody_labels_before_it_was_tried_out_and_approved() -> None:
    reached = {"draft"}
    for skipped in ("pilot", "approve-labeling"):
        for _step in CYCLE.steps:
            for step in CYCLE.steps:
                if step.slug != skipped and set(step.before) & reached:
                    reached |= set(step.leads_to)
        assert not reached & set(labeling.GOVERNING)
        reached = {"draft"}
    assert set(labeling.GOVERNING) == {"approved", "active", "closed"}


@pytest.mark.parametrize(
    ("changes", "changed"),
    [
        ({"labels": LABELS[1:]}, ("labels",)),
        ({"labels": (replace(LABELS[0], definition="Another rock."), *LABELS[1:])}, ("labels",)),
        ({"task": labeling.LabelTask.ORDINAL}, ("task",)),
        ({"guideline_version": "3"}, ("guideline_version",)),
        ({"guideline_sha256": "b" * 64}, ("guideline_sha256",)),
        ({"gold_items": 90, "fairness": "By the hour.", "guideline": "Shelf 4"}, ()),
    ],
)
def test_other_labels_and_another_guideline_have_to_be_tried_out_anew(
    changes: dict[str, Any], changed: tuple[str, ...]
) -> None:
    assert CYCLE.changed_between(policy(), policy(**changes)) == changed
