"""The register beside the data: parties, transfers, AI systems, uses and national law. One query."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, JSONObject

from apps.accounts.models import Organization
from apps.compliance.facts.naming import OF_A_VERSION, Kept, kept, of_kind
from apps.compliance.facts.standing import earliest
from apps.compliance.lifecycle.ai_systems import AI_SYSTEMS, AiStage, AiSystemContent, RiskClass
from apps.compliance.lifecycle.data_sheets import listed
from apps.compliance.lifecycle.declaration import Kind
from apps.compliance.lifecycle.labeling import GOVERNING, LABELING_POLICIES
from apps.compliance.lifecycle.national import NATIONALS, NationalContent
from apps.compliance.lifecycle.occurrences import Happening
from apps.compliance.lifecycle.parties import PARTIES, ContractClause, PartyContent
from apps.compliance.lifecycle.transfers import TRANSFERS, TransferContent
from apps.compliance.lifecycle.uses import USES, UseContent
from apps.compliance.models import LegalRecord, LegalRecordVersion, Occurrence, Purpose
from apps.kernel.questions import Question
from apps.policy.facts import (
    NO_LIMIT,
    AiSystemFacts,
    ControllerFacts,
    NationalConditionFacts,
    PartyFacts,
    TransferFacts,
    UseFacts,
)
from apps.policy.law_words import (
    AiPractice,
    AiRiskClass,
    AiRole,
    AnnexUse,
    BiasCondition,
    DataGovernance,
    DpfCover,
    NationalEffect,
    PartyPart,
    PartyRole,
    ResearchUse,
    TiaOutcome,
    TransferState,
)
from apps.policy.regions import EEA

GRAVEST = tuple(RiskClass)
"""From prohibited down to an experiment."""


@dataclass(frozen=True, kw_only=True)
class Party:
    """Who would see the data, and why. `named` is the number of the record, its uid, or a name; `role` is
    what another record says they are."""

    part: PartyPart
    named: str
    role: PartyRole | None = None


@dataclass(frozen=True, kw_only=True)
class Register:
    """What was read of the register, as of a day."""

    records: tuple[Kept, ...]
    on: date

    def party(self, named: str) -> Kept | None:
        found = of_kind(self.records, PARTIES)
        return next((each for each in found if named in (each.ref, each.uid) and each.holds(self.on)), None)

    def in_force(self, kind: Kind) -> list[Kept]:
        return [each for each in of_kind(self.records, kind) if each.holds(self.on)]

    def ref_of(self, uid: str) -> str:
        found = of_kind(self.records, PARTIES)
        return next((each.ref for each in found if each.uid == uid), uid)


def read_register(
    organization: Organization, purpose: Purpose, parties: Collection[str], *, on: date
) -> Register:
    """Parties by number or uid, the transfers to them, what is recorded for the purpose, and national law.

    One query, however many parties.
    """
    found = _READ.rows(organization.pk, str(purpose.uid), frozenset(parties))
    records = sorted((kept(each) for _, each in found), key=lambda each: (each.ref, each.number))
    return Register(records=tuple(records), on=on)


def _read_of(organization: int, purpose: str, parties: frozenset[str]) -> QuerySet[Any, Any]:
    of_house = LegalRecordVersion.objects.filter(
        legal_record__organization=organization, record_status="approved"
    )
    stated = JSONObject(**OF_A_VERSION, lost_in=ArraySubquery(_lost()))
    known = LegalRecord.objects.filter(organization=organization, kind=PARTIES.slug)
    named = known.filter(Q(ref__in=parties) | Q(uid__in=[uid for uid in parties if _is_uid(uid)]))
    importers = named.annotate(text=Cast("uid", TextField())).values("text")
    of_parties = of_house.filter(legal_record__in=named)
    of_transfers = of_house.filter(legal_record__kind=TRANSFERS.slug).annotate(
        importer=KeyTextTransform("importer", "content")
    )
    of_purpose = of_house.filter(
        Q(legal_record__kind=AI_SYSTEMS.slug, content__contains={"purposes": [purpose]})
        | Q(legal_record__kind=LABELING_POLICIES.slug, content__contains={"purposes": [purpose]})
        | Q(legal_record__kind=USES.slug, content__contains={"purpose": purpose})
    )
    parts = (
        of_parties,
        of_transfers.filter(importer__in=importers),
        of_purpose,
        of_house.filter(legal_record__kind=NATIONALS.slug),
    )
    first, *others = (part.order_by().values_list(F("legal_record__ref"), stated) for part in parts)
    found: QuerySet[Any, Any] = first.union(*others, all=True)
    return found


_READ: Question[tuple[str, dict[str, Any]]] = Question(_read_of)


def _lost() -> QuerySet[Any]:
    """Countries in which a transfer has lost its basis: said of the outer record, or of no single one."""
    said = Occurrence.objects.in_effect().filter(
        happening=Happening.INSTRUMENT_INVALID, organization=OuterRef("legal_record__organization")
    )
    of_it = Q(source=OuterRef("legal_record")) | Q(source__isnull=True)
    return said.filter(of_it).order_by("number").values("country")


def _is_uid(named: str) -> bool:
    try:
        return str(UUID(named)) == named
    except ValueError:
        return False


# Parties


def controller_facts(organization: Organization) -> ControllerFacts:
    """Who is established in the EEA is bound by the GDPR (Art. 3(1)); elsewhere the organization says."""
    is_bound = organization.country in EEA or organization.is_under_gdpr
    return ControllerFacts(
        country=organization.country,
        is_under_gdpr=True if is_bound else organization.is_under_gdpr,
        is_public_authority=organization.is_public_authority,
    )


def party_facts(
    register: Register, parties: Iterable[Party], agreed: frozenset[str]
) -> tuple[PartyFacts, ...]:
    """Each once a part; what no record in force says of one is not known.

    `agreed` are the uids of those with whom an agreement on the data is in force.
    """
    found: dict[tuple[str, PartyPart], PartyFacts] = {}
    for party in parties:
        record = register.party(party.named)
        facts = _unrecorded(party) if record is None else _party(record, party, agreed)
        found.setdefault((facts.uid, facts.part), facts)
    return tuple(found.values())


def _unrecorded(party: Party) -> PartyFacts:
    return PartyFacts(
        uid=party.named,
        part=party.part,
        role=party.role,
        country=None,
        is_international_organization=None,
    )


def _party(record: Kept, party: Party, agreed: frozenset[str]) -> PartyFacts:
    content: PartyContent = record.content
    has_all = content.clauses == frozenset(ContractClause)
    return PartyFacts(
        uid=record.ref,
        part=party.part,
        role=PartyRole(content.role.value) if content.role else party.role,
        country=_place(content),
        is_international_organization=content.is_international_organization,
        has_contract=bool(content.contract_ref.strip()) and has_all,
        is_authorized=content.is_authorized,
        contract_ends_on=earliest(content.contract_ends_on or NO_LIMIT, record.effective_to or NO_LIMIT),
        has_arrangement=bool(content.arrangement.strip()),
        has_agreement=record.uid in agreed,
        has_own_basis=bool(content.own_basis.strip()),
        dpf=DpfCover(content.dpf.value) if content.dpf else None,
        is_commercial=content.is_commercial,
        is_in_excluded_sector=content.is_in_excluded_sector,
    )


def _place(content: PartyContent) -> str | None:
    """A country, or an international organization by its name."""
    return (content.name if content.is_international_organization else content.country) or None


# Transfers


def transfer_facts(register: Register) -> tuple[TransferFacts, ...]:
    """A transfer that was retired or replaced is not stated; one whose document ended is."""
    return tuple(_transfer(register, each) for each in of_kind(register.records, TRANSFERS))


def _transfer(register: Register, record: Kept) -> TransferFacts:
    content: TransferContent = record.content
    return TransferFacts(
        ref=record.ref,
        version=record.version,
        importer=register.ref_of(str(content.importer)),
        mechanism=content.mechanism,
        state=_state(record, register),
        valid_to=record.effective_to or NO_LIMIT,
        tia=TiaOutcome(content.tia.value) if content.tia else None,
        tia_review_on=content.tia_review_on or record.review_due_on,
        has_measures=bool(content.measures.strip()),
        is_authorized=content.is_authorized,
        is_occasional=content.is_occasional,
        holds_hr_data=content.holds_hr_data,
    )


def _state(record: Kept, register: Register) -> TransferState:
    """What it rests on may have fallen, while the record still says what was signed."""
    on, importer = register.on, register.party(str(record.content.importer))
    if record.lost_in and (importer is None or importer.content.country in record.lost_in):
        return TransferState.SUSPENDED
    if record.effective_from > on:
        return TransferState.TIA_DONE
    is_over = record.effective_to is not None and record.effective_to <= on
    return TransferState.EXPIRED if is_over else TransferState.ACTIVE


# What is made of the data


def system_facts(register: Register) -> AiSystemFacts | None:
    """Of the systems that are trained or used for the purpose the one of the gravest class."""
    ended = (AiStage.RETIRED.value,)
    found = [each for each in register.in_force(AI_SYSTEMS) if each.stage not in ended]
    if not found:
        return None
    return _system(min(found, key=_gravity), register)


def corrects_bias(register: Register) -> bool | None:
    """Yes where one system does; no where all say no; not known where there is none."""
    said = {each.content.corrects_bias for each in register.in_force(AI_SYSTEMS)}
    return True if True in said else False if said == {False} else None


def _gravity(record: Kept) -> int:
    risk = record.content.risk_class
    return GRAVEST.index(risk) if risk is not None else -1


def _system(record: Kept, register: Register) -> AiSystemFacts:
    content: AiSystemContent = record.content
    is_experiment = content.risk_class is RiskClass.EXPERIMENT
    return AiSystemFacts(
        ref=record.ref,
        version=record.version,
        risk_class=AiRiskClass(content.risk_class.value) if content.risk_class else None,
        role=AiRole(content.role.value) if content.role else None,
        is_profiling=content.is_profiling,
        is_pure_research=True if is_experiment else content.is_pure_research,
        governance=frozenset(DataGovernance(each.value) for each in content.governance),
        has_labeling_policy=bool(content.labeling.strip()) and _is_labeled_by_policy(register, content),
        bias_conditions=frozenset(BiasCondition(each.value) for each in content.bias_conditions),
        practices=frozenset(AiPractice(each.value) for each in content.practices),
        annex_uses=frozenset(AnnexUse(each.value) for each in content.annex_uses),
    )


def _is_labeled_by_policy(register: Register, system: AiSystemContent) -> bool:
    """Of those for the purpose that are about what the system learns from, where it says what, one at least
    is for high risk, and each was tried out, approved, and not paused."""
    about = [
        each
        for each in of_kind(register.records, LABELING_POLICIES)
        if each.is_in_force(register.on)
        and (not system.training or set(system.training) & set(each.content.datasets))
    ]
    is_for_high_risk = any(each.content.is_high_risk is True for each in about)
    return is_for_high_risk and all(each.holds(register.on) and each.stage in GOVERNING for each in about)


def use_facts(register: Register, *, institution: str, project: str, place: str | None) -> UseFacts:
    """What the statements of use for the purpose agree on; where they differ, it is not known."""
    said: list[UseContent] = [each.content for each in register.in_force(USES)]
    use = _agreed(said, "use")
    return UseFacts(
        kind=ResearchUse(use.value) if use is not None else None,
        is_commercial=_agreed(said, "is_commercial"),
        is_for_profit=_agreed(said, "is_for_profit"),
        diseases=frozenset(code for each in said for code in listed(each.diseases)) if said else None,
        is_genetic=_agreed(said, "is_genetic"),
        has_ethics_document=all(each.ethics_ref.strip() for each in said) if said else None,
        is_collaboration_agreed=all(each.collaboration_ref.strip() for each in said) if said else None,
        institution=institution,
        project=project,
        region=place,
        topic=_agreed(said, "topic") or None,
    )


def _agreed(said: Sequence[UseContent], name: str) -> Any:
    values = {getattr(each, name) for each in said}
    return values.pop() if len(values) == 1 else None


def national_facts(register: Register) -> tuple[NationalConditionFacts, ...]:
    """What is not recorded is not asked for: the register of national law is kept by the organization.

    An overdue condition goes on.
    """
    found = of_kind(register.records, NATIONALS)
    return tuple(_national(each) for each in found if each.is_in_force(register.on))


def _national(record: Kept) -> NationalConditionFacts:
    content: NationalContent = record.content
    effect: Mapping[str, NationalEffect] = {each.value: each for each in NationalEffect}
    return NationalConditionFacts(
        ref=record.ref,
        country=content.country,
        article=f"GDPR Art. {content.article}",
        effect=effect[content.effect.value if content.effect else NationalEffect.BLOCK.value],
        special_kinds=frozenset(each.value for each in content.special_kinds),
        subjects=frozenset(each.value for each in content.subjects),
        covers_criminal=content.covers_criminal is True,
    )
