"""Keys that work now and that an act would reach."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db.models import (
    Q,
)

from apps.access.queries.publishing import touched_by
from apps.compliance.facts.reach import reach_of
from apps.compliance.lifecycle.occurrences import EFFECTS
from apps.credentials.lifecycle import LeaseState
from apps.credentials.models import Lease
from apps.kernel.contributions import Affected


def keys_for_purpose(purpose_uid: UUID) -> Iterator[Affected]:
    """Every key that works for the purpose now, whoever looks. One query."""
    yield from _keys(Q(grant__purpose__uid=purpose_uid))


def keys_of_person(person_uid: UUID) -> Iterator[Affected]:
    """Every key that works now and that the person took, or holds the grant of. One query."""
    held = Q(grant__person__uid=person_uid, grant__project__isnull=True)
    yield from _keys(Q(person__uid=person_uid) | held)


def keys_of_grant(grant_uid: UUID) -> Iterator[Affected]:
    """Every key that works by the grant now. One query."""
    yield from _keys(Q(grant__uid=grant_uid))


def keys_to_asset(asset_uid: UUID) -> Iterator[Affected]:
    """Every key that works on the asset now. One query."""
    yield from _keys(Q(grant__asset__uid=asset_uid))


def keys_under_policy(policy_set_uid: UUID) -> Iterator[Affected]:
    """Every key that works by a grant for which other rules would change something."""
    if grants := touched_by(policy_set_uid).grants:
        yield from _keys(Q(grant__in=[grant.pk for grant in grants]))


def keys_under_occurrence(occurrence_uid: UUID) -> Iterator[Affected]:
    """Every key that works on a version that it reaches, as far as it has any effect on access."""
    reach = reach_of(occurrence_uid)
    if EFFECTS[reach.occurrence.kind_of].access:
        reached = Lease.objects.filter(scopes__version__in=list(reach.through))
        yield from _keys(Q(pk__in=reached.values("pk")))


def keys_in_lake(lake_uid: UUID) -> Iterator[Affected]:
    """Every key of the lake that has not ended, or may have been made. One query."""
    living = Lease.objects.filter(lake__uid=lake_uid, ended_at__isnull=True).order_by()
    for uid, row_version in living.values_list("uid", "row_version"):
        yield Affected(kind="lease", uid=uid, row_version=row_version)


def _keys(which: Q) -> Iterator[Affected]:
    working = Lease.objects.filter(which, state=LeaseState.ISSUED).order_by()
    for uid, row_version in working.values_list("uid", "row_version"):
        yield Affected(kind="lease", uid=uid, row_version=row_version)
