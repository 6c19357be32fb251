"""Deciding. One function, whoever calls: screen, API, mail link, bulk action."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from apps.access import evaluation, routing
from apps.access.carrying import ask_another
from apps.access.commands.requests import reevaluate_request
from apps.access.commands.revisions import current_revision
from apps.access.errors import (
    FACTS_CHANGED,
    NOT_A_DELEGATE,
    NOT_IN_REVIEW,
    REASON_MISSING,
    REJECTION_CODE_UNKNOWN,
    REQUEST_BLOCKED,
    REVISION_CHANGED,
    SLOT_FILLED,
    STAGE_IS_NOT_OPINION,
    STAGE_IS_OPINION,
)
from apps.access.events import RequestRejected, RequestReturned, VerdictGiven
from apps.access.facts import request_resources
from apps.access.lifecycle import RequestState, move_request
from apps.access.models import (
    Decision,
    RejectionCode,
    Request,
    Revision,
    Slot,
    Stage,
    Verdict,
    VerdictKind,
)
from apps.access.narrowing import Terms, read_terms
from apps.access.queries.evaluation import Answer
from apps.access.queries.requests import assets_of, current_decision, open_stage
from apps.access.queries.revisions import changes_between, revision_read
from apps.access.queries.seats import Seating, delegates_slot, seat_of, seating_of, slots_of
from apps.accounts.authorization import authorize
from apps.accounts.freshness import proof_of, require_fresh
from apps.accounts.operations import Operation
from apps.accounts.queries import DelegationNow
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.models import Asset
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.errors import (
    NotPermitted,
    RuleBroken,
    StaleVersion,
    invalid,
    invalid_state,
    rule_broken,
)
from apps.policy.decision import Effect
from apps.policy.reason import Reason

AS_ASKED = Terms()


def approve_request(
    *,
    actor: Actor,
    request_id: UUID,
    revision_sha256: str,
    decision_id: UUID,
    reason: str = "",
    terms: Terms = AS_ASKED,
    on_behalf_of: UUID | None = None,
    at: datetime | None = None,
) -> Request:
    """Say yes for the stage that is open, to exactly this revision and this evaluation of it.

    `terms` take something away or set conditions; they never add.

    Where the facts behind the evaluation have changed nothing is decided; the request is evaluated anew, so
    that the next reading shows the new evaluation.
    Raises: NotFound, NotPermitted (why not you), InvalidState (too late), StaleVersion, RuleBroken (blocked).
    """
    seen = _Seen(request_id, revision_sha256, decision_id)
    return _decide(actor, VerdictKind.APPROVE, seen, reason, on_behalf_of, at, terms)


def reject_request(
    *,
    actor: Actor,
    request_id: UUID,
    revision_sha256: str,
    decision_id: UUID,
    reason: str,
    rejection_code: str = RejectionCode.OTHER,
    on_behalf_of: UUID | None = None,
    at: datetime | None = None,
) -> Request:
    """Say no, with one of the known reasons and in words; the request ends.

    Raises: as `approve_request`, InvalidInput.
    """
    seen = _Seen(request_id, revision_sha256, decision_id)
    return _decide(actor, VerdictKind.REJECT, seen, reason, on_behalf_of, at, rejection_code=rejection_code)


def return_request(
    *,
    actor: Actor,
    request_id: UUID,
    revision_sha256: str,
    decision_id: UUID,
    reason: str,
    on_behalf_of: UUID | None = None,
    at: datetime | None = None,
) -> Request:
    """Give the request back for changes, with a reason.  Raises: as `approve_request`, InvalidInput."""
    seen = _Seen(request_id, revision_sha256, decision_id)
    return _decide(actor, VerdictKind.RETURN, seen, reason, on_behalf_of, at)


def give_opinion(
    *,
    actor: Actor,
    request_id: UUID,
    revision_sha256: str,
    decision_id: UUID,
    reason: str,
    on_behalf_of: UUID | None = None,
    at: datetime | None = None,
) -> Request:
    """Put an opinion on record. It is heard and never decides (GDPR Art. 38(3), 39(1)).

    Raises: as `approve_request`, InvalidInput.
    """
    seen = _Seen(request_id, revision_sha256, decision_id)
    return _decide(actor, VerdictKind.OPINION, seen, reason, on_behalf_of, at)


class _Seen(NamedTuple):
    """What somebody who decides has read."""

    request_id: UUID
    revision_sha256: str
    decision_id: UUID


def _decide(
    actor: Actor,
    kind: VerdictKind,
    seen: _Seen,
    reason: str,
    on_behalf_of: UUID | None,
    at: datetime | None,
    terms: Terms = AS_ASKED,
    rejection_code: str = "",
) -> Request:
    given = {**seen._asdict(), "reason": reason, "on_behalf_of": on_behalf_of, "terms": terms}
    given["rejection_code"] = rejection_code
    try:
        decided: Request = give_verdict(actor=actor, kind=kind, at=at, **given)
    except StaleVersion as refusal:
        if refusal.code == FACTS_CHANGED:
            reevaluate_request(actor=SYSTEM, request_id=seen.request_id, at=at)
        raise
    return decided


@command(lock=Request)
def give_verdict(
    *,
    actor: Actor,
    request_id: UUID,
    kind: VerdictKind,
    revision_sha256: str,
    decision_id: UUID,
    reason: str,
    rejection_code: str = "",
    terms: Terms = AS_ASKED,
    on_behalf_of: UUID | None = None,
    at: datetime,
) -> Request:
    """The one place where people decide. See `approve_request`.

    `on_behalf_of` names whom a delegate answers for; both must be free of every conflict, and the delegate
    needs the role in their own right.
    """
    request = Request.objects.visible_to(actor).for_update(request_id)
    revision = current_revision(request)
    assets = assets_of(revision)
    operation = Operation.GIVE_OPINION if kind is VerdictKind.OPINION else Operation.DECIDE_REQUEST
    for resource in request_resources(request, assets):
        authorize(actor=actor, operation=operation, resource=resource)
    if request.state != RequestState.IN_REVIEW:
        raise invalid_state(NOT_IN_REVIEW, state=request.state)
    decision = _seen(revision, revision_sha256, decision_id)
    if kind is not VerdictKind.APPROVE and not reason.strip():
        raise invalid("reason", REASON_MISSING)
    if kind is VerdictKind.REJECT and rejection_code not in RejectionCode.values:
        raise invalid("rejection_code", REJECTION_CODE_UNKNOWN, known=tuple(RejectionCode.values))
    stage = open_stage(decision)
    if stage is None:
        raise invalid_state(SLOT_FILLED)
    seating = seating_of(revision, slots_of(decision.pk), assets, {actor.person_key}, at=at)
    slot = _slot(actor, seating, stage, assets, kind)
    principal = _principal(actor, seating, slot, assets, on_behalf_of) if on_behalf_of else None
    kept = read_terms(terms, kind, decision, at=at)
    answered = evaluation.ask_policy(revision, at=at)
    if not evaluation.is_as_before(decision, answered):
        raise StaleVersion(Reason(code=FACTS_CHANGED))
    if answered.decision.needs_step_up:
        require_fresh(actor, at=at)
    if kind is VerdictKind.APPROVE:
        _check_approvable(assets, answered)
    kept["rejection_code"] = rejection_code
    _write(revision, decision, slot, kind, reason, principal, kept, actor=actor, at=at)
    _follow(request, decision, slot, stage, kind, answered, actor=actor, at=at)
    return request


def _check_approvable(assets: list[Asset], answered: Answer) -> None:
    gone = evaluation.not_requestable(assets)
    if gone:
        raise RuleBroken(*gone)
    if answered.decision.effect is Effect.BLOCK:
        blocked = Reason(code=REQUEST_BLOCKED)
        raise RuleBroken(blocked, *answered.decision.deciding_reasons)


def _seen(revision: Revision, revision_sha256: str, decision_id: UUID) -> Decision:
    """The decision the actor saw, if it is still the newest of the revision they saw."""
    decision = current_decision(revision)
    if revision.sha256 != revision_sha256:
        read = revision_read(revision.request, revision_sha256)
        changes = changes_between(read, revision) if read else ()
        facts = {"changed": tuple(change.field for change in changes)}
        raise StaleVersion(Reason(code=REVISION_CHANGED, facts=facts))
    if decision.uid != decision_id:
        raise StaleVersion(Reason(code=FACTS_CHANGED))
    return decision


def _slot(actor: Actor, seating: Seating, stage: Stage, assets: list[Asset], kind: VerdictKind) -> Slot:
    if stage.is_opinion and kind is not VerdictKind.OPINION:
        raise rule_broken(STAGE_IS_OPINION)
    if not stage.is_opinion and kind is VerdictKind.OPINION:
        raise rule_broken(STAGE_IS_NOT_OPINION)
    seat = seat_of(actor, seating, stage, assets)
    if seat.reasons:
        raise NotPermitted(*seat.reasons)
    if seat.slot is None:
        raise invalid_state(SLOT_FILLED)
    return seat.slot


def _principal(
    actor: Actor, seating: Seating, slot: Slot, assets: list[Asset], on_behalf_of: UUID
) -> DelegationNow:
    """The delegation by which the actor fills the slot for somebody else.  Raises: NotPermitted."""
    for each in seating.delegations:
        is_theirs = each.delegate_id == actor.person_key and each.delegator == on_behalf_of
        if is_theirs and delegates_slot(each, slot, assets):
            return each
    raise NotPermitted(Reason(code=NOT_A_DELEGATE))


def _write(
    revision: Revision,
    decision: Decision,
    slot: Slot,
    kind: VerdictKind,
    reason: str,
    principal: DelegationNow | None,
    kept: dict[str, Any],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    verdict = Verdict.objects.create(
        revision=revision,
        revision_sha256=revision.sha256,
        decision=decision,
        slot=slot,
        kind=kind,
        person_id=actor.person_key,
        account_id=actor.account_key,
        on_behalf_of_id=principal.delegator_id if principal else None,
        requester_id=revision.request.requester_id,
        subject_id=revision.person_id,
        editor_id=revision.edited_by_id,
        reason=reason,
        created_at=at,
        **kept,
    )
    event = VerdictGiven(
        request_id=revision.request.uid,
        verdict_id=verdict.uid,
        kind=kind,
        stage=slot.stage.name,
        role=slot.role,
        revision_sha256=revision.sha256,
        decision_id=decision.uid,
        reason=reason,
        rejection_code=kept["rejection_code"],
        is_narrowing=bool(kept["narrowing"]),
        conditions=tuple(condition["code"] for condition in kept["conditions"]),
        on_behalf_of=principal.delegator if principal else None,
        proof=proof_of(actor),
    )
    record(event, actor=actor, at=at)


def _follow(
    request: Request,
    decision: Decision,
    slot: Slot,
    stage: Stage,
    kind: VerdictKind,
    answered: Answer,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    sha256 = decision.revision.sha256
    if kind is VerdictKind.REJECT and _is_ended(stage):
        request.state = move_request(request.state, RequestState.REJECTED)
        request.closed_at = at
        request.write("state", "closed_at")
        record(RequestRejected(request_id=request.uid, revision_sha256=sha256), actor=actor, at=at)
    elif kind is VerdictKind.REJECT:
        ask_another(slot, at=at)
        request.write()
    elif kind is VerdictKind.RETURN:
        request.state = move_request(request.state, RequestState.RETURNED)
        request.write("state")
        record(RequestReturned(request_id=request.uid, revision_sha256=sha256), actor=actor, at=at)
    elif not stage.slots.filter(verdict__isnull=True).exists():
        stage.closed_at = at
        stage.save(update_fields=["closed_at"])
        if open_stage(decision) is None:
            evaluation.approve(request, decision, answered, actor=actor, at=at)
        else:
            routing.open_next(request, decision, at=at)
            request.write("due_at")
    else:
        request.write()


def _is_ended(stage: Stage) -> bool:
    """Whether as many have said no as the route says it takes; one, unless it says more."""
    return stage.slots.filter(verdict__kind=VerdictKind.REJECT).count() >= stage.rejections
