"""Keeping a route going: opening its stages with their clocks, and asking others where too few can decide."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from apps.access.events import (
    RequestLapsed,
    RequestRoutable,
    RequestUnroutable,
    SlotReassigned,
    StageEscalated,
    StageFellBack,
    StageReminded,
)
from apps.access.lifecycle import RequestState, move_request
from apps.access.models import Decision, Request, Revision, Slot, Stage
from apps.access.queries.pools import Bench, bench_of
from apps.access.queries.requests import assets_of, open_stage
from apps.accounts.models import Organization, Person
from apps.accounts.queries.calendars import holidays_in
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.policy.calendar import end_of_working_day, halfway
from apps.policy.decision import Effect
from apps.policy.route import Timeout

HALF, WHOLE = 50, 100


def open_next(request: Request, decision: Decision, *, at: datetime) -> Stage | None:
    """Begin the clock of the stage whose turn it is. The caller writes the request, and its `due_at`.

    While a record is missing nobody can approve, so no clock runs; it begins once the record is there.
    """
    stage = open_stage(decision)
    if stage is None or decision.effect == Effect.BLOCK:
        request.due_at = request.due_at or at
        return stage
    if stage.opened_at is None:
        _begin(stage, request.organization, at=at)
    request.due_at = stage.due_at
    return stage


def carry_on(request: Request, decision: Decision, before: Decision, *, at: datetime) -> Stage | None:
    """`open_next` after another evaluation: the stage that was open keeps its clock where it is open again.

    Being evaluated anew buys nobody time, and reminds nobody twice. Only a missing record stops the clock.
    """
    earlier, stage = open_stage(before), open_stage(decision)
    if (
        stage is None
        or earlier is None
        or earlier.name != stage.name
        or earlier.opened_at is None
        or decision.effect == Effect.BLOCK
    ):
        return open_next(request, decision, at=at)
    _begin(stage, request.organization, at=earlier.opened_at)
    stage.reminded_percent = earlier.reminded_percent
    if stage.reminded_percent == HALF:
        stage.remind_at = stage.due_at
    if stage.reminded_percent == WHOLE:
        stage.remind_at = None if stage.on_timeout == earlier.on_timeout else stage.due_at
    if earlier.escalated_at is not None and stage.remind_at is None:
        stage.escalated_at = earlier.escalated_at
        for slot in stage.slots.all():
            admit(slot, tuple(stage.escalate_to))
    stage.save(update_fields=["reminded_percent", "remind_at", "escalated_at"])
    return open_next(request, decision, at=at)


def _begin(stage: Stage, organization: Organization, *, at: datetime) -> None:
    zone = ZoneInfo(organization.time_zone)
    free = holidays_in(organization, at.year, at.year + 1)
    stage.opened_at = at
    stage.due_at = end_of_working_day(at, days=stage.sla_days, zone=zone, holidays=free)
    stage.remind_at = halfway(at, stage.due_at, zone=zone, holidays=free)
    stage.save(update_fields=["opened_at", "due_at", "remind_at"])


def keep_going(
    request: Request, revision: Revision, decision: Decision, *, actor: Actor, at: datetime
) -> bool:
    """Open again what was handed to who cannot answer; ask the fallback where few can; tell where none can.

    Whether anything about the request itself changed; the caller writes it then.
    """
    bench = bench_of(revision, decision.pk, assets_of(revision), at=at)
    free = [slot for slot in bench.seating.slots if slot.stage.closed_at is None and not slot.is_filled]
    for slot in free:
        if slot.assignee_id is not None and slot.assignee_id not in bench.eligible(slot):
            hand_over(request, slot, None, "", actor=actor, at=at)
    lacking = _fallen_back(request, bench, free, actor=actor, at=at)
    if bool(lacking) == (request.unroutable_since is not None):
        return False
    request.unroutable_since = at if lacking else None
    if lacking:
        stages = tuple(dict.fromkeys(slot.stage.name for slot in lacking))
        record(RequestUnroutable(request_id=request.uid, stages=stages), actor=actor, at=at)
    else:
        record(RequestRoutable(request_id=request.uid), actor=actor, at=at)
    return True


def _fallen_back(
    request: Request, bench: Bench, free: list[Slot], *, actor: Actor, at: datetime
) -> list[Slot]:
    """The slots that nobody is left for, once every fallback there is has been asked."""
    lacking = bench.lacking(free)
    helped = [slot for slot in lacking if set(slot.stage.fallback_roles) - set(slot.also_roles)]
    if not helped:
        return lacking
    told: set[str] = set()
    for slot in helped:
        roles = tuple(slot.stage.fallback_roles)
        admit(slot, roles)
        if slot.stage.name not in told:
            told.add(slot.stage.name)
            event = StageFellBack(request_id=request.uid, stage=slot.stage.name, roles=roles)
            record(event, actor=actor, at=at)
    return bench.lacking(free)


def admit(slot: Slot, roles: tuple[str, ...]) -> None:
    """More people may fill the slot; who was asked by name no longer is."""
    slot.also_roles = sorted({*slot.also_roles, *roles} - {slot.role})
    slot.assignee = None
    slot.write("also_roles", "assignee")


def hand_over(
    request: Request, slot: Slot, assignee: Person | None, reason: str, *, actor: Actor, at: datetime
) -> None:
    slot.assignee = assignee
    slot.write("assignee")
    event = SlotReassigned(
        request_id=request.uid,
        slot_id=slot.uid,
        stage=slot.stage.name,
        assignee_id=assignee.uid if assignee else None,
        reason=reason,
    )
    record(event, actor=actor, at=at)


def keep_time(request: Request, revision: Revision, stage: Stage, *, actor: Actor, at: datetime) -> bool:
    """Remind once at half the time and once when it is over; then do what the route says. Nothing approves.

    Whether the request is to be written.
    """
    if stage.remind_at is None or stage.due_at is None or at < stage.remind_at:
        return False
    is_over = at >= stage.due_at
    stage.reminded_percent = WHOLE if is_over else HALF
    stage.remind_at = None if is_over else stage.due_at
    stage.save(update_fields=["reminded_percent", "remind_at"])
    event = StageReminded(
        request_id=request.uid, stage=stage.name, percent=stage.reminded_percent, due_at=stage.due_at
    )
    record(event, actor=actor, at=at)
    if is_over and stage.on_timeout == Timeout.ESCALATE:
        _escalate(request, stage, actor=actor, at=at)
    if is_over and stage.on_timeout == Timeout.LAPSE:
        _lapse(request, revision, stage, actor=actor, at=at)
        return True
    return False


def _escalate(request: Request, stage: Stage, *, actor: Actor, at: datetime) -> None:
    stage.escalated_at = at
    stage.save(update_fields=["escalated_at"])
    roles = tuple(stage.escalate_to)
    for slot in Slot.objects.filter(stage=stage, verdict__isnull=True):
        admit(slot, roles)
    record(StageEscalated(request_id=request.uid, stage=stage.name, roles=roles), actor=actor, at=at)


def _lapse(request: Request, revision: Revision, stage: Stage, *, actor: Actor, at: datetime) -> None:
    request.state = move_request(request.state, RequestState.LAPSED)
    request.closed_at = at
    request.unroutable_since = None
    event = RequestLapsed(request_id=request.uid, revision_sha256=revision.sha256, stage=stage.name)
    record(event, actor=actor, at=at)
