"""Leases that one may see, and how grants were used."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from apps.access.models import Grant
from apps.credentials.models import Lease, LeaseScope
from apps.credentials.queries.touched import NEVER_USED, Use, use_of
from apps.kernel.actor import Actor
from apps.kernel.questions import Given, Question
from apps.lakes.providers.contract import Access
from apps.policy.facts import Action

READING = frozenset({Action.READ, Action.EXPORT, Action.LABEL, Action.TRAIN, Action.DEPLOY})


@dataclass(frozen=True, kw_only=True)
class Fit:
    """How far what was granted was used, as keys and the lake's log show it. What a key opened is known; what
    was done with it only where the log is read. `unused` are the actions that no key was taken for, or that
    none carried out; `unseen` those that no key carries out, so that nobody knows of their use. `versions`:
    numbers of those that keys opened."""

    use: Use
    versions: tuple[int, ...]
    actions: tuple[str, ...]
    unused: tuple[str, ...]
    unseen: tuple[str, ...]

    @property
    def kept(self) -> tuple[str, ...]:
        """What to ask for again; all of it where nothing was used at all."""
        is_used = set(self.actions) > {*self.unused, *self.unseen}
        return tuple(action for action in self.actions if action not in self.unused or not is_used)


def leases_visible_to(actor: Actor) -> QuerySet[Lease]:
    leases = Lease.objects.visible_to(actor).select_related("grant", "lake", "person", "use")
    return leases.prefetch_related("scopes__version")


def leases_of(actor: Actor, grant_uid: UUID) -> QuerySet[Lease]:
    """Raises: NotFound, where the grant is hidden."""
    return leases_visible_to(actor).filter(grant=Grant.objects.visible_to(actor).one(grant_uid))


def scopes_of(lease: Lease) -> list[LeaseScope]:
    return _SCOPES.rows(lease=lease.pk)


_SCOPES: Question[LeaseScope] = Question(
    lambda: LeaseScope.objects.filter(lease=Given("lease")).order_by("pk")
)


def fit_of(grant: Grant) -> Fit:
    """Two queries."""
    opened = LeaseScope.objects.filter(lease__grant=grant, lease__issued_at__isnull=False)
    rows = set(opened.values_list("version__number", "access"))
    by_keys = READING | {Action.WRITE}
    use = use_of([grant.pk]).get(grant.pk, NEVER_USED)
    carried_out = _carried_out(use, {access for _, access in rows})
    asked = [Action(action) for action in grant.actions]
    return Fit(
        use=use,
        versions=tuple(sorted({number for number, _ in rows})),
        actions=tuple(grant.actions),
        unused=tuple(action.value for action in asked if action in by_keys - carried_out),
        unseen=tuple(action.value for action in asked if action not in by_keys),
    )


def _carried_out(use: Use, opened: Collection[str]) -> frozenset[Action]:
    """Reading is what a key that only wrote did too: it had to see what it replaced."""
    if use.is_watched:
        is_writing, is_used = bool(use.touched.written), bool(use.touched.allowed)
    else:
        is_writing, is_used = Access.WRITE in opened, bool(opened)
    return READING | {Action.WRITE} if is_writing else READING if is_used else frozenset()
