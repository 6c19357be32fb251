"""Assets and domains without an owner or a steward, now or once somebody has left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, QuerySet, Value

from apps.accounts.authorization import authorize
from apps.accounts.models import Person
from apps.accounts.operations import Operation
from apps.accounts.queries.directory import organization_resource, person_resource
from apps.accounts.queries.holders import KEPT_BY, domains_without, held_by_name, people_acting
from apps.accounts.roles import ObjectPermission
from apps.catalog.lifecycle import AssetState
from apps.catalog.models import Asset
from apps.kernel.actor import Actor
from apps.kernel.clock import database_now

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


def unkept_to_mend(actor: Actor) -> list[Unkept]:
    """`unkept` now.  Raises: NotPermitted."""
    authorize(actor=actor, operation=Operation.MANAGE_PERSON, resource=organization_resource(actor))
    return unkept(actor, at=database_now())


def sole_holdings_of(actor: Actor, person_id: UUID) -> list[Unkept]:
    """`sole_holdings` now, for those who may off-board the person.  Raises: NotFound, NotPermitted."""
    person = Person.objects.visible_to(actor).one(person_id)
    authorize(actor=actor, operation=Operation.MANAGE_PERSON, resource=person_resource(person))
    return sole_holdings(person, at=database_now())


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
