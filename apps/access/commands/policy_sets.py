"""Writing the organization's own rules, and putting them in force by two people."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max

from apps.access.commands.rulebooks import PUBLISHING_RULES, join
from apps.access.errors import (
    POLICY_NOT_EDITABLE,
    POLICY_NOT_REPLAYED,
    POLICY_NOT_YOURS,
    POLICY_NOTHING_NEW,
    POLICY_OWN_APPROVAL,
    POLICY_STARTS_IN_THE_PAST,
    POLICY_TEXT_CHANGED,
    REASON_MISSING,
    REPLAY_MONTHS,
)
from apps.access.events import (
    PolicyReplayFinished,
    PolicyReplayStarted,
    PolicySetChanged,
    PolicySetDrafted,
    PolicySetPublished,
    PolicySetReturned,
    PolicySetSubmitted,
)
from apps.access.lifecycle import PolicySetState, move_policy_set
from apps.access.models import PolicyReplay, PolicySet, Rulebook
from apps.access.queries.evaluation import current_rulebook
from apps.access.queries.staffing import unstaffed
from apps.accounts.authorization import Resource, authorize
from apps.accounts.models import Organization
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.contributions import Impact, Question, expect_seen, impact_of
from apps.kernel.errors import InvalidInput, RuleBroken, StaleVersion, invalid, invalid_state, rule_broken
from apps.policy.house.faults import PolicySetRefused
from apps.policy.house.reader import policy_set_of, read_policy_set
from apps.policy.house.rules import PolicySet as HouseRules
from apps.policy.reason import Reason

PUBLISHING = Question(name="access.publish_policy_set", about="policy set")
"""What would be answered otherwise under the rules of a policy set."""

MOST_MONTHS = 36
DAYS_OF_A_MONTH = 31


@command
def draft_policy_set(*, actor: Actor, text: str, at: datetime) -> PolicySet:
    """Begin a new version of the rules of one's organization. It decides nothing before it is published.

    Raises: NotPermitted, InvalidInput (every fault of the text, by line, rule and remedy).
    """
    organization = Organization.objects.select_for_update().get(pk=actor.organization_id or 0)
    authorize(actor=actor, operation=Operation.WRITE_POLICY, resource=_in(organization.pk))
    house = _read(text)
    highest = PolicySet.objects.filter(organization=organization).aggregate(Max("number"))["number__max"]
    policy_set = PolicySet.objects.create(
        organization=organization,
        number=(highest or 0) + 1,
        text=text,
        document=house.as_dict(),
        sha256=house.sha256,
        author_id=actor.person_key,
        created_at=at,
    )
    event = PolicySetDrafted(policy_set_id=policy_set.uid, number=policy_set.number, sha256=policy_set.sha256)
    record(event, actor=actor, at=at)
    return policy_set


@command(lock=PolicySet)
def change_policy_set(
    *, actor: Actor, policy_set_id: UUID, text: str, seen_version: int | None = None, at: datetime
) -> PolicySet:
    """Write one's own draft anew. A text with faults changes nothing.

    Raises: NotFound, NotPermitted, StaleVersion, InvalidState, InvalidInput.
    """
    policy_set = _own_draft(actor, policy_set_id)
    policy_set.expect_version(seen_version)
    house = _read(text)
    policy_set.text, policy_set.document, policy_set.sha256 = text, house.as_dict(), house.sha256
    policy_set.write("text", "document", "sha256")
    record(PolicySetChanged(policy_set_id=policy_set.uid, sha256=house.sha256), actor=actor, at=at)
    return policy_set


@command(lock=PolicySet)
def submit_policy_set(*, actor: Actor, policy_set_id: UUID, at: datetime) -> PolicySet:
    """Ask another person to publish one's draft.

    Raises: NotFound, NotPermitted, InvalidState (not a draft, not replayed, or nothing new in it), RuleBroken
    (a stage that nobody can fill).
    """
    policy_set = _own_draft(actor, policy_set_id)
    base = current_rulebook(policy_set.organization_id, at=at)
    if base.policy_set is not None and base.policy_set.sha256 == policy_set.sha256:
        raise invalid_state(POLICY_NOTHING_NEW)
    _expect_staffed(policy_set, at=at)
    _replayed(policy_set, base)
    policy_set.state = move_policy_set(policy_set.state, PolicySetState.IN_REVIEW)
    policy_set.write("state")
    event = PolicySetSubmitted(policy_set_id=policy_set.uid, sha256=policy_set.sha256)
    record(event, actor=actor, at=at)
    return policy_set


@command(lock=PolicySet)
def return_policy_set(*, actor: Actor, policy_set_id: UUID, reason: str, at: datetime) -> PolicySet:
    """Give it back to its author, with a reason; the author takes it back in the same way.

    Raises: NotFound, NotPermitted, InvalidState, InvalidInput.
    """
    policy_set = PolicySet.objects.visible_to(actor).for_update(policy_set_id)
    authorize(actor=actor, operation=Operation.WRITE_POLICY, resource=_of(policy_set))
    if not reason.strip():
        raise invalid("reason", REASON_MISSING)
    policy_set.state = move_policy_set(policy_set.state, PolicySetState.DRAFT)
    policy_set.write("state")
    record(PolicySetReturned(policy_set_id=policy_set.uid, reason=reason), actor=actor, at=at)
    return policy_set


@command(lock=PolicySet, queue=PUBLISHING_RULES)
def publish_policy_set(
    *,
    actor: Actor,
    policy_set_id: UUID,
    sha256: str,
    effective_from: datetime | None = None,
    seen_impact: str | None = None,
    at: datetime,
) -> PolicySet:
    """Put exactly the rules that were read in force, from now or from a moment to come.

    The author cannot; and there is a replay of these rules against those now in force. One publication waits
    for the other, so that those in force cannot change meanwhile. `seen_impact` is the digest of what that
    was shown to reach.
    Raises: NotFound, NotPermitted, PreconditionMissing, StaleVersion, InvalidState, InvalidInput, RuleBroken.
    """
    policy_set = PolicySet.objects.visible_to(actor).for_update(policy_set_id)
    authorize(actor=actor, operation=Operation.PUBLISH_POLICY, resource=_of(policy_set))
    if policy_set.author_id == actor.person_id:
        raise rule_broken(POLICY_OWN_APPROVAL)
    state = move_policy_set(policy_set.state, PolicySetState.PUBLISHED)
    if policy_set.sha256 != sha256:
        raise StaleVersion(Reason(code=POLICY_TEXT_CHANGED))
    if effective_from is not None and effective_from < at:
        facts = {"effective_from": effective_from.isoformat()}
        raise invalid("effective_from", POLICY_STARTS_IN_THE_PAST, **facts)
    expect_seen(PUBLISHING, policy_set.uid, seen_impact, actor=actor)
    _expect_staffed(policy_set, at=at)
    replay = _replayed(policy_set, current_rulebook(policy_set.organization_id, at=at))
    policy_set.state, policy_set.approver_id = state, actor.person_key
    policy_set.published_at, policy_set.effective_from = at, effective_from or at
    policy_set.write("state", "approver_id", "published_at", "effective_from")
    law = Rulebook.objects.in_force(None, at=at)[0]
    rulebook = join(law, policy_set, actor=actor, at=at)
    event = PolicySetPublished(
        policy_set_id=policy_set.uid,
        sha256=sha256,
        rulebook_sha256=rulebook.sha256,
        replay_id=replay.uid,
        effective_from=policy_set.effective_from,
    )
    record(event, actor=actor, at=at)
    return policy_set


def impact_of_publishing(*, actor: Actor, policy_set_id: UUID) -> Impact:
    """The open requests, live grants and keys that the rules would change, for those who may publish them.

    Raises: NotFound, NotPermitted.
    """
    policy_set = PolicySet.objects.visible_to(actor).one(policy_set_id)
    authorize(actor=actor, operation=Operation.PUBLISH_POLICY, resource=_of(policy_set))
    return impact_of(PUBLISHING, policy_set.uid)


@command(lock=PolicySet)
def start_replay(*, actor: Actor, policy_set_id: UUID, months: int = 3, at: datetime) -> PolicyReplay:
    """Have the policy set answer the requests of the last months, beside the rules in force.

    Raises: NotFound, NotPermitted, InvalidInput.
    """
    policy_set = PolicySet.objects.visible_to(actor).for_update(policy_set_id)
    authorize(actor=actor, operation=Operation.WRITE_POLICY, resource=_of(policy_set))
    if not 1 <= months <= MOST_MONTHS:
        raise invalid("months", REPLAY_MONTHS, months=months, most=MOST_MONTHS)
    replay = PolicyReplay.objects.create(
        policy_set=policy_set,
        draft_sha256=policy_set.sha256,
        base_sha256=current_rulebook(policy_set.organization_id, at=at).sha256,
        months=months,
        since=at - timedelta(days=months * DAYS_OF_A_MONTH),
        started_by_id=actor.person_key,
        created_at=at,
    )
    event = PolicyReplayStarted(
        policy_replay_id=replay.uid,
        policy_set_id=policy_set.uid,
        draft_sha256=replay.draft_sha256,
        months=months,
    )
    record(event, actor=actor, at=at)
    return replay


@command(lock=PolicyReplay)
def finish_replay(
    *,
    actor: Actor,
    policy_replay_id: UUID,
    total: int,
    counts: dict[str, int],
    changed: list[dict[str, Any]],
    at: datetime,
) -> PolicyReplay:
    """Keep what a replay found. The first to finish it is kept.  Raises: NotFound, NotPermitted."""
    replay = PolicyReplay.objects.visible_to(actor).for_update(policy_replay_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=_of(replay.policy_set))
    if replay.finished_at is not None:
        return replay
    replay.total = replay.done = total
    replay.counts, replay.changed, replay.finished_at = counts, changed, at
    replay.write("total", "done", "counts", "changed", "finished_at")
    event = PolicyReplayFinished(
        policy_replay_id=replay.uid,
        policy_set_id=replay.policy_set.uid,
        total=total,
        changed=replay.changes,
    )
    record(event, actor=actor, at=at)
    return replay


def _read(text: str) -> HouseRules:
    try:
        return read_policy_set(text)
    except PolicySetRefused as refusal:
        raise InvalidInput(*refusal.reasons) from refusal


def _own_draft(actor: Actor, policy_set_id: UUID) -> PolicySet:
    policy_set = PolicySet.objects.visible_to(actor).for_update(policy_set_id)
    authorize(actor=actor, operation=Operation.WRITE_POLICY, resource=_of(policy_set))
    if policy_set.author_id != actor.person_id:
        raise rule_broken(POLICY_NOT_YOURS)
    if policy_set.state != PolicySetState.DRAFT:
        raise invalid_state(POLICY_NOT_EDITABLE, state=policy_set.state)
    return policy_set


def _expect_staffed(policy_set: PolicySet, *, at: datetime) -> None:
    """Raises: RuleBroken, with every stage of the rules that nobody can fill."""
    found = unstaffed(policy_set_of(policy_set.document), policy_set.organization_id, at=at)
    if found:
        raise RuleBroken(*found)


def _replayed(policy_set: PolicySet, base: Rulebook) -> PolicyReplay:
    """Raises: InvalidState."""
    done = policy_set.replays.filter(finished_at__isnull=False, draft_sha256=policy_set.sha256)
    replay = done.filter(base_sha256=base.sha256).order_by("-pk").first()
    if replay is None:
        raise invalid_state(POLICY_NOT_REPLAYED)
    return replay


def _in(organization_id: int) -> Resource:
    return Resource(kind="policy set", organization_id=organization_id)


def _of(policy_set: PolicySet) -> Resource:
    return Resource(kind="policy set", uid=policy_set.uid, organization_id=policy_set.organization_id)
