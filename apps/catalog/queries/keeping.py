"""Assets and domains without an owner or a steward, now or once somebody has left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from apps.accounts.models import Person
from apps.accounts.queries.holders import KEPT_BY, domains_without, held_by_name, people_acting
from apps.accounts.roles import ObjectPermission
from apps.catalog.lifecycle import AssetState
from apps.catalog.models import Asset
from apps.kernel.actor import Actor

MOST_SHOWN = 200


@dataclass(frozen=True, kw_only=True)
class Unkept:
    """Nobody active holds the permission on the thing, by whatever way."""

    kind: str
    uid: UUID
    name: str
    permission: str


def unkept(actor: Actor, *, at: datetime) -> list[Unkept]:
    """What nobody owns or stewards in the actor's organization, for those who put it right."""
    return _unkept(actor.organization_id or 0, at=at)


def sole_holdings(person: Person, *, at: datetime) -> list[Unkept]:
    """What would be without an owner or a steward if the person left."""
    now = set(_unkept(person.organization_id, at=at))
    return [row for row in _unkept(person.organization_id, at=at, but=person.pk) if row not in now]


def _unkept(organization_id: int, *, at: datetime, but: int | None = None) -> list[Unkept]:
    found: list[Unkept] = []
    for permission in KEPT_BY:
        domains = domains_without(permission, organization_id=organization_id, at=at, but=but)
        assets = _assets_without(permission, domains, but=but)
        for kind, rows in (("domain", domains), ("asset", assets)):
            named: Any = rows.order_by("name", "pk").values_list("uid", "name")[:MOST_SHOWN]
            found += [
                Unkept(kind=kind, uid=uid, name=name, permission=permission.word) for uid, name in named
            ]
    return found


def _assets_without(
    permission: ObjectPermission, domains: QuerySet[Any], *, but: int | None
) -> QuerySet[Asset]:
    found: QuerySet[Asset] = Asset.objects.filter(domain__in=domains.values("pk"))
    found = found.exclude(state=AssetState.RETIRED)
    for named in held_by_name(Asset, permission, people_acting(but=but)):
        found = found.exclude(pk__in=named)
    return found
