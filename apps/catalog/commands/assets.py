"""Registering, changing, publishing and retiring assets."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Value
from django.db.models.functions import Lower

from apps.accounts.authorization import authorize
from apps.accounts.commands.organizations import domain_resource, present
from apps.accounts.models import Domain
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog import lifecycle
from apps.catalog.commands.kinds import refuse_labels_by_hand
from apps.catalog.errors import ASSET_NAME_TAKEN, VERSION_MISSING
from apps.catalog.events import AssetChanged, AssetPublished, AssetRegistered, AssetRetired
from apps.catalog.facts import asset_resource
from apps.catalog.models import Asset, AssetKind, ModelDetails
from apps.kernel.actor import Actor
from apps.kernel.errors import conflict, invalid_state


@command(lock=Domain)
def register_asset(
    *,
    actor: Actor,
    domain_id: UUID,
    kind: AssetKind,
    name: str,
    description: str = "",
    task: str = "",
    framework: str = "",
    at: datetime,
) -> Asset:
    """Add an asset as a draft, seen by those who work with the domain.

    `task` and `framework` are kept for models.  Raises: NotFound, NotPermitted, RuleBroken (labels by hand),
    InvalidInput, Conflict.
    """
    domain = Domain.objects.visible_to(actor).one(domain_id)
    authorize(actor=actor, operation=Operation.REGISTER_ASSET, resource=domain_resource(domain))
    refuse_labels_by_hand(actor, kind)
    _refuse_known_name(actor, domain.pk, kind, name)
    asset = Asset.objects.create(
        kind=kind,
        organization_id=domain.organization_id,
        domain=domain,
        name=present(name),
        description=description,
        created_at=at,
    )
    if kind == AssetKind.MODEL:
        ModelDetails.objects.create(asset=asset, task=task, framework=framework)
    event = AssetRegistered(asset_id=asset.uid, kind=asset.kind, domain_id=domain.uid)
    record(event, actor=actor, at=at)
    return asset


@command(lock=Asset)
def change_asset(
    *,
    actor: Actor,
    asset_id: UUID,
    name: str | None = None,
    description: str | None = None,
    seen_version: int | None = None,
    at: datetime,
) -> Asset:
    """Change what is given.  Raises: NotFound, NotPermitted, StaleVersion, InvalidInput, Conflict."""
    asset = Asset.objects.visible_to(actor).for_update(asset_id)
    authorize(actor=actor, operation=Operation.EDIT_ASSET, resource=asset_resource(asset))
    asset.expect_version(seen_version)
    changed = []
    if name is not None and present(name) != asset.name:
        _refuse_known_name(actor, asset.domain_id, AssetKind(asset.kind), name, other_than=asset)
        asset.name = present(name)
        changed.append("name")
    if description is not None and description != asset.description:
        asset.description = description
        changed.append("description")
    asset.write(*changed)
    record(AssetChanged(asset_id=asset.uid, changed=tuple(changed)), actor=actor, at=at)
    return asset


@command(lock=Asset)
def publish_asset(*, actor: Actor, asset_id: UUID, at: datetime) -> Asset:
    """Show the asset to the audience of its domain.

    Raises: NotFound, NotPermitted, InvalidState (no version yet, or not a draft).
    """
    asset = Asset.objects.visible_to(actor).for_update(asset_id)
    authorize(actor=actor, operation=Operation.PUBLISH_ASSET, resource=asset_resource(asset))
    state = lifecycle.move(asset.state, lifecycle.AssetState.PUBLISHED)
    if not asset.versions.exists():
        raise invalid_state(VERSION_MISSING)
    asset.state, asset.published_at = state, at
    asset.write("state", "published_at")
    record(AssetPublished(asset_id=asset.uid), actor=actor, at=at)
    return asset


@command(lock=Asset)
def retire_asset(*, actor: Actor, asset_id: UUID, at: datetime) -> Asset:
    """Take the asset out of use: nothing new is opened from it.

    Raises: NotFound, NotPermitted, InvalidState.
    """
    asset = Asset.objects.visible_to(actor).for_update(asset_id)
    authorize(actor=actor, operation=Operation.PUBLISH_ASSET, resource=asset_resource(asset))
    asset.state = lifecycle.move(asset.state, lifecycle.AssetState.RETIRED)
    asset.write("state")
    record(AssetRetired(asset_id=asset.uid), actor=actor, at=at)
    return asset


def _refuse_known_name(
    actor: Actor, domain_id: int, kind: AssetKind, name: str, *, other_than: Asset | None = None
) -> None:
    """Among what the actor sees, for their sake. Two assets may have one name: what is hidden never tells by
    a refusal that it is there."""
    called_so = Asset.objects.alias(lowered=Lower("name")).filter(lowered=Lower(Value(present(name))))
    known = called_so.visible_to(actor).filter(domain=domain_id, kind=kind)
    if other_than is not None:
        known = known.exclude(pk=other_than.pk)
    if known.exists():
        raise conflict(ASSET_NAME_TAKEN, kind=kind.value, name=present(name))
