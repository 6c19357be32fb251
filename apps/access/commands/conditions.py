"""Conditions: what shows that one is met, who confirms it, and what becomes of one that nobody confirmed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_noop

from apps.access import evaluation
from apps.access.commands.reopening import reopen
from apps.access.commands.suspensions import suspend_grant
from apps.access.errors import (
    CONDITION_AUTOMATIC,
    CONDITION_NOT_YET,
    CONDITION_OVER,
    CONDITION_SETTLED,
    EVIDENCE_MISSING,
    OWN_EVIDENCE,
)
from apps.access.events import ConditionLapsed, ConditionReminded, EvidenceShown, RequestLapsed
from apps.access.granting import confirm, look_at
from apps.access.lifecycle import (
    GIVING_GRANT,
    LIVE_GRANT,
    ConditionStatus,
    RequestState,
    move_request,
)
from apps.access.models import Condition, Request
from apps.access.queries.conditions import watched
from apps.access.queries.grants import why_not_covered
from apps.access.queries.requests import assets_of, current_decision
from apps.access.queries.seats import interests_of
from apps.accounts.authorization import Resource, authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.errors import InvalidState, NotPermitted, invalid, invalid_state, rule_broken
from apps.policy.conditions import ConditionCheck, ConditionKind
from apps.policy.reason import Reason

LAPSED = gettext_noop("A condition was not confirmed in time.")


@command(lock=Condition)
def show_evidence(*, actor: Actor, condition_id: UUID, evidence: str, at: datetime) -> Condition:
    """Say what shows that a condition is met; somebody else confirms it.

    Raises: NotFound, NotPermitted, InvalidInput, InvalidState.
    """
    condition = Condition.objects.visible_to(actor).for_update(condition_id)
    authorize(actor=actor, operation=Operation.SHOW_EVIDENCE, resource=_parties(condition))
    _check_asked(condition, at=at)
    if not evidence.strip():
        raise invalid("evidence", EVIDENCE_MISSING)
    condition.evidence, condition.evidence_by_id = evidence, actor.person_id
    condition.write("evidence", "evidence_by")
    event = EvidenceShown(condition_id=condition.uid, request_id=condition.request.uid, evidence=evidence)
    record(event, actor=actor, at=at)
    return condition


@command(lock=Condition)
def satisfy_condition(*, actor: Actor, condition_id: UUID, evidence: str = "", at: datetime) -> Condition:
    """Confirm that a condition is met, by the evidence that was shown or by other evidence.

    When nothing stands before the grants any more, the rules are asked once more, and the grants begin or the
    request goes back to review. What lasts is then due anew.
    Raises: NotFound, NotPermitted (one's own), InvalidInput, InvalidState, RuleBroken.
    """
    condition = Condition.objects.visible_to(actor).for_update(condition_id)
    for resource in watched(condition):
        authorize(actor=actor, operation=Operation.SATISFY_CONDITION, resource=resource)
    _check_asked(condition, at=at)
    if interests := interests_of(actor, decisions=condition.decision_id, at=at):
        raise NotPermitted(Reason(code=OWN_EVIDENCE), *interests)
    if condition.check_by == ConditionCheck.AUTOMATIC and not actor.is_system:
        raise rule_broken(CONDITION_AUTOMATIC)
    if not (evidence.strip() or condition.evidence):
        raise invalid("evidence", EVIDENCE_MISSING)
    confirm(condition, evidence, actor=actor, at=at)
    if condition.kind == ConditionKind.BEFORE:
        _go_on(condition, actor=actor, at=at)
    return condition


@command(lock=Condition)
def check_condition(*, actor: Actor, condition_id: UUID, at: datetime) -> Condition:
    """Have the portal itself find whether an automatic condition is met, and do what follows.

    What lasts and holds no longer has lapsed, whatever its day.  Raises: NotFound, NotPermitted.
    """
    condition = Condition.objects.visible_to(actor).for_update(condition_id)
    for resource in watched(condition):
        authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=resource)
    if condition.check_by != ConditionCheck.AUTOMATIC or not _is_asked(condition, at=at):
        return condition
    look_at(condition, at=at)
    if condition.kind == ConditionKind.BEFORE and condition.status == ConditionStatus.MET:
        _go_on(condition, actor=actor, at=at)
    if condition.kind == ConditionKind.DURING and condition.due_at is not None and condition.due_at <= at:
        lapse_condition(actor=actor, condition_id=condition.uid, at=at)
    return condition


@command(lock=Condition)
def lapse_condition(*, actor: Actor, condition_id: UUID, at: datetime) -> Condition:
    """Write down that nobody confirmed it in time, and do what follows.

    What had to be true before lets the request lapse. What lasts suspends the grant, which gave nothing by
    computation since then. What is due after the end stays to be shown, and is told to whoever watches.
    Raises: NotFound, NotPermitted.
    """
    condition = Condition.objects.visible_to(actor).for_update(condition_id)
    for resource in watched(condition):
        authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=resource)
    is_over = condition.due_at is not None and condition.due_at <= at
    if condition.status == ConditionStatus.LAPSED or not is_over or not _is_asked(condition, at=at):
        return condition
    grant = condition.grant
    if grant is None and not _let_request_lapse(condition, at=at):
        return condition
    condition.status, condition.remind_at = ConditionStatus.LAPSED, None
    condition.write("status", "remind_at")
    event = ConditionLapsed(
        condition_id=condition.uid,
        grant_id=grant.uid if grant else None,
        code=condition.code,
        kind=condition.kind,
    )
    record(event, actor=actor, at=at)
    if grant is not None and condition.kind == ConditionKind.DURING and grant.state in GIVING_GRANT:
        suspend_grant(actor=SYSTEM, grant_id=grant.uid, comment=LAPSED, at=at)
    return condition


@command(lock=Condition)
def remind_condition(*, actor: Actor, condition_id: UUID, at: datetime) -> Condition:
    """Call its day to mind, once a round, to whoever has to do something.  Raises: NotFound, NotPermitted."""
    condition = Condition.objects.visible_to(actor).for_update(condition_id)
    for resource in watched(condition):
        authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=resource)
    if condition.remind_at is None or at < condition.remind_at or not _is_asked(condition, at=at):
        return condition
    condition.remind_at = None
    condition.write("remind_at")
    if condition.turn is not None and condition.due_at is not None and at < condition.due_at:
        event = ConditionReminded(
            condition_id=condition.uid, turn=condition.turn.value, due_at=condition.due_at
        )
        record(event, actor=actor, at=at)
    return condition


def _let_request_lapse(condition: Condition, *, at: datetime) -> bool:
    """The request is locked after the condition, as where it is confirmed. Whether it still waited."""
    request = Request.objects.for_update(condition.request.uid)
    is_waiting = request.state == RequestState.AWAITING_CONDITIONS
    if not is_waiting or current_decision(condition.decision.revision) != condition.decision:
        return False
    request.state = move_request(request.state, RequestState.LAPSED)
    request.closed_at = at
    request.write("state", "closed_at")
    event = RequestLapsed(
        request_id=request.uid,
        revision_sha256=condition.decision.revision.sha256,
        stage="",
        condition=condition.code,
    )
    record(event, actor=SYSTEM, at=at)
    return True


def _go_on(condition: Condition, *, actor: Actor, at: datetime) -> None:
    """The request is locked first, so that of two last confirmations exactly one finds nothing open."""
    request = Request.objects.for_update(condition.request.uid)
    decision = condition.decision
    if decision.conditions.filter(grant=None).exclude(status=ConditionStatus.MET).exists():
        return
    answered = evaluation.ask_policy(decision.revision, at=at)
    gone = evaluation.not_requestable(assets_of(decision.revision))
    if gone or why_not_covered(decision, answered.decision):
        reopen(request, decision.revision, answered, at=at)
    else:
        evaluation.approve(request, decision, answered, actor=actor, at=at)


def _is_asked(condition: Condition, *, at: datetime) -> bool:
    """Whether something follows from it now. What lasts is looked at for as long as it lasts."""
    if condition.kind == ConditionKind.DURING:
        return condition.grant is not None and condition.grant.state in LIVE_GRANT
    try:
        _check_asked(condition, at=at)
    except InvalidState:
        return False
    return True


def _check_asked(condition: Condition, *, at: datetime) -> None:
    """Raises: InvalidState where there is nothing to show or to confirm."""
    grant = condition.grant
    if condition.status == ConditionStatus.MET and not condition.has_rounds:
        raise invalid_state(CONDITION_SETTLED, status=condition.status)
    if grant is None:
        is_waiting = condition.request.state == RequestState.AWAITING_CONDITIONS
        if not is_waiting or current_decision(condition.decision.revision) != condition.decision:
            raise invalid_state(CONDITION_OVER)
    elif condition.kind == ConditionKind.AFTER:
        if grant.ended_at is None and at < grant.not_after:
            raise invalid_state(CONDITION_NOT_YET)
    elif grant.ended_at is not None:
        raise invalid_state(CONDITION_OVER)


def _parties(condition: Condition) -> Resource:
    return Resource(
        kind="condition",
        uid=condition.uid,
        organization_id=condition.request.organization_id,
        persons=frozenset({condition.requester_id, condition.subject_id}),
    )
