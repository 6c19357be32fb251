"""Doing what follows from an occurrence: duties, models, and versions without the rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from apps.accounts.authorization import Resource, authorize
from apps.accounts.commands.standing import check_active
from apps.accounts.models import Person, PersonStatus
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.facts import asset_resource
from apps.catalog.models import AssetVersion
from apps.compliance import events
from apps.compliance.commands import review
from apps.compliance.commands.occurrences import lift_occurrence
from apps.compliance.errors import (
    DATA_HELD,
    DELETION_BEGUN,
    DELETION_NOT_BEGUN,
    DUTY_DONE,
    EVIDENCE_NOT_GIVEN,
    FAILURE_NOT_SAID,
    MODEL_DECIDED,
    NO_DELETION,
    NOTHING_TO_LEAVE_OUT,
    PERSON_NEEDED,
    ROWS_LEFT_OUT_ALREADY,
)
from apps.compliance.facts.reach import newest_list
from apps.compliance.facts.schedules import schedules_on
from apps.compliance.lifecycle.model_assessments import ModelOutcome, ModelVerdict, objections_to
from apps.compliance.lifecycle.occurrences import DELETING, EFFECTS, OccurrenceState, Owner
from apps.compliance.models import AffectedVersion, Duty, Exclusion, ModelAssessment
from apps.kernel.actor import SYSTEM, Actor, ActorKind
from apps.kernel.errors import NotPermitted, conflict, invalid, invalid_state, rule_broken
from apps.policy.reason import Reason

ALL_DONE = "Everything that had to be done is done."
OPERATION_OF = {
    Owner.STEWARD: Operation.FINISH_STEWARDS_DUTY,
    Owner.OWNER: Operation.FINISH_OWNERS_DUTY,
    Owner.OFFICER: Operation.FINISH_OFFICERS_DUTY,
}


@command(lock=Duty)
def finish_duty(*, actor: Actor, duty_id: UUID, evidence: str, at: datetime) -> Duty:
    """Show that it is done. Where an occurrence only waited for that, it is lifted with its last duty.

    Raises: NotFound, NotPermitted, InvalidState (done already), InvalidInput (no evidence), RuleBroken (data
    that are held for a case are not deleted).
    """
    duty = Duty.objects.visible_to(actor).for_update(duty_id)
    authorize(actor=actor, operation=OPERATION_OF[Owner(duty.owner)], resource=duty_resource(duty))
    _expect_person(actor)
    if duty.done_at is not None:
        raise invalid_state(DUTY_DONE)
    if not evidence.strip():
        raise invalid("evidence", EVIDENCE_NOT_GIVEN)
    _refuse_held(duty, at=at)
    duty.done_at, duty.done_by_id, duty.evidence = at, actor.person_id, evidence
    duty.failed_at, duty.failure = None, ""
    duty.write("done_at", "done_by", "evidence", "failed_at", "failure")
    occurrence = duty.occurrence
    event = events.DutyFinished(
        duty_id=duty.uid, occurrence_id=occurrence.uid, code=duty.code, evidence=evidence
    )
    record(event, actor=actor, at=at)
    is_last = not occurrence.duties.filter(done_at__isnull=True).exists()
    is_in_effect = occurrence.state == OccurrenceState.IN_EFFECT
    if is_last and is_in_effect and EFFECTS[occurrence.kind_of].ends_with_its_duties:
        lift_occurrence(actor=SYSTEM, occurrence_id=occurrence.uid, reason=ALL_DONE, at=at)
    return duty


@command(lock=Duty)
def begin_duty(*, actor: Actor, duty_id: UUID, at: datetime) -> Duty:
    """Say that the deletion is under way, also after one that failed.

    Raises: NotFound, NotPermitted, InvalidState (done, or under way), RuleBroken (no deletion; held).
    """
    duty = _to_delete(duty_id, actor)
    if duty.begun_at is not None and duty.failed_at is None:
        raise invalid_state(DELETION_BEGUN)
    _refuse_held(duty, at=at)
    duty.begun_at, duty.failed_at, duty.failure = at, None, ""
    duty.write("begun_at", "failed_at", "failure")
    event = events.DutyBegun(duty_id=duty.uid, occurrence_id=duty.occurrence.uid, code=duty.code)
    record(event, actor=actor, at=at)
    return duty


@command(lock=Duty)
def fail_duty(*, actor: Actor, duty_id: UUID, why: str, at: datetime) -> Duty:
    """Say that a deletion which was under way did not succeed, and why. It stays to be done.

    Raises: NotFound, NotPermitted, InvalidState (done, or not under way), InvalidInput (no reason),
    RuleBroken (no deletion).
    """
    duty = _to_delete(duty_id, actor)
    if duty.begun_at is None or duty.failed_at is not None:
        raise invalid_state(DELETION_NOT_BEGUN)
    if not why.strip():
        raise invalid("why", FAILURE_NOT_SAID)
    duty.failed_at, duty.failure = at, why
    duty.write("failed_at", "failure")
    event = events.DutyFailed(duty_id=duty.uid, occurrence_id=duty.occurrence.uid, code=duty.code, why=why)
    record(event, actor=actor, at=at)
    return duty


@command(lock=Duty)
def assign_duty(*, actor: Actor, duty_id: UUID, person_id: UUID, at: datetime) -> Duty:
    """Name who does it; they answer for it from now on, by themselves.

    Raises: NotFound, NotPermitted, InvalidState (done already), RuleBroken (somebody who is not active).
    """
    duty = Duty.objects.visible_to(actor).for_update(duty_id)
    authorize(actor=actor, operation=OPERATION_OF[Owner(duty.owner)], resource=duty_resource(duty))
    if duty.done_at is not None:
        raise invalid_state(DUTY_DONE)
    person = Person.objects.visible_to(actor).one(person_id)
    check_active(person, field="person_id")
    duty.person = person
    duty.write("person")
    record(events.DutyAssigned(duty_id=duty.uid, person_id=person.uid), actor=actor, at=at)
    return duty


@command(lock=Duty)
def free_duty(*, actor: Actor, duty_id: UUID, at: datetime) -> Duty:
    """Whom it was given to has left: those answer for it again who did before. Doing it twice does nothing.

    Raises: NotFound, NotPermitted.
    """
    duty = Duty.objects.visible_to(actor).for_update(duty_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=duty_resource(duty))
    if duty.done_at is None and duty.person is not None and duty.person.status == PersonStatus.DEPARTED:
        duty.person = None
        duty.write("person")
        event = events.DutyFreed(duty_id=duty.uid, occurrence_id=duty.occurrence.uid, code=duty.code)
        record(event, actor=actor, at=at)
    return duty


@command(lock=ModelAssessment)
def assess_model(
    *, actor: Actor, model_assessment_id: UUID, verdict: ModelVerdict, at: datetime
) -> ModelAssessment:
    """Say what becomes of a version of a model, and why. One that was suspended and is kept goes on.

    Raises: NotFound, NotPermitted, InvalidState (decided already), InvalidInput, RuleBroken.
    """
    assessment = ModelAssessment.objects.visible_to(actor).for_update(model_assessment_id)
    resource = asset_resource(assessment.version.asset)
    authorize(actor=actor, operation=Operation.ASSESS_MODEL, resource=resource)
    _expect_person(actor)
    if assessment.decided_at is not None:
        raise invalid_state(MODEL_DECIDED)
    if not verdict.why.strip():
        raise invalid("why", EVIDENCE_NOT_GIVEN)
    review.refuse(tuple(objections_to(verdict)))
    assessment.is_extractable = verdict.is_extractable
    assessment.other_ground = verdict.other_ground.strip()
    assessment.anonymity_ref = verdict.anonymity_ref.strip()
    assessment.outcome, assessment.why = verdict.outcome.value, verdict.why
    assessment.decided_at, assessment.decided_by_id = at, actor.person_id
    written = ("is_extractable", "other_ground", "anonymity_ref", "outcome", "why")
    assessment.write(*written, "decided_at", "decided_by")
    if verdict.outcome is ModelOutcome.KEEP:
        affected = AffectedVersion.objects.filter(occurrence=assessment.occurrence_id)
        affected.filter(version=assessment.version_id).exclude(closing="").update(reopened_at=at)
    event = events.ModelAssessed(
        model_assessment_id=assessment.uid,
        asset_id=assessment.version.asset.uid,
        version_id=assessment.version.uid,
        occurrence_id=assessment.occurrence.uid,
        outcome=assessment.outcome,
        why=assessment.why,
    )
    record(event, actor=actor, at=at)
    return assessment


@command(lock=AssetVersion)
def leave_rows_out(*, actor: Actor, asset_version_id: UUID, evidence: str, at: datetime) -> Exclusion:
    """Vouch that a version leaves out every row that something in effect today says must not be read.

    Raises: NotFound, NotPermitted, InvalidInput (no evidence), RuleBroken (nothing to leave out), Conflict.
    """
    version = AssetVersion.objects.visible_to(actor).select_related("asset").one(asset_version_id)
    authorize(actor=actor, operation=Operation.EXCLUDE_ROWS, resource=asset_resource(version.asset))
    _expect_person(actor)
    if not evidence.strip():
        raise invalid("evidence", EVIDENCE_NOT_GIVEN)
    up_to = newest_list([version.pk])
    if not up_to:
        raise rule_broken(NOTHING_TO_LEAVE_OUT)
    if Exclusion.objects.filter(version=version, up_to=up_to).exists():
        raise conflict(ROWS_LEFT_OUT_ALREADY, up_to=up_to)
    stated = Exclusion.objects.create(
        version=version, up_to=up_to, evidence=evidence, stated_by_id=actor.person_id, created_at=at
    )
    event = events.RowsLeftOut(
        asset_id=version.asset.uid, version_id=version.uid, up_to=up_to, evidence=evidence
    )
    record(event, actor=actor, at=at)
    return stated


def _to_delete(duty_id: UUID, actor: Actor) -> Duty:
    """Open, locked, and about a deletion.  Raises: NotFound, NotPermitted, InvalidState, RuleBroken."""
    duty = Duty.objects.visible_to(actor).for_update(duty_id)
    authorize(actor=actor, operation=OPERATION_OF[Owner(duty.owner)], resource=duty_resource(duty))
    _expect_person(actor)
    if duty.code not in DELETING:
        raise rule_broken(NO_DELETION)
    if duty.done_at is not None:
        raise invalid_state(DUTY_DONE)
    return duty


def _refuse_held(duty: Duty, *, at: datetime) -> None:
    """A legal hold suspends deletion (Art. 17(3)(e))."""
    if duty.code not in DELETING or duty.asset is None:
        return
    case = schedules_on(at.date(), duty.asset.uid).held.get(duty.asset.uid)
    if case is not None:
        raise rule_broken(DATA_HELD, articles=("GDPR Art. 17(3)(e)",), case=case)


def duty_resource(duty: Duty) -> Resource:
    """It stands on its asset, where it has one, and belongs to who was named."""
    on = review.record_resource("duty", duty) if duty.asset is None else asset_resource(duty.asset)
    return replace(on, persons=frozenset({duty.person_id} if duty.person_id else ()))


def _expect_person(actor: Actor) -> None:
    if actor.kind is not ActorKind.PERSON or actor.person_id is None:
        raise NotPermitted(Reason(code=PERSON_NEEDED, articles=("GDPR Art. 5(2)",)))
