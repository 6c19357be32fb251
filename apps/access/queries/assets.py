"""An asset with what one person needs to know of it: what it is, what they have of it, what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.access.lifecycle import LIVE_GRANT, OPEN_REQUEST
from apps.access.models import Grant, Request
from apps.access.queries.grants import grants_visible_to
from apps.access.queries.hits import own_grants, own_requests
from apps.access.queries.previews import Preview, version_preview
from apps.access.queries.requests import requests_visible_to
from apps.accounts.authorization import authorize, may_each
from apps.accounts.models import Person
from apps.accounts.operations import Operation
from apps.accounts.roles import ObjectPermission
from apps.catalog.facts import asset_resource
from apps.catalog.lifecycle import AssetState
from apps.catalog.models import Asset, AssetKind, AssetVersion, StorageLocation
from apps.catalog.queries import accounts_holding, assets_visible_to, free_locations, versions_visible_to
from apps.classification.queries import (
    Progress,
    columns_with_sayings,
    progress_of,
    whole_with_sayings,
    with_progress,
)
from apps.compliance.models import PurposeVersion
from apps.kernel.actor import Actor

MOST_COLUMNS = 200
MOST_VERSIONS = 20
ON_ASSETS = (
    Operation.EDIT_ASSET,
    Operation.REGISTER_LOCATION,
    Operation.PUBLISH_ASSET,
    Operation.CLASSIFY,
    Operation.CONFIRM_LOWERING,
    Operation.GIVE_PERMISSION,
    Operation.READ_TRAIL,
    Operation.EDIT_RECORD,
    Operation.PREPARE_VIEW,
    Operation.BRING_LABELS,
)
KEEPING = frozenset(ON_ASSETS) - {
    Operation.GIVE_PERMISSION,
    Operation.READ_TRAIL,
    Operation.EDIT_RECORD,
    Operation.PREPARE_VIEW,
    Operation.BRING_LABELS,
}
OF_AN_ASSET = ("asset__organization", "asset__domain", "asset__model_details", "location__lake")


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something that makes an asset fit for use; publishing is refused only where a needed one is open."""

    code: str
    is_done: bool
    is_needed: bool = False


@dataclass(frozen=True, kw_only=True)
class OwnState:
    """What the reader has of an asset: a grant, an open request, or neither."""

    grant: Grant | None
    asked: Request | None


@dataclass(frozen=True, kw_only=True)
class AssetSheet:
    """`columns` are those of the latest version, with what holds for them; `whole` stands for them where a
    version has none. `operations` are those that the reader may perform; `free` the places without a version.
    """

    asset: Asset
    versions: tuple[AssetVersion, ...]
    progress: Progress | None
    columns: tuple[Any, ...]
    has_more_columns: bool
    whole: Any
    owners: tuple[Any, ...]
    own: OwnState
    operations: frozenset[Operation]
    free: tuple[StorageLocation, ...]

    @property
    def latest(self) -> Any:
        return self.versions[0] if self.versions else None

    @property
    def may_keep(self) -> bool:
        """Whether the reader may do any of what keeps an asset right."""
        return not self.operations.isdisjoint(KEEPING)

    @property
    def steps(self) -> tuple[Step, ...]:
        """In the order in which one takes them. The first is what `publish_asset` asks for."""
        latest, progress = self.latest, self.progress
        found = (
            Step(code="version", is_done=latest is not None, is_needed=True),
            Step(code="description", is_done=bool(self.asset.description.strip())),
            Step(code="location", is_done=bool(latest and latest.location_id)),
            Step(code="classified", is_done=bool(progress and progress.is_complete)),
            Step(code="confirmed", is_done=bool(progress and progress.is_confirmed)),
            Step(code="owner", is_done=bool(self.owners)),
        )
        lies_in_a_lake = self.asset.kind != AssetKind.LABEL_SET
        return tuple(step for step in found if lies_in_a_lake or step.code != "location")

    @property
    def is_publishable(self) -> bool:
        is_ready = all(step.is_done for step in self.steps if step.is_needed)
        return self.asset.state == AssetState.DRAFT and is_ready


@dataclass(frozen=True, kw_only=True)
class NeedsSheet:
    """What it takes to use the latest version of an asset for one purpose."""

    asset: Asset
    own: OwnState
    preview: Preview | None


@dataclass(frozen=True, kw_only=True)
class InUse:
    """What ends or stops when an asset is retired, as far as the actor may see it."""

    grants: int
    requests: int


def asset_sheet(actor: Actor, asset_id: UUID) -> AssetSheet:
    """At most ten queries.  Raises: NotFound."""
    asset = assets_visible_to(actor).one(asset_id)
    found = with_progress(versions_visible_to(actor).filter(asset=asset)).select_related(*OF_AN_ASSET)
    versions = tuple(found.order_by("-number")[:MOST_VERSIONS])
    latest = versions[0] if versions else None
    columns = tuple(columns_with_sayings(latest)[: MOST_COLUMNS + 1]) if latest else ()
    operations = may_each(actor=actor, operations=ON_ASSETS, resource=asset_resource(asset))
    keeps = Operation.REGISTER_LOCATION in operations and asset.kind != AssetKind.LABEL_SET
    return AssetSheet(
        asset=asset,
        versions=versions,
        progress=progress_of(latest) if latest else None,
        columns=columns[:MOST_COLUMNS],
        has_more_columns=len(columns) > MOST_COLUMNS,
        whole=whole_with_sayings(latest)["saying"] if latest and not columns else None,
        owners=tuple(accounts_holding(ObjectPermission.OWN, asset)),
        own=own_state(actor, asset),
        operations=operations,
        free=tuple(free_locations(actor, asset).order_by("pk")) if keeps else (),
    )


def needs_sheet(
    actor: Actor, asset_id: UUID, *, requester: Person, purpose: PurposeVersion, at: datetime
) -> NeedsSheet:
    """Ten queries, however many columns; the rest of the asset is not read.  Raises: NotFound."""
    found = versions_visible_to(actor).prefetch_related(None).filter(asset__uid=asset_id)
    version = found.select_related(*OF_AN_ASSET).order_by("-number").first()
    if version is None or version.asset.state != AssetState.PUBLISHED:
        asset = version.asset if version else assets_visible_to(actor).one(asset_id)
        return NeedsSheet(asset=asset, own=own_state(actor, asset), preview=None)
    return NeedsSheet(
        asset=version.asset,
        own=own_state(actor, version.asset),
        preview=version_preview(actor, version, requester, purpose, at=at),
    )


def own_state(actor: Actor, asset: Asset) -> OwnState:
    """The grant that lasts longest, and the newest open request. Two queries."""
    asked = own_requests(actor).filter(revision__items__asset=asset)
    return OwnState(
        grant=own_grants(actor).filter(asset=asset).order_by("-not_after").first(),
        asked=asked.order_by("-pk").first(),
    )


def in_use(actor: Actor, asset_id: UUID) -> InUse:
    """Two queries."""
    requests = requests_visible_to(actor).filter(state__in=OPEN_REQUEST)
    return InUse(
        grants=grants_visible_to(actor).filter(asset__uid=asset_id, state__in=LIVE_GRANT).count(),
        requests=requests.filter(revision__items__asset__uid=asset_id).count(),
    )


def kept_asset(actor: Actor, asset_id: UUID, operation: Operation) -> AssetSheet:
    """The sheet, for a form of those who may perform the operation.

    Raises: NotFound, NotPermitted.
    """
    sheet = asset_sheet(actor, asset_id)
    if operation not in sheet.operations:
        authorize(actor=actor, operation=operation, resource=asset_resource(sheet.asset))
    return sheet
