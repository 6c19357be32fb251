"""Stepping back from a request, and handing a verdict to somebody by name."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.access import routing
from apps.access.commands.revisions import current_revision
from apps.access.errors import (
    NOT_IN_REVIEW,
    REASON_MISSING,
    RECUSAL_REASON_MISSING,
    SLOT_FILLED,
    TARGET_NOT_ELIGIBLE,
)
from apps.access.events import VerdictRecused
from apps.access.facts import request_resources
from apps.access.lifecycle import RequestState
from apps.access.models import Recusal, Request, Revision, Stage
from apps.access.queries.pools import bench_of, why_not_lead
from apps.access.queries.requests import assets_of, current_decision, open_stage
from apps.access.queries.seats import seat_of, seating_of, slots_of
from apps.accounts.authorization import authorize
from apps.accounts.models import Person
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.errors import NotPermitted, invalid, invalid_state, rule_broken


@command(lock=Request)
def recuse(*, actor: Actor, request_id: UUID, reason: str, at: datetime) -> Request:
    """Step back from a request one could decide, with a reason. Others of the pool are asked instead.

    It holds for the whole request, whatever is asked later, and for whoever acts for the person.
    Raises: NotFound, NotPermitted (nothing waits for you), InvalidState, InvalidInput.
    """
    request = Request.objects.visible_to(actor).for_update(request_id)
    revision = current_revision(request)
    assets = assets_of(revision)
    stage = _waiting(request, revision)
    operation = Operation.GIVE_OPINION if stage.is_opinion else Operation.DECIDE_REQUEST
    for resource in request_resources(request, assets):
        authorize(actor=actor, operation=operation, resource=resource)
    if not reason.strip():
        raise invalid("reason", RECUSAL_REASON_MISSING)
    slots = slots_of(stage.decision_id)
    seat = seat_of(actor, seating_of(revision, slots, assets, {actor.person_key}, at=at), stage, assets)
    if seat.reasons:
        raise NotPermitted(*seat.reasons)
    if seat.slot is None:
        raise invalid_state(SLOT_FILLED)
    Recusal.objects.create(
        request=request,
        stage=stage,
        person_id=actor.person_key,
        account_id=actor.account_key,
        reason=reason,
        created_at=at,
    )
    event = VerdictRecused(request_id=request.uid, stage=stage.name, reason=reason)
    record(event, actor=actor, at=at)
    routing.keep_going(request, revision, stage.decision, actor=SYSTEM, at=at)
    return request.write("unroutable_since")


@command(lock=Request)
def reassign_slot(
    *, actor: Actor, request_id: UUID, slot_id: UUID, person_id: UUID, reason: str, at: datetime
) -> Request:
    """Hand a verdict of the open stage to somebody by name. From then on it waits for them alone.

    By who holds a role of the stage, a compliance officer or an administrator; never by a party.
    Raises: NotFound, NotPermitted, InvalidState, InvalidInput, RuleBroken (why they may not give it).
    """
    request = Request.objects.visible_to(actor).for_update(request_id)
    revision = current_revision(request)
    assets = assets_of(revision)
    for resource in request_resources(request, assets):
        authorize(actor=actor, operation=Operation.REASSIGN_SLOT, resource=resource)
    stage = _waiting(request, revision)
    if not reason.strip():
        raise invalid("reason", REASON_MISSING)
    bench = bench_of(revision, stage.decision_id, assets, also={actor.person_key}, at=at)
    reasons = why_not_lead(actor, bench.seating, stage, assets)
    if reasons:
        raise NotPermitted(*reasons)
    slot = next((each for each in bench.seating.slots_in(stage) if each.uid == slot_id), None)
    if slot is None or slot.is_filled:
        raise invalid_state(SLOT_FILLED)
    target = Person.objects.filter(uid=person_id).first()
    if target is None or target.pk not in bench.eligible(slot):
        raise rule_broken(TARGET_NOT_ELIGIBLE, field="person_id")
    routing.hand_over(request, slot, target, reason, actor=actor, at=at)
    return request.write()


def _waiting(request: Request, revision: Revision) -> Stage:
    """The stage that is decided now.  Raises: InvalidState."""
    if request.state != RequestState.IN_REVIEW:
        raise invalid_state(NOT_IN_REVIEW, state=request.state)
    stage = open_stage(current_decision(revision))
    if stage is None:
        raise invalid_state(SLOT_FILLED)
    return stage
