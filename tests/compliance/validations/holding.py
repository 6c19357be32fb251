"""Of each number of the table of validations, what it has nothing against."""

from __future__ import annotations

from datetime import date

from apps.compliance.lifecycle import (
    Role,
    ai_systems,
    dpia,
)
from apps.compliance.lifecycle.activity.particulars import (
    Art14Exemption,
    Art22Basis,
    Automation,
    Identification,
    OnBehalf,
    PersonalData,
)
from apps.compliance.lifecycle.consent import CONSENTS
from apps.compliance.lifecycle.grounds import consent_gaps, lia_gaps
from apps.compliance.lifecycle.judging import overdue
from apps.compliance.lifecycle.parties import PARTIES
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
    consented,
    covered,
    decided,
    decided_by_machines,
    from_others,
    given_to_a_processor,
    named,
    of_activity,
    of_purpose,
    of_record,
    on,
    screened,
    serving,
)
from tests.factories.compliance import purpose_content

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
        lambda: of_activity(around=covered(serving(biometric_use=BiometricUse.NONE), has_traits=True)),
        lambda: of_activity(
            around=covered(serving(biometric_use=BiometricUse.CATEGORISATION), has_traits=True)
        ),
        lambda: of_activity(
            around=covered(
                serving(biometric_use=BiometricUse.IDENTIFICATION, has_art9_condition=True), has_traits=True
            )
        ),
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
    "V-26": [lambda: decided(assessments.written_out(), assessments.opinion(dpia.Opinion.FAVOURABLE))],
    "V-27": [lambda: of_record(ai_systems.AI_SYSTEMS, systems.not_high())],
    "V-28": [lambda: of_record(ai_systems.AI_SYSTEMS, systems.system(**HIGH))],
    "V-29": [lambda: (("B", each) for each in overdue(TODAY, TODAY))],
    "V-30": [lambda: approved_by(2)],
}
