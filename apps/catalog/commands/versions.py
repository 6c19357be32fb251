"""Adding versions. A version, once there, never changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.commands.kinds import refuse_labels_by_hand
from apps.catalog.commands.locations import register_location
from apps.catalog.errors import (
    ASSET_RETIRED,
    BASE_IS_A_MODEL,
    CARRIED_BY_HAND,
    COLUMN_NAMELESS,
    COLUMN_TWICE,
    LOCATION_IN_USE,
    LOCATION_OF_ANOTHER_ASSET,
)
from apps.catalog.events import VersionRegistered
from apps.catalog.facts import asset_resource
from apps.catalog.lifecycle import AssetState
from apps.catalog.models import Asset, AssetKind, AssetVersion, Column, StorageLocation, VersionInput
from apps.catalog.models.version import InputRole
from apps.kernel.actor import Actor
from apps.kernel.characters import check_name
from apps.kernel.errors import invalid, invalid_state, rule_broken


@dataclass(frozen=True, kw_only=True)
class ColumnDraft:
    name: str
    data_type: str = ""
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class PlaceDraft:
    """A place of a lake, not registered yet."""

    lake_id: UUID
    bucket: str
    prefix: str


@dataclass(frozen=True, kw_only=True)
class InputDraft:
    """`carried`: by column of the new version those of the input that it tells something about, where the
    house itself made the one from the other."""

    version_id: UUID
    role: InputRole
    carried: Mapping[str, Sequence[str]] | None = None


@command(lock=Asset)
def register_version(
    *,
    actor: Actor,
    asset_id: UUID,
    location_id: UUID | None = None,
    place: PlaceDraft | None = None,
    label: str = "",
    columns: Sequence[ColumnDraft] = (),
    inputs: Sequence[InputDraft] = (),
    content_sha256: str = "",
    at: datetime,
) -> AssetVersion:
    """Add the next version, with its columns, its place in a lake and what it was made from.

    It lies at a location that is registered already, or at `place`, which is registered with it: either both
    happen or neither.
    Raises: NotFound, NotPermitted, InvalidInput, RuleBroken, Conflict, InvalidState (retired).
    """
    asset = Asset.objects.visible_to(actor).for_update(asset_id)
    authorize(actor=actor, operation=Operation.EDIT_ASSET, resource=asset_resource(asset))
    refuse_labels_by_hand(actor, asset.kind, "asset_id")
    if asset.state == AssetState.RETIRED:
        raise invalid_state(ASSET_RETIRED)
    _check_columns(columns)
    if place is not None:
        new = register_location(actor=actor, asset_id=asset_id, at=at, **asdict(place))
        location_id = new.uid
    version = AssetVersion.objects.create(
        asset=asset,
        number=(asset.versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        label=label,
        location=_location(actor, asset, location_id),
        content_sha256=content_sha256,
        registered_by_id=actor.person_id,
        created_at=at,
    )
    Column.objects.bulk_create(
        Column(
            version=version,
            position=position,
            name=column.name,
            data_type=column.data_type,
            description=column.description,
        )
        for position, column in enumerate(columns, start=1)
    )
    VersionInput.objects.bulk_create(_input(version, draft, actor) for draft in inputs)
    event = VersionRegistered(
        asset_id=asset.uid,
        version_id=version.uid,
        number=version.number,
        columns=tuple(column.name for column in columns),
        inputs=tuple(draft.version_id for draft in inputs),
    )
    record(event, actor=actor, at=at)
    return version


def check_role(asset: Asset, source: Asset, role: InputRole) -> None:
    """Raises: RuleBroken where something else than a model is fine-tuned, or fine-tuned from."""
    if role is InputRole.BASE_MODEL and {asset.kind, source.kind} != {AssetKind.MODEL}:
        raise rule_broken(BASE_IS_A_MODEL, field="inputs", input=source.name)


def _input(version: AssetVersion, draft: InputDraft, actor: Actor) -> VersionInput:
    source = AssetVersion.objects.visible_to(actor).select_related("asset").one(draft.version_id)
    check_role(version.asset, source.asset, draft.role)
    if draft.carried is not None and not actor.is_system:
        raise rule_broken(CARRIED_BY_HAND, field="inputs")
    return VersionInput(version=version, input=source, role=draft.role, carried=draft.carried)


def _check_columns(columns: Sequence[ColumnDraft]) -> None:
    seen = set()
    for column in columns:
        if not column.name.strip():
            raise invalid("columns", COLUMN_NAMELESS)
        check_name(column.name, "columns")
        if column.name in seen:
            raise invalid("columns", COLUMN_TWICE, column=column.name)
        seen.add(column.name)


def _location(actor: Actor, asset: Asset, location_id: UUID | None) -> StorageLocation | None:
    if location_id is None:
        return None
    location = StorageLocation.objects.visible_to(actor).one(location_id)
    if location.asset_id != asset.pk:
        raise rule_broken(LOCATION_OF_ANOTHER_ASSET, field="location_id")
    holder = AssetVersion.objects.filter(location=location).first()
    if holder is not None:
        raise rule_broken(LOCATION_IN_USE, field="location_id", version=holder.number)
    return location
