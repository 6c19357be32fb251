"""Registers brought from elsewhere: a file is read, its columns are mapped, and its rows become drafts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from apps.accounts.authorization import Resource, authorize
from apps.accounts.models import Organization
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.compliance import events
from apps.compliance.commands.activities import draft_activity
from apps.compliance.commands.legal import draft_record
from apps.compliance.errors import COLUMN_UNKNOWN, IMPORT_ENDED, MAPPING_NAMELESS, TARGET_UNKNOWN
from apps.compliance.facts.art30.known import known_to
from apps.compliance.facts.art30.trial import trial_of
from apps.compliance.imports.sheets import read_sheet
from apps.compliance.imports.targets import Field, usual_columns
from apps.compliance.lifecycle import ActivityContent
from apps.compliance.lifecycle.retention import RETENTIONS
from apps.compliance.models import ColumnMapping, RegisterImport
from apps.kernel.actor import Actor
from apps.kernel.characters import check_name
from apps.kernel.errors import InvalidInput, RuleBroken, invalid, invalid_state
from apps.policy.reason import Reason

LONGEST_NAME = 150


@command(lock=Organization)
def bring_register(
    *, actor: Actor, organization_id: UUID, name: str, content: bytes, at: datetime
) -> RegisterImport:
    """Read a file, and map its columns as far as their names tell. Nothing becomes a record yet.

    Raises: NotFound, NotPermitted, InvalidInput, RuleBroken (what cannot be read, or is too large).
    """
    organization = Organization.objects.visible_to(actor).one(organization_id)
    authorize(actor=actor, operation=Operation.EDIT_RECORD, resource=_place(organization))
    check_name(name)
    sheet = read_sheet(content)
    brought = RegisterImport.objects.create(
        organization=organization,
        name=name.rpartition("/")[2][-LONGEST_NAME:],
        sha256=hashlib.sha256(content).hexdigest(),
        brought_by_id=actor.person_id,
        head=list(sheet.head),
        lines=[[line.number, list(line.cells)] for line in sheet.lines],
        line_count=len(sheet.lines),
        columns=usual_columns(sheet.head),
        created_at=at,
    )
    event = events.RegisterBrought(
        register_import_id=brought.uid, lines=brought.line_count, sha256=brought.sha256
    )
    record(event, actor=actor, at=at)
    return brought


@command(lock=RegisterImport)
def map_columns(
    *,
    actor: Actor,
    register_import_id: UUID,
    columns: Mapping[str, str],
    keep_as: str = "",
    at: datetime,
) -> RegisterImport:
    """Say which column fills what; with a name, the mapping is kept for the next file of its kind.

    Raises: NotFound, NotPermitted, InvalidState (imported or thrown away), InvalidInput.
    """
    brought = _open(actor, register_import_id)
    wrong = []
    known = ", ".join(field.value for field in Field)
    for target, column in columns.items():
        if target not in {field.value for field in Field}:
            facts = {"target": target[:80], "known": known}
            wrong.append(Reason(code=TARGET_UNKNOWN, field="columns", facts=facts))
        elif column not in brought.head or not column:
            wrong.append(Reason(code=COLUMN_UNKNOWN, field="columns", facts={"column": column[:80]}))
    if wrong:
        raise InvalidInput(*wrong)
    brought.columns = dict(columns)
    brought.write("columns")
    if keep_as:
        if not keep_as.strip():
            raise invalid("keep_as", MAPPING_NAMELESS)
        check_name(keep_as, "keep_as")
        kept = ColumnMapping.objects.filter(
            organization=brought.organization, name__iexact=keep_as.strip()
        ).first()
        if kept is None:
            kept = ColumnMapping(
                organization=brought.organization, name=keep_as.strip(), columns={}, created_at=at
            )
            kept.columns = dict(columns)
            kept.save(force_insert=True)
        else:
            kept.columns = dict(columns)
            kept.write("columns")
    record(events.ColumnsMapped(register_import_id=brought.uid, kept_as=keep_as), actor=actor, at=at)
    return brought


@command(lock=RegisterImport)
def import_register(*, actor: Actor, register_import_id: UUID, at: datetime) -> RegisterImport:
    """Make every row a draft of a processing activity, and time limits that are no schedule yet drafts of
    schedules. One fault in one line, and nothing is made.

    Raises: NotFound, NotPermitted, InvalidState, RuleBroken with every fault of every line.
    """
    brought = _open(actor, register_import_id)
    tried = trial_of(brought, known_to(actor, brought.organization))
    if faults := tuple(reason for row in tried for reason in row.faults):
        raise RuleBroken(*faults)
    organization_id = brought.organization.uid
    wanted = {key: schedule for row in tried for key, schedule in row.said.schedules.items()}
    drafted = {
        key: draft_record(
            actor=actor, organization_id=organization_id, kind=RETENTIONS.slug, content=schedule, at=at
        ).legal_record.uid
        for key, schedule in wanted.items()
    }
    for row in tried:
        content = _kept_by(row.content, drafted)
        draft_activity(actor=actor, organization_id=organization_id, content=content, at=at)
    _end(brought, at=at)
    brought.draft_count = len(tried)
    brought.write("lines", "ended_at", "draft_count")
    event = events.RegisterImported(register_import_id=brought.uid, drafts=len(tried), sha256=brought.sha256)
    record(event, actor=actor, at=at)
    return brought


@command(lock=RegisterImport)
def discard_import(*, actor: Actor, register_import_id: UUID, at: datetime) -> RegisterImport:
    """Throw the lines of a file away.  Raises: NotFound, NotPermitted, InvalidState."""
    brought = _open(actor, register_import_id)
    _end(brought, at=at)
    brought.write("lines", "ended_at")
    record(events.ImportDiscarded(register_import_id=brought.uid), actor=actor, at=at)
    return brought


def _open(actor: Actor, register_import_id: UUID) -> RegisterImport:
    brought = RegisterImport.objects.visible_to(actor).for_update(register_import_id)
    authorize(actor=actor, operation=Operation.EDIT_RECORD, resource=_place(brought.organization))
    if brought.ended_at is not None:
        raise invalid_state(IMPORT_ENDED, name=brought.name)
    return brought


def _kept_by(content: ActivityContent, drafted: Mapping[UUID, UUID]) -> ActivityContent:
    """With the schedules that were drafted, in the places that were kept for them."""
    rows = tuple(
        replace(row, retention=drafted.get(row.retention, row.retention) if row.retention else None)
        for row in content.particulars.personal_data
    )
    return replace(content, particulars=replace(content.particulars, personal_data=rows))


def _place(organization: Organization) -> Resource:
    return Resource(kind="organization", uid=organization.uid, organization_id=organization.pk)


def _end(brought: RegisterImport, *, at: datetime) -> None:
    brought.lines, brought.ended_at = [], at
