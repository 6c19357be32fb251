"""What happens by itself after changes of the catalog and of records, and by the clock."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from apps.catalog.models import Asset, AssetVersion
from apps.classification.queries import was_raised
from apps.compliance import commands
from apps.compliance.facts.agreements import counting_of, where_it_stands
from apps.compliance.facts.changes import assessed_before, changes_of
from apps.compliance.facts.reach import in_effect_on, reaches_further, retention_over
from apps.compliance.facts.releases import systems_reached_by
from apps.compliance.lifecycle.dpia import DPIAS
from apps.compliance.lifecycle.occurrences import Happening
from apps.compliance.lifecycle.use_agreements import USE_AGREEMENTS, AgreementStage
from apps.compliance.models import Duty, LegalRecord, Occurrence, ProcessingActivity
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now


@shared_task
def inherit_permissions(asset_id: str) -> None:
    asset = Asset.objects.get(uid=asset_id)
    commands.inherit_permissions(actor=SYSTEM, asset_id=asset.uid)


@shared_task
def reassess_named(legal_record_id: str) -> None:
    """The approved activities that an impact assessment names."""
    row = LegalRecord.objects.get(uid=legal_record_id)
    if row.kind != DPIAS.slug:
        return
    named = {uid for version in row.versions.all() for uid in version.content.get("activities", ())}
    found = ProcessingActivity.objects.filter(uid__in=named, versions__record_status="approved")
    for activity in found.order_by("pk").distinct():
        commands.reassess_activity(actor=SYSTEM, processing_activity_id=activity.uid)


@shared_task
def outdate_assessments(activity_id: str) -> None:
    """Of an activity that changed materially: what was decided before is decided anew (Art. 35(11))."""
    activity = ProcessingActivity.objects.get(uid=activity_id)
    changed = changes_of(activity)
    if changed is None:
        return
    version, changes = changed
    for row in assessed_before(version):
        said = {"change": f"{activity.ref} v{version.number}: {', '.join(changes)}"}
        commands.take_step(actor=SYSTEM, legal_record_id=row.uid, step="outdate", said=said)


@shared_task
def follow_record(legal_record_id: str) -> None:
    commands.follow_record(actor=SYSTEM, legal_record_id=UUID(legal_record_id))


@shared_task
def extend_occurrences(asset_id: str) -> None:
    """What versions of the asset were made from, and what stands beside them, may be reached by something."""
    keys = list(AssetVersion.objects.filter(asset__uid=asset_id).values_list("pk", flat=True))
    for uid in in_effect_on(reaches_further(keys)).values_list("uid", flat=True):
        commands.extend_occurrence(actor=SYSTEM, occurrence_id=uid)


@shared_task
def review_systems(occurrence_id: str) -> None:
    """AI systems that use a model which somebody has to assess: they wait, or are suspended with it."""
    occurrence = Occurrence.objects.get(uid=occurrence_id)
    for row, is_suspending in systems_reached_by(occurrence):
        if is_suspending:
            commands.take_step(actor=SYSTEM, legal_record_id=row.uid, step="suspend")
        else:
            said = {"why": f"{occurrence.ref}: a model that it uses has to be assessed."}
            commands.take_step(actor=SYSTEM, legal_record_id=row.uid, step="ask-review", said=said)


@shared_task
def free_duties_of(person_id: str) -> None:
    """What was given to somebody who has left."""
    theirs = Duty.objects.filter(person__uid=person_id, done_at__isnull=True).order_by("pk")
    for uid in theirs.values_list("uid", flat=True):
        commands.free_duty(actor=SYSTEM, duty_id=uid)


@shared_task
def tell_class_raised(version_id: str) -> None:
    """What was made from a version is looked at again when its class is raised."""
    version = AssetVersion.objects.select_related("asset__organization").get(uid=version_id)
    known = in_effect_on([version.pk]).filter(happening=Happening.CLASS_RAISED)
    if not version.outputs.exists() or not was_raised(version) or known.exists():
        return
    commands.occur(
        actor=SYSTEM,
        organization_id=version.asset.organization.uid,
        happening=Happening.CLASS_RAISED,
        said="A column of the version was put in a higher class.",
        version_ids=[version.uid],
    )


@shared_task
def end_retention() -> None:
    """What must not be kept any longer is closed, and somebody is told to delete it."""
    over = retention_over(database_now().date())
    by_organization: dict[UUID, list[UUID]] = {}
    for version in over.select_related("asset__organization").order_by("pk"):
        by_organization.setdefault(version.asset.organization.uid, []).append(version.uid)
    for organization, versions in by_organization.items():
        commands.occur(
            actor=SYSTEM,
            organization_id=organization,
            happening=Happening.RETENTION_ENDED,
            said="The retention that is stated of the data is over.",
            version_ids=versions,
        )


@shared_task
def follow_agreements() -> None:
    """Agreements come into force, near their end and end by their days."""
    on = database_now().date()
    rows = LegalRecord.objects.filter(kind=USE_AGREEMENTS.slug).exclude(stage=AgreementStage.CERTIFIED)
    for row in rows.order_by("pk"):
        version = counting_of(row)
        if version is not None and where_it_stands(row, version, on=on) != row.stage:
            commands.follow_record(actor=SYSTEM, legal_record_id=row.uid)
