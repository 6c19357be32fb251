"""The cheapest way to what somebody wants: how long each stage usually takes, and what to ask for instead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import Lag

from apps.access.facts import Ask, behind, lawful_facts
from apps.access.models import Stage
from apps.access.queries.evaluation import Answer, policy_of
from apps.compliance.facts import purpose_facts
from apps.compliance.queries import purposes_in_force
from apps.kernel.actor import Actor
from apps.policy.counterfactual import Offer, offers_for
from apps.policy.facts import RequestFacts
from apps.policy.route import StageSpec

HISTORY = timedelta(days=180)
MOST_STAGES = 1000
MOST_PURPOSES = 2


@dataclass(frozen=True, kw_only=True)
class WayOffered:
    """Edits that help, the route that is then left, and how long it usually takes; `None`: no history."""

    offer: Offer
    usual: timedelta | None


@dataclass(frozen=True, kw_only=True)
class Way:
    """`waits` is the median by name of the stage, of those that have a history."""

    waits: Mapping[str, timedelta]
    usual: timedelta | None
    offers: tuple[WayOffered, ...]


def waiting_times(organization_id: int, *, at: datetime) -> Mapping[str, timedelta]:
    """From the moment a stage was open to its end, in the own history of half a year. One query."""
    ended = Stage.objects.filter(
        decision__revision__request__organization=organization_id, closed_at__gte=at - HISTORY
    )
    opened = ended.annotate(
        before=Window(Lag("closed_at"), partition_by=F("decision"), order_by=F("position").asc())
    )
    rows = opened.order_by("-closed_at").values_list("name", "closed_at", "before", "decision__created_at")
    waited: dict[str, list[float]] = defaultdict(list)
    for name, closed_at, before, decided_at in rows[:MOST_STAGES]:
        if closed_at is not None:  # as the filter says
            waited[name].append((closed_at - (before or decided_at)).total_seconds())
    return {name: timedelta(seconds=median(spans)) for name, spans in sorted(waited.items())}


def usual_time(stages: Iterable[StageSpec], waits: Mapping[str, timedelta]) -> timedelta | None:
    """Of a whole route: stages come one after another. Unknown where one of them has no history."""
    names = [stage.name for stage in stages]
    if any(name not in waits for name in names):
        return None
    return sum((waits[name] for name in names), timedelta())


def way_of(actor: Actor | None, ask: Ask, answered: Answer, *, at: datetime) -> Way:
    """What to ask for instead. With an actor also for which of the purposes they may choose."""
    waits = waiting_times(ask.requester.organization_id, at=at)
    others = _for_other_purposes(actor, ask, answered.facts, at=at) if actor is not None else ()
    country = answered.facts.requester.employer_country
    offers = offers_for(
        answered.facts,
        answered.decision,
        policy_of(answered.rulebook),
        other_purposes=others,
        other_places=(country,) if country else (),
    )
    return Way(
        waits=waits,
        usual=usual_time(answered.decision.stages, waits),
        offers=tuple(
            WayOffered(offer=offer, usual=usual_time(offer.decision.stages, waits)) for offer in offers
        ),
    )


def _for_other_purposes(
    actor: Actor, ask: Ask, facts: RequestFacts, *, at: datetime
) -> tuple[RequestFacts, ...]:
    """The same wish for some of the purposes in force; each takes a few queries, whatever is asked for."""
    found = purposes_in_force(actor, at=at).exclude(purpose=ask.purpose)[:MOST_PURPOSES]
    people = behind(ask, now=at) if found else []
    changed = []
    for version in found:
        purpose = purpose_facts(version.purpose, version, on=at.date())
        lawful = lawful_facts(replace(ask, purpose=version.purpose), purpose, people, at=at)
        told: dict[str, Any] = {
            "purpose": lawful.purpose,
            "purpose_parents": lawful.parents,
            "assets": lawful.assets,
            "assessments": lawful.assessments,
            "parties": lawful.parties,
            "transfers": lawful.transfers,
            "use": lawful.use,
            "ai_system": lawful.ai_system,
        }
        changed.append(replace(facts, **told))
    return tuple(changed)
