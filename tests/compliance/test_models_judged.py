"""What becomes of models that learned from data to which something happened, and of systems."""

from __future__ import annotations

from dataclasses import replace

import pytest

from apps.accounts.queries import actor_of
from apps.accounts.roles import Role
from apps.catalog.models import AssetKind
from apps.catalog.models.version import InputRole
from apps.compliance import commands, queries
from apps.compliance.facts.releases import what_holds
from apps.compliance.lifecycle.ai_systems import AI_SYSTEMS, AiStage, AiSystemContent
from apps.compliance.lifecycle.model_assessments import ModelOutcome, ModelVerdict
from apps.compliance.models import Duty, LegalRecord, ModelAssessment, Occurrence, RecordStep
from apps.compliance.tasks import review_systems
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.errors import (
    InvalidState,
    NotPermitted,
    RuleBroken,
)
from tests.access.refusals import refused
from tests.compliance.happened import H, House, closed, obstacles
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories.compliance import approved_record
from tests.factories.occurrences import made_from
from tests.factories.records import system

pytestmark = pytest.mark.django_db


def test_a_higher_class_holds_releases_until_somebody_has_looked(house: House) -> None:
    occurrence = house.occurs(H.CLASS_RAISED)
    assert obstacles(house.model)
    for duty in Duty.objects.filter(occurrence=occurrence):
        commands.finish_duty(actor=house["steward"], duty_id=duty.uid, evidence="Classified anew.")
    assert Occurrence.objects.get(pk=occurrence.pk).state == "lifted"
    assert not obstacles(house.model)


VERDICT = ModelVerdict(
    is_extractable=False, other_ground="", anonymity_ref="", outcome=ModelOutcome.KEEP, why="Tested."
)


def test_a_suspended_model_that_is_kept_goes_on_and_one_that_is_retired_does_not(house: House) -> None:
    second = made_from(things.asset(house.domain, AssetKind.MODEL), house.raw, role=InputRole.TRAINING)
    house.occurs(H.UNLAWFUL_COLLECTION)
    kept = ModelAssessment.objects.get(version=house.model)
    with pytest.raises(NotPermitted):
        commands.assess_model(actor=house["steward"], model_assessment_id=kept.uid, verdict=VERDICT)
    commands.assess_model(actor=house["owner"], model_assessment_id=kept.uid, verdict=VERDICT)
    ended = ModelAssessment.objects.get(version=second)
    retire = ModelVerdict(
        is_extractable=True, other_ground="", anonymity_ref="", outcome=ModelOutcome.RETIRE, why="Leaks."
    )
    commands.assess_model(actor=house["owner"], model_assessment_id=ended.uid, verdict=retire)
    assert closed(house.model, second, house.raw) == [False, True, True]
    assert not obstacles(house.model)
    assert [reason.code for reason in obstacles(second)] == ["MODEL_TO_BE_REPLACED"]
    with refused(InvalidState, "MODEL_DECIDED"):
        commands.assess_model(actor=house["owner"], model_assessment_id=kept.uid, verdict=retire)


def test_a_model_that_may_leak_is_not_kept_without_a_ground(house: House) -> None:
    house.occurs(H.CONSENT_WITHDRAWN)
    assessment = ModelAssessment.objects.get(version=house.model)
    given = {"actor": house["owner"], "model_assessment_id": assessment.uid}
    leaking = ModelVerdict(
        is_extractable=True, other_ground="", anonymity_ref="", outcome=ModelOutcome.KEEP, why="Useful."
    )
    with refused(RuleBroken, "MODEL_KEPT_WITHOUT_GROUND"):
        commands.assess_model(**given, verdict=leaking)


def test_a_system_is_neither_trained_on_closed_data_nor_released_with_an_open_question(house: House) -> None:
    content = AiSystemContent(name="Churn", training=(house.raw.asset.uid,), models=(house.model.asset.uid,))
    row = LegalRecord(kind=AI_SYSTEMS.slug, organization=house.organization, ref="AI-0001")

    def held(after: AiStage) -> set[str]:
        return {reason.code for reason in what_holds(row, content, after, actor=SYSTEM)}

    assert held(AiStage.FOR_TRAINING) == held(AiStage.RELEASED) == set()
    house.occurs(H.CONSENT_WITHDRAWN)
    assert held(AiStage.FOR_TRAINING) == {"VERSION_CLOSED"}
    assert held(AiStage.FOR_RELEASE) == held(AiStage.RELEASED) == {"MODEL_ASSESSMENT_OPEN"}
    assert held(AiStage.DOCUMENTED) == set()


