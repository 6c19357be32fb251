"""Of each number of the table of validations, what it finds, a fact apart, with its weight."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from apps.compliance.lifecycle import (
    Recipient,
    RecipientKind,
    Role,
    ai_systems,
    dpia,
)
from apps.compliance.lifecycle.activity.particulars import (
    Art22Basis,
    Automation,
    Identification,
    OnBehalf,
    PersonalData,
)
from apps.compliance.lifecycle.consent import CONSENTS
from apps.compliance.lifecycle.grounds import consent_gaps, lia_gaps
from apps.compliance.lifecycle.judging import overdue
from apps.compliance.lifecycle.purpose import BiometricUse
from apps.compliance.lifecycle.retention import RETENTIONS
from apps.compliance.lifecycle.transfers import TRANSFERS
from apps.policy.law_words import TransferMechanism
from apps.policy.vocabulary import Art9Condition, Art10Basis, LawfulBasis
from tests.compliance import test_validations as kinds
from tests.compliance.cycles import test_ai_systems as systems
from tests.compliance.cycles import test_assessments as assessments
from tests.compliance.test_declarations import weighed
from tests.compliance.validations.judged import (
    CHILD,
    HIGH,
    PARTY,
    SPECIAL,
    TODAY,
    Case,
    activity,
    adequate,
    approved_by,
    asked,
    asking,
    consented,
    covered,
    decided,
    decided_by_machines,
    dependent,
    from_others,
    given_to_a_processor,
    named,
    of_activity,
    of_purpose,
    of_record,
    on,
    on_special,
    running,
    screened,
    sensitive,
    serving,
)
from tests.factories.compliance import purpose_content

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
        ("C", lambda: of_activity(around=covered(has_traits=True))),
        (
            "C",
            lambda: of_activity(
                around=covered(serving(biometric_use=BiometricUse.VERIFICATION), has_traits=True)
            ),
        ),
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
        ("E", lambda: decided(assessments.written_out())),
        ("E", lambda: decided(assessments.written_out(), assessments.opinion(dpia.Opinion.UNFAVOURABLE))),
    ],
    "V-27": [("C", lambda: of_record(ai_systems.AI_SYSTEMS, systems.not_high(is_profiling=True)))],
    "V-28": [
        ("C", lambda: of_record(ai_systems.AI_SYSTEMS, systems.system(**{**HIGH, "labeling": ""}))),
        ("C", lambda: of_record(ai_systems.AI_SYSTEMS, systems.system(**{**HIGH, "testing_versions": ()}))),
    ],
    "V-29": [("B", lambda: (("B", each) for each in overdue(date(2026, 10, 26), TODAY)))],
    "V-30": [("E", lambda: approved_by(1))],
}
