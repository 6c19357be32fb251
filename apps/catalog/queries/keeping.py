"""Assets and domains without an owner or a steward, now or once somebody has left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, QuerySet, Value

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
    found: list[Unkept] = []
    for permission in KEPT_BY:
        found += _named(permission, *_without(permission, actor.organization_id or 0, at=at))
    return found


def sole_holdings(person: Person, *, at: datetime) -> list[Unkept]:
    """What would be without an owner or a steward if the person left."""
    found: list[Unkept] = []
    for permission in KEPT_BY:
        now = _without(permission, person.organization_id, at=at)
        then = _without(permission, person.organization_id, at=at, but=person.pk)
        lost = [later.exclude(pk__in=before.values("pk")) for later, before in zip(then, now, strict=True)]
        found += _named(permission, *lost)
    return found


def _named(permission: ObjectPermission, domains: QuerySet[Any], assets: QuerySet[Any]) -> list[Unkept]:
    """One statement: domains first, both by name."""
    of_domains, of_assets = (
        rows.annotate(kept=Value(kind, output_field=CharField()))
        .order_by("name", "pk")
        .values_list("kept", "uid", "name")[:MOST_SHOWN]
        for kind, rows in (("domain", domains), ("asset", assets))
    )
    return [
        Unkept(kind=kind, uid=uid, name=name, permission=permission.word)
        for kind, uid, name in of_domains.union(of_assets, all=True)
    ]


def _without(
    permission: ObjectPermission, organization_id: int, *, at: datetime, but: int | None = None
) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """Domains and living assets on which nobody holds it, not counting that person."""
    domains = domains_without(permission, organization_id=organization_id, at=at, but=but)
    assets: QuerySet[Asset] = Asset.objects.filter(domain__in=domains.values("pk"))
    assets = assets.exclude(state=AssetState.RETIRED)
    for named in held_by_name(Asset, permission, people_acting(but=but)):
        assets = assets.exclude(pk__in=named)
    return domains, assets
