"""The table of events and effects, and what stands against a release: as data, without a database."""

from __future__ import annotations

from itertools import product

import pytest

from apps.compliance.lifecycle.cycle import Taken
from apps.compliance.lifecycle.following import Lifted, Takes, what_follows_a_dpia, what_follows_a_request
from apps.compliance.lifecycle.kinds import KINDS
from apps.compliance.lifecycle.model_assessments import (
    ModelOutcome,
    ModelVerdict,
    OpenQuestion,
    ReleaseFacts,
    objections_to,
    obstacles_to_release,
)
from apps.compliance.lifecycle.occurrences import (
    EFFECTS,
    AccessEffect,
    Closing,
    Happening,
    ModelEffect,
    OccurrenceState,
    Owner,
    duties_of,
    move_occurrence,
)
from apps.compliance.lifecycle.rights import RightsContent, RightsDecision, RightsOutcome, RightsType
from apps.kernel.errors import InvalidState
from tests.compliance.cycles.taken import AT

H, T = Happening, RightsType


def test_everything_that_may_happen_has_its_effects() -> None:
    assert set(EFFECTS) == set(Happening)
    assert {kind for effects in EFFECTS.values() for kind in effects.sources} <= set(KINDS)
    codes = [duty.code for effects in EFFECTS.values() for duty in effects.duties]
    assert len(set(codes)) == len(codes) - 3  # the version without the rows is asked for four times


ROWS = {
    H.CONSENT_WITHDRAWN: (Closing.FROZEN, {AccessEffect.CUT, AccessEffect.RECALL}, {ModelEffect.ASSESS}),
    H.ERASURE_GRANTED: (Closing.FROZEN, {AccessEffect.CUT, AccessEffect.RECALL}, {ModelEffect.ASSESS}),
    H.ERASURE_REFUSED: (None, set(), set()),
    H.RESTRICTION: (Closing.FLAGGED, {AccessEffect.CUT}, {ModelEffect.HOLD_RELEASE}),
    H.OBJECTION: (Closing.FLAGGED, {AccessEffect.CUT}, {ModelEffect.HOLD_RELEASE}),
    H.RECTIFICATION: (None, {AccessEffect.TELL}, set()),
    H.UNLAWFUL_COLLECTION: (
        Closing.QUARANTINED,
        {AccessEffect.REVOKE, AccessEffect.RECALL},
        {ModelEffect.SUSPEND, ModelEffect.ASSESS},
    ),
    H.RETENTION_ENDED: (Closing.EXPIRED, {AccessEffect.REVOKE}, set()),
    H.AGREEMENT_ENDED: (Closing.EXPIRED, {AccessEffect.REVOKE, AccessEffect.RECALL}, set()),
    H.INSTRUMENT_INVALID: (None, {AccessEffect.REVOKE_BY_COUNTRY}, set()),
    H.DPIA_OUTDATED: (None, {AccessEffect.REEVALUATE}, {ModelEffect.HOLD_RELEASE}),
    H.CLASS_RAISED: (None, {AccessEffect.REEVALUATE}, {ModelEffect.HOLD_RELEASE}),
}


@pytest.mark.parametrize("happening", list(Happening))
def test_a_row_of_the_table_is_what_the_specification_says(happening: Happening) -> None:
    effects = EFFECTS[happening]
    assert (effects.closing, set(effects.access), set(effects.models)) == ROWS[happening]
    assert effects.duties, "somebody has to do something about everything that happens"
    assert (effects.flag is not None) == effects.is_about_rows


@pytest.mark.parametrize(("other", "models"), list(product((True, False, None), (True, False))))
def test_duties_depend_on_another_ground_and_on_models(other: bool | None, models: bool) -> None:
    withdrawn = {
        spec.code for spec in duties_of(H.CONSENT_WITHDRAWN, has_other_ground=other, has_models=models)
    }
    assert ("erase_withdrawn" in withdrawn) == (other is not True)
    corrected = {spec.code for spec in duties_of(H.RECTIFICATION, has_other_ground=other, has_models=models)}
    assert ("judge_materiality" in corrected) == models


def test_only_what_waits_for_somebody_to_look_ends_with_its_duties() -> None:
    ending = {happening for happening, effects in EFFECTS.items() if effects.ends_with_its_duties}
    assert ending == {H.DPIA_OUTDATED, H.CLASS_RAISED}
    owners = {spec.owner for effects in EFFECTS.values() for spec in effects.duties}
    assert owners == set(Owner)


def test_a_draft_may_be_given_up_and_what_took_effect_may_only_be_lifted() -> None:
    draft, in_effect = OccurrenceState.DRAFT, OccurrenceState.IN_EFFECT
    states = list(OccurrenceState)
    possible = {(before, after) for before, after in product(states, states) if _moves(before, after)}
    assert possible == {
        (draft, in_effect),
        (draft, OccurrenceState.DISCARDED),
        (in_effect, OccurrenceState.LIFTED),
    }


