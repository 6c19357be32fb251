"""V-01 to V-30: for each number one case in which it holds and one in which it does not, a fact apart.

What is found names its article and its field, says how it is cured, and weighs what the table says: [E] keeps
a description from being signed off, [C] only while the processing is planned, [B] keeps it from running, and
[W] is for whoever reviews.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from apps.compliance.commands.review import refuse_own
from apps.compliance.lifecycle import (
    ActivityContent,
    DataSubjectCategory,
    Recipient,
    RecipientKind,
    Role,
    ai_systems,
    dpia,
)
from apps.compliance.lifecycle.activity import Covered, CoveredPurpose, faults, gaps, warnings
from apps.compliance.lifecycle.activity.particulars import (
    Art14Exemption,
    Art22Basis,
    Automation,
    DataSource,
    Identification,
    OnBehalf,
    PersonalData,
    SpecialCategory,
)
from apps.compliance.lifecycle.consent import CONSENTS, Imbalance
from apps.compliance.lifecycle.cycle import Standing
from apps.compliance.lifecycle.declaration import Referred
from apps.compliance.lifecycle.dpia.decision import blocks_clearance
from apps.compliance.lifecycle.grounds import consent_gaps, lia_gaps
from apps.compliance.lifecycle.judging import overdue
from apps.compliance.lifecycle.parties import PARTIES
from apps.compliance.lifecycle.purpose import PurposeContent, objections
from apps.compliance.lifecycle.purpose import warnings as purpose_warnings
from apps.compliance.lifecycle.retention import RETENTIONS
from apps.compliance.lifecycle.transfers import TRANSFERS
from apps.kernel.actor import Actor, ActorKind
from apps.kernel.errors import NotPermitted
from apps.policy.law_words import TransferMechanism
from apps.policy.reason import Reason, text_of
from apps.policy.vocabulary import Art9Condition, Art10Basis, LawfulBasis
from tests.compliance import test_cycles as cycles
from tests.compliance import test_validations as kinds
from tests.compliance.test_declarations import weighed
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
    standing = Standing(content=content, log=log, at=cycles.AT)
    return (("E", each) for each in step.check(said, standing))


CHILD = frozenset({DataSubjectCategory.CHILD})
SPECIAL = frozenset({"health"})
HIGH = {
    **dict.fromkeys(("training_versions", "validation_versions", "testing_versions"), (UUID(int=1),)),
    "labeling": "Two people each.",
    "risk_class": ai_systems.RiskClass.HIGH_ANNEX_III,
    "annex_point": "4(a)",
    "technical_file": "F-1",
    "oversight": "A shift leader.",
    "robustness": "Tested.",
}

HOLDS: dict[str, list[Case]] = {
    "V-01": [
        of_activity,
        lambda: of_activity(activity(dpo="", has_no_dpo=True)),
        lambda: of_activity(
            activity(security_measures=frozenset(), no_measures_reason="Told by the police.")
        ),
        lambda: of_activity(
            activity(
                role=Role.PROCESSOR,
                personal_data=(),
                on_behalf=(OnBehalf(controller=PARTY, categories="Pays wages."),),
            ),
            covered(named=named(kinds.processor())),
        ),
    ],
    "V-02": [of_activity, of_purpose],
    "V-03": [
        lambda: of_activity(around=covered(serving(has_art9_condition=True), special_kinds=SPECIAL)),
    ],
    "V-04": [
        lambda: of_purpose(
            art9_conditions=frozenset({Art9Condition.HEALTH_CARE}),
            art9_law_ref="§ 22",
            has_professional_secrecy=True,
        )
    ],
    "V-05": [
        lambda: of_purpose(art9_conditions=frozenset({Art9Condition.MADE_PUBLIC})),
        lambda: of_activity(around=covered(serving(has_art9_condition=True), special_kinds=SPECIAL)),
    ],
    "V-06": [
        lambda: of_activity(around=covered(serving(has_art10_authority=True), is_criminal=True)),
        lambda: of_purpose(art10_basis=Art10Basis.LAW, art10_law_ref="§ 4"),
    ],
    "V-07": [lambda: (("C", each) for each in lia_gaps(purpose_content(), weighed()))],
    "V-08": [
        lambda: of_activity(activity(is_public_task=True), covered(serving(basis=LawfulBasis.PUBLIC_TASK))),
        lambda: of_activity(activity(is_public_task=False)),
    ],
    "V-09": [lambda: of_purpose(**on(LawfulBasis.PUBLIC_TASK, legal_provision="§ 3"))],
    "V-10": [lambda: (("C", each) for each in consent_gaps(consented(), asked()))],
    "V-11": [lambda: of_record(CONSENTS, kinds.consent())],
    "V-12": [
        lambda: (("C", each) for each in lia_gaps(purpose_content(valid_from=date(2026, 1, 1)), weighed()))
    ],
    "V-13": [
        lambda: of_activity(activity(data_subject_categories=CHILD), covered(serving(weighs_children=True))),
        lambda: of_activity(activity(min_age=18)),
    ],
    "V-14": [lambda: of_record(TRANSFERS, kinds.transfer(), kinds.party())],
    "V-15": [
        lambda: of_record(TRANSFERS, adequate(), kinds.party(country="CH")),
    ],
    "V-16": [
        lambda: of_record(
            TRANSFERS, kinds.on_exception(TransferMechanism.CONTRACT, is_occasional=True), kinds.party()
        )
    ],
    "V-17": [lambda: of_record(RETENTIONS, kinds.schedule())],
    "V-18": [
        lambda: given_to_a_processor(kinds.processor()),
        lambda: of_record(PARTIES, kinds.processor()),
    ],
    "V-19": [
        lambda: of_activity(
            activity(role=Role.JOINT_CONTROLLER, joint_controllers=(PARTY,)),
            covered(named=named(kinds.party(arrangement="Agreement of May"))),
        ),
        lambda: of_activity(
            activity(role=Role.JOINT_CONTROLLER, joint_controllers=(PARTY,), art26_arrangement="A-1"),
            covered(named=named(kinds.party())),
        ),
    ],
    "V-20": [
        lambda: decided_by_machines(Art22Basis.CONTRACT, human_review_contact="review@example.org"),
        lambda: decided_by_machines(Art22Basis.LAW, art22_safeguards="§ 30, with a hearing."),
        lambda: of_activity(activity(automation=Automation.NOT_SIGNIFICANT)),
    ],
    "V-21": [lambda: screened(dpia.DpiaStage.APPROVED)],
    "V-22": [
        lambda: of_activity(
            activity(identifiability=Identification.ANONYMISED, anonymity_assessment="AN-4"),
            covered(is_personal=False),
        )
    ],
    "V-23": [lambda: of_activity(activity(personal_data=(PersonalData(category="Name"),)))],
    "V-24": [lambda: of_purpose(name="Predict floods")],
    "V-25": [
        of_activity,
        lambda: of_activity(from_others(art14_exemption=Art14Exemption.SECRECY)),
        lambda: of_activity(from_others(privacy_notice="On our site")),
    ],
    "V-26": [lambda: decided(cycles.written_out(), cycles.opinion(dpia.Opinion.FAVOURABLE))],
    "V-27": [lambda: of_record(ai_systems.AI_SYSTEMS, cycles.not_high())],
    "V-28": [lambda: of_record(ai_systems.AI_SYSTEMS, cycles.system(**HIGH))],
    "V-29": [lambda: (("B", each) for each in overdue(TODAY, TODAY))],
    "V-30": [lambda: approved_by(2)],
}

FAILS: dict[str, list[tuple[str, Case]]] = {
    "V-01": [
        ("C", lambda: of_activity(around=covered(is_controller_reachable=False))),
        ("C", lambda: of_activity(activity(dpo=""))),
        ("C", lambda: of_activity(around=covered(controller_country="BR"))),
        ("C", lambda: of_activity(activity(personal_data=()))),
        ("C", lambda: of_activity(activity(data_subject_categories=frozenset()))),
        ("C", lambda: of_activity(activity(places=()))),
        ("C", lambda: of_activity(activity(no_time_limits_reason=""))),
        ("C", lambda: of_activity(activity(security_measures=frozenset()))),
        ("C", lambda: of_activity(activity(role=Role.PROCESSOR))),
        (
            "C",
            lambda: of_activity(
                activity(role=Role.PROCESSOR, on_behalf=(OnBehalf(controller=PARTY),)),
                covered(named=named(kinds.processor())),
            ),
        ),
        ("E", lambda: of_activity(activity(no_recipients_confirmed=False))),
        ("E", lambda: of_activity(activity(no_transfers_confirmed=False))),
        ("E", lambda: of_activity(activity(has_no_dpo=True))),
        ("E", lambda: of_activity(activity(representative="Rep", has_no_representative=True))),
        ("E", lambda: of_activity(activity(personal_data=(PersonalData(columns="a"),)))),
        ("E", lambda: of_activity(running(remedy_owner=""))),
        ("E", lambda: of_activity(running(remedy_due=None))),
        ("E", lambda: of_activity(running(remedy_due=date(2026, 11, 25)))),
        ("W", lambda: of_activity(activity(business_function=""))),
        ("W", lambda: of_activity(activity(subjects_band=None))),
    ],
    "V-02": [
        ("E", lambda: of_activity(activity(purpose_ids=()))),
        ("C", lambda: of_activity(around=covered(serving(has_basis=False, basis=None)))),
        ("C", lambda: of_purpose(contract_ref="C-1")),
    ],
    "V-03": [
        ("C", lambda: of_activity(around=covered(special_kinds=SPECIAL))),
        ("C", lambda: of_activity(activity(personal_data=(sensitive("health"),)))),
    ],
    "V-04": [
        (
            "C",
            lambda: of_purpose(
                art9_conditions=frozenset({Art9Condition.HEALTH_CARE}), has_professional_secrecy=True
            ),
        ),
        (
            "C",
            lambda: of_purpose(art9_conditions=frozenset({Art9Condition.HEALTH_CARE}), art9_law_ref="§ 22"),
        ),
    ],
    "V-05": [
        (
            "C",
            lambda: of_purpose(
                art9_conditions=frozenset({Art9Condition.MADE_PUBLIC}), lawful_basis=None, lia_ref=""
            ),
        ),
        (
            "C",
            lambda: of_activity(
                around=covered(
                    serving(has_art9_condition=True, has_basis=False, basis=None), special_kinds=SPECIAL
                )
            ),
        ),
    ],
    "V-06": [
        ("C", lambda: of_activity(around=covered(is_criminal=True))),
        ("C", lambda: of_activity(activity(personal_data=(sensitive("criminal"),)))),
        ("C", lambda: of_purpose(art10_basis=Art10Basis.LAW)),
    ],
    "V-07": [
        ("C", lambda: (("C", each) for each in lia_gaps(purpose_content(), None))),
        ("C", lambda: of_activity(around=covered(serving(has_ground=False)))),
    ],
    "V-08": [("C", lambda: of_activity(activity(is_public_task=True)))],
    "V-09": [
        ("C", lambda: of_purpose(**on(LawfulBasis.PUBLIC_TASK))),
        ("C", lambda: of_purpose(**on(LawfulBasis.LEGAL_OBLIGATION))),
    ],
    "V-10": [
        ("C", lambda: of_purpose(**on(LawfulBasis.CONSENT))),
        ("C", lambda: (("C", each) for each in consent_gaps(consented(), None))),
        ("C", lambda: (("C", each) for each in consent_gaps(consented(), replace(asked(), content=None)))),
        ("C", lambda: (("C", each) for each in consent_gaps(on_special(), asked(is_explicit=False)))),
        ("C", lambda: of_activity(around=covered(serving(basis=LawfulBasis.CONSENT, has_ground=False)))),
    ],
    "V-11": [("W", lambda: of_record(CONSENTS, dependent()))],
    "V-12": [
        (
            "C",
            lambda: (
                ("C", each) for each in lia_gaps(purpose_content(valid_from=date(2025, 1, 1)), weighed())
            ),
        )
    ],
    "V-13": [
        ("C", lambda: of_activity(activity(data_subject_categories=CHILD))),
        ("C", lambda: of_activity(activity(min_age=17))),
        ("C", lambda: of_activity(activity(min_age=12), covered(asking(asks_parents=False)))),
        ("W", lambda: of_activity(activity(min_age=12), covered(serving(basis=LawfulBasis.CONTRACT)))),
    ],
    "V-14": [("C", lambda: of_record(TRANSFERS, kinds.transfer(tia=None), kinds.party()))],
    "V-15": [("C", lambda: of_record(TRANSFERS, adequate(), kinds.party()))],
    "V-16": [
        (
            "C",
            lambda: of_record(
                TRANSFERS, kinds.on_exception(TransferMechanism.CONTRACT, is_occasional=False), kinds.party()
            ),
        ),
        (
            "W",
            lambda: of_record(
                TRANSFERS,
                kinds.on_exception(TransferMechanism.PUBLIC_INTEREST, is_occasional=False),
                kinds.party(),
            ),
        ),
    ],
    "V-17": [
        ("C", lambda: of_record(RETENTIONS, kinds.schedule(duration=""))),
        (
            "C",
            lambda: of_activity(activity(personal_data=(PersonalData(category="Name", retention=PARTY),))),
        ),
    ],
    "V-18": [
        ("C", lambda: given_to_a_processor(kinds.processor(contract_ref=""))),
        ("C", lambda: given_to_a_processor(kinds.processor(clauses=frozenset()))),
        ("C", lambda: given_to_a_processor(kinds.processor(contract_ends_on=TODAY))),
        ("C", lambda: given_to_a_processor(None)),
        (
            "C",
            lambda: of_activity(
                activity(recipients=(Recipient(kind=RecipientKind.PROCESSOR),), no_recipients_confirmed=False)
            ),
        ),
        (
            "C",
            lambda: of_activity(
                activity(sub_processors=(PARTY,)), covered(named=named(kinds.processor(is_authorized=None)))
            ),
        ),
    ],
    "V-19": [
        (
            "C",
            lambda: of_activity(
                activity(role=Role.JOINT_CONTROLLER, joint_controllers=(PARTY,)),
                covered(named=named(kinds.party())),
            ),
        )
    ],
    "V-20": [
        ("C", lambda: of_activity(activity(automation=None))),
        ("C", lambda: decided_by_machines(None)),
        ("C", lambda: decided_by_machines(Art22Basis.CONTRACT)),
        ("C", lambda: decided_by_machines(Art22Basis.CONSENT)),
        ("C", lambda: decided_by_machines(Art22Basis.LAW)),
        (
            "C",
            lambda: of_activity(
                activity(
                    automation=Automation.SIGNIFICANT, art22_basis=Art22Basis.LAW, art22_safeguards="§ 30"
                ),
                covered(
                    serving(has_art9_condition=True, art9_conditions=frozenset({Art9Condition.LEGAL_CLAIMS})),
                    special_kinds=SPECIAL,
                ),
            ),
        ),
    ],
    "V-21": [("B", lambda: screened(dpia.DpiaStage.SCREENING))],
    "V-22": [
        ("C", lambda: of_activity(activity(identifiability=None))),
        ("C", lambda: of_activity(activity(identifiability=Identification.NOT_PERSONAL))),
        (
            "C",
            lambda: of_activity(
                activity(identifiability=Identification.ANONYMISED), covered(is_personal=False)
            ),
        ),
    ],
    "V-23": [
        ("E", lambda: of_activity(around=covered(odd_categories=frozenset({"EmailAddress"})))),
    ],
    "V-24": [("W", lambda: of_purpose(name="AI and analytics"))],
    "V-25": [
        ("C", lambda: of_activity(activity(sources=frozenset()))),
        ("C", lambda: of_activity(activity(privacy_notice=""))),
        ("C", lambda: of_activity(from_others())),
        ("C", lambda: of_activity(from_others(source_party="", privacy_notice="On our site"))),
    ],
    "V-26": [
        ("E", lambda: decided(cycles.written_out())),
        ("E", lambda: decided(cycles.written_out(), cycles.opinion(dpia.Opinion.UNFAVOURABLE))),
    ],
    "V-27": [("C", lambda: of_record(ai_systems.AI_SYSTEMS, cycles.not_high(is_profiling=True)))],
    "V-28": [
        ("C", lambda: of_record(ai_systems.AI_SYSTEMS, cycles.system(**{**HIGH, "labeling": ""}))),
        ("C", lambda: of_record(ai_systems.AI_SYSTEMS, cycles.system(**{**HIGH, "testing_versions": ()}))),
    ],
    "V-29": [("B", lambda: (("B", each) for each in overdue(date(2026, 10, 26), TODAY)))],
    "V-30": [("E", lambda: approved_by(1))],
}

ABOUT_ANOTHER_RECORD = {"V-21", "V-26", "V-30"}
"""Findings about a record as a whole, or about what was done with it: there is no field to fill in."""


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
    content = cycles.assessment("is_vulnerable", "is_innovative")
    return (("B", each) for each in blocks_clearance("IA-0001", content, stage))


# The table


def test_every_number_has_a_case_that_holds_and_one_that_does_not() -> None:
    assert list(HOLDS) == NUMBERS
    assert list(FAILS) == NUMBERS


@pytest.mark.parametrize("rule", NUMBERS)
def test_it_holds(rule: str) -> None:
    for case in HOLDS[rule]:
        assert [each for _, each in case() if each.rule == rule] == []


@pytest.mark.parametrize("rule", NUMBERS)
def test_it_does_not_hold(rule: str) -> None:
    for severity, case in FAILS[rule]:
        found = [(weight, each) for weight, each in case() if each.rule == rule]
        assert [weight for weight, _ in found] == [severity]
        for _, reason in found:
            text = text_of(reason.code)
            assert reason.articles, reason.code
            assert reason.field or rule in ABOUT_ANOTHER_RECORD, reason.code
            assert text.remedy
            assert "%" not in text.sentence % dict(reason.facts)
            assert "%" not in text.remedy % dict(reason.facts)
