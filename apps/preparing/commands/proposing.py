"""Asking for a view, and the second person's word where it is about people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Value
from django.db.models.functions import Lower

from apps.accounts.authorization import authorize, standing_of
from apps.accounts.commands.organizations import present
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.facts import asset_resource
from apps.catalog.lifecycle import AssetState
from apps.catalog.models import Asset, AssetKind, AssetVersion, StorageLocation
from apps.classification.facts import column_standings
from apps.compliance.facts.reach import why_closed
from apps.kernel.actor import Actor
from apps.kernel.errors import InvalidState, NotPermitted, conflict, invalid, invalid_state, rule_broken
from apps.kernel.ids import new_uid
from apps.lakes.prefix import BucketName, StoragePrefix, StorageRoot, contains
from apps.lakes.providers.objects import keeps_objects
from apps.policy.reason import Reason
from apps.preparing import errors
from apps.preparing.events import ViewProposed, ViewQueued, ViewRejected, ViewWithdrawn
from apps.preparing.lifecycle import ViewState, move
from apps.preparing.models import PreparedView
from apps.preparing.recipe import StepDraft, recipe_from

FOLDER = "lakewarden-views"
"""Below a root of the lake; a folder for each view in it."""


@command(lock=AssetVersion)
def prepare_view(
    *,
    actor: Actor,
    asset_version_id: UUID,
    name: str,
    columns: Sequence[StepDraft],
    rows: str = "",
    at: datetime,
) -> PreparedView:
    """Ask for a masked and filtered copy. Where the version holds data about people, or nobody has said
    whether it does, another person has to confirm what it is made by; otherwise it is prepared at once.

    Raises: NotFound, NotPermitted, InvalidInput (the recipe), RuleBroken, Conflict (the name), InvalidState.
    """
    version = AssetVersion.objects.visible_to(actor).select_related("asset").one(asset_version_id)
    asset = version.asset
    authorize(actor=actor, operation=Operation.PREPARE_VIEW, resource=asset_resource(asset))
    place = place_to_read(version)
    name = present(name)
    _refuse_known_name(actor, asset, name)
    known = list(version.columns.order_by("position").values_list("name", flat=True))
    if not known:
        raise rule_broken(errors.COLUMNS_UNKNOWN, version=version.number)
    recipe = recipe_from(columns, rows, known)
    needs_second_person = not _is_about_nobody(version, known)
    uid = new_uid()
    bucket, prefix = _room(place, uid)
    view = PreparedView.objects.create(
        uid=uid,
        source=version,
        name=name,
        recipe=recipe.document,
        recipe_sha256=recipe.sha256,
        lake=place.lake,
        bucket=bucket,
        prefix=prefix,
        state=ViewState.PROPOSED if needs_second_person else ViewState.QUEUED,
        asked_by_id=actor.person_key,
        needs_second_person=needs_second_person,
        created_at=at,
    )
    event = ViewProposed(
        view_id=view.uid,
        version_id=version.uid,
        recipe_sha256=view.recipe_sha256,
        needs_second_person=needs_second_person,
    )
    record(event, actor=actor, at=at)
    if not needs_second_person:
        record(ViewQueued(view_id=view.uid, version_id=version.uid), actor=actor, at=at)
    return view


@command(lock=PreparedView)
def confirm_view(*, actor: Actor, prepared_view_id: UUID, at: datetime) -> PreparedView:
    """The second person has looked at the recipe: it is prepared now.  Raises: NotFound, NotPermitted,
    InvalidState."""
    view = _read_for_second(actor, prepared_view_id)
    view.state = move(view.state, ViewState.QUEUED)
    view.confirmed_by_id, view.confirmed_at = actor.person_id, at
    view.write("state", "confirmed_by", "confirmed_at")
    record(ViewQueued(view_id=view.uid, version_id=view.source.uid), actor=actor, at=at)
    return view


@command(lock=PreparedView)
def reject_view(*, actor: Actor, prepared_view_id: UUID, comment: str, at: datetime) -> PreparedView:
    """Say what should be otherwise.  Raises: NotFound, NotPermitted, InvalidInput, InvalidState."""
    view = _read_for_second(actor, prepared_view_id)
    if not comment.strip():
        raise invalid("comment", errors.REASON_MISSING)
    view.state = move(view.state, ViewState.REJECTED)
    view.rejection_reason = comment
    view.write("state", "rejection_reason")
    record(ViewRejected(view_id=view.uid, comment=comment), actor=actor, at=at)
    return view


@command(lock=PreparedView)
def retry_view(*, actor: Actor, prepared_view_id: UUID, at: datetime) -> PreparedView:
    """Prepare it once more, after what stood in the way was mended.

    Raises: NotFound, NotPermitted, InvalidState.
    """
    view = _read(actor, prepared_view_id)
    view.state = move(view.state, ViewState.QUEUED)
    view.write("state")
    record(ViewQueued(view_id=view.uid, version_id=view.source.uid), actor=actor, at=at)
    return view


@command(lock=PreparedView)
def withdraw_view(*, actor: Actor, prepared_view_id: UUID, at: datetime) -> PreparedView:
    """It is not wanted any more.  Raises: NotFound, NotPermitted, InvalidState."""
    view = _read(actor, prepared_view_id)
    view.state = move(view.state, ViewState.WITHDRAWN)
    view.write("state")
    record(ViewWithdrawn(view_id=view.uid), actor=actor, at=at)
    return view


def place_to_read(version: AssetVersion) -> StorageLocation:
    """Where the version lies, if a view may be made of it now.

    Raises: RuleBroken (no place, no files, no dataset), InvalidState (retired, closed, lake disabled).
    """
    if version.asset.kind != AssetKind.DATASET:
        raise rule_broken(errors.NOT_A_DATASET, name=version.asset.name)
    if version.asset.state == AssetState.RETIRED:
        raise invalid_state(errors.SOURCE_RETIRED, name=version.asset.name)
    if version.location is None:
        raise rule_broken(errors.NO_PLACE, version=version.number)
    version.location.lake.expect_enabled()
    if not keeps_objects(version.location.lake.spec()):
        raise rule_broken(errors.NO_FILES_THERE, version=version.number)
    closed = why_closed([version.pk])
    if closed:
        raise InvalidState(*closed[version.pk])
    return version.location


def _refuse_known_name(actor: Actor, asset: Asset, name: str) -> None:
    """Among what the actor sees; what is hidden never tells by a refusal that it is there."""
    called_so = Asset.objects.alias(lowered=Lower("name")).filter(lowered=Lower(Value(name)))
    if called_so.visible_to(actor).filter(domain=asset.domain_id, kind=AssetKind.DATASET).exists():
        raise conflict(errors.NAME_TAKEN, name=name)


def _is_about_nobody(version: AssetVersion, known: Sequence[str]) -> bool:
    """Of every column of the version a person said so, and of everything it was made from."""
    standings = column_standings([version.pk])
    said = [standings.get((version.pk, name)) for name in known]
    return all(each is not None and each.is_personal is False and each.is_confirmed for each in said)


def _room(place: StorageLocation, uid: UUID) -> tuple[str, str]:
    """Below a root that no data lie over, in the bucket of the version where that is possible.

    Raises: RuleBroken.
    """
    lake = place.lake
    roots = sorted(lake.storage_roots(), key=lambda root: root.bucket.text != place.bucket)
    for root in roots:
        bucket, prefix = root.bucket, StoragePrefix(text=f"{root.prefix}{FOLDER}/{uid.hex}/")
        above = StorageLocation.objects.filter(endpoint=place.endpoint, bucket=bucket.text, is_active=True)
        if not any(_lies_over(location, bucket, prefix) for location in above.only("bucket", "prefix")):
            return bucket.text, prefix.text
    raise rule_broken(errors.NO_ROOM, lake=lake.name)


def _lies_over(location: StorageLocation, bucket: BucketName, prefix: StoragePrefix) -> bool:
    return contains(
        StorageRoot(bucket=BucketName(text=location.bucket), prefix=location.prefix), bucket, prefix
    )


def _read(actor: Actor, prepared_view_id: UUID) -> PreparedView:
    view = PreparedView.objects.visible_to(actor).for_update(prepared_view_id)
    authorize(actor=actor, operation=Operation.PREPARE_VIEW, resource=asset_resource(view.source.asset))
    return view


def _read_for_second(actor: Actor, prepared_view_id: UUID) -> PreparedView:
    view = PreparedView.objects.visible_to(actor).for_update(prepared_view_id)
    authorize(actor=actor, operation=Operation.CONFIRM_VIEW, resource=asset_resource(view.source.asset))
    if not actor.person_id or view.asked_by_id in standing_of(actor).ties.linked:
        raise NotPermitted(Reason(code=errors.SECOND_PERSON))
    return view