def _moves(before: OccurrenceState, after: OccurrenceState) -> bool:
    try:
        move_occurrence(before, after)
    except InvalidState:
        return False
    return True


def decided(outcome: RightsOutcome) -> tuple[Taken, ...]:
    said = RightsDecision(outcome=outcome, why="So it is.")
    return (Taken(step="decide", before="in_progress", after="decided", said=said, at=AT),)


@pytest.mark.parametrize(
    ("type", "stage", "outcome", "follows"),
    [
        (T.RESTRICTION, "in_progress", None, Takes(happening=H.RESTRICTION, said="")),
        (T.OBJECTION, "in_progress", None, Takes(happening=H.OBJECTION, said="")),
        (T.OBJECTION_MARKETING, "extended", None, Takes(happening=H.OBJECTION, said="")),
        (T.WITHDRAWAL, "in_progress", None, Takes(happening=H.CONSENT_WITHDRAWN, said="")),
        (T.ERASURE, "in_progress", None, None),
        (T.ERASURE, "decided", RightsOutcome.FULFILLED, Takes(happening=H.ERASURE_GRANTED, said="")),
        (T.ERASURE, "decided", RightsOutcome.PARTIALLY, Takes(happening=H.ERASURE_GRANTED, said="")),
        (T.ERASURE, "decided", RightsOutcome.REFUSED, Takes(happening=H.ERASURE_REFUSED, said="")),
        (T.RECTIFICATION, "decided", RightsOutcome.FULFILLED, Takes(happening=H.RECTIFICATION, said="")),
        (T.OBJECTION, "decided", RightsOutcome.REFUSED, Lifted(happening=H.OBJECTION, said="")),
        (T.OBJECTION, "decided", RightsOutcome.FULFILLED, None),
        (T.WITHDRAWAL, "decided", RightsOutcome.REFUSED, None),
        (T.ACCESS, "decided", RightsOutcome.FULFILLED, None),
        (T.RESTRICTION, "received", None, None),
    ],
)
def test_what_follows_a_request_of_a_data_subject(
    type: RightsType, stage: str, outcome: RightsOutcome | None, follows: Takes | Lifted | None
) -> None:
    log = decided(outcome) if outcome else ()
    found = [
        (each.__class__, each.happening)
        for each in what_follows_a_request(RightsContent(name="One", type=type), stage, log)
    ]
    assert found == ([(follows.__class__, follows.happening)] if follows else [])


def test_an_outdated_assessment_holds_until_it_is_approved_anew() -> None:
    assert [each.__class__ for each in what_follows_a_dpia("outdated")] == [Takes]
    assert [each.__class__ for each in what_follows_a_dpia("approved")] == [Lifted]
    assert list(what_follows_a_dpia("draft")) == []


def verdict(**given: object) -> ModelVerdict:
    made: dict[str, object] = {
        "is_extractable": True,
        "other_ground": "",
        "anonymity_ref": "",
        "outcome": ModelOutcome.KEEP,
        "why": "It was looked at.",
    }
    return ModelVerdict(**{**made, **given})  # type: ignore[arg-type]


def test_a_model_is_kept_only_without_peoples_data_or_on_another_ground() -> None:
    for extractable in (True, None):
        assert [each.code for each in objections_to(verdict(is_extractable=extractable))] == [
            "MODEL_KEPT_WITHOUT_GROUND"
        ]
    for carried in (
        verdict(is_extractable=False),
        verdict(other_ground="A contract"),
        verdict(anonymity_ref="ANON-3"),
        verdict(outcome=ModelOutcome.RETRAIN),
    ):
        assert list(objections_to(carried)) == []


def release(*questions: OpenQuestion, has_training_data: bool = True) -> list[str]:
    facts = ReleaseFacts(model="Churn", version=2, has_training_data=has_training_data, questions=questions)
    return [reason.code for reason in obstacles_to_release(facts)]


def test_a_release_waits_for_everything_that_is_open_and_for_nothing_else() -> None:
    assert release() == []
    assert release(OpenQuestion(occurrence="OC-0001", due_on="2026-12-01")) == ["MODEL_ASSESSMENT_OPEN"]
    assert release(OpenQuestion(occurrence="OC-0001")) == ["MODEL_DATA_HELD"]
    kept = OpenQuestion(occurrence="OC-0001", due_on="2026-12-01", outcome=ModelOutcome.KEEP)
    assert release(kept) == []
    for outcome in set(ModelOutcome) - {ModelOutcome.KEEP}:
        replaced = OpenQuestion(occurrence="OC-0001", due_on="2026-12-01", outcome=outcome)
        assert release(kept, replaced) == ["MODEL_TO_BE_REPLACED"]
    assert release(has_training_data=False) == ["MODEL_LINEAGE_UNKNOWN"]
