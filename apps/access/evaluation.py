"""Writing down what policy answered, and laying out the route it asks for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from apps.access.errors import ASSET_NOT_REQUESTABLE, GRANT_NOT_EXTENDABLE, GRANT_WOULD_BE_EMPTY
from apps.access.events import GrantCreated, RequestApproved
from apps.access.facts import ask_of
from apps.access.lifecycle import GrantState, RequestState, move_request
from apps.access.models import Decision, Grant, Request, Revision, RevisionItem, Slot, Stage
from apps.access.queries.evaluation import Answer, answer
from apps.audit.record import record
from apps.catalog.lifecycle import AssetState
from apps.catalog.models import Asset
from apps.kernel.actor import Actor
from apps.kernel.errors import invalid_state, rule_broken
from apps.policy.decision import Decision as PolicyDecision
from apps.policy.reason import Reason
from apps.policy.risk import risks_of, weight_of
from apps.policy.snapshot import to_json

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
        )
        Slot.objects.bulk_create(Slot(stage=stage, role=slot.roles[0], created_at=at) for slot in spec.slots)
    return decision


def expect_extendable(grant: Grant, *, at: datetime) -> None:
    """Raises: InvalidState, where the grant has not begun, was ended by somebody, or ran out long ago."""
    is_recent = at <= grant.not_after + EXTENDABLE_FOR
    if grant.state not in {GrantState.ACTIVE, GrantState.EXPIRED} or not is_recent:
        state = GrantState.EXPIRED if grant.state == GrantState.ACTIVE else grant.state
        raise invalid_state(GRANT_NOT_EXTENDABLE, state=state, days=EXTENDABLE_FOR.days)


def approve(request: Request, decision: Decision, answered: Answer, *, actor: Actor, at: datetime) -> None:
    """The route is complete: the request is approved and its grants begin.

    The database's unique constraint on grants is the last to agree that there is one per subject and asset.
    Raises: InvalidState, RuleBroken.
    """
    if request.extends is not None and request.extends.state not in {GrantState.ACTIVE, GrantState.EXPIRED}:
        raise invalid_state(GRANT_NOT_EXTENDABLE, state=request.extends.state, days=EXTENDABLE_FOR.days)
    request.state = move_request(request.state, RequestState.APPROVED)
    request.closed_at = at
    request.write("state", "closed_at")
    revision = decision.revision
    event = RequestApproved(request_id=request.uid, revision_sha256=revision.sha256, decision_id=decision.uid)
    record(event, actor=actor, at=at)
    for item in revision.items.select_related("asset"):
        _grant(request, revision, item, decision, answered.decision, actor=actor, at=at)


def _grant(
    request: Request,
    revision: Revision,
    item: RevisionItem,
    decision: Decision,
    policy: PolicyDecision,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    not_before = max(at, revision.starts_at)
    not_after = min(revision.ends_at, policy.ends_at)
    if not_after <= not_before:
        raise rule_broken(
            GRANT_WOULD_BE_EMPTY, not_after=not_after.isoformat(), limiting_factor=policy.limiting_factor
        )
    state = GrantState.SCHEDULED if not_before > at else GrantState.ACTIVE
    grant = Grant.objects.create(
        organization=request.organization,
        revision=revision,
        decision=decision,
        subject_kind=revision.subject_kind,
        person=revision.person,
        service_account=revision.service_account,
        project=revision.project,
        asset=item.asset,
        version_id=item.version_id,
        purpose=revision.purpose,
        columns=item.columns,
        actions=revision.actions,
        mode=revision.mode,
        obligations=to_json(policy.obligations),
        limiting_factor=policy.limiting_factor,
        max_lease_minutes=policy.max_lease_minutes,
        state=state,
        not_before=not_before,
        not_after=not_after,
        created_at=at,
    )
    event = GrantCreated(
        grant_id=grant.uid,
        request_id=request.uid,
        decision_id=decision.uid,
        asset_id=item.asset.uid,
        purpose_id=revision.purpose.uid,
        actions=tuple(revision.actions),
        mode=grant.mode,
        not_before=not_before,
        not_after=not_after,
        limiting_factor=grant.limiting_factor,
    )
    record(event, actor=actor, at=at)
