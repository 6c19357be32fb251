"""For which purposes the columns of a version may be used."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.facts import asset_resource
from apps.catalog.models import AssetVersion
from apps.compliance import events
from apps.compliance.commands.concepts import concept_in_use
from apps.compliance.errors import (
    CONCEPT_UNKNOWN,
    PERMISSION_COLUMN_UNKNOWN,
    PURPOSE_NOT_PERMITTED,
    PURPOSE_PERMITTED_ALREADY,
)
from apps.compliance.models import PermittedPurpose, PurposeConcept
from apps.kernel.actor import Actor
from apps.kernel.errors import conflict, invalid, invalid_state

ALL_COLUMNS = ""


@command(lock=AssetVersion)
def permit_purpose(
    *,
    actor: Actor,
    asset_version_id: UUID,
    concept_code: str,
    columns: Sequence[str] = (),
    at: datetime,
) -> tuple[PermittedPurpose, ...]:
    """Permit a kind of purpose for columns of a version; for all of them, where none is named.

    Raises: NotFound, NotPermitted, InvalidInput, Conflict (permitted already).
    """
    version, _ = _open(actor, asset_version_id, columns)
    concept = concept_in_use("concept_code", concept_code)
    held = _in_force(version, concept)
    permitted = set(held.values_list("column_name", flat=True))
    wanted = list(dict.fromkeys(columns)) or [ALL_COLUMNS]
    added = [] if ALL_COLUMNS in permitted else [name for name in wanted if name not in permitted]
    if not added:
        raise conflict(PURPOSE_PERMITTED_ALREADY, concept=concept_code)
    if added == [ALL_COLUMNS]:
        _end(held, actor=actor, at=at)
    rows = _permit(version, concept, added, actor=actor, at=at)
    event = events.PurposePermitted(
        asset_id=version.asset.uid, version_id=version.uid, concept=concept_code, columns=tuple(columns)
    )
    record(event, actor=actor, at=at)
    return rows


@command(lock=AssetVersion)
def forbid_purpose(
    *,
    actor: Actor,
    asset_version_id: UUID,
    concept_code: str,
    columns: Sequence[str] = (),
    at: datetime,
) -> None:
    """Take a permission back, for the columns named or for all. The other columns keep theirs.

    Raises: NotFound, NotPermitted, InvalidInput, InvalidState (not permitted there).
    """
    version, names = _open(actor, asset_version_id, columns)
    concept = PurposeConcept.objects.filter(code=concept_code).first()
    if concept is None:
        raise invalid("concept_code", CONCEPT_UNKNOWN, concept=concept_code)
    held = _in_force(version, concept)
    permitted = set(held.values_list("column_name", flat=True))
    is_for_all = ALL_COLUMNS in permitted
    if not permitted or not set(columns) <= (set(names) if is_for_all else permitted):
        raise invalid_state(PURPOSE_NOT_PERMITTED, concept=concept_code)
    kept = [name for name in names if name not in columns] if is_for_all and columns else []
    ended = held.filter(column_name__in=columns) if columns and not is_for_all else held
    _end(ended, actor=actor, at=at)
    _permit(version, concept, kept, actor=actor, at=at)
    event = events.PurposeForbidden(
        asset_id=version.asset.uid, version_id=version.uid, concept=concept_code, columns=tuple(columns)
    )
    record(event, actor=actor, at=at)


def _open(
    actor: Actor, asset_version_id: UUID, columns: Collection[str]
) -> tuple[AssetVersion, tuple[str, ...]]:
    """The version and the names of its columns."""
    version = AssetVersion.objects.visible_to(actor).select_related("asset").one(asset_version_id)
    authorize(actor=actor, operation=Operation.PERMIT_PURPOSE, resource=asset_resource(version.asset))
    names = tuple(version.columns.values_list("name", flat=True))
    for column in columns:
        if column not in names:
            raise invalid("columns", PERMISSION_COLUMN_UNKNOWN, column=column)
    return version, names


def _in_force(version: AssetVersion, concept: PurposeConcept) -> QuerySet[PermittedPurpose]:
    return PermittedPurpose.objects.in_force().filter(version=version, concept=concept)


def _permit(
    version: AssetVersion, concept: PurposeConcept, columns: Iterable[str], *, actor: Actor, at: datetime
) -> tuple[PermittedPurpose, ...]:
    rows = [
        PermittedPurpose(
            version=version,
            column_name=column,
            concept=concept,
            permitted_by_id=actor.person_id,
            created_at=at,
        )
        for column in columns
    ]
    return tuple(PermittedPurpose.objects.bulk_create(rows))


def _end(held: QuerySet[PermittedPurpose], *, actor: Actor, at: datetime) -> None:
    held.update(ended_at=at, ended_by=actor.person_id, row_version=F("row_version") + 1)