def test_a_system_is_judged_by_the_versions_that_its_record_names(house: House) -> None:
    before = AiSystemContent(
        name="Churn",
        training=(house.raw.asset.uid,),
        training_versions=(house.raw.uid,),
        models=(house.model.asset.uid,),
        model_versions=(house.model.uid,),
    )
    row = LegalRecord(kind=AI_SYSTEMS.slug, organization=house.organization, ref="AI-0001")
    house.occurs(H.UNLAWFUL_COLLECTION)
    later = made_from(house.raw.asset)
    house.model.asset.refresh_from_db()
    retrained = made_from(house.model.asset, later, role=InputRole.TRAINING)
    after = replace(before, training_versions=(later.uid,), model_versions=(retrained.uid,))

    def held(content: AiSystemContent, stage: AiStage) -> set[str]:
        return {reason.code for reason in what_holds(row, content, stage, actor=SYSTEM)}

    assert held(before, AiStage.FOR_TRAINING) == {"VERSION_CLOSED"}
    assert held(before, AiStage.RELEASED) == {"MODEL_ASSESSMENT_OPEN"}
    assert held(after, AiStage.FOR_TRAINING) == held(after, AiStage.RELEASED) == set()
    newest = replace(before, training_versions=(), model_versions=())
    assert held(newest, AiStage.FOR_TRAINING) == held(newest, AiStage.RELEASED) == set()


def at_work(house: House, approver: Actor) -> LegalRecord:
    """A system that uses the model, allowed to be trained."""
    content = system(models=(house.model.asset.uid,), model_versions=(house.model.uid,))
    row = approved_record(house.organization, AI_SYSTEMS.slug, content, approver, house["officer"])
    for step in ("classify", "document", "allow-training"):
        commands.take_step(actor=SYSTEM, legal_record_id=row.uid, step=step)
    return row


def stage_of(row: LegalRecord) -> str:
    return LegalRecord.objects.get(pk=row.pk).stage


def test_a_system_waits_for_the_review_of_a_model_it_uses_and_goes_on_where_it_stood(house: House) -> None:
    approver = people.player(house.organization, Role.COMPLIANCE_OFFICER).actor
    row, given = at_work(house, approver), {"actor": approver, "said": {"why": "Looked at."}}
    other = approved_record(house.organization, AI_SYSTEMS.slug, system(), approver, house["officer"])
    occurrence = house.occurs(H.CONSENT_WITHDRAWN)
    for _again in range(2):
        review_systems(str(occurrence.uid))
    assert (stage_of(row), stage_of(other)) == ("review_required", "registered")
    assert occurrence.ref in RecordStep.objects.filter(legal_record=row).latest("number").said["why"]
    with pytest.raises(InvalidState):
        commands.take_step(actor=approver, legal_record_id=row.uid, step="allow-release")
    with pytest.raises(RuleBroken, match="MODEL_ASSESSMENT_OPEN"):
        commands.take_step(legal_record_id=row.uid, step="reviewed", **given)
    asked = ModelAssessment.objects.get(version=house.model)
    commands.assess_model(actor=house["owner"], model_assessment_id=asked.uid, verdict=VERDICT)
    commands.take_step(legal_record_id=row.uid, step="reviewed", **given)
    assert stage_of(row) == "approved_for_training"


def test_a_system_is_suspended_with_a_model_that_was_trained_unlawfully(house: House) -> None:
    approver = people.player(house.organization, Role.COMPLIANCE_OFFICER).actor
    row = at_work(house, approver)
    review_systems(str(house.occurs(H.RESTRICTION, house.other).uid))
    assert stage_of(row) == "approved_for_training"
    review_systems(str(house.occurs(H.UNLAWFUL_COLLECTION).uid))
    assert stage_of(row) == "suspended"


def test_what_a_model_was_made_from_is_told_beside_what_the_record_names(house: House) -> None:
    content = AiSystemContent(name="Churn", model_versions=(house.model.uid,))
    (made,) = queries.made_with(house["officer"], content)
    assert made.version == house.model
    assert [(each.version, each.role, each.is_named) for each in made.inputs] == [
        (house.clean, InputRole.TRAINING, False)
    ]
    named = replace(content, training_versions=(house.clean.uid,))
    assert [each.is_named for each in queries.made_with(house["officer"], named)[0].inputs] == [True]
    assert queries.made_with(house["officer"], replace(content, model_versions=())) == ()
    stranger = actor_of(people.player(people.organization(), Role.COMPLIANCE_OFFICER).account)
    assert queries.made_with(stranger, named) == ()
