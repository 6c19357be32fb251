"""What the rules did: granted at once, sent to people, waiting for a record, refused; and by which rule."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from apps.access.lifecycle import RequestState
from apps.access.models import Decision
from apps.access.queries.details import reasons_in
from apps.accounts.authorization import Resource, authorize
from apps.accounts.operations import Operation
from apps.audit.queries import Outcome, events_of, reasons_of
from apps.kernel.actor import Actor
from apps.policy.decision import Effect
from apps.policy.reason import Reason

SENDING = ("access.submit_request", "access.ask_for_access", "access.ask_separately", "access.amend_request")
MOST_REFUSALS = 5000
MOST_WAITING = 500
MOST_MISSING = 20

BY_RULE = """
WITH first AS (
    SELECT DISTINCT ON (d.revision_id) d.effect, d.trace
    FROM access_decision d
    JOIN access_revision v ON v.id = d.revision_id
    JOIN access_request r ON r.id = v.request_id
    WHERE r.organization_id = %s AND v.frozen_at >= %s AND v.frozen_at < %s
    ORDER BY d.revision_id, d.id
)
SELECT '' AS rule, effect, count(*) FROM first GROUP BY effect
UNION ALL
SELECT f ->> 'rule', f ->> 'effect', count(*)
FROM first, jsonb_array_elements(trace -> 'findings') f
WHERE f ->> 'status' = 'matched' AND f ->> 'effect' IS NOT NULL
GROUP BY 1, 2
"""


@dataclass(frozen=True, kw_only=True)
class RuleActivity:
    """How often a rule spoke, by its effect; one request may count for several rules."""

    rule: str
    refused: int
    blocked: int
    routed: int
    instant: int

    @property
    def total(self) -> int:
        return self.refused + self.blocked + self.routed + self.instant


@dataclass(frozen=True, kw_only=True)
class MissingRecord:
    """`waiting` open requests would be unblocked, or come nearer to it, by what `reason` says."""

    reason: Reason
    waiting: int


@dataclass(frozen=True, kw_only=True)
class Activity:
    """Of everything sent in the period, the first answer; `missing` is of what waits today."""

    since: datetime
    until: datetime
    refused: int
    blocked: int
    routed: int
    instant: int
    rules: Sequence[RuleActivity]
    missing: Sequence[MissingRecord]

    @property
    def total(self) -> int:
        return self.refused + self.blocked + self.routed + self.instant


def activity_of(actor: Actor, *, since: datetime, until: datetime) -> Activity:
    """For those who answer for the rules or watch over them. Three queries.  Raises: NotPermitted."""
    organization_id = actor.organization_id or 0
    resource = Resource(kind="rulebook", organization_id=organization_id)
    authorize(actor=actor, operation=Operation.READ_POLICY, resource=resource)
    counted = _answered(organization_id, since, until)
    refusals, by_rule = _refused(organization_id, since, until)
    for rule, times in by_rule.items():
        counted[rule][Effect.DENY] += times
    whole = counted.pop("", Counter())
    rules = [_rule(rule, counts) for rule, counts in counted.items()]
    return Activity(
        since=since,
        until=until,
        refused=refusals + whole[Effect.DENY],
        blocked=whole[Effect.BLOCK],
        routed=whole[Effect.REFER],
        instant=whole[Effect.PERMIT],
        rules=sorted(rules, key=lambda each: (-each.refused, -each.blocked, -each.total, each.rule)),
        missing=_missing(organization_id),
    )


def _answered(organization_id: int, since: datetime, until: datetime) -> dict[str, Counter[Effect]]:
    counted: dict[str, Counter[Effect]] = defaultdict(Counter)
    with connection.cursor() as cursor:
        cursor.execute(BY_RULE, [organization_id, since, until])
        for rule, effect, times in cursor.fetchall():
            counted[rule][Effect(effect)] += times
    return counted


def _refused(organization_id: int, since: datetime, until: datetime) -> tuple[int, Mapping[str, int]]:
    """What could not be sent leaves no request behind, but a refusal in the trail."""
    events = events_of(frozenset({organization_id})).prefetch_related(None)
    found = events.filter(name__in=SENDING, outcome=Outcome.REFUSED, at__gte=since, at__lt=until)
    by_rule: Counter[str] = Counter()
    refusals = 0
    for event in found.order_by("-at")[:MOST_REFUSALS]:
        rules = {reason.rule for reason in reasons_of(event) if reason.rule}
        refusals += bool(rules)
        by_rule.update(rules)
    return refusals, by_rule


def _rule(rule: str, counts: Counter[Effect]) -> RuleActivity:
    return RuleActivity(
        rule=rule,
        refused=counts[Effect.DENY],
        blocked=counts[Effect.BLOCK],
        routed=counts[Effect.REFER],
        instant=counts[Effect.PERMIT],
    )


def _missing(organization_id: int) -> list[MissingRecord]:
    """The first reason of each kind stands for all of its kind."""
    open_ones = Decision.objects.filter(
        revision__request__organization=organization_id,
        revision__request__state=RequestState.IN_REVIEW,
    )
    newest = open_ones.order_by("revision", "-pk").distinct("revision").values_list("effect", "trace")
    waiting: Counter[tuple[str, str]] = Counter()
    example: dict[tuple[str, str], Reason] = {}
    for effect, trace in newest[:MOST_WAITING]:
        if effect == Effect.BLOCK:
            blocking = {each["rule"] for each in trace["findings"] if each["effect"] == Effect.BLOCK.value}
            kinds = {(r.rule, r.code): r for r in reasons_in(trace) if r.rule in blocking}
            waiting.update(kinds.keys())
            example = {**kinds, **example}
    return [
        MissingRecord(reason=example[kind], waiting=times)
        for kind, times in waiting.most_common(MOST_MISSING)
    ]
