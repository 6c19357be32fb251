"""Leases that one may see, and how grants were used."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import (
    Count,
    Max,
    QuerySet,
)

from apps.access.models import Grant
from apps.credentials.models import Lease, LeaseScope
from apps.kernel.actor import Actor
from apps.lakes.providers.contract import Access
from apps.policy.facts import Action

READING = frozenset({Action.READ, Action.EXPORT, Action.LABEL, Action.TRAIN, Action.DEPLOY})


@dataclass(frozen=True, kw_only=True)
class Use:
    """How a grant was used: keys that were really issued, and when the last one was."""

    leases: int
    last_at: datetime | None


NEVER_USED = Use(leases=0, last_at=None)


@dataclass(frozen=True, kw_only=True)
class Fit:
    """How far what was granted was used, as keys show it: what they opened is known, what was done with it is
    not. `unused` are the actions that no key was taken for; `unseen` those that no key carries out, so that
    nobody knows of their use. `versions`: numbers of those that keys opened."""

    use: Use
    versions: tuple[int, ...]
    actions: tuple[str, ...]
    unused: tuple[str, ...]
    unseen: tuple[str, ...]

    @property
    def kept(self) -> tuple[str, ...]:
        """What to ask for again; all of it where nothing was used at all."""
        left = tuple(action for action in self.actions if action not in self.unused)
        return left if self.use.leases else self.actions


def leases_visible_to(actor: Actor) -> QuerySet[Lease]:
    leases = Lease.objects.visible_to(actor).select_related("grant", "lake", "person")
    return leases.prefetch_related("scopes__version")


def leases_of(actor: Actor, grant_uid: UUID) -> QuerySet[Lease]:
    """Raises: NotFound, where the grant is hidden."""
    return leases_visible_to(actor).filter(grant=Grant.objects.visible_to(actor).one(grant_uid))


def use_of(grants: Collection[int]) -> Mapping[int, Use]:
    """By the key of the grant; those that were never used are missing. One query."""
    issued = Lease.objects.filter(grant__in=grants, issued_at__isnull=False).order_by()
    rows = issued.values("grant").annotate(leases=Count("pk"), last_at=Max("issued_at"))
    return {row["grant"]: Use(leases=row["leases"], last_at=row["last_at"]) for row in rows}


def fit_of(grant: Grant) -> Fit:
    """Two queries."""
    opened = LeaseScope.objects.filter(lease__grant=grant, lease__issued_at__isnull=False)
    rows = set(opened.values_list("version__number", "access"))
    touched = {access for _, access in rows}
    by_keys = READING | {Action.WRITE}
    carried_out = by_keys if Access.WRITE in touched else READING if touched else frozenset()
    asked = [Action(action) for action in grant.actions]
    return Fit(
        use=use_of([grant.pk]).get(grant.pk, NEVER_USED),
        versions=tuple(sorted({number for number, _ in rows})),
        actions=tuple(grant.actions),
        unused=tuple(action.value for action in asked if action in by_keys - carried_out),
        unseen=tuple(action.value for action in asked if action not in by_keys),
    )
