"""Reads about broken glass."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from apps.access.models import BreakGlass
from apps.accounts.authorization import standing_of
from apps.accounts.roles import Role
from apps.kernel.actor import Actor


def glass_visible_to(actor: Actor) -> QuerySet[BreakGlass]:
    related = ("person", "reviewer", "grant__asset", "grant__purpose", "grant__revision__request")
    return BreakGlass.objects.visible_to(actor).select_related(*related)


def glass_to_review(actor: Actor) -> QuerySet[BreakGlass]:
    """What a compliance officer has to look at, the most overdue first; nobody reviews their own, or that of
    somebody whom a delegation ties them to."""
    standing = standing_of(actor)
    places = [held.organization_id for held in standing.roles if held.role is Role.COMPLIANCE_OFFICER]
    waiting = glass_visible_to(actor).filter(reviewed_at=None, organization__in=places)
    return waiting.exclude(person__in=standing.ties.barred).order_by("review_due_at", "pk")


def own_open_glass(actor: Actor, *, at: datetime) -> QuerySet[BreakGlass]:
    """The emergencies in which the actor has access now."""
    return glass_visible_to(actor).filter(
        person=actor.person_key, grant__ended_at=None, grant__not_after__gt=at
    )
