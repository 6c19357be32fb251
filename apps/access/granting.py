"""From a complete route to grants: what approvers took away, and what has to be true besides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.access.errors import GRANT_WOULD_BE_EMPTY, NARROWED_TO_NOTHING
from apps.access.events import ConditionMet, GrantCreated, GrantSuperseded, GrantSuspended
from apps.access.lifecycle import ConditionStatus, GrantState, move_grant
from apps.access.models import (
    Condition,
    Confirmation,
    Decision,
    Grant,
    Revision,
    RevisionItem,
    Suspension,
    VerdictKind,
)
from apps.access.queries.checks import evidence_for
from apps.audit.record import record
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.errors import rule_broken
from apps.policy import snapshot
from apps.policy.conditions import ConditionCheck, ConditionKind, ConditionSpec, united_conditions
from apps.policy.decision import Decision as PolicyDecision
from apps.policy.decision import Effect
from apps.policy.narrowing import Narrowing, intersection
from apps.policy.snapshot import to_json

NARROWED = "narrowed"
"""The limiting factor of a grant that an approver ended earlier."""

DAYS_BEFORE = 30
"""In which something has to be true before grants begin, where nobody set other days."""
AHEAD = timedelta(days=7)
"""Of its day a condition is called to mind, or at half of its time where that is later."""


@dataclass(frozen=True, kw_only=True)
class Share:
    """What is left of one item of a revision."""

    item: RevisionItem
    columns: list[str]


def narrowing_of(decision: Decision) -> Narrowing:
    """Everything approvers took away on this decision, together."""
    stated = decision.verdicts.filter(kind=VerdictKind.APPROVE).values_list("narrowing", flat=True)
    return intersection(Narrowing.from_json(each) for each in stated)


def conditions_of(decision: Decision, policy: PolicyDecision) -> tuple[ConditionSpec, ...]:
    """What policy sets and what approvers added, united by code."""
    stated = decision.verdicts.values_list("conditions", flat=True)
    added = (snapshot.from_json(ConditionSpec, each) for some in stated for each in some)
    return united_conditions((*policy.conditions, *added))


def what_is_left(revision: Revision, narrowing: Narrowing) -> tuple[list[Share], list[str]]:
    """Items and actions.  Raises: RuleBroken where nothing is left of one of the two."""
    shares = list(_shares(revision, narrowing))
    actions = narrowing.actions_left(revision.actions)
    if not shares or not actions:
        raise rule_broken(NARROWED_TO_NOTHING, field="narrowing")
    return shares, actions


def _shares(revision: Revision, narrowing: Narrowing) -> Iterable[Share]:
    for item in revision.asked:
        needs_names = not item.columns and bool(narrowing.columns)
        known = list(item.version.columns.values_list("name", flat=True)) if needs_names else []
        left = narrowing.columns_left(str(item.asset.uid), item.columns, known)
        if left is not None:
            yield Share(item=item, columns=left)


def make_grants(decision: Decision, policy: PolicyDecision, *, actor: Actor, at: datetime) -> None:
    """One for every asset that is left, each with the conditions that last and those that follow its end.

    What a person approved begins after the organization's undo window; what nobody had to approve, at once.
    Raises: RuleBroken where nothing is left, also of the time.
    """
    narrowing = narrowing_of(decision)
    shares, actions = what_is_left(decision.revision, narrowing)
    specs = [spec for spec in conditions_of(decision, policy) if spec.kind is not ConditionKind.BEFORE]
    for share in shares:
        grant = _make(decision, policy, share, actions, narrowing, at=at)
        _record(grant, share, actor=actor, at=at)
        set_conditions((condition(spec, decision, grant, at=at) for spec in specs), at=at)
        if grant.state == GrantState.ACTIVE and decision.revision.request.extends_id is not None:
            take_over(grant, at=at)


def grant_in_emergency(decision: Decision, policy: PolicyDecision, *, actor: Actor, at: datetime) -> Grant:
    """For the few hours of an emergency; nobody approved it."""
    (item,) = decision.revision.asked
    share = Share(item=item, columns=item.columns)
    actions = list(decision.revision.actions)
    grant = _make(decision, policy, share, actions, Narrowing(), at=at, is_break_glass=True)
    _record(grant, share, actor=actor, at=at)
    return grant


def carried_on(grant: Grant) -> Grant | None:
    """The grant that this one carries on, unless it has ended.

    It is locked, and has to be before this one is written: whoever ends it holds it and then waits for the
    index of the asset, which the writing of this one holds.
    """
    live = Grant.objects.filter(extensions__revision=grant.revision_id, ended_at=None).values("pk")
    return Grant.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=live).first()


def take_over(grant: Grant, *, at: datetime) -> None:
    """A grant that has begun takes the place of the one it carries on, at this moment; a suspension of that
    one stays a suspension, so that an extension is no way around it."""
    before = carried_on(grant)
    if before is None:
        return
    held_back = before.suspensions.filter(resumed_at=None).first()
    before.state, before.ended_at = move_grant(before.state, GrantState.SUPERSEDED), at
    before.write("state", "ended_at")
    let_follow(before, at=at)
    record(GrantSuperseded(grant_id=before.uid, successor_id=grant.uid), actor=SYSTEM, at=at)
    if held_back is not None:
        _hold_back(grant, held_back, at=at)


def _hold_back(grant: Grant, earlier: Suspension, *, at: datetime) -> None:
    grant.state = move_grant(grant.state, GrantState.SUSPENDED)
    grant.write("state")
    Suspension.objects.create(
        grant=grant,
        suspended_by_id=earlier.suspended_by_id,
        is_for_cause=earlier.is_for_cause,
        occurrence_id=earlier.occurrence_id,
        comment=earlier.comment,
        created_at=at,
    )
    event = GrantSuspended(grant_id=grant.uid, is_for_cause=earlier.is_for_cause, comment=earlier.comment)
    record(event, actor=SYSTEM, at=at)


def let_follow(grant: Grant, *, at: datetime) -> None:
    """What has to be done after the end counts its days from the end as it came."""
    following = Condition.objects.filter(grant=grant, kind=ConditionKind.AFTER, due_days__isnull=False)
    for each in following.order_by("pk"):
        _be_due(each, at + timedelta(days=each.due_days or 0))
        each.write("due_at", "remind_at")


def set_conditions(conditions: Iterable[Condition], *, at: datetime) -> None:
    """Put them down; what the portal itself can find is looked at at once."""
    for each in Condition.objects.bulk_create(conditions):
        if each.check_by == ConditionCheck.AUTOMATIC and each.kind != ConditionKind.AFTER:
            look_at(each, at=at)


def confirm(condition: Condition, evidence: str, *, actor: Actor, at: datetime) -> None:
    """Write down that it is met, and by what. What lasts is then due anew, and has to be shown anew."""
    if evidence.strip():
        condition.evidence, condition.evidence_by_id = evidence, actor.person_id
    condition.status = ConditionStatus.MET
    condition.checker_id, condition.checked_at = actor.person_id, at
    shown = Confirmation.objects.create(
        condition=condition,
        evidence=condition.evidence,
        evidence_by_id=condition.evidence_by_id,
        checker_id=condition.checker_id,
        due_at=condition.due_at,
        created_at=at,
    )
    condition.remind_at = None
    lasts = condition.kind == ConditionKind.DURING
    if lasts:
        days = condition.due_days
        _be_due(condition, None if days is None else at + timedelta(days=days))
    if condition.has_rounds:
        condition.evidence, condition.evidence_by_id = "", None
    condition.write("evidence", "evidence_by", "status", "checker", "checked_at", "due_at", "remind_at")
    event = ConditionMet(
        condition_id=condition.uid,
        request_id=condition.request.uid,
        code=condition.code,
        due_at=condition.due_at if lasts else None,
        evidence=shown.evidence,
    )
    record(event, actor=actor, at=at)


def _be_due(condition: Condition, due_at: datetime | None) -> None:
    """On a day, which is called to mind some days ahead. What the portal itself looks at reminds nobody."""
    condition.due_at, condition.remind_at = due_at, None
    if due_at is not None and condition.due_days and condition.check_by == ConditionCheck.MANUAL:
        condition.remind_at = due_at - min(AHEAD, timedelta(days=condition.due_days) / 2)


def look_at(condition: Condition, *, at: datetime) -> None:
    """Confirm an automatic condition that is met, and have one that lasts and is not met any more lapse now.

    One that holds is confirmed anew only when half of its time is over: else the trail would tell of nothing.
    """
    evidence = evidence_for(condition, at=at)
    if evidence and not _is_fresh(condition, at=at):
        confirm(condition, evidence, actor=SYSTEM, at=at)
    if not evidence and condition.kind == ConditionKind.DURING and _was_to_hold(condition):
        condition.status, condition.due_at, condition.remind_at = ConditionStatus.OPEN, at, None
        condition.write("status", "due_at", "remind_at")


def _is_fresh(condition: Condition, *, at: datetime) -> bool:
    if condition.status != ConditionStatus.MET:
        return False
    days = condition.due_days
    return condition.due_at is None or condition.due_at - at > timedelta(days=days or 0) / 2


def _was_to_hold(condition: Condition) -> bool:
    """Whether it was met before, or had to be from the beginning, for want of a day."""
    return condition.status == ConditionStatus.MET or condition.due_at is None


def condition(spec: ConditionSpec, decision: Decision, grant: Grant | None, *, at: datetime) -> Condition:
    """Its days count from the approval; those after the end of a grant, from that end as it is planned.

    What has to be true before always has a day: no approval waits for ever.
    """
    starts_at = grant.not_after if grant and spec.kind is ConditionKind.AFTER else at
    is_before = spec.kind is ConditionKind.BEFORE
    due_days = DAYS_BEFORE if is_before and spec.due_days is None else spec.due_days
    revision = decision.revision
    made = Condition(
        request=revision.request,
        decision=decision,
        grant=grant,
        requester_id=revision.request.requester_id,
        subject_id=revision.person_id,
        code=spec.code,
        kind=spec.kind.value,
        text=spec.text,
        check_by=spec.check.value,
        due_days=due_days,
        created_at=at,
    )
    _be_due(made, None if due_days is None else starts_at + timedelta(days=due_days))
    return made


def _make(
    decision: Decision,
    policy: PolicyDecision,
    share: Share,
    actions: list[str],
    narrowing: Narrowing,
    *,
    at: datetime,
    is_break_glass: bool = False,
) -> Grant:
    revision, item = decision.revision, share.item
    organization = revision.request.organization
    undo = 0 if is_break_glass or policy.effect is Effect.PERMIT else organization.undo_minutes
    not_before = max(at + timedelta(minutes=undo), revision.starts_at)
    planned = min(revision.ends_at, policy.ends_at)
    not_after = narrowing.end_left(planned)
    factor = NARROWED if not_after < planned else policy.limiting_factor
    if not_after <= not_before:
        raise rule_broken(GRANT_WOULD_BE_EMPTY, not_after=not_after.isoformat(), limiting_factor=factor)
    return Grant.objects.create(
        organization=organization,
        revision=revision,
        decision=decision,
        subject_kind=revision.subject_kind,
        person=revision.person,
        service_account=revision.service_account,
        project=revision.project,
        asset=item.asset,
        version_id=item.version_id,
        purpose=revision.purpose,
        columns=share.columns,
        actions=actions,
        mode=revision.mode,
        is_break_glass=is_break_glass,
        obligations=to_json(policy.obligations),
        limiting_factor=factor,
        max_lease_minutes=policy.max_lease_minutes,
        state=GrantState.SCHEDULED if not_before > at else GrantState.ACTIVE,
        not_before=not_before,
        not_after=not_after,
        created_at=at,
    )


def _record(grant: Grant, share: Share, *, actor: Actor, at: datetime) -> None:
    event = GrantCreated(
        grant_id=grant.uid,
        request_id=grant.revision.request.uid,
        decision_id=grant.decision.uid,
        asset_id=share.item.asset.uid,
        purpose_id=grant.purpose.uid,
        actions=tuple(grant.actions),
        mode=grant.mode,
        not_before=grant.not_before,
        not_after=grant.not_after,
        limiting_factor=grant.limiting_factor,
    )
    record(event, actor=actor, at=at)
