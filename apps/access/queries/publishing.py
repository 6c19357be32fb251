"""What a draft of rules would change for what is there today: requests that wait, grants that live.

Both rulebooks answer the facts that were stored last, as in a replay: those of the newest evaluation of a
request, and those on which a grant was decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, Func, prefetch_related_objects

from apps.access.lifecycle import EVALUATED_REQUEST, LIVE_GRANT
from apps.access.models import Decision, Grant, PolicySet, Request
from apps.access.queries.evaluation import current_rulebook, policy_of
from apps.access.queries.grants import why_not_covered
from apps.access.queries.resting import made_under
from apps.kernel.contributions import Affected, found_once
from apps.policy.comparison import difference
from apps.policy.decision import Decision as PolicyDecision
from apps.policy.decision import Effect
from apps.policy.engine import decide
from apps.policy.facts import RequestFacts
from apps.policy.house.reader import policy_set_of
from apps.policy.rulebook import Rulebook

CHUNK = 100


@dataclass(frozen=True, kw_only=True)
class Touched:
    """Open requests that would be answered otherwise, and live grants that would begin or cease to be covered
    by what was decided, or whose keys would live for another time."""

    requests: tuple[Request, ...]
    grants: tuple[Grant, ...]


@found_once
def touched_by(policy_set_uid: UUID) -> Touched:
    """By the rules of the policy set in place of those in force now; whoever looks."""
    clock = Func(function="clock_timestamp", output_field=DateTimeField())
    policy_set: Any = PolicySet.objects.annotate(now=clock).get(uid=policy_set_uid)
    rules = _rulebooks(policy_set, at=policy_set.now)
    return Touched(requests=tuple(_requests(policy_set, *rules)), grants=tuple(_grants(policy_set, *rules)))


def access_under_policy(policy_set_uid: UUID) -> Iterator[Affected]:
    touched = touched_by(policy_set_uid)
    for kind, rows in (("request", touched.requests), ("grant", touched.grants)):
        for row in rows:
            yield Affected(kind=kind, uid=row.uid, row_version=row.row_version)


def made_under_policy(policy_set_uid: UUID) -> Iterator[Affected]:
    """What was made from the data of the grants that would be touched."""
    if grants := touched_by(policy_set_uid).grants:
        yield from made_under(Grant.objects.filter(pk__in=[grant.pk for grant in grants]))


def _rulebooks(policy_set: PolicySet, *, at: datetime) -> tuple[Rulebook, Rulebook]:
    """The rules in force now, and the same law with the draft."""
    before = policy_of(current_rulebook(policy_set.organization_id, at=at))
    return before, before.joined(policy_set_of(policy_set.document), version=f"{before.version}?draft")


def _requests(policy_set: PolicySet, before: Rulebook, after: Rulebook) -> Iterator[Request]:
    waiting = Decision.objects.filter(
        revision__request__state__in=EVALUATED_REQUEST,
        revision__request__organization=policy_set.organization_id,
    )
    newest = waiting.order_by("revision__request", "-revision", "-pk").distinct("revision__request")
    for decision in newest.select_related("revision__request").iterator(chunk_size=CHUNK):
        facts = RequestFacts.from_json(decision.facts)
        if difference(decide(facts, before), decide(facts, after)) is not None:
            yield decision.revision.request


def _grants(policy_set: PolicySet, before: Rulebook, after: Rulebook) -> Iterator[Grant]:
    """Stages are read only of those decisions that would be others; grants of one decision lie together."""
    live = Grant.objects.filter(state__in=LIVE_GRANT, organization=policy_set.organization_id)
    found: list[tuple[Grant, PolicyDecision, PolicyDecision]] = []
    answered: dict[int, tuple[PolicyDecision, PolicyDecision]] = {}
    for grant in live.select_related("decision").order_by("decision", "pk").iterator(chunk_size=CHUNK):
        if grant.decision_id not in answered:
            facts = RequestFacts.from_json(grant.decision.facts)
            answered = {grant.decision_id: (decide(facts, before), decide(facts, after))}
        old, new = answered[grant.decision_id]
        if _demanded(old) != _demanded(new):
            found.append((grant, old, new))
    prefetch_related_objects([grant.decision for grant, _, _ in found], "stages")
    for grant, old, new in found:
        if _standing(grant, old) != _standing(grant, new):
            yield grant


def _demanded(now: PolicyDecision) -> tuple[object, ...]:
    return now.effect, now.stages, now.max_lease_minutes


def _standing(grant: Grant, now: PolicyDecision) -> tuple[bool, int | None]:
    """Whether the grant gives its right, and for how many minutes at a time."""
    is_denied = now.effect is Effect.DENY
    is_covered = not is_denied if grant.is_break_glass else not why_not_covered(grant.decision, now)
    return is_covered, now.max_lease_minutes
