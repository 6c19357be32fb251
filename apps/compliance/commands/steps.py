"""Steps of a record from stage to stage, beside the review of what it says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.compliance import events
from apps.compliance.commands import review
from apps.compliance.errors import OWN_STEP, SECOND_PERSON, STEP_OF_THE_CLOCK
from apps.compliance.facts.releases import what_holds
from apps.compliance.facts.steps import log_of
from apps.compliance.lifecycle.cycle import CYCLE_ENDED, DESCRIPTION_NEEDED, Cycle, Standing, Step, Taker
from apps.compliance.lifecycle.declaration import unfilled_in
from apps.compliance.lifecycle.reading import read, written
from apps.compliance.models import LegalRecord, LegalRecordVersion, RecordStep
from apps.kernel.actor import Actor
from apps.kernel.contributions import exhibits_of
from apps.kernel.errors import NotPermitted, invalid_state, not_found
from apps.policy.reason import Reason

OPERATION_OF = {
    Taker.WRITER: Operation.EDIT_RECORD,
    Taker.DECIDER: Operation.APPROVE_RECORD,
    Taker.DPO: Operation.ADVISE_RECORD,
    Taker.OWNER: Operation.DECIDE_RECORD,
    Taker.MACHINE: Operation.KEEP_IN_STEP,
}


@command(lock=LegalRecord)
def take_step(
    *, actor: Actor, legal_record_id: UUID, step: str, said: Mapping[str, Any] | None = None, at: datetime
) -> RecordStep:
    """Take a record one step further in the cycle of its kind; `said` are the fields that the step asks for.

    Raises: NotFound, NotPermitted (also for the owner of one's own description, for whoever took the step
    that another person has to follow, and for people where days alone move it on), InvalidState,
    InvalidInput, RuleBroken.
    """
    row = LegalRecord.objects.visible_to(actor).for_update(legal_record_id)
    cycle = _cycle_of(row)
    chosen = cycle.step(step, row.stage)
    if chosen.taker is Taker.MACHINE and not actor.is_system:
        raise NotPermitted(Reason(code=STEP_OF_THE_CLOCK, facts={"ref": row.ref}))
    resource = review.record_resource("record", row)
    authorize(actor=actor, operation=OPERATION_OF[chosen.taker], resource=resource)
    told = read(chosen.said, said or {}, "said.")
    version = _described(row, chosen)
    _refuse_own(chosen, version, actor)
    _refuse_same_hand(chosen, row, actor)
    log = log_of(row)
    shown = exhibits_of(chosen.asks, row.uid) if chosen.asks else ()
    standing = Standing(content=version.said if version else None, log=log, at=at, shown=shown)
    review.refuse((*unfilled_in(told, "said."), *chosen.check(told, standing)))
    told = chosen.completed(told, standing)
    after = chosen.stage_after(told, row.stage, log)
    review.refuse(what_holds(row, standing.content, after, actor=actor))
    return _move(row, chosen, told, version, after, number=len(log) + 1, actor=actor, at=at)


def begin_anew(
    row: LegalRecord,
    before: LegalRecordVersion | None,
    version: LegalRecordVersion,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Take the record back to where its cycle begins, if the version approved now says another thing that
    was tried out before.  Raises: InvalidState where its cycle is over."""
    cycle = row.declared.cycle
    changed = cycle.changed_between(before.said, version.said) if cycle and before else ()
    if cycle is None or not changed:
        return
    if row.stage in cycle.ends:
        raise invalid_state(CYCLE_ENDED, ref=row.ref, changed=changed)
    step = next((each for each in cycle.possible(row.stage) if each.slug == cycle.anew), None)
    if step is not None:
        number = row.steps.count() + 1
        _move(row, step, step.said(), version, cycle.begins, number=number, actor=actor, at=at)


def _move(
    row: LegalRecord,
    step: Step,
    said: Any,
    version: LegalRecordVersion | None,
    after: str,
    *,
    number: int,
    actor: Actor,
    at: datetime,
) -> RecordStep:
    taken = RecordStep.objects.create(
        legal_record=row,
        number=number,
        step=step.slug,
        stage_before=row.stage,
        stage_after=after,
        said=written(said),
        version=version,
        taken_by_id=actor.person_id,
        created_at=at,
    )
    event = events.RecordStepTaken(
        legal_record_id=row.uid,
        record_kind=row.kind,
        step=step.slug,
        before=row.stage,
        after=after,
        basis=getattr(said, "basis", ""),
    )
    row.stage = after
    row.write("stage")
    record(event, actor=actor, at=at)
    return taken


def _cycle_of(row: LegalRecord) -> Cycle:
    if row.declared.cycle is None:
        raise not_found("step")
    return row.declared.cycle


def _described(row: LegalRecord, step: Step) -> LegalRecordVersion | None:
    version = row.versions.filter(record_status="approved").first()
    if version is None and step.needs_description:
        raise invalid_state(DESCRIPTION_NEEDED, ref=row.ref)
    if version is not None:
        version.legal_record = row
    return version


def _refuse_own(step: Step, version: LegalRecordVersion | None, actor: Actor) -> None:
    """V-30. Whoever wrote an assessment neither advises on it nor decides it."""
    if step.taker not in (Taker.DPO, Taker.OWNER) or version is None:
        return
    hands = {version.submitted_by_id, *(person.pk for person in version.editors.all())}
    if actor.person_id is None or actor.person_id in hands:
        raise NotPermitted(Reason(code=OWN_STEP, rule="V-30", articles=("GDPR Art. 38(6)", "GDPR Art. 24")))


def _refuse_same_hand(step: Step, row: LegalRecord, actor: Actor) -> None:
    """V-30. The step that it follows was somebody else's."""
    if not step.second_to:
        return
    before = row.steps.filter(step=step.second_to).order_by("-number").first()
    if actor.person_id is None or (before is not None and before.taken_by_id == actor.person_id):
        facts = {"before": step.second_to, "ref": row.ref, "step": step.slug}
        raise NotPermitted(Reason(code=SECOND_PERSON, rule="V-30", articles=("GDPR Art. 5(2)",), facts=facts))
