"""Records of the recorded house that a fact of the law is read from, each made or changed by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from apps.compliance import commands
from apps.compliance.commands import Origin
from apps.compliance.lifecycle import RecipientKind, dpia
from apps.compliance.lifecycle.activity import DataSubjectCategory, Recipient
from apps.compliance.lifecycle.ai_systems import AI_SYSTEMS, Governance, RiskClass
from apps.compliance.lifecycle.breach import BREACHES, BreachRisk
from apps.compliance.lifecycle.consent import CONSENTS, ChildConsent, ConsentContent, ConsentPurpose, Feed
from apps.compliance.lifecycle.data_sheets import DATA_SHEETS
from apps.compliance.lifecycle.labeling import LABELING_POLICIES
from apps.compliance.lifecycle.national import NATIONALS, NationalContent, NationalEffect
from apps.compliance.lifecycle.parties import PartyRole
from apps.compliance.lifecycle.retention import RETENTIONS, RetentionAction, RetentionContent, Trigger
from apps.compliance.lifecycle.rights import RIGHTS, RightsContent, RightsType
from apps.compliance.lifecycle.transfers import TRANSFERS, TiaOutcome, TransferContent
from apps.compliance.lifecycle.use_agreements import (
    USE_AGREEMENTS,
    Permission,
    UseAgreementContent,
)
from apps.compliance.lifecycle.uses import USES, ResearchUse, UseContent
from apps.compliance.models import LegalRecord, LegalRecordVersion, RecordStep
from apps.kernel.clock import database_now
from apps.labeling.models import LabelSet
from apps.policy.law_words import TransferMechanism
from apps.policy.vocabulary import LawfulBasis
from tests.access.law.asks import (
    of_kind,
)
from tests.factories.access import (
    KEPT_UNTIL,
    PAY,
    AccessWorld,
    Thing,
)
from tests.factories.compliance import breach_content
from tests.factories.labels import redaction_noted
from tests.factories.law import activity_of, says
from tests.factories.records import (
    LATELY,
    a_party,
    kept,
    labeling_policy,
    people_known,
    restated,
    screening,
    sheet,
    system,
)
from tests.factories.roster import entered, paused

DAY = timedelta(days=1)


def person(**given: Any) -> Callable[[AccessWorld], object]:
    return lambda world: people_known([world.players["scientist"].person], **given)


def pinned(**given: Any) -> Callable[[AccessWorld], object]:
    return lambda world: restated(of_kind(DATA_SHEETS), sheet(world.personal.asset, **given))


def an_outsider(world: AccessWorld, **given: Any) -> LegalRecord:
    made = a_party(world.organization, **given)
    person(relation="contractor", contract_ends_on="2099-01-01", employer_ref=made.ref)(world)
    return made


def a_transfer(world: AccessWorld, **given: Any) -> LegalRecord:
    importer = an_outsider(world, country="IN")
    made: dict[str, Any] = {
        "name": "To India",
        "importer": importer.uid,
        "data": "Names and salaries.",
        "mechanism": TransferMechanism.STANDARD_CLAUSES,
        "tia": TiaOutcome.ADEQUATE,
        "holds_hr_data": True,
    }
    return kept(world.organization, TRANSFERS, TransferContent(**{**made, **given}))


def a_breach(world: AccessWorld, of: Thing | None = None) -> LegalRecord:
    thing = of or world.personal
    content = breach_content(risk=BreachRisk.HIGH, assets=(thing.asset.uid,))
    return kept(world.organization, BREACHES, content)


def a_request(kind: RightsType, **given: Any) -> Callable[[AccessWorld], object]:
    def make(world: AccessWorld) -> object:
        content = RightsContent(
            name="From a former employee",
            type=kind,
            received_at=database_now() - LATELY,
            calendar="DE",
            person_ref="F-1",
            assets=(world.personal.asset.uid,),
            **given,
        )
        return kept(world.organization, RIGHTS, content)

    return make


def a_consent(world: AccessWorld, **given: Any) -> LegalRecord:
    made: dict[str, Any] = {
        "name": "Study consent",
        "text_version": "3",
        "purposes": (ConsentPurpose(concept="ScientificResearch", words="For research."),),
        "is_explicit": True,
        "register_system": "The register",
        "withdrawal_channel": "By mail",
        "withdrawals_feed": Feed.MANUAL,
        "child_consent": ChildConsent.NOT_APPLICABLE,
        "assets": (world.personal.asset.uid,),
    }
    _on_consent(world)
    return kept(world.organization, CONSENTS, ConsentContent(**{**made, **given}))


def _on_consent(world: AccessWorld) -> None:
    origin = Origin(
        original_basis=LawfulBasis.CONSENT, original_purpose_code=PAY, retention_ends_on=KEPT_UNTIL
    )
    commands.state_origin(actor=world["officer"], asset_version_id=world.personal.version.uid, origin=origin)


def read_list(record: LegalRecord, number: int) -> None:
    RecordStep.objects.create(
        legal_record=record,
        number=record.steps.count() + 1,
        step="read-withdrawals",
        stage_before="kept",
        stage_after="kept",
        said={"list_number": number},
        created_at=database_now() - timedelta(hours=1),
    )


def an_agreement(world: AccessWorld, **given: Any) -> LegalRecord:
    partner = a_party(world.organization, role=PartyRole.INDEPENDENT)
    made: dict[str, Any] = {
        "name": "With the university",
        "parties": (partner.uid,),
        "assets": (world.harmless.asset.uid,),
        "purposes": (world.purposes["rock"].uid,),
        "document_ref": "D-1",
        "permission": Permission.NRES,
        "forbids_reidentification": False,
        "forbids_sharing": True,
        "needs_destruction_certificate": False,
        "effective_to": (database_now() + timedelta(days=400)).date(),
    }
    return kept(world.organization, USE_AGREEMENTS, UseAgreementContent(**{**made, **given}))


def a_use(world: AccessWorld, **given: Any) -> LegalRecord:
    made: dict[str, Any] = {
        "name": "Rock types",
        "purpose": world.purposes["rock"].uid,
        "use": ResearchUse.GENERAL,
        "is_commercial": True,
        "is_for_profit": True,
    }
    return kept(world.organization, USES, UseContent(**{**made, **given}))


def a_schedule(world: AccessWorld, **given: Any) -> LegalRecord:
    made: dict[str, Any] = {
        "name": "Pay",
        "data": "Pay of former employees.",
        "assets": (world.personal.asset.uid,),
        "trigger": Trigger.FIXED_DATE,
        "trigger_on": (database_now() - timedelta(days=400)).date(),
        "duration": "P1Y",
        "action": RetentionAction.ERASE,
    }
    return kept(world.organization, RETENTIONS, RetentionContent(**{**made, **given}))


def a_law(world: AccessWorld) -> LegalRecord:
    content = NationalContent(
        name="Data of employees",
        country="DE",
        article="88",
        provision="BDSG, section 26",
        demand="Works councils agree first.",
        effect=NationalEffect.BLOCK,
        subjects=frozenset({DataSubjectCategory.EMPLOYEE}),
    )
    return kept(world.organization, NATIONALS, content)


def a_system(**given: Any) -> Callable[[AccessWorld], object]:
    return lambda world: restated(
        of_kind(AI_SYSTEMS), system(*(each.uid for each in world.purposes.values()), **given)
    )


def screened(*yes: str, **given: Any) -> Callable[[AccessWorld], object]:
    """The screening of the pay review is answered anew."""
    return lambda world: restated(
        of_kind(dpia.DPIAS), screening(activity_of(world.purposes["pay"]), *yes, **given)
    )


def recipient(world: AccessWorld) -> None:
    made = a_party(world.organization, role=PartyRole.INDEPENDENT)
    to = Recipient(kind=RecipientKind.INDEPENDENT_CONTROLLER, party="Partner", party_id=made.uid)
    says(world, world.purposes["pay"], recipients=(to,), no_recipients_confirmed=False)


def said_of_pay(**given: Any) -> Callable[[AccessWorld], object]:
    return lambda world: says(world, world.purposes["pay"], **given)


def governed(
    stage: str = "active",
    *,
    is_listed: bool = False,
    is_paused: bool = False,
    country: str = "",
    checked: Mapping[str, int] | None = None,
    **given: Any,
) -> Callable[[AccessWorld], object]:
    """A labeling policy about the harmless data, the scientist on its roster, a check of the redaction."""

    def make(world: AccessWorld) -> None:
        content = labeling_policy(world.purposes["rock"].uid, datasets=(world.harmless.asset.uid,), **given)
        if checked is not None:
            redaction_noted(world.harmless.version, **checked)
        policy = kept(world.organization, LABELING_POLICIES, content, stage=stage)
        if is_listed:
            row = entered(policy, "s", person_id=world.players["scientist"].person.uid, country=country)
            if is_paused:
                paused(row, world.harmless.version)

    return make


def labeled(stage: str = "", *, is_told: bool = True, **given: Any) -> Callable[[AccessWorld], object]:
    """A system of high risk whose data are governed, and a labeling policy at a stage where one is named."""

    def make(world: AccessWorld) -> None:
        all_points = frozenset(Governance)
        told = "By policy." if is_told else ""
        a_system(risk_class=RiskClass.HIGH_ANNEX_III, governance=all_points, labeling=told)(world)
        if stage:
            purposes = (each.uid for each in world.purposes.values())
            content = labeling_policy(*purposes, **{"is_high_risk": True, **given})
            kept(world.organization, LABELING_POLICIES, content, stage=stage)

    return make


def measured(*verdicts: str) -> Callable[[AccessWorld], object]:
    """The same, about the harmless data, with label sets of these verdicts, one after the other."""

    def make(world: AccessWorld) -> None:
        labeled("active", datasets=(world.harmless.asset.uid,))(world)
        policy = LegalRecordVersion.objects.get(legal_record__kind=LABELING_POLICIES.slug)
        for number, verdict in enumerate(verdicts, start=1):
            LabelSet.objects.create(
                version=world.harmless.version,
                number=number,
                policy=policy,
                format="csv",
                file_sha256=f"{number:064}",
                annotations=1,
                left_out=0,
                addresses_removed=0,
                verdict=verdict,
                findings=[],
                figures={},
                created_at=database_now(),
            )

    return make
