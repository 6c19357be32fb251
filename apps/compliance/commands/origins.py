"""Stating where the data of a version come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.facts import asset_resource
from apps.catalog.models import AssetVersion
from apps.compliance import events
from apps.compliance.commands.concepts import concept_in_use
from apps.compliance.errors import AGREEMENT_UNNAMED, RESEARCH_AREA_WITHOUT_CONSENT
from apps.compliance.models import DataOrigin, PurposeConcept
from apps.kernel.actor import Actor
from apps.kernel.errors import rule_broken
from apps.policy.vocabulary import LawfulBasis


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What is known of the collection; what is not known is left out. Days are the first ones too late."""

    original_basis: LawfulBasis | None = None
    original_purpose_code: str | None = None
    research_area_code: str | None = None
    source: str = ""
    retention_ends_on: date | None = None
    agreement_ref: str = ""
    agreement_ends_on: date | None = None


@command(lock=AssetVersion)
def state_origin(*, actor: Actor, asset_version_id: UUID, origin: Origin, at: datetime) -> DataOrigin:
    """State the origin of a version; what was stated before stays as history.

    Raises: NotFound, NotPermitted, InvalidInput, RuleBroken.
    """
    version = AssetVersion.objects.visible_to(actor).select_related("asset").one(asset_version_id)
    authorize(actor=actor, operation=Operation.PERMIT_PURPOSE, resource=asset_resource(version.asset))
    _check(origin)
    purpose = _concept("original_purpose_code", origin.original_purpose_code)
    area = _concept("research_area_code", origin.research_area_code)
    before = DataOrigin.objects.current().filter(version=version)
    before.update(ended_at=at, row_version=F("row_version") + 1)
    stated = DataOrigin.objects.create(
        version=version,
        original_basis=origin.original_basis,
        original_purpose=purpose,
        research_area=area,
        source=origin.source,
        retention_ends_on=origin.retention_ends_on,
        agreement_ref=origin.agreement_ref.strip(),
        agreement_ends_on=origin.agreement_ends_on,
        stated_by_id=actor.person_id,
        created_at=at,
    )
    _tell(version, origin, actor=actor, at=at)
    return stated


def _check(origin: Origin) -> None:
    if origin.agreement_ends_on is not None and not origin.agreement_ref.strip():
        raise rule_broken(AGREEMENT_UNNAMED, field="agreement_ref")
    if origin.research_area_code and origin.original_basis is not LawfulBasis.CONSENT:
        articles = ("GDPR Art. 4(11)", "GDPR rec. 33")
        raise rule_broken(RESEARCH_AREA_WITHOUT_CONSENT, field="research_area_code", articles=articles)


def _concept(field: str, code: str | None) -> PurposeConcept | None:
    return concept_in_use(field, code) if code else None


def _tell(version: AssetVersion, origin: Origin, *, actor: Actor, at: datetime) -> None:
    event = events.OriginStated(
        asset_id=version.asset.uid,
        version_id=version.uid,
        original_basis=origin.original_basis.value if origin.original_basis else None,
        original_purpose=origin.original_purpose_code,
        research_area=origin.research_area_code,
        retention_ends_on=origin.retention_ends_on.isoformat() if origin.retention_ends_on else None,
        agreement_ref=origin.agreement_ref.strip(),
        agreement_ends_on=origin.agreement_ends_on.isoformat() if origin.agreement_ends_on else None,
        source=origin.source,
    )
    record(event, actor=actor, at=at)
