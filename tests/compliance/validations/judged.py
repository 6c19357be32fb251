"""What is judged by the validations: activities, purposes and records that lack nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from apps.compliance.commands.review import refuse_own
from apps.compliance.lifecycle import (
    ActivityContent,
    DataSubjectCategory,
    Recipient,
    RecipientKind,
    ai_systems,
    dpia,
)
from apps.compliance.lifecycle.activity import Covered, CoveredPurpose, faults, gaps, warnings
from apps.compliance.lifecycle.activity.particulars import (
    Art22Basis,
    Automation,
    DataSource,
    PersonalData,
    SpecialCategory,
)
from apps.compliance.lifecycle.consent import CONSENTS, Imbalance
from apps.compliance.lifecycle.cycle import Standing
from apps.compliance.lifecycle.declaration import Referred
from apps.compliance.lifecycle.dpia.decision import blocks_clearance
from apps.compliance.lifecycle.purpose import PurposeContent, objections
from apps.compliance.lifecycle.purpose import warnings as purpose_warnings
from apps.kernel.actor import Actor, ActorKind
from apps.kernel.errors import NotPermitted
from apps.policy.law_words import TransferMechanism
from apps.policy.reason import Reason
from apps.policy.vocabulary import Art9Condition, LawfulBasis
from tests.compliance import test_validations as kinds
from tests.compliance.cycles import test_assessments as assessments
from tests.compliance.cycles.taken import AT
from tests.factories.compliance import consent_content, particulars, purpose_content

Found = Iterable[tuple[str, Reason]]
Case = Callable[[], Found]

TODAY = date(2026, 11, 26)
PARTY = UUID(int=7)
NUMBERS = [f"V-{number:02}" for number in range(1, 31)]


# What is judged


def activity(**given: Any) -> ActivityContent:
    said = {name: given.pop(name) for name in list(given) if name in WORDS}
    made: dict[str, Any] = {
        "name": "Upkeep of pumps",
        "purpose_ids": (UUID(int=1),),
        "asset_ids": (UUID(int=2),),
        "data_subject_categories": frozenset({DataSubjectCategory.EMPLOYEE}),
        "no_recipients_confirmed": True,
        "no_transfers_confirmed": True,
        "security_measures": frozenset({"encryption"}),
        "particulars": particulars(**said),
    }
    return ActivityContent(**{**made, **given})


WORDS = frozenset(vars(particulars()))


def serving(**given: Any) -> CoveredPurpose:
    made: dict[str, Any] = {
        "ref": "PU-0001",
        "is_approved": True,
        "has_basis": True,
        "has_art9_condition": False,
        "has_art10_authority": False,
        "basis": LawfulBasis.LEGITIMATE_INTERESTS,
        "weighs_children": False,
    }
    return CoveredPurpose(**{**made, **given})


def covered(*purposes: CoveredPurpose, **given: Any) -> Covered:
    made: dict[str, Any] = {
        "today": TODAY,
        "purposes": purposes or (serving(),),
        "is_personal": True,
        "special_kinds": frozenset(),
        "is_criminal": False,
        "controller": "Pumps",
        "controller_country": "DE",
    }
    return Covered(**{**made, **given})


def of_activity(content: ActivityContent | None = None, around: Covered | None = None) -> Found:
    content, around = content or activity(), around or covered()
    yield from (("E", each) for each in faults(content, around))
    yield from (("C", each) for each in gaps(content, around))
    yield from (("W", each) for each in warnings(content, around))


def of_purpose(**given: Any) -> Found:
    content = purpose_content(**given)
    yield from (("C", each) for each in objections(content))
    yield from (("W", each) for each in purpose_warnings(content))


def of_record(kind: Any, content: Any, party: Any = None) -> Found:
    found = kinds.judged(kind, content, party)
    yield from (("E", each) for each in found.faults)
    yield from (("C", each) for each in found.gaps)
    yield from (("W", each) for each in found.warnings)


def on(basis: LawfulBasis, **ground: str) -> dict[str, Any]:
    return {"lawful_basis": basis, "lia_ref": "", **ground}


def named(content: Any, name: str = "Payroll Ltd") -> dict[UUID, Referred]:
    return {PARTY: Referred(kind="parties", ref="PY-0001", name=name, content=content)}


def given_to_a_processor(content: Any) -> Found:
    recipient = Recipient(kind=RecipientKind.PROCESSOR, party_id=PARTY)
    said = activity(recipients=(recipient,), no_recipients_confirmed=False)
    return of_activity(said, covered(named=named(content)))


def decided_by_machines(basis: Art22Basis | None, **said: Any) -> Found:
    return of_activity(activity(automation=Automation.SIGNIFICANT, art22_basis=basis, **said))


def consented(**given: Any) -> PurposeContent:
    return purpose_content(**on(LawfulBasis.CONSENT, consent_ref="CB-0001"), **given)


def asked(**given: Any) -> Referred:
    return Referred(kind=CONSENTS.slug, ref="CB-0001", content=consent_content(**given))


def approved_by(person_id: int) -> Found:
    version: Any = SimpleNamespace(
        submitted_by_id=1, editors=SimpleNamespace(all=lambda: [SimpleNamespace(pk=1)])
    )
    try:
        refuse_own(version, Actor(kind=ActorKind.PERSON, person_id=person_id))
    except NotPermitted as refusal:
        yield from (("E", each) for each in refusal.reasons)


def decided(content: Any, *log: Any) -> Found:
    step = next(each for each in dpia.CYCLE.steps if each.slug == "decide")
    said = step.said(decision=dpia.OwnerDecision.APPROVE)
    standing = Standing(content=content, log=log, at=AT)
    return (("E", each) for each in step.check(said, standing))


CHILD = frozenset({DataSubjectCategory.CHILD})
SPECIAL = frozenset({"health"})
HIGH = {
    **dict.fromkeys(("training_versions", "validation_versions", "testing_versions"), (UUID(int=1),)),
    "labeling": "Two people each.",
    "risk_class": ai_systems.RiskClass.HIGH_ANNEX_III,
    "annex_uses": frozenset({ai_systems.AnnexUse.RECRUITMENT}),
    "technical_file": "F-1",
    "oversight": "A shift leader.",
    "robustness": "Tested.",
}


def running(**said: Any) -> ActivityContent:
    """It takes place, and nothing tells the people."""
    return activity(is_running=True, privacy_notice="", **said)


def adequate() -> Any:
    return kinds.transfer(mechanism=TransferMechanism.ADEQUACY, scc_module=None, tia=None)


def dependent() -> Any:
    return kinds.consent(imbalances=frozenset({Imbalance.EMPLOYER}), why_free="Nobody learns who took part.")


def sensitive(kind: str) -> PersonalData:
    return PersonalData(category="Name", special_kind=SpecialCategory(kind))


def on_special() -> PurposeContent:
    return consented(art9_conditions=frozenset({Art9Condition.EXPLICIT_CONSENT}), is_consent_explicit=True)


def asking(**given: Any) -> CoveredPurpose:
    return serving(basis=LawfulBasis.CONSENT, weighs_children=None, **given)


def from_others(**said: Any) -> ActivityContent:
    made: dict[str, Any] = {"source_party": "Registry", "privacy_notice": ""}
    return activity(sources=frozenset({DataSource.THIRD_PARTY}), **{**made, **said})


def screened(stage: dpia.DpiaStage) -> Found:
    content = assessments.assessment("is_vulnerable", "is_innovative")
    return (("B", each) for each in blocks_clearance("IA-0001", content, stage))
