"""Registering where the data of an asset lie."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.commands.kinds import refuse_labels_by_hand
from apps.catalog.errors import LOCATION_OUTSIDE_ROOTS, LOCATION_OVERLAPS, LOCATION_TAKEN
from apps.catalog.events import LocationRegistered
from apps.catalog.facts import asset_resource
from apps.catalog.models import Asset, StorageLocation
from apps.kernel.actor import Actor
from apps.kernel.errors import conflict, rule_broken
from apps.lakes.models import Lake
from apps.lakes.prefix import contains


@command(lock=Asset)
def register_location(
    *, actor: Actor, asset_id: UUID, lake_id: UUID, bucket: str, prefix: str, at: datetime
) -> StorageLocation:
    """Bind a place of a lake to an asset. Overlap with another asset is refused by the database.

    Raises: NotFound, NotPermitted, InvalidInput (grammar), RuleBroken (outside the roots), Conflict,
    InvalidState (the lake is disabled).
    """
    asset = Asset.objects.visible_to(actor).for_update(asset_id)
    authorize(actor=actor, operation=Operation.REGISTER_LOCATION, resource=asset_resource(asset))
    refuse_labels_by_hand(actor, asset.kind, "asset_id")
    lake = Lake.objects.visible_to(actor).filter(organization=asset.organization_id).one(lake_id)
    lake.expect_enabled()
    place = lake.spot(bucket, prefix)
    if not any(contains(root, *place) for root in lake.storage_roots()):
        roots = ", ".join(lake.roots)
        raise rule_broken(LOCATION_OUTSIDE_ROOTS, field="prefix", bucket=bucket, prefix=prefix, roots=roots)
    location = StorageLocation(
        asset=asset, lake=lake, endpoint=lake.storage_endpoint, bucket=bucket, prefix=prefix, created_at=at
    )
    _insert(location)
    event = LocationRegistered(
        asset_id=asset.uid, location_id=location.uid, lake_id=lake.uid, bucket=bucket, prefix=prefix
    )
    record(event, actor=actor, at=at)
    return location


def _insert(location: StorageLocation) -> None:
    """The database is asked, not a query before it: two registrations at once cannot both pass."""
    try:
        with transaction.atomic():
            _wait_for_bucket(location)
            location.save(force_insert=True)
    except IntegrityError as refusal:
        constraint = refusal.__cause__.diag.constraint_name  # type: ignore[union-attr]
        code = {
            "storage_location_no_overlap": LOCATION_OVERLAPS,
            "storage_location_once": LOCATION_TAKEN,
        }.get(constraint)
        if code is None:
            raise
        raise conflict(code, bucket=location.bucket, prefix=location.prefix) from refusal


def _wait_for_bucket(location: StorageLocation) -> None:
    """Two overlapping inserts would each wait for the other under an exclusion constraint: a deadlock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 4712))",
            [f"{location.endpoint}/{location.bucket}"],
        )
