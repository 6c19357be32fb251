"""What a draft of rules would have answered to the requests of the past."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from apps.access.models import Decision, PolicyReplay
from apps.access.models import Rulebook as StoredRulebook
from apps.access.models.policy_set import PolicyReplayQuerySet
from apps.kernel.actor import Actor
from apps.policy.comparison import difference
from apps.policy.engine import decide
from apps.policy.facts import RequestFacts
from apps.policy.house.reader import policy_set_of
from apps.policy.rulebook import Rulebook
from apps.policy.snapshot import to_json

MOST_LISTED = 1000
CHUNK = 100


@dataclass(frozen=True, kw_only=True)
class Report:
    """`changed` holds the first differences, the newest request first; `counts` tells all of them."""

    total: int
    counts: dict[str, int]
    changed: list[dict[str, Any]]


def latest_decisions(organization_id: int, *, since: datetime) -> QuerySet[Decision]:
    """Of every revision that was sent since then, the newest evaluation."""
    found = Decision.objects.filter(
        revision__request__organization=organization_id, revision__frozen_at__gte=since
    )
    return found.order_by("-revision", "-pk").distinct("revision")


def compared(replay: PolicyReplay) -> tuple[Rulebook, Rulebook]:
    """The rules that were in force when the replay was started, and the same law with the draft."""
    base = Rulebook.from_dict(StoredRulebook.objects.get(sha256=replay.base_sha256).document)
    house = policy_set_of(replay.policy_set.document)
    return base, base.joined(house, version=f"{base.version}?{replay.policy_set.ref}")


def replayed(
    decisions: QuerySet[Decision],
    before: Rulebook,
    after: Rulebook,
    *,
    tell: Callable[[int], object] = lambda done: None,
) -> Report:
    """Both rulebooks answer the facts that were stored. `tell` hears how far it is, every now and then."""
    counts: Counter[str] = Counter()
    changed: list[dict[str, Any]] = []
    total = 0
    rows = decisions.values_list("facts", "revision__request__uid", "revision__request__number")
    for stated, uid, number in rows.iterator(chunk_size=CHUNK):
        facts = RequestFacts.from_json(stated)
        told = difference(decide(facts, before), decide(facts, after))
        total += 1
        if told is not None:
            counts[told.change.value] += 1
            if len(changed) < MOST_LISTED:
                changed.append({"request_id": str(uid), "number": number, **to_json(told)})
        if total % CHUNK == 0:
            tell(total)
    return Report(total=total, counts=dict(sorted(counts.items())), changed=changed)


def replays_visible_to(actor: Actor) -> PolicyReplayQuerySet:
    related = ("policy_set__organization", "started_by")
    return PolicyReplay.objects.visible_to(actor).select_related(*related)
