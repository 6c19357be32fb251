"""Bringing labels: they are held to their policy, measured, and kept with what they are good for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.catalog.facts import asset_resource
from apps.catalog.models import AssetKind, AssetVersion
from apps.compliance.models import LegalRecord
from apps.kernel.actor import Actor
from apps.kernel.errors import conflict, invalid_state, rule_broken
from apps.labeling import errors
from apps.labeling.checks.examined import AT_ONCE, Examined, examined
from apps.labeling.commands.attributing import Said, earlier_of, pseudonyms_for, refuse_both, said_of
from apps.labeling.commands.keeping import kept_labels, left_out
from apps.labeling.facts import held_by, terms_of
from apps.labeling.lifecycle import ImportState
from apps.labeling.models import LabelImport, LabelSet
from apps.labeling.queries import WHILE, PolicyInForce, policy_in_force
from apps.labeling.roster.facts import standing_of


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What labels are brought for, and under what."""

    version: AssetVersion
    policy: PolicyInForce


@command(lock=AssetVersion)
def bring_labels(
    *,
    actor: Actor,
    asset_version_id: UUID,
    policy: str,
    content: bytes,
    leave_out_faults: bool = False,
    labeled_by: str = "",
    is_gold: bool = False,
    all_items_seen: bool = False,
    together_with: UUID | None = None,
    at: datetime,
) -> LabelSet:
    """Keep the labels of a small file with the version of a dataset. All of them, or none; what is faulty is
    left out only where that is wanted. `labeled_by` is who labeled what names nobody; with `together_with`
    the new set holds what that one holds as well.

    Raises: NotFound (the version, the policy, the earlier set), NotPermitted, InvalidInput (each fault with
    its line), RuleBroken (no export, or not of these data), InvalidState (the policy), Conflict (brought
    before).
    """
    ground = ground_for(actor, asset_version_id, policy, at)
    sha256 = hashlib.sha256(content).hexdigest()
    said = said_of(
        ground,
        actor=actor,
        labeled_by=labeled_by,
        is_gold=is_gold,
        all_items_seen=all_items_seen,
        together_with=together_with,
    )
    refuse_known_file(ground, sha256, said)
    terms, held, earlier = terms_of(ground.policy.content), held_by(ground.version), earlier_of(said)
    labels = examined(
        content,
        terms,
        leave_out_faults=leave_out_faults,
        held=held,
        people=pseudonyms_for(ground.policy, earlier),
        standing=standing_of(ground.policy),
        said=said.of_file,
        earlier=earlier,
        most_compared=AT_ONCE,
    )
    made = kept_labels(ground.version, ground.policy, labels, said, file_sha256=sha256, actor=actor, at=at)
    if labels.export.faulty:
        _note_left_out(made, labels, size=len(content), actor=actor, at=at)
    return made


def _note_left_out(made: LabelSet, labels: Examined, *, size: int, actor: Actor, at: datetime) -> None:
    """Which lines these were is told where it is told of files that were read later."""
    LabelImport.objects.create(
        version=made.version,
        policy_id=made.policy_id,
        file_sha256=made.file_sha256,
        size=size,
        read=size,
        leave_out_faults=True,
        state=ImportState.DONE,
        reasons=left_out(made.version, labels),
        finished_at=at,
        label_set=made,
        labeled_by=made.labeled_by,
        is_gold=made.is_gold,
        all_items_seen=made.all_items_seen,
        together_with=made.together_with,
        brought_by_id=actor.account_id,
        created_at=at,
    )


def ground_for(actor: Actor, asset_version_id: UUID, policy: str, at: datetime) -> Ground:
    """Raises: NotFound, NotPermitted, RuleBroken (no dataset, or another one), InvalidState (the policy)."""
    version = (
        AssetVersion.objects.visible_to(actor).select_related("asset__organization").one(asset_version_id)
    )
    authorize(actor=actor, operation=Operation.BRING_LABELS, resource=asset_resource(version.asset))
    if version.asset.kind != AssetKind.DATASET:
        raise rule_broken(errors.NO_DATASET)
    found = policy_in_force(actor=actor, organization=version.asset.organization, ref=policy, on=at.date())
    if version.asset.uid not in found.content.datasets:
        raise rule_broken(errors.OTHER_DATA, field="policy")
    stage = LegalRecord.objects.get(versions=found.version_id).stage
    if stage not in WHILE:
        raise invalid_state(errors.NOBODY_LABELS, ref=found.ref, stage=stage)
    return Ground(version=version, policy=found)


def refuse_known_file(ground: Ground, sha256: str, said: Said) -> None:
    """Raises: Conflict; RuleBroken, where it would be gold and answers at once."""
    before = LabelSet.objects.filter(said.same_set(), version=ground.version, policy=ground.policy.version_id)
    if before.filter(file_sha256=sha256).exists():
        raise conflict(errors.BROUGHT_BEFORE, version=ground.version.number)
    refuse_both(said, sha256)
