"""Writing down what policy answered, and laying out the route it asks for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from apps.access.errors import ASSET_NOT_REQUESTABLE, GRANT_NOT_EXTENDABLE
from apps.access.events import RequestApproved, RequestAwaitsConditions
from apps.access.facts import ask_of
from apps.access.granting import DAYS_BEFORE, condition, conditions_of, make_grants, set_conditions
from apps.access.lifecycle import ConditionStatus, GrantState, RequestState, move_request
from apps.access.models import (
    Decision,
    Grant,
    Request,
    Revision,
    Slot,
    Stage,
    TicketCheck,
    TicketSystem,
)
from apps.access.queries.evaluation import Answer, answer
from apps.access.tickets import STILL_OPEN, ask_anew, systems_relied_on
from apps.audit.record import record
from apps.catalog.lifecycle import AssetState
from apps.catalog.models import Asset
from apps.kernel.actor import Actor
from apps.kernel.errors import invalid_state
from apps.policy.conditions import ConditionKind
from apps.policy.house.effects import systems_to_ask
from apps.policy.reason import Reason
from apps.policy.risk import risks_of, weight_of

EXTENDABLE_FOR = timedelta(days=30)
"""After its end."""


def ask_policy(revision: Revision, *, at: datetime) -> Answer:
    return answer(ask_of(revision), at=at)


def is_as_before(decision: Decision, answered: Answer) -> bool:
    """Whether policy still says what was stored. Where only time went by, the answer alone may differ."""
    before, now = (decision.substance, decision.effect), (answered.substance, answered.decision.effect)
    return before == now


def not_requestable(assets: Iterable[Asset]) -> tuple[Reason, ...]:
    """Why no grant may begin on the assets: policy knows nothing of drafts and of retirement."""
    return tuple(
        Reason(code=ASSET_NOT_REQUESTABLE, facts={"state": asset.state}, field="items")
        for asset in assets
        if asset.state != AssetState.PUBLISHED
    )


def store_decision(revision: Revision, answered: Answer, *, at: datetime) -> Decision:
    """Keep the answer with its facts and its rulebook, and lay out the route it asks for."""
    decision = Decision.objects.create(
        revision=revision,
        rulebook=answered.rulebook,
        effect=answered.decision.effect.value,
        facts=answered.facts.as_json(),
        facts_sha256=answered.decision.facts_sha256,
        substance=answered.substance,
        trace=answered.decision.as_json(),
        created_at=at,
    )
    weight = weight_of(risks_of(answered.facts))
    Request.objects.filter(pk=revision.request_id).update(
        risk=weight
    )  # no edit: nobody changed what is asked
    for position, spec in enumerate(answered.decision.stages, start=1):
        stage = Stage.objects.create(
            decision=decision,
            position=position,
            name=spec.name,
            roles=list(spec.roles),
            count=spec.count,
            is_opinion=spec.is_opinion,
            is_independent=spec.is_independent,
            fallback_roles=list(spec.fallback_roles),
            sla_days=spec.sla_days,
            on_timeout=spec.on_timeout.value,
            escalate_to=list(spec.escalate_to),
            rejections=spec.rejections,
            keep_verdicts=spec.keep_verdicts or "",
        )
        Slot.objects.bulk_create(Slot(stage=stage, role=slot.roles[0], created_at=at) for slot in spec.slots)
    if systems := systems_to_ask(answered.decision):
        have_tickets_checked(revision, systems, at=at)
    return decision


def have_tickets_checked(revision: Revision, systems: Iterable[str], *, at: datetime) -> None:
    """Write down whom to ask; who was written down already, or has answered, stays so."""
    asked = TicketSystem.objects.filter(
        organization=revision.request.organization_id, is_active=True, name__in=list(systems)
    )
    TicketCheck.objects.bulk_create(
        [TicketCheck(revision=revision, system=system, next_at=at, created_at=at) for system in asked],
        ignore_conflicts=True,
    )


def expect_extendable(grant: Grant, *, at: datetime) -> None:
    """Raises: InvalidState, where the grant has not begun, was ended by somebody, or ran out long ago."""
    is_recent = at <= grant.not_after + EXTENDABLE_FOR
    if grant.state not in {GrantState.ACTIVE, GrantState.EXPIRED} or not is_recent:
        state = GrantState.EXPIRED if grant.state == GrantState.ACTIVE else grant.state
        raise invalid_state(GRANT_NOT_EXTENDABLE, state=state, days=EXTENDABLE_FOR.days)


def approve(request: Request, decision: Decision, answered: Answer, *, actor: Actor, at: datetime) -> None:
    """The route is complete: the request waits for what has to be true before, or is approved and its grants
    begin.

    The database's unique constraint on grants is the last to agree that there is one per subject and asset.
    A grant that is to be carried on is locked first, so that nobody ends or suspends it meanwhile.
    Raises: InvalidState, RuleBroken.
    """
    if request.extends_id is not None:
        extended = Grant.objects.select_for_update(of=("self",), no_key=True).get(pk=request.extends_id)
        if extended.state not in {GrantState.ACTIVE, GrantState.EXPIRED}:
            raise invalid_state(GRANT_NOT_EXTENDABLE, state=extended.state, days=EXTENDABLE_FOR.days)
    if _awaits(decision, answered, at=at):
        if request.state != RequestState.AWAITING_CONDITIONS:
            request.state = move_request(request.state, RequestState.AWAITING_CONDITIONS)
            request.write("state")
            record(RequestAwaitsConditions(request_id=request.uid), actor=actor, at=at)
        return
    request.state = move_request(request.state, RequestState.APPROVED)
    request.closed_at = at
    request.write("state", "closed_at")
    sha256 = decision.revision.sha256
    event = RequestApproved(request_id=request.uid, revision_sha256=sha256, decision_id=decision.uid)
    record(event, actor=actor, at=at)
    make_grants(decision, answered.decision, actor=actor, at=at)


def _awaits(decision: Decision, answered: Answer, *, at: datetime) -> bool:
    """Whether something has to be true before; what is new of it is written down.

    A yes of a ticket system that is not fresh any more is one such thing, as often as that is so.
    """
    specs = conditions_of(decision, answered.decision)
    before = [spec for spec in specs if spec.kind is ConditionKind.BEFORE]
    known = set(decision.conditions.filter(grant=None).values_list("code", flat=True))
    if ask_anew(decision.revision_id, systems_relied_on(answered), since=at, at=at):
        before.append(STILL_OPEN)
        once_more = decision.conditions.filter(grant=None, code=STILL_OPEN.code)
        once_more.update(status=ConditionStatus.OPEN, due_at=at + timedelta(days=DAYS_BEFORE))
    new = [condition(spec, decision, None, at=at) for spec in before if spec.code not in known]
    set_conditions(new, at=at)
    return decision.conditions.filter(grant=None).exclude(status=ConditionStatus.MET).exists()
