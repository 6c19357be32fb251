"""What records say of a version of a dataset, as far as somebody may see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.conf import settings

from apps.catalog.models import AssetKind, AssetVersion
from apps.catalog.queries import versions_visible_to
from apps.compliance.lifecycle.labeling import GOVERNING, LABELING_POLICIES
from apps.compliance.models import DataOrigin, LegalRecordVersion
from apps.compliance.queries import effective_nature, origin_of, permitted_purposes, purposes
from apps.kernel.actor import Actor
from apps.kernel.clock import database_now
from apps.kernel.errors import not_found
from apps.labeling.models import Annotator, LabelSet
from apps.labeling.queries import label_sets_visible_to
from apps.labeling.rendering.croissant import Sheet
from apps.labeling.rendering.report import report_on
from apps.labeling.rendering.usage import usage_of
from apps.labeling.roster.standing import AnnotatorRole

LEAST_PEOPLE = 3
"""Below so many a group could be one of them."""


def sheet_of(actor: Actor, version_id: UUID) -> Sheet:
    """Raises: NotFound, also for what is no dataset."""
    rows = versions_visible_to(actor).prefetch_related(None)
    version = rows.select_related("asset__organization", "asset__domain", "location").one(version_id)
    if version.asset.kind != AssetKind.DATASET:
        raise not_found("dataset")
    newest = label_sets_visible_to(actor).filter(version=version).first()
    nature, origin = effective_nature(actor, version).effective, origin_of(actor, version)
    policy, permitted = _policy(actor, version, newest), list(permitted_purposes(actor, version))
    people = _people(actor, policy)
    return Sheet(
        version=version,
        url=f"{settings.PUBLIC_URL}/catalog/{version.asset.uid}/",
        columns=tuple(version.columns.order_by("position")),
        categories=tuple(sorted(nature.categories)),
        is_personal=nature.is_personal,
        source=origin.source if origin else "",
        uses=tuple(dict.fromkeys(each.concept.label for each in permitted)),
        usage=usage_of(actor, version, permitted, database_now().date()),
        serves=_serves(actor, policy),
        teams=_several(people, "group"),
        countries=_several(people, "country"),
        ends=tuple(_ends(origin)),
        policy=policy,
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


def _serves(actor: Actor, policy: LegalRecordVersion | None) -> tuple[str, ...]:
    if policy is None or not policy.said.purposes:
        return ()
    found: Iterable[Any] = purposes(actor).filter(uid__in=policy.said.purposes).order_by("ref")
    return tuple(f"{each.name} ({each.ref})" for each in found)


def _people(actor: Actor, policy: LegalRecordVersion | None) -> list[Annotator]:
    """Those who label now."""
    if policy is None:
        return []
    rows = Annotator.objects.visible_to(actor).current().filter(policy=policy.legal_record_id)
    return list(rows.filter(role=AnnotatorRole.ANNOTATOR).only("group", "country"))


def _several(people: list[Annotator], name: str) -> tuple[str, ...]:
    """What is said of so many people that nobody is singled out."""
    counts = Counter(getattr(each, name) for each in people)
    return tuple(sorted(each for each, count in counts.items() if each and count >= LEAST_PEOPLE))


def _ends(origin: DataOrigin | None) -> Iterator[str]:
    if origin is not None and origin.retention_ends_on:
        yield f"The data are kept until {origin.retention_ends_on:%Y-%m-%d}, that day left out."
    if origin is not None and origin.agreement_ends_on:
        yield f"The agreement on their use ends on {origin.agreement_ends_on:%Y-%m-%d}."
