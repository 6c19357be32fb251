"""The index of who may do what with which asset, kept by triggers from the tables that say so."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from django.db import models
from django.db.models import F
from django.db.models.expressions import RawSQL

from apps.accounts.roles import ObjectPermission
from apps.kernel.actor import Actor


class PrincipalKind(IntEnum):
    """What a principal number stands for; it is `kind << 48 | id`."""

    ACCOUNT = 1
    TEAM = 2
    PERSON = 3
    ORGANIZATION = 4
    DOMAIN = 5
    AUDIENCE = 6


def principal(kind: PrincipalKind, id: int) -> int:
    """The number of a principal, the same as SQL's `principal(kind, id)`."""
    return (kind << 48) | id


class AclSource(models.Model):
    """A view that says which rows the index must hold on behalf of one part of the house.

    Every floor that lets people see assets registers its view in a migration and keeps its rows with
    statement-level triggers that call `acl_sync`.
    """

    id = models.SmallIntegerField(primary_key=True)
    relation = models.CharField(max_length=63, unique=True)

    def __str__(self) -> str:
        return self.relation


class Acl(models.Model):
    """A principal may (permission) an asset, until `expires_at`. Written by triggers alone.

    Rows with `perm` 0 stand for a scope: everybody who holds a sufficient role or permission in that
    organization or domain, or belongs to its audience.
    """

    principal = models.BigIntegerField()
    perm = models.SmallIntegerField()
    asset_id = models.BigIntegerField()
    source = models.ForeignKey(AclSource, on_delete=models.PROTECT, related_name="+", db_index=False)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["asset_id", "perm", "principal", "source"],
                include=["expires_at"],
                name="acl_point",
            ),
        ]
        indexes = [
            models.Index("principal", "perm", F("asset_id").desc(), include=["expires_at"], name="acl_list"),
        ]

    def __str__(self) -> str:
        return f"{self.principal} may {self.perm} {self.asset_id}"


class SeenThroughKeys:
    """Sub-selects of what an actor reaches through the index: lists and points alike go through them."""

    @staticmethod
    def assets(actor: Actor, permission: ObjectPermission) -> RawSQL:
        return RawSQL(
            "SELECT a.asset_id FROM acl_keys(%s, %s::smallint) k JOIN accounts_acl a USING (perm, principal)"
            " WHERE a.expires_at IS NULL OR a.expires_at > statement_timestamp()",
            _values(actor, permission),
        )

    @staticmethod
    def domains(actor: Actor, permission: ObjectPermission) -> RawSQL:
        return RawSQL(
            "SELECT d.id FROM acl_keys(%s, %s::smallint) k JOIN accounts_domain d ON k.principal"
            " IN (principal(4, d.organization_id), principal(5, d.id), principal(6, d.id)) WHERE k.perm = 0",
            _values(actor, permission),
        )


def _values(actor: Actor, permission: ObjectPermission) -> tuple[Any, ...]:
    return (actor.account_id, permission.value)
