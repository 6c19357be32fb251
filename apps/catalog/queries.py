"""Reads of the catalog."""

from __future__ import annotations

from django.db import connection

from apps.accounts.models import Account
from apps.accounts.roles import ObjectPermission
from apps.catalog.models import Asset, AssetVersion


def latest_version(asset: Asset) -> AssetVersion | None:
    return asset.versions.order_by("-number").first()


def people_holding(permission: ObjectPermission, asset: Asset) -> frozenset[int]:
    """Ids of the people who hold the permission on the asset now, by name, team, domain or role."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT person_id FROM acl_holders(%s, %s)", [asset.pk, permission.value])
        return frozenset(row[0] for row in cursor.fetchall())


def accounts_holding(permission: ObjectPermission, asset: Asset) -> list[Account]:
    """The accounts of those people, with their people."""
    people = people_holding(permission, asset)
    found = Account.objects.select_related("person").filter(person__in=people, kind="person", is_active=True)
    return list(found.order_by("username"))


__all__ = ["accounts_holding", "latest_version", "people_holding"]
