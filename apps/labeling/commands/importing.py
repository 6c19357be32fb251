"""A file of labels on its way in: brought at once, read later, and kept as a whole or not at all."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import BinaryIO
from uuid import UUID

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.facts import asset_resource
from apps.catalog.models import AssetVersion
from apps.kernel.actor import Actor
from apps.kernel.errors import conflict, invalid_state, rule_broken
from apps.labeling import errors
from apps.labeling.checks.examined import Examined
from apps.labeling.commands.attributing import Said, said_before, said_of
from apps.labeling.commands.bringing import Ground, ground_for, refuse_known_file
from apps.labeling.commands.keeping import kept_labels, left_out
from apps.labeling.events import ImportDone, ImportQueued, ImportRefused
from apps.labeling.facts import erased_names
from apps.labeling.imports.annotation import TOO_LARGE
from apps.labeling.imports.source import LARGEST
from apps.labeling.imports.told import hushed
from apps.labeling.lifecycle import ImportState, move
from apps.labeling.models import Erased, ImportPiece, LabelImport
from apps.policy.reason import Reason

PIECE = 1 << 20
KEPT_FOR = timedelta(days=1)
"""The bytes of a file that has faults, so that it may be brought again without them."""


@command(lock=AssetVersion)
def bring_labels_file(
    *,
    actor: Actor,
    asset_version_id: UUID,
    policy: str,
    content: BinaryIO,
    leave_out_faults: bool = False,
    labeled_by: str = "",
    is_gold: bool = False,
    all_items_seen: bool = False,
    together_with: UUID | None = None,
    at: datetime,
) -> LabelImport:
    """Take a file of labels in, to be read by a worker. Nothing of what it says is looked at yet.

    Raises: NotFound (the version, the policy, the earlier set), NotPermitted, InvalidInput, RuleBroken (its
    size, or not of these data), InvalidState (the policy), Conflict (brought before, or being read).
    """
    ground = _ground(actor, asset_version_id, policy, at)
    said = said_of(
        ground,
        actor=actor,
        labeled_by=labeled_by,
        is_gold=is_gold,
        all_items_seen=all_items_seen,
        together_with=together_with,
    )
    size = content.seek(0, io.SEEK_END)
    if not size:
        raise rule_broken(errors.FILE_EMPTY, field="content")
    if size > LARGEST:
        raise rule_broken(TOO_LARGE, field="content", what=f"{size} bytes, where {LARGEST} are taken")
    sha256 = _sha256(content)
    refuse_known_file(ground, sha256, said)
    _refuse_under_way(ground, sha256, said)
    made = LabelImport.objects.create(
        version=ground.version,
        policy_id=ground.policy.version_id,
        file_sha256=sha256,
        size=size,
        leave_out_faults=leave_out_faults,
        **said.columns(),
        state=ImportState.QUEUED,
        brought_by_id=actor.account_id,
        created_at=at,
    )
    content.seek(0)
    for number, piece in enumerate(iter(lambda: content.read(PIECE), b"")):
        ImportPiece.objects.create(label_import=made, number=number, content=piece)
    _tell_queued(made, actor=actor, at=at)
    return made


@command(lock=LabelImport)
def bring_without_faults(*, actor: Actor, label_import_id: UUID, at: datetime) -> LabelImport:
    """Have a refused file read once more, and what is faulty in it left out.

    Raises: NotFound, NotPermitted, InvalidState (not refused, its bytes are gone, the policy), Conflict.
    """
    made = _seen(actor, label_import_id)
    authorize(actor=actor, operation=Operation.BRING_LABELS, resource=asset_resource(made.version.asset))
    made.state = move(made.state, ImportState.QUEUED)
    if made.kept_until is None:
        raise invalid_state(errors.FILE_GONE)
    ground = _ground(actor, made.version.uid, made.policy.legal_record.ref, at)
    said = said_before(ground, made)
    refuse_known_file(ground, made.file_sha256, said)
    _refuse_under_way(ground, made.file_sha256, said)
    made.leave_out_faults, made.kept_until, made.finished_at = True, None, None
    made.policy_id, made.brought_by_id, made.read, made.reasons = (
        ground.policy.version_id,
        actor.account_id,
        0,
        [],
    )
    made.write(
        *("state", "leave_out_faults", "kept_until", "finished_at"),
        *("policy", "brought_by", "read", "reasons"),
    )
    _tell_queued(made, actor=actor, at=at)
    return made


@command(lock=LabelImport)
def begin_import(*, actor: Actor, label_import_id: UUID, at: datetime) -> LabelImport:
    """A worker reads it. One that died is left behind, and can finish nothing.

    Raises: NotFound, NotPermitted, InvalidState.
    """
    made = _locked(actor, label_import_id)
    made.state = move(made.state, ImportState.RUNNING)
    made.run, made.read = made.run + 1, 0
    return made.write("state", "run", "read")


@command(lock=AssetVersion)
def keep_import(
    *,
    actor: Actor,
    asset_version_id: UUID,
    label_import_id: UUID,
    run: int,
    labels: Examined,
    at: datetime,
) -> LabelImport:
    """Keep what was read, by whoever brought it: all of it or nothing. Everything is checked once more.

    Raises: NotFound, NotPermitted, RuleBroken, InvalidState (the policy, another run has begun), Conflict.
    """
    made = LabelImport.objects.for_update(label_import_id)
    if (made.run, made.state) != (run, ImportState.RUNNING):
        raise invalid_state(errors.OVERTAKEN)
    ground = _ground(actor, asset_version_id, made.policy.legal_record.ref, at)
    if ground.policy.version_id != made.policy_id:
        raise conflict(errors.POLICY_CHANGED, ref=ground.policy.ref)
    said = said_before(ground, made)
    refuse_known_file(ground, made.file_sha256, said)
    made.label_set = kept_labels(
        ground.version, ground.policy, labels, said, file_sha256=made.file_sha256, actor=actor, at=at
    )
    made.labeled_by = made.label_set.labeled_by
    made.state, made.finished_at, made.read = move(made.state, ImportState.DONE), at, made.size
    made.reasons = left_out(ground.version, labels)
    made.write("label_set", "labeled_by", "state", "finished_at", "read", "reasons")
    made.pieces.all().delete()
    event = ImportDone(label_import_id=made.uid, label_set_id=made.label_set.uid)
    record(event, actor=actor, at=at)
    return made


@command(lock=LabelImport)
def refuse_import(
    *,
    actor: Actor,
    label_import_id: UUID,
    run: int,
    reasons: Sequence[Reason],
    are_faults: bool = False,
    at: datetime,
) -> LabelImport:
    """Say what stood in the way. Where faults alone did, the bytes stay for a day; otherwise they go now. A
    run that was overtaken says nothing.  Raises: NotFound, NotPermitted."""
    made = _locked(actor, label_import_id)
    if made.run != run or made.state not in {ImportState.QUEUED, ImportState.RUNNING}:
        return made
    made.state = move(made.state, ImportState.REFUSED)
    erased = erased_names(made.version, Erased.ITEM)
    made.reasons = [hushed(reason, erased.on).as_json() for reason in reasons]
    made.finished_at = at
    made.kept_until = at + KEPT_FOR if are_faults else None
    made.write("state", "reasons", "finished_at", "kept_until")
    if not are_faults:
        made.forget_bytes()
    record(ImportRefused(label_import_id=made.uid, fault=reasons[0].code), actor=actor, at=at)
    return made


@command(lock=LabelImport)
def forget_file(*, actor: Actor, label_import_id: UUID, at: datetime) -> LabelImport:
    """Delete the bytes of a file whose time is over.  Raises: NotFound, NotPermitted."""
    made = _locked(actor, label_import_id)
    if made.kept_until is not None and made.kept_until <= at:
        made.forget_bytes()
        made.kept_until = None
        made.write("kept_until")
    return made


def tell_progress(made: LabelImport, read: int) -> bool:
    """How far it was read; nothing depends on it.  Whether this run still goes on."""
    mine = LabelImport.objects.filter(pk=made.pk, run=made.run, state=ImportState.RUNNING)
    return bool(mine.update(read=read))


def _ground(actor: Actor, asset_version_id: UUID, policy: str, at: datetime) -> Ground:
    """Raises: as `ground_for`."""
    ground = ground_for(actor, asset_version_id, policy, at)
    authorize(actor=actor, operation=Operation.BRING_LABELS, resource=asset_resource(ground.version.asset))
    return ground


def _sha256(content: BinaryIO) -> str:
    found = hashlib.sha256()
    content.seek(0)
    while piece := content.read(PIECE):
        found.update(piece)
    return found.hexdigest()


def _tell_queued(made: LabelImport, *, actor: Actor, at: datetime) -> None:
    event = ImportQueued(
        label_import_id=made.uid,
        version_id=made.version.uid,
        legal_record_id=made.policy.legal_record.uid,
        file_sha256=made.file_sha256,
        size=made.size,
        leave_out_faults=made.leave_out_faults,
        is_gold=made.is_gold,
        all_items_seen=made.all_items_seen,
        together_with_id=made.together_with.uid if made.together_with else None,
    )
    record(event, actor=actor, at=at)


def _refuse_under_way(ground: Ground, sha256: str, said: Said) -> None:
    same = LabelImport.objects.filter(
        said.same_import(), version=ground.version, policy=ground.policy.version_id
    )
    living = same.filter(file_sha256=sha256, state__in=[ImportState.QUEUED, ImportState.RUNNING])
    if living.exists():
        raise conflict(errors.UNDER_WAY, version=ground.version.number)


def _seen(actor: Actor, label_import_id: UUID) -> LabelImport:
    return LabelImport.objects.visible_to(actor).for_update(label_import_id)


def _locked(actor: Actor, label_import_id: UUID) -> LabelImport:
    made = _seen(actor, label_import_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=asset_resource(made.version.asset))
    return made
