"""Object permissions on one asset, and on what the house made from it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.accounts.commands.permissions import give, take
from apps.accounts.roles import ObjectPermission
from apps.audit.command import command
from apps.catalog.facts import asset_resource
from apps.catalog.models import Asset
from apps.catalog.queries.assets import asset_permissions
from apps.kernel.actor import Actor


@command(lock=Asset)
def give_asset_permission(
    *, actor: Actor, asset_id: UUID, permission: ObjectPermission, holder_id: UUID, at: datetime
) -> None:
    """Let an account or a team do something with an asset: be its owner or steward, for one.

    Raises: NotFound, NotPermitted, RuleBroken, Conflict.
    """
    asset = Asset.objects.visible_to(actor).for_update(asset_id)
    give(asset, asset_resource(asset), permission, holder_id, actor=actor, at=at)


@command(lock=Asset)
def take_asset_permission(
    *, actor: Actor, asset_id: UUID, permission: ObjectPermission, holder_id: UUID, at: datetime
) -> None:
    """Take it back.  Raises: NotFound, NotPermitted, InvalidState."""
    asset = Asset.objects.visible_to(actor).for_update(asset_id)
    take(asset, asset_resource(asset), permission, holder_id, actor=actor, at=at)


def pass_on_permissions(source: Asset, derived: Asset, *, actor: Actor, at: datetime) -> None:
    """Who keeps the source right, owns it or approves access to it does so with what was made from it."""
    for held in asset_permissions(actor, source.uid):
        give_asset_permission(
            actor=actor,
            asset_id=derived.uid,
            permission=ObjectPermission[held.permission.upper()],
            holder_id=held.holder_id,
            at=at,
        )
