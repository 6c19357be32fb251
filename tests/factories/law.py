"""The records that a lawful house keeps beside purposes and activities, and the rules that read them.

Records stand there as if they had gone through their reviews lately.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from apps.access.commands import publish_rulebook
from apps.access.models import Rulebook
from apps.accounts.models import Organization, Person
from apps.catalog.models import Asset
from apps.compliance import commands
from apps.compliance.facts import activity_content
from apps.compliance.lifecycle import ActivityContent, dpia
from apps.compliance.lifecycle.ai_systems import (
    AI_SYSTEMS,
    AiSystemContent,
    OrgRole,
    PersonalData,
    RiskClass,
)
from apps.compliance.lifecycle.data_sheets import DATA_SHEETS, DataSheetContent
from apps.compliance.lifecycle.declaration import Content, Kind
from apps.compliance.lifecycle.parties import PARTIES, ContractClause, PartyContent, PartyRole
from apps.compliance.lifecycle.reading import content_sha256, written
from apps.compliance.models import LegalRecord, LegalRecordVersion, ProcessingActivity, Purpose
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.policy.rulebook import LAWFUL_RULEBOOK
from tests.factories.access import AccessWorld

LATELY = timedelta(days=20)
WITHOUT_PARTICULARS = {each.name for each in fields(ActivityContent)} - {"particulars"}


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


def activity_of(purpose: Purpose) -> ProcessingActivity:
    found: ProcessingActivity = ProcessingActivity.objects.get(
        versions__purposes=purpose, versions__record_status="approved"
    )
    return found


def says(world: AccessWorld, purpose: Purpose, **given: Any) -> None:
    """The activity of the purpose is described anew, approved by another officer: it takes place already, and
    is recorded as it is."""
    activity = activity_of(purpose)
    described = activity_content(activity.versions.get(record_status="approved"))
    of_activity = {name: given.pop(name) for name in set(given) & WITHOUT_PARTICULARS}
    content = replace(
        described,
        is_running=True,
        **of_activity,
        particulars=replace(described.particulars, **given),
    )
    named = {"processing_activity_id": activity.uid}
    commands.edit_activity(actor=world["officer"], content=content, **named)
    commands.submit_activity(actor=world["officer"], **named)
    commands.approve_activity(actor=world["second_officer"], **named)


def people_known(people: Iterable[Person], **given: Any) -> None:
    """Where they work from, and that they undertook confidentiality and were trained lately."""
    day = (database_now() - LATELY).date()
    made: dict[str, Any] = {"works_from": "DE", "undertaking_on": day, "trained_on": day}
    Person.objects.filter(pk__in=[person.pk for person in people]).update(**{**made, **given})


def law_in_force() -> Rulebook:
    made: Rulebook = publish_rulebook(actor=SYSTEM, document=LAWFUL_RULEBOOK.as_dict())
    return made


def keep_the_law(world: AccessWorld) -> None:
    """Everything that a diligent house records, and all rules in force."""
    place, purposes = world.organization, world.purposes
    people_known(Person.objects.filter(organization=place))
    kept(place, DATA_SHEETS, sheet(world.personal.asset, world.restricted.asset))
    kept(place, AI_SYSTEMS, system(*(purpose.uid for purpose in purposes.values())))
    pay, study = activity_of(purposes["pay"]), activity_of(purposes["study"])
    kept(place, dpia.DPIAS, screening(pay, "is_vulnerable"), stage="not_required")
    kept(place, dpia.DPIAS, screening(study, "is_vulnerable", "is_sensitive"), stage="approved")
    law_in_force()
