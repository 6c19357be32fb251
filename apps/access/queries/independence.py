"""Independent, then informed: where several people look at one thing for themselves, none reads what another
said before their own word is on record. Nobody else does either, for they could tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, QuerySet

from apps.access.events import VerdictCarried, VerdictGiven
from apps.access.lifecycle import RequestState
from apps.access.models import Slot, Stage
from apps.accounts.authorization import standing_of
from apps.accounts.roles import Role
from apps.kernel.actor import Actor

SEVERAL = 2


def is_concealed(stage: Stage, slots: Sequence[Slot], actor: Actor) -> bool:
    """Whether verdicts of a stage of a request in review are kept from the reader. `slots` are its own."""
    if actor.is_system or not stage.is_independent or stage.closed_at or len(slots) < SEVERAL:
        return False
    verdicts = [slot.verdict for slot in slots if slot.is_filled]
    return actor.person_key not in {each.person_id for each in verdicts} | {
        each.on_behalf_of_id for each in verdicts
    }


def without_concealed(actor: Actor, events: QuerySet[Any]) -> QuerySet[Any]:
    """Entries of the trail without the verdicts that are kept from the reader. Auditors decide nothing, and
    read all of it."""
    if actor.is_system or any(held.role is Role.AUDITOR for held in standing_of(actor).roles):
        return events
    stages = Stage.objects.filter(
        is_independent=True, closed_at=None, decision__revision__request__state=RequestState.IN_REVIEW
    )
    kept = stages.annotate(wanted=Count("slots")).filter(wanted__gte=SEVERAL)
    mine = Slot.objects.filter(verdict__person=actor.person_key)
    requests = kept.exclude(pk__in=mine.values("stage")).values("decision__revision__request__uid")
    telling = (VerdictGiven.name, VerdictCarried.name)
    return events.exclude(name__in=telling, subject_uid__in=requests)
