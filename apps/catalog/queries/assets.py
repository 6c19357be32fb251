"""Reads of assets, their versions, columns and places."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, Q, QuerySet
from django.db.models.expressions import RawSQL

from apps.accounts.authorization import authorize
from apps.accounts.models import Account
from apps.accounts.operations import Operation
from apps.accounts.queries import HeldPermission, permissions_on
from apps.accounts.queries.directory import Holders, reaching
from apps.accounts.roles import ObjectPermission
from apps.catalog.facts import asset_resource
from apps.catalog.models import Asset, AssetVersion, Column, StorageLocation, VersionInput
from apps.kernel.actor import Actor
from apps.kernel.errors import not_found
from apps.kernel.models import HouseQuerySet


def latest_version(asset: Asset) -> AssetVersion | None:
    return asset.versions.order_by("-number").first()


def people_holding(permission: ObjectPermission, asset: Asset) -> frozenset[int]:
    """Ids of the people who hold the permission on the asset now, by name, team, domain or role."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT person_id FROM acl_holders(%s, %s::smallint)", [asset.pk, permission.value]
        )
        return frozenset(row[0] for row in cursor.fetchall())


def people_holding_each(
    permissions: Collection[ObjectPermission], assets: Collection[int]
) -> Mapping[tuple[ObjectPermission, int], frozenset[int]]:
    """`people_holding` for several permissions on many assets, by permission and key. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.perm, a.id, array_agg(DISTINCT h.person_id)"
            " FROM unnest(%s::bigint[]) a(id) CROSS JOIN unnest(%s::smallint[]) p(perm),"
            " LATERAL acl_holders(a.id, p.perm) h GROUP BY p.perm, a.id",
            [sorted(assets), sorted(permission.value for permission in permissions)],
        )
        return {
            (ObjectPermission(perm), asset): frozenset(people) for perm, asset, people in cursor.fetchall()
        }


def accounts_holding(permission: ObjectPermission, asset: Asset) -> list[Account]:
    """The accounts of those people, with their people. One query."""
    holders = RawSQL("SELECT person_id FROM acl_holders(%s, %s::smallint)", [asset.pk, permission.value])
    found = Account.objects.select_related("person").filter(person__in=holders, kind="person", is_active=True)
    return list(found.order_by("username"))


def assets_visible_to(actor: Actor) -> HouseQuerySet[Asset]:
    """With their places and what models have besides."""
    return Asset.objects.visible_to(actor).select_related("organization", "domain", "model_details")


def locations_visible_to(actor: Actor) -> HouseQuerySet[StorageLocation]:
    return StorageLocation.objects.visible_to(actor).select_related("asset", "lake")


@dataclass(frozen=True, kw_only=True)
class KeptAsset:
    """An asset for the forms of those who keep it right, with its latest version and its free places."""

    asset: Asset
    latest: AssetVersion | None
    free: tuple[StorageLocation, ...]


def asset_kept_by(actor: Actor, asset_id: UUID, operation: Operation) -> KeptAsset:
    """Four queries.  Raises: NotFound, NotPermitted."""
    asset = assets_visible_to(actor).one(asset_id)
    authorize(actor=actor, operation=operation, resource=asset_resource(asset))
    latest = asset.versions.select_related("location__lake").order_by("-number").first()
    return KeptAsset(asset=asset, latest=latest, free=tuple(free_locations(actor, asset).order_by("pk")))


def free_locations(actor: Actor, asset: Asset) -> HouseQuerySet[StorageLocation]:
    """The places of an asset at which no version lies yet."""
    return locations_visible_to(actor).filter(asset=asset, is_active=True, version__isnull=True)


def versions_named(
    actor: Actor, wanted: Collection[tuple[str, int]]
) -> Mapping[tuple[str, int], list[AssetVersion]]:
    """By the name of the asset, in any case of its letters, and the number of the version. One query.

    Several where a dataset and a model bear one name.
    """
    asked = Q(pk__in=())
    for name, number in wanted:
        asked |= Q(asset__name__iexact=name, number=number)
    found: dict[tuple[str, int], list[AssetVersion]] = {}
    for version in AssetVersion.objects.visible_to(actor).filter(asked).select_related("asset"):
        found.setdefault((version.asset.name.casefold(), version.number), []).append(version)
    return {(name, number): found.get((name.casefold(), number), []) for name, number in wanted}


def locations_in_lake(actor: Actor, lake_id: UUID) -> HouseQuerySet[StorageLocation]:
    """Where assets the actor may see lie in the lake now."""
    return locations_visible_to(actor).filter(lake__uid=lake_id, is_active=True)


def versions_of(actor: Actor, asset_id: UUID) -> HouseQuerySet[AssetVersion]:
    """The versions of an asset with what they were made from, as far as the actor may see it.

    Raises: NotFound.
    """
    asset = Asset.objects.visible_to(actor).one(asset_id)
    return _with_inputs(AssetVersion.objects.filter(asset=asset), actor)


def versions_visible_to(actor: Actor) -> HouseQuerySet[AssetVersion]:
    """The versions of the assets the actor may see, with what they were made from, as far as seen."""
    return _with_inputs(AssetVersion.objects.visible_to(actor), actor)


def _with_inputs(versions: HouseQuerySet[AssetVersion], actor: Actor) -> HouseQuerySet[AssetVersion]:
    seen = VersionInput.objects.filter(input__in=AssetVersion.objects.visible_to(actor))
    inputs = Prefetch("inputs", queryset=seen.select_related("input__asset").order_by("pk"))
    return versions.select_related("location", "registered_by", "asset").prefetch_related(inputs)


def columns_of(actor: Actor, asset_id: UUID, *, number: int | None = None) -> QuerySet[Column]:
    """The columns of a version of an asset, the latest unless one is named.  Raises: NotFound."""
    asset = Asset.objects.visible_to(actor).one(asset_id)
    versions = asset.versions.order_by("-number")
    version = (versions if number is None else versions.filter(number=number)).first()
    if version is None and number is not None:
        raise not_found("version")
    return Column.objects.filter(version=version).order_by("position")


def asset_permissions(actor: Actor, asset_id: UUID) -> list[HeldPermission]:
    """Raises: NotFound."""
    asset = Asset.objects.visible_to(actor).one(asset_id)
    return permissions_on(asset, asset_resource(asset), actor)


def asset_holders(actor: Actor, asset: Asset, *, at: datetime) -> Holders:
    """Who holds object permissions on the asset, by name and by every other way.

    Raises: NotFound for those who may not know.
    """
    given = permissions_on(asset, asset_resource(asset), actor)
    return Holders(given=given, besides=reaching(asset.domain, at=at))
