"""Records that a house keeps beside purposes and activities, as if they had been reviewed lately."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from apps.accounts.models import Organization, Person
from apps.catalog.models import Asset
from apps.compliance.lifecycle import dpia
from apps.compliance.lifecycle.ai_systems import (
    AI_SYSTEMS,
    AiSystemContent,
    OrgRole,
    PersonalData,
    RiskClass,
)
from apps.compliance.lifecycle.data_sheets import DATA_SHEETS, DataSheetContent
from apps.compliance.lifecycle.declaration import Content, Kind
from apps.compliance.lifecycle.labeling import (
    Adjudication,
    LabelingPolicyContent,
    LabelRow,
    LabelTask,
    Workforce,
)
from apps.compliance.lifecycle.parties import PARTIES, ContractClause, PartyContent, PartyRole
from apps.compliance.lifecycle.reading import content_sha256, written
from apps.compliance.models import LegalRecord, LegalRecordVersion, ProcessingActivity, Purpose
from apps.kernel.clock import database_now

LATELY = timedelta(days=20)


def kept(organization: Organization, kind: Kind, content: Content, *, stage: str = "") -> LegalRecord:
    """A record that is approved and in force."""
    at = database_now() - LATELY
    number = LegalRecord.objects.filter(organization=organization, kind=kind.slug).count() + 1
    record = LegalRecord.objects.create(
        kind=kind.slug,
        organization=organization,
        ref=f"{kind.prefix}-{number:04}",
        stage=stage or (kind.cycle.begins if kind.cycle else ""),
        created_at=at,
    )
    restated(record, content)
    return record


def restated(record: LegalRecord, content: Content) -> LegalRecordVersion:
    """Another version of it, approved in place of the one before."""
    at = database_now() - LATELY
    before = record.versions.order_by("-number").first()
    rows = LegalRecordVersion.objects.filter(legal_record=record)
    rows.filter(record_status="approved").update(record_status="superseded", ended_at=at)
    version = LegalRecordVersion.objects.create(
        legal_record=record,
        number=before.number + 1 if before else 1,
        name=content.name,
        content=written(content),
        content_sha256=content_sha256(record.declared, content),
        effective_from=content.effective_from or at.date(),
        effective_to=content.effective_to,
        next_review=content.next_review,
        created_at=at,
    )
    signer = Person.objects.filter(organization=record.organization).order_by("pk").first()
    mine = rows.filter(pk=version.pk)
    mine.update(record_status="in_review")
    mine.update(record_status="approved", approved_by=signer, approved_at=at)
    return version


def sheet(*assets: Asset, **given: Any) -> DataSheetContent:
    """No pin, no names, no view with codes, nothing that is revealed."""
    made: dict[str, Any] = {
        "name": "What is known of the data",
        "assets": tuple(asset.uid for asset in assets),
        "countries": "DE",
        "is_pinned": False,
        "direct_identifiers": "none",
        "has_pseudonymised_view": False,
        "is_revealing": False,
    }
    return DataSheetContent(**{**made, **given})


def screening(activity: ProcessingActivity, *yes: str, **given: Any) -> dpia.DpiaContent:
    """Every other point is answered with no."""
    answers = {name: name in yes for name in (*dpia.POINTS, *dpia.DECISIVE)}
    return dpia.DpiaContent(**{"name": "Screening", "activities": (activity.uid,), **answers, **given})


def system(*purposes: UUID, **given: Any) -> AiSystemContent:
    """An experiment from which no system comes."""
    made: dict[str, Any] = {
        "name": "Trials",
        "version_label": "1",
        "intended_purpose": "To see what can be learned.",
        "purposes": purposes,
        "role": OrgRole.PROVIDER,
        "risk_class": RiskClass.EXPERIMENT,
        "is_profiling": False,
        "needs_transparency": False,
        "is_gpai": False,
        "personal_data": PersonalData.NO,
        "corrects_bias": False,
    }
    return AiSystemContent(**{**made, **given})


def party(**given: Any) -> PartyContent:
    """A processor in the EEA with a whole contract."""
    made: dict[str, Any] = {
        "name": "Readings Inc",
        "address": "1 Road, Lyon",
        "contact": "privacy@example.org",
        "country": "FR",
        "is_international_organization": False,
        "role": PartyRole.PROCESSOR,
        "is_public_authority": False,
        "contract_ref": "C-7",
        "clauses": frozenset(ContractClause),
    }
    return PartyContent(**{**made, **given})


def a_party(organization: Organization, **given: Any) -> LegalRecord:
    return kept(organization, PARTIES, party(**given))


def people_known(people: Iterable[Person], **given: Any) -> None:
    """Where they work from, and that they undertook confidentiality and were trained lately."""
    day = (database_now() - LATELY).date()
    made: dict[str, Any] = {"works_from": "DE", "undertaking_on": day, "trained_on": day}
    Person.objects.filter(pk__in=[person.pk for person in people]).update(**{**made, **given})


def screened(activity: ProcessingActivity, *yes: str) -> LegalRecord:
    """Where the screening finds that no assessment is needed; with two points and more, it is approved."""
    stage = "approved" if len(yes) > 1 else "not_required"
    return kept(activity.organization, dpia.DPIAS, screening(activity, *yes), stage=stage)


def sheeted(*assets: Asset) -> LegalRecord:
    return kept(assets[0].organization, DATA_SHEETS, sheet(*assets))


def tried(*purposes: Purpose) -> LegalRecord:
    """What is trained for the purposes are trials."""
    return kept(purposes[0].organization, AI_SYSTEMS, system(*(purpose.uid for purpose in purposes)))


def labeling_policy(*purposes: UUID, **given: Any) -> LabelingPolicyContent:
    """Our own people tell rocks apart; nothing about anybody."""
    made: dict[str, Any] = {
        "name": "Kinds of rock",
        "purposes": purposes,
        "datasets": (UUID(int=7),),
        "task": LabelTask.CLASSIFICATION,
        "is_high_risk": False,
        "is_subjective": False,
        "labels": tuple(
            LabelRow(id=id_, definition=f"What is {id_}.", is_sensitive=False, leaves_it_open=id_ == "unsure")
            for id_ in ("sandstone", "shale", "unsure")
        ),
        "guideline": "Shelf 3",
        "guideline_version": "2",
        "guideline_sha256": "a" * 64,
        "workforce": Workforce.INTERNAL,
        "qualification": "Geology.",
        "is_cleared": True,
        "is_confidential": True,
        "annotations_per_item": 3,
        "is_blind": True,
        "adjudication": Adjudication.MAJORITY,
        "gold_items": 60,
        "is_gold_hidden": True,
        "has_hard_content": False,
        "is_redacted": False,
        "are_raw_kept": False,
    }
    return LabelingPolicyContent(**{**made, **given})
