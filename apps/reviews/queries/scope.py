"""Which grants a campaign asks about, before its list is frozen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from apps.access.models import Grant
from apps.accounts.models import Account, AccountKind
from apps.accounts.models.acl import SeenThroughKeys
from apps.accounts.queries import actor_of
from apps.accounts.roles import ObjectPermission
from apps.classification.models import Classification, SensitivityClass


@dataclass(frozen=True, kw_only=True)
class Scope:
    """An empty part leaves nothing out. Owners and domains by uid, classes by code."""

    organization_id: int
    sensitivity_class_codes: tuple[str, ...]
    owner_ids: tuple[UUID, ...]
    domain_ids: tuple[UUID, ...]
    granted_before: datetime | None


def grants_in(scope: Scope, *, at: datetime) -> QuerySet[Grant]:
    """Those that have not ended, each with the key of its class under `class_key`; None: not classified.

    The class is the highest of what holds for the columns of the approved version.
    """
    live = Grant.objects.filter(
        organization=scope.organization_id, ended_at__isnull=True, not_after__gt=at
    ).annotate(class_key=Subquery(_highest()))
    if scope.sensitivity_class_codes:
        classes = SensitivityClass.objects.filter(code__in=scope.sensitivity_class_codes)
        live = live.filter(class_key__in=list(classes.values_list("pk", flat=True)))
    if scope.domain_ids:
        live = live.filter(asset__domain__uid__in=scope.domain_ids)
    if scope.granted_before is not None:
        live = live.filter(created_at__lt=scope.granted_before)
    return live.filter(_owned_by(scope.owner_ids)) if scope.owner_ids else live


def _highest() -> QuerySet[Classification, int]:
    said = Classification.objects.current().filter(version=OuterRef("version"))
    return said.order_by("-sensitivity_class__rank").values_list(F("sensitivity_class"), flat=True)[:1]


def _owned_by(people: Collection[UUID]) -> Q:
    """On assets that one of these people owns, by whatever way."""
    accounts = Account.objects.filter(person__uid__in=people, kind=AccountKind.PERSON)
    owned = Q(pk__in=[])
    for account in accounts:
        owned |= Q(asset__in=SeenThroughKeys.assets(actor_of(account), ObjectPermission.OWN))
    return owned
