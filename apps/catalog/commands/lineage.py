"""Saying afterwards what a version was made from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.commands.kinds import refuse_labels_by_hand
from apps.catalog.commands.versions import InputDraft, check_role
from apps.catalog.errors import INPUT_IN_A_CIRCLE, INPUT_KNOWN, INPUT_MISSING
from apps.catalog.events import InputsAdded
from apps.catalog.facts import asset_resource
from apps.catalog.models import AssetVersion, VersionInput
from apps.catalog.queries.closure import EVERY_ROLE, made_from
from apps.kernel.actor import Actor
from apps.kernel.errors import conflict, invalid, rule_broken


@command(lock=AssetVersion, queue="lineage")
def add_inputs(
    *, actor: Actor, asset_version_id: UUID, inputs: Sequence[InputDraft], at: datetime
) -> AssetVersion:
    """Name what a version was made from and nobody had said. What was said stays.

    Two who join two ends to a circle at the same time wait for each other.
    Raises: NotFound, NotPermitted, InvalidInput, RuleBroken (a circle, a role that does not fit), Conflict.
    """
    version = AssetVersion.objects.visible_to(actor).select_related("asset").one(asset_version_id)
    authorize(actor=actor, operation=Operation.EDIT_ASSET, resource=asset_resource(version.asset))
    refuse_labels_by_hand(actor, version.asset.kind, "asset_version_id")
    if not inputs:
        raise invalid("inputs", INPUT_MISSING)
    below = made_from([version.pk], EVERY_ROLE)
    rows = [_input(version, draft, below, actor) for draft in inputs]
    VersionInput.objects.bulk_create(rows)
    event = InputsAdded(
        asset_id=version.asset.uid,
        version_id=version.uid,
        inputs=tuple(draft.version_id for draft in inputs),
        roles=tuple(draft.role.value for draft in inputs),
    )
    record(event, actor=actor, at=at)
    return version


def _input(version: AssetVersion, draft: InputDraft, below: Collection[int], actor: Actor) -> VersionInput:
    source = AssetVersion.objects.visible_to(actor).select_related("asset").one(draft.version_id)
    name = f"{source.asset.name} v{source.number}"
    check_role(version.asset, source.asset, draft.role)
    if source.pk in below:
        raise rule_broken(INPUT_IN_A_CIRCLE, field="inputs", input=name)
    if VersionInput.objects.filter(version=version, input=source, role=draft.role).exists():
        raise conflict(INPUT_KNOWN, input=name)
    return VersionInput(version=version, input=source, role=draft.role)
