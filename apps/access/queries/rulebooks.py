"""Reads of the rulebooks that have been in force."""

from __future__ import annotations

from django.db.models import Case, QuerySet, Subquery, Value, When
from django.db.models.functions import Now

from apps.access.models import Rulebook
from apps.accounts.authorization import standing_of
from apps.kernel.actor import Actor


def rulebooks_visible_to(actor: Actor) -> QuerySet[Rulebook]:
    """Everybody sees those of their organization: what decides about people is no secret. The newest first;
    `is_in_force` is told of each."""
    if not actor.is_system and not standing_of(actor).is_active:
        return Rulebook.objects.none()
    newest = Rulebook.objects.in_force(actor.organization_id, at=Now()).values("pk")[:1]
    in_force = Case(When(pk=Subquery(newest), then=Value(True)), default=Value(False))
    seen = Rulebook.objects.all() if actor.is_system else Rulebook.objects.of(actor.organization_id)
    return seen.annotate(is_in_force=in_force).order_by("-published_at", "-pk")
