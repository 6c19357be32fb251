"""A new version begins with the permitted purposes and the origin of the version before."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from uuid import UUID

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.facts import asset_resource
from apps.catalog.models import Asset, AssetVersion
from apps.compliance import events
from apps.compliance.commands.permissions import ALL_COLUMNS
from apps.compliance.models import DataOrigin, PermittedPurpose
from apps.kernel.actor import Actor


@command(lock=Asset)
def inherit_permissions(*, actor: Actor, asset_id: UUID, at: datetime) -> None:
    """Give versions about which nothing was ever stated what is stated of the version before.

    A permission for all columns speaks of those there were: where there are new columns it is passed on for
    the old ones only. Doing it twice does nothing more.  Raises: NotFound, NotPermitted.
    """
    asset = Asset.objects.visible_to(actor).one(asset_id)
    authorize(actor=actor, operation=Operation.PERMIT_PURPOSE, resource=asset_resource(asset))
    for before, version in pairwise(asset.versions.order_by("number")):
        AssetVersion.objects.for_update(version.uid)  # whoever permits or states at the same time
        permissions = _pass_on_permissions(before, version, at=at)
        origin = _pass_on_origin(before, version, at=at)
        if permissions or origin:
            event = events.PermissionsInherited(
                asset_id=asset.uid,
                version_id=version.uid,
                from_version_id=before.uid,
                permissions=len(permissions),
                has_origin=origin is not None,
            )
            record(event, actor=actor, at=at)


def _pass_on_permissions(
    before: AssetVersion, version: AssetVersion, *, at: datetime
) -> list[PermittedPurpose]:
    if PermittedPurpose.objects.filter(version=version).exists():
        return []
    names_before = set(before.columns.values_list("name", "data_type"))
    names = set(version.columns.values_list("name", "data_type"))
    kept = sorted(name for name, _ in names & names_before)
    rows: dict[tuple[str, int], PermittedPurpose] = {}
    for held in PermittedPurpose.objects.in_force().filter(version=before).order_by("id"):
        if held.column_name == ALL_COLUMNS:
            columns = [ALL_COLUMNS] if names <= names_before else kept
        else:
            columns = [held.column_name] if held.column_name in kept else []
        for column in columns:
            rows[column, held.concept_id] = PermittedPurpose(
                version=version,
                column_name=column,
                concept_id=held.concept_id,
                permitted_by_id=held.permitted_by_id,
                inherited_from=held,
                created_at=at,
            )
    return PermittedPurpose.objects.bulk_create(rows.values())


def _pass_on_origin(before: AssetVersion, version: AssetVersion, *, at: datetime) -> DataOrigin | None:
    held = DataOrigin.objects.current().filter(version=before).first()
    if held is None or DataOrigin.objects.filter(version=version).exists():
        return None
    return DataOrigin.objects.create(
        version=version,
        original_basis=held.original_basis,
        original_purpose_id=held.original_purpose_id,
        research_area_id=held.research_area_id,
        source=held.source,
        retention_ends_on=held.retention_ends_on,
        agreement_ref=held.agreement_ref,
        agreement_ends_on=held.agreement_ends_on,
        stated_by_id=held.stated_by_id,
        inherited_from=held,
        created_at=at,
    )
