"""The word of ticket systems when access begins: a yes counts while it is fresh, and is asked for anew."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext_noop

from apps.access.models import TicketCheck
from apps.access.queries.evaluation import Answer, policy_of
from apps.policy.conditions import AutomaticCheck, ConditionCheck, ConditionKind, ConditionSpec
from apps.policy.engine import decide
from apps.policy.house.effects import systems_to_ask
from apps.policy.vocabulary import TicketStanding

STILL_OPEN = ConditionSpec(
    code=AutomaticCheck.TICKET_OPEN,
    kind=ConditionKind.BEFORE,
    text=gettext_noop("The ticket is still open when access begins, as its system says."),
    check=ConditionCheck.AUTOMATIC,
)


def systems_relied_on(answered: Answer) -> frozenset[str]:
    """Whose yes the answer rests on: those that would be asked had none of them said anything yet."""
    known = answered.facts.tickets
    if not known or not any(each.standing is TicketStanding.OPEN for each in known):
        return frozenset()
    unasked = tuple(replace(each, standing=TicketStanding.UNASKED) for each in known)
    facts = replace(answered.facts, tickets=unasked)
    return systems_to_ask(decide(facts, policy_of(answered.rulebook)))


def ask_anew(revision_id: int, systems: Collection[str], *, since: datetime, at: datetime) -> bool:
    """Have those systems asked anew whose yes is not fresh for the moment `since` when access begins; it
    stands until they say something else. Whether one of them is still to answer."""
    if not systems:
        return False
    stale = TicketCheck.objects.stale(revision_id, since=since).filter(system__name__in=list(systems))
    stale.filter(next_at=None).exclude(asked_again_at__gte=since).update(
        next_at=at, attempts=0, status_code=None, fault="", asked_again_at=at
    )
    return stale.exists()
