"""What records say of a version of a dataset, as far as somebody may see it."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from apps.catalog.models import AssetKind, AssetVersion
from apps.catalog.queries import versions_visible_to
from apps.compliance.lifecycle.labeling import GOVERNING, LABELING_POLICIES
from apps.compliance.models import LegalRecordVersion
from apps.compliance.queries import effective_nature, origin_of, permitted_purposes
from apps.kernel.actor import Actor
from apps.kernel.clock import database_now
from apps.kernel.errors import not_found
from apps.labeling.models import LabelSet
from apps.labeling.queries import label_sets_visible_to
from apps.labeling.rendering.croissant import Sheet
from apps.labeling.rendering.report import report_on


def sheet_of(actor: Actor, version_id: UUID) -> Sheet:
    """Raises: NotFound, also for what is no dataset."""
    rows = versions_visible_to(actor).prefetch_related(None)
    version = rows.select_related("asset__organization", "asset__domain", "location").one(version_id)
    if version.asset.kind != AssetKind.DATASET:
        raise not_found("dataset")
    newest = label_sets_visible_to(actor).filter(version=version).first()
    nature, origin = effective_nature(actor, version).effective, origin_of(actor, version)
    return Sheet(
        version=version,
        url=f"{settings.PUBLIC_URL}/catalog/{version.asset.uid}/",
        columns=tuple(version.columns.order_by("position")),
        categories=tuple(sorted(nature.categories)),
        is_personal=nature.is_personal,
        source=origin.source if origin else "",
        uses=tuple(dict.fromkeys(each.concept.label for each in permitted_purposes(actor, version))),
        policy=_policy(actor, version, newest),
        report=report_on(newest).of_data if newest else None,
    )


def _policy(actor: Actor, version: AssetVersion, newest: LabelSet | None) -> LegalRecordVersion | None:
    """The one that the newest labels cite; before there are any, the one that governs them."""
    versions = LegalRecordVersion.objects.visible_to(actor).select_related("legal_record")
    if newest is not None:
        return versions.filter(pk=newest.policy_id).first()
    governing = versions.in_force(database_now().date()).filter(
        legal_record__organization=version.asset.organization_id,
        legal_record__kind=LABELING_POLICIES.slug,
        legal_record__stage__in=GOVERNING,
        content__datasets__contains=[str(version.asset.uid)],
    )
    return governing.order_by("-effective_from", "-pk").first()
