"""The validations of the law on declared kinds: each holds, and each fails by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from apps.compliance.lifecycle.consent import (
    CONSENTS,
    ChildConsent,
    ConsentContent,
    ConsentPurpose,
    Feed,
    Imbalance,
)
from apps.compliance.lifecycle.declaration import Around, Content, Kind, Referred
from apps.compliance.lifecycle.judging import Findings, judge
from apps.compliance.lifecycle.parties import PARTIES, ContractClause, DpfCover, PartyContent, PartyRole
from apps.compliance.lifecycle.retention import (
    RETENTIONS,
    RetentionAction,
    RetentionContent,
    Trigger,
    ends_on,
    later,
)
from apps.compliance.lifecycle.transfers import TRANSFERS, SccModule, TiaOutcome, TransferContent
from apps.compliance.lifecycle.transfers import TransferMechanism as M
from apps.compliance.lifecycle.use_agreements import USE_AGREEMENTS, Modifier, Permission, UseAgreementContent
from apps.policy import law_words

TODAY = date(2026, 11, 26)
IMPORTER, ASSET = UUID(int=1), UUID(int=2)


def judged(kind: Kind, content: Content, party: PartyContent | None = None) -> Findings:
    named = {}
    if party is not None:
        named[IMPORTER] = Referred(kind=PARTIES.slug, ref="PY-0001", name=party.name, content=party)
    return judge(kind, content, Around(today=TODAY, named=named))


def rules(findings: Findings) -> set[tuple[str, str]]:
    """Severity and rule of what was found."""
    told = (("E", findings.faults), ("C", findings.gaps), ("W", findings.warnings))
    return {(severity, reason.rule) for severity, reasons in told for reason in reasons}


def party(**given: Any) -> PartyContent:
    made: dict[str, Any] = {
        "name": "Readings Inc",
        "address": "1 Road, Boston",
        "contact": "privacy@example.org",
        "country": "IN",
        "role": PartyRole.INDEPENDENT,
        "is_public_authority": False,
        "is_international_organization": False,
    }
    return PartyContent(**{**made, **given})


def transfer(**given: Any) -> TransferContent:
    made: dict[str, Any] = {
        "name": "Readings to India",
        "importer": IMPORTER,
        "data": "Readings of pumps with the names of the shift.",
        "mechanism": M.STANDARD_CLAUSES,
        "scc_module": SccModule.C2C,
        "tia": TiaOutcome.ADEQUATE,
    }
    return TransferContent(**{**made, **given})


def on_exception(mechanism: M, *, is_occasional: bool) -> TransferContent:
    return transfer(mechanism=mechanism, scc_module=None, tia=None, is_occasional=is_occasional)


# Transfers


def test_v14_holds_with_a_mechanism_and_an_assessment_of_the_country() -> None:
    assert rules(judged(TRANSFERS, transfer(), party())) == set()


def test_v14_does_not_ask_about_an_importer_inside() -> None:
    inside = party(country="NO")
    assert rules(judged(TRANSFERS, transfer(mechanism=None, scc_module=None, tia=None), inside)) == set()
    organization = party(country="NO", is_international_organization=True)
    without = transfer(mechanism=None, scc_module=None, tia=None)
    assert rules(judged(TRANSFERS, without, organization)) == {("C", "V-14")}


@pytest.mark.parametrize(
    "given",
    [
        {"mechanism": None, "scc_module": None},
        {"tia": None},
        {"tia": TiaOutcome.NEGATIVE},
        {"effective_from": date(2025, 1, 1), "effective_to": TODAY},
        {"mechanism": M.AD_HOC_CLAUSES, "is_authorized": False},
    ],
)
def test_v14_does_not_hold_without_them(given: dict[str, Any]) -> None:
    assert rules(judged(TRANSFERS, transfer(**given), party())) == {("C", "V-14")}


@pytest.mark.parametrize(
    ("covered", "hr", "holds"),
    [
        ({"country": "CH"}, False, True),
        ({"country": "IN"}, False, False),
        ({"country": "CA", "is_commercial": True}, False, True),
        ({"country": "CA", "is_commercial": False}, False, False),
        ({"country": "US", "dpf": DpfCover.NO}, False, False),
        ({"country": "US", "dpf": DpfCover.NON_HR, "dpf_checked_on": TODAY}, False, True),
        ({"country": "US", "dpf": DpfCover.NON_HR, "dpf_checked_on": TODAY}, True, False),
        ({"country": "US", "dpf": DpfCover.BOTH, "dpf_checked_on": TODAY}, True, True),
        ({"country": "KR", "is_in_excluded_sector": True}, False, False),
    ],
)
def test_v15_asks_for_the_scope_of_an_adequacy_decision(covered: Any, hr: bool, holds: bool) -> None:
    content = transfer(mechanism=M.ADEQUACY, scc_module=None, tia=None, holds_hr_data=hr)
    found = rules(judged(TRANSFERS, content, party(**covered)))
    assert found == (set() if holds else {("C", "V-15")})


@pytest.mark.parametrize("mechanism", [M.CONTRACT, M.CONTRACT_IN_INTEREST, M.LEGAL_CLAIMS])
def test_v16_an_exception_covers_what_is_occasional(mechanism: M) -> None:
    assert rules(judged(TRANSFERS, on_exception(mechanism, is_occasional=True), party())) == set()
    found = rules(judged(TRANSFERS, on_exception(mechanism, is_occasional=False), party()))
    assert found == {("C", "V-16")}


def test_v16_other_exceptions_warn_where_they_become_the_rule() -> None:
    found = rules(judged(TRANSFERS, on_exception(M.PUBLIC_INTEREST, is_occasional=False), party()))
    assert found == {("W", "V-16")}
    compelling = on_exception(M.COMPELLING_INTERESTS, is_occasional=False)
    assert rules(judged(TRANSFERS, compelling, party())) == {("C", "V-16")}


def test_v16_an_authority_cannot_rely_on_consent_or_contract() -> None:
    authority = party(is_public_authority=True)
    assert rules(judged(TRANSFERS, on_exception(M.CONTRACT, is_occasional=True), authority)) == {
        ("C", "V-16")
    }
    public = on_exception(M.PUBLIC_INTEREST, is_occasional=True)
    assert rules(judged(TRANSFERS, public, authority)) == set()


def test_a_transfer_that_takes_place_is_recorded_as_it_is() -> None:
    content = transfer(tia=None, is_running=True)
    found = judged(TRANSFERS, content, party())
    assert (found.obstacles, {reason.rule for reason in found.doubts}) == ((), {"V-14"})
    assert {
        reason.rule for reason in judged(TRANSFERS, replace(content, is_running=False), party()).obstacles
    }


# Parties


def processor(**given: Any) -> PartyContent:
    return party(
        **{
            "role": PartyRole.PROCESSOR,
            "contract_ref": "C-7",
            "clauses": frozenset(ContractClause),
            **given,
        }
    )


def test_v18_holds_with_a_contract_that_says_all_of_it() -> None:
    assert rules(judged(PARTIES, processor())) == set()


@pytest.mark.parametrize(
    "given",
    [
        {"contract_ref": ""},
        {"clauses": frozenset(ContractClause) - {ContractClause.AUDITS}},
        {"role": PartyRole.SUB_PROCESSOR, "is_authorized": False},
        {"role": PartyRole.SUB_PROCESSOR, "is_authorized": None},
    ],
)
def test_v18_does_not_hold_without_contract_or_authorization(given: dict[str, Any]) -> None:
    assert rules(judged(PARTIES, processor(**given))) == {("C", "V-18")}


def test_v19_a_joint_controller_needs_an_arrangement() -> None:
    joint = party(role=PartyRole.JOINT, arrangement="Agreement of May")
    assert rules(judged(PARTIES, joint)) == set()
    assert rules(judged(PARTIES, replace(joint, arrangement=""))) == {("C", "V-19")}


# Retention


def schedule(**given: Any) -> RetentionContent:
    made: dict[str, Any] = {
        "name": "Readings",
        "data": "Readings with shift names",
        "trigger": Trigger.COLLECTION,
        "trigger_on": date(2024, 2, 29),
        "duration": "P1Y",
        "action": RetentionAction.ERASE,
    }
    return RetentionContent(**{**made, **given})


def test_v17_holds_with_a_period_or_a_capped_criterion() -> None:
    assert rules(judged(RETENTIONS, schedule())) == set()
    by_criterion = schedule(duration="", criterion="Until the study is archived", max_cap="P10Y")
    assert rules(judged(RETENTIONS, by_criterion)) == set()


@pytest.mark.parametrize(
    ("given", "severities"),
    [
        ({"duration": ""}, {"C"}),
        ({"duration": "", "criterion": "For as long as it is useful"}, {"E", "C"}),
        ({"trigger_on": None}, {"E"}),
        ({"duration": "indefinite"}, {"E"}),
    ],
)
def test_v17_does_not_hold_for_what_has_no_end(given: dict[str, Any], severities: set[str]) -> None:
    assert rules(judged(RETENTIONS, schedule(**given))) == {(severity, "V-17") for severity in severities}


@pytest.mark.parametrize(
    ("begins", "period", "ends"),
    [
        (date(2024, 2, 29), "P1Y", date(2025, 2, 28)),
        (date(2026, 1, 31), "P1M", date(2026, 2, 28)),
        (date(2026, 1, 1), "P1Y2M3D", date(2027, 3, 4)),
        (date(2026, 1, 1), "P", None),
        (date(2026, 1, 1), "six years", None),
        (date(9000, 1, 1), "P999Y9999M", None),
    ],
)
def test_a_period_is_counted_by_the_calendar(begins: date, period: str, ends: date | None) -> None:
    assert later(begins, period) == ends


def test_the_earliest_end_counts() -> None:
    assert ends_on(schedule(duration="P6Y", max_cap="P2Y")) == date(2026, 2, 28)
    assert ends_on(schedule(trigger_on=None, max_cap="P2Y")) is None


# Consent


def consent(**given: Any) -> ConsentContent:
    made: dict[str, Any] = {
        "name": "Study of shifts",
        "text_version": "3",
        "purposes": (ConsentPurpose(concept="ScientificResearch", words="Research on shifts"),),
        "is_explicit": True,
        "register_system": "Consent desk",
        "withdrawal_channel": "The same form",
        "withdrawals_feed": Feed.API,
        "child_consent": ChildConsent.NOT_APPLICABLE,
    }
    return ConsentContent(**{**made, **given})


def test_v10_holds_with_what_people_agreed_to() -> None:
    assert rules(judged(CONSENTS, consent())) == set()


@pytest.mark.parametrize("given", [{"purposes": ()}, {"is_explicit": None}])
def test_v10_does_not_hold_without_it(given: dict[str, Any]) -> None:
    assert rules(judged(CONSENTS, consent(**given))) == {("E", "V-10")}


def test_v11_warns_where_people_depend_on_who_asks() -> None:
    imbalanced = consent(imbalances=frozenset({Imbalance.EMPLOYER}), why_free="Nobody learns who took part.")
    assert rules(judged(CONSENTS, imbalanced)) == {("W", "V-11")}


def test_v13_parents_consent_below_the_age_of_the_law() -> None:
    parental = consent(child_consent=ChildConsent.PARENTAL, age_limit=16)
    assert rules(judged(CONSENTS, parental)) == set()
    assert rules(judged(CONSENTS, replace(parental, age_limit=12))) == {("E", "V-13")}
    assert rules(judged(CONSENTS, consent(child_consent=None))) == {("E", "V-13")}


# Agreements


def agreement(**given: Any) -> UseAgreementContent:
    made: dict[str, Any] = {
        "name": "Clinic data",
        "parties": (IMPORTER,),
        "assets": (ASSET,),
        "document_ref": "D-1",
        "signed_on": TODAY,
        "permission": Permission.HMB,
        "forbids_reidentification": True,
        "forbids_sharing": True,
        "needs_destruction_certificate": True,
        "effective_to": date(2028, 1, 1),
    }
    return UseAgreementContent(**{**made, **given})


def test_an_agreement_has_an_end_and_terms_that_agree() -> None:
    assert judged(USE_AGREEMENTS, agreement()).obstacles == ()
    for given in (
        {"effective_to": None},
        {"permission": Permission.DS},
        {"modifiers": frozenset({Modifier.GS})},
        {"modifiers": frozenset({Modifier.NPOA}), "permission": Permission.POA},
    ):
        assert judged(USE_AGREEMENTS, agreement(**given)).obstacles != ()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Permission, law_words.DuoPermission),
        (Modifier, law_words.DuoModifier),
        (TiaOutcome, law_words.TiaOutcome),
        (DpfCover, law_words.DpfCover),
        (PartyRole, law_words.PartyRole),
    ],
)
def test_the_words_are_those_that_policy_knows(ours: Any, theirs: Any) -> None:
    assert {word.value for word in ours} == {word.value for word in theirs}
