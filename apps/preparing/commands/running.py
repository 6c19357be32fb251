"""Beginning, finishing and giving up the work on a view. Nothing is registered before all is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.commands import (
    ColumnDraft,
    InputDraft,
    PlaceDraft,
    pass_on_permissions,
    register_asset,
    register_version,
)
from apps.catalog.facts import asset_resource
from apps.catalog.models import Asset, AssetKind, AssetVersion
from apps.catalog.models.version import InputRole
from apps.classification.commands import Pseudonymised, classify_derived
from apps.kernel.actor import Actor
from apps.kernel.errors import Conflict, invalid_state
from apps.policy.reason import Reason
from apps.preparing import errors
from apps.preparing.commands.keys import Reserved, reserved_key
from apps.preparing.commands.proposing import place_to_read
from apps.preparing.events import ViewFailed, ViewReady, ViewStarted
from apps.preparing.lifecycle import ViewState, move
from apps.preparing.models import PreparedView
from apps.preparing.recipe import Mask
from apps.preparing.work.making import Made


@command(lock=PreparedView)
def begin_run(*, actor: Actor, prepared_view_id: UUID, at: datetime) -> Reserved:
    """Check everything anew and write down which key the work needs. A run that died is left behind: its
    folder is not this one's, and it can finish nothing.

    Raises: NotFound, NotPermitted, InvalidState, RuleBroken.
    """
    view = _locked(actor, prepared_view_id)
    view.state = move(view.state, ViewState.RUNNING)
    place = place_to_read(view.source)
    view.run += 1
    view.started_at, view.finished_at = at, None
    view.write("state", "run", "started_at", "finished_at")
    record(ViewStarted(view_id=view.uid, run=view.run), actor=actor, at=at)
    return reserved_key(view, place, actor=actor, at=at)


@command(lock=PreparedView)
def finish_view(*, actor: Actor, prepared_view_id: UUID, run: int, made: Made, at: datetime) -> PreparedView:
    """Register what was written, with its lineage and with what holds for its columns: all of it or nothing.

    Raises: NotFound, NotPermitted, InvalidState (another run has begun; the source is retired, closed or its
    lake disabled), RuleBroken, Conflict.
    """
    view = _locked(actor, prepared_view_id)
    if (view.run, view.state) != (run, ViewState.RUNNING):
        raise invalid_state(errors.OVERTAKEN)
    place_to_read(view.source)
    view.state = move(view.state, ViewState.READY)
    version = _registered(view, made, actor=actor, at=at)
    view.derived, view.finished_at, view.failure = version, at, None
    view.rows_in, view.rows_out, view.files = made.rows_in, made.rows_out, made.files
    view.write("state", "derived", "finished_at", "failure", "rows_in", "rows_out", "files")
    event = ViewReady(
        view_id=view.uid,
        version_id=version.uid,
        asset_id=version.asset.uid,
        recipe_sha256=view.recipe_sha256,
        rows_in=made.rows_in,
        rows_out=made.rows_out,
    )
    record(event, actor=actor, at=at)
    return view


@command(lock=PreparedView)
def fail_view(
    *, actor: Actor, prepared_view_id: UUID, run: int, reason: Reason, at: datetime
) -> PreparedView:
    """Say what stood in the way. A run that was overtaken says nothing.  Raises: NotFound, NotPermitted."""
    view = _locked(actor, prepared_view_id)
    if view.run != run or view.state not in {ViewState.QUEUED, ViewState.RUNNING}:
        return view
    view.state = move(view.state, ViewState.FAILED)
    view.failure, view.finished_at = reason.as_json(), at
    view.write("state", "failure", "finished_at")
    record(ViewFailed(view_id=view.uid, run=run, fault=reason.code), actor=actor, at=at)
    return view


def _registered(view: PreparedView, made: Made, *, actor: Actor, at: datetime) -> AssetVersion:
    recipe = view.steps
    asset = _named(view, actor=actor, at=at)
    pass_on_permissions(view.source.asset, asset, actor=actor, at=at)
    types = dict(view.source.columns.values_list("name", "data_type"))
    version: AssetVersion = register_version(
        actor=actor,
        asset_id=asset.uid,
        place=PlaceDraft(lake_id=view.lake.uid, bucket=view.bucket, prefix=view.folder),
        columns=[ColumnDraft(name=name, data_type=made.types.get(name, types[name])) for name in recipe.left],
        inputs=[
            InputDraft(version_id=view.source.uid, role=InputRole.SOURCE, carried=recipe.carried),
        ],
        at=at,
    )
    two = Pseudonymised(asked_by_id=view.asked_by_id, confirmed_by_id=view.confirmed_by_id)
    columns: Mapping[str, Pseudonymised | None] = {
        name: two if isinstance(recipe.steps[name], Mask) else None for name in recipe.left
    }
    classify_derived(
        actor=actor, asset_version_id=version.uid, source_id=view.source.uid, columns=columns, at=at
    )
    return version


def _named(view: PreparedView, *, actor: Actor, at: datetime) -> Asset:
    """Under the name that was asked for; where another took it meanwhile, with the end of its own id."""
    about = {"domain_id": view.source.asset.domain.uid, "kind": AssetKind.DATASET}
    try:
        asset: Asset = register_asset(actor=actor, name=view.name, at=at, **about)
    except Conflict:
        asset = register_asset(actor=actor, name=f"{view.name[:180]} ({view.uid.hex[-8:]})", at=at, **about)
    return asset


def _locked(actor: Actor, prepared_view_id: UUID) -> PreparedView:
    view = PreparedView.objects.visible_to(actor).for_update(prepared_view_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=asset_resource(view.source.asset))
    return view
