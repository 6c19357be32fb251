"""Bringing labels: they are held to their policy, measured, and kept with what they are good for."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.facts import asset_resource
from apps.catalog.models import AssetKind, AssetVersion
from apps.compliance.lifecycle.labeling import LabelingPolicyContent, PolicyStage
from apps.compliance.models import LegalRecord
from apps.kernel.actor import Actor
from apps.kernel.errors import InvalidInput, conflict, invalid_state, rule_broken
from apps.labeling import errors
from apps.labeling.checks.figures import figures_of
from apps.labeling.checks.measured import measure
from apps.labeling.checks.quality import findings_of
from apps.labeling.checks.terms import Finding, verdict_of
from apps.labeling.events import LabelsBrought
from apps.labeling.facts import terms_of
from apps.labeling.imports.annotation import Annotation
from apps.labeling.imports.reading import Export, held_to, read_export
from apps.labeling.models import Label, LabelSet
from apps.labeling.queries import policy_in_force
from apps.policy.reason import Reason

WHILE = (PolicyStage.ACTIVE, PolicyStage.CLOSED)
"""Labels are brought while people label, or after the last of them was given."""
FAULTS_TOLD = 100


@command(lock=AssetVersion)
def bring_labels(
    *,
    actor: Actor,
    asset_version_id: UUID,
    policy: str,
    content: bytes,
    leave_out_faults: bool = False,
    at: datetime,
) -> LabelSet:
    """Keep the labels of a file with the version of a dataset. All of them, or none; what is faulty is left
    out only where that is wanted.

    Raises: NotFound (the version, the policy), NotPermitted, InvalidInput (each fault with its line),
    RuleBroken (no export, or not of these data), InvalidState (the policy), Conflict (brought before).
    """
    version = (
        AssetVersion.objects.visible_to(actor).select_related("asset__organization").one(asset_version_id)
    )
    authorize(actor=actor, operation=Operation.BRING_LABELS, resource=asset_resource(version.asset))
    if version.asset.kind != AssetKind.DATASET:
        raise rule_broken(errors.NO_DATASET)
    found = policy_in_force(actor=actor, organization=version.asset.organization, ref=policy, on=at.date())
    _refuse_other_data(found.content, version)
    stage = LegalRecord.objects.get(versions=found.version_id).stage
    if stage not in WHILE:
        raise invalid_state(errors.NOBODY_LABELS, ref=found.ref, stage=stage)
    sha256 = hashlib.sha256(content).hexdigest()
    earlier = LabelSet.objects.filter(version=version)
    if earlier.filter(policy=found.version_id, file_sha256=sha256).exists():
        raise conflict(errors.BROUGHT_BEFORE, version=version.number)
    terms = terms_of(found.content)
    export = held_to(read_export(content), terms.labels)
    if export.faulty and not leave_out_faults:
        raise InvalidInput(*_reasons(export))
    try:
        measured = measure(export.annotations, export.items, terms)
    except ValueError as fault:
        raise rule_broken(errors.NUMBERS_NEEDED, field="content") from fault
    findings = findings_of(measured, terms)
    made = LabelSet.objects.create(
        version=version,
        number=earlier.count() + 1,
        policy_id=found.version_id,
        format=export.format.value,
        file_sha256=sha256,
        annotations=len(export.annotations),
        left_out=export.faulty,
        addresses_removed=export.emails,
        verdict=verdict_of(findings).value,
        findings=[_told(each) for each in findings],
        figures=figures_of(measured, are_named=found.content.are_raw_kept is True),
        brought_by_id=actor.person_id,
        created_at=at,
    )
    _keep(made, export, are_named=found.content.are_raw_kept is True)
    event = LabelsBrought(
        label_set_id=made.uid,
        version_id=version.uid,
        legal_record_id=found.record_id,
        file_sha256=sha256,
        annotations=made.annotations,
        verdict=made.verdict,
    )
    record(event, actor=actor, at=at)
    return made


def _refuse_other_data(content: LabelingPolicyContent, version: AssetVersion) -> None:
    if version.asset.uid not in content.datasets:
        raise rule_broken(errors.OTHER_DATA, field="policy")


def _reasons(export: Export) -> tuple[Reason, ...]:
    """Each fault at its line, and how many more there are."""
    told = [
        Reason(
            code=each.reason.code,
            facts=each.reason.facts,
            field=".".join(filter(None, ("content", str(each.line), each.place))),
        )
        for each in export.faults[:FAULTS_TOLD]
    ]
    more = export.faulty - len(told)
    if more:
        told.append(Reason(code=errors.MORE_FAULTS, field="content", facts={"more": more}))
    return tuple(told)


def _told(finding: Finding) -> dict[str, Any]:
    return {"check": finding.check, "outcome": finding.outcome.value, "reason": finding.reason.as_json()}


COLUMNS = tuple(str(each.column) for each in Label._meta.concrete_fields if not each.primary_key)
PLACES = ("left", "top", "width", "height")


def _keep(label_set: LabelSet, export: Export, *, are_named: bool) -> None:
    """By COPY: a row for each label."""
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{Label._meta.db_table}" ({names}) FROM STDIN') as into,
    ):
        for each in export.annotations:
            into.write_row(_row(label_set.pk, each, are_named))


def _row(label_set: int, given: Annotation, are_named: bool) -> tuple[Any, ...]:
    values: dict[str, Any] = {each.name: getattr(given, each.name) for each in fields(given)}
    box = values.pop("box")
    values |= {name: getattr(box, name) if box else None for name in PLACES}
    values |= {"label_set_id": label_set, "annotator": given.annotator if are_named else ""}
    return tuple(values[name] for name in COLUMNS)
