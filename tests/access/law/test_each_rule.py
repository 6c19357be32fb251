"""A record changes, and the rule that reads it answers: every rule of the law, a fact apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from apps.access.queries.evaluation import Answer
from apps.compliance import commands
from apps.compliance.lifecycle import dpia
from apps.compliance.lifecycle.activity.particulars import Art22Basis, Automation, PersonalData
from apps.compliance.lifecycle.ai_systems import AI_SYSTEMS, RiskClass
from apps.compliance.lifecycle.data_sheets import DATA_SHEETS, MadeWith
from apps.compliance.lifecycle.rights import RightsType
from apps.compliance.lifecycle.transfers import TiaOutcome
from apps.compliance.lifecycle.use_agreements import (
    Modifier,
)
from apps.kernel.clock import database_now
from apps.policy.decision import Effect
from apps.policy.law_words import TransferMechanism
from tests.access.law.asks import (
    B,
    D,
    R,
    exporting,
    found,
    labeling,
    of_kind,
    pay,
    rock,
    sharing,
    study,
    training,
)
from tests.access.law.records import (
    DAY,
    a_breach,
    a_consent,
    a_law,
    a_request,
    a_schedule,
    a_system,
    a_transfer,
    a_use,
    an_agreement,
    an_outsider,
    governed,
    labeled,
    measured,
    person,
    pinned,
    recipient,
    said_of_pay,
    screened,
)
from tests.factories.access import (
    AccessWorld,
)

REDACTED = {"is_redacted": True, "redaction": "By hand."}


@dataclass(frozen=True)
class Case:
    """A change to the records, the ask that meets it, and what the rule says then."""

    rule: str
    codes: set[str]
    effect: Effect | None
    change: Callable[[AccessWorld], object]
    ask: Callable[[AccessWorld], Answer] = pay

    def __str__(self) -> str:
        return f"{self.rule}-{'-'.join(sorted(self.codes))}"


CASES = (
    Case("A14", {"COLUMNS_TO_JUSTIFY", "COLUMNS_STRIPPED"}, R,
         said_of_pay(personal_data=(PersonalData(category="Salary", columns="salary"),))),
    Case("A15", {"IDENTIFIERS_UNKNOWN"}, B,
         lambda world: commands.retire_record(
             actor=world["officer"], legal_record_id=of_kind(DATA_SHEETS).uid)),
    Case("A15", {"PSEUDONYMS_SUFFICE"}, D,
         pinned(direct_identifiers="name", has_pseudonymised_view=True)),
    Case("A16", {"DPIA_MISSING"}, B, screened("is_vulnerable", "is_public_monitoring")),
    Case("A18", {"DPIA_UNKNOWN"}, B,
         lambda world: commands.retire_record(
             actor=world["officer"], legal_record_id=of_kind(dpia.DPIAS).uid)),
    Case("A19", {"DPIA_CONDITION_OPEN"}, B, lambda world: screened("is_vulnerable", actions=(
        dpia.ActionItem(what="Ask them", due_on=(database_now() - DAY).date()),))(world)),
    Case("A20", {"LIMIT_PASSED"}, D, a_schedule),
    Case("A21", {"HELD_FOR_CLAIMS_ONLY"}, D,
         lambda world: a_schedule(world, hold_ref="Case 7",
                                  hold_until_review=(database_now() + 90 * DAY).date())),
    Case("A22", {"TRANSFER_WITHOUT_MECHANISM"}, D, lambda world: an_outsider(world, country="IN")),
    Case("A23", {"TIA_NEGATIVE"}, B, lambda world: a_transfer(world, tia=TiaOutcome.NEGATIVE)),
    Case("A24", {"PLACE_NOT_ALLOWED"}, D, pinned(is_pinned=True, places="FR, NO")),
    Case("A25", {"WORKS_FROM_ABROAD", "NO_EXPORT_ABROAD"}, D, person(works_from="US"), exporting),
    Case("A25", {"WORKS_FROM_ABROAD", "LOCATION_UNKNOWN"}, B, person(works_from=""), exporting),
    Case("A26", {"DEROGATION_NOT_FOR_STANDING_ACCESS", "DEROGATION_DECIDED_BY_PEOPLE"}, D,
         lambda world: a_transfer(world, mechanism=TransferMechanism.CONTRACT, is_occasional=False)),
    Case("A27", {"EMPLOYER_UNKNOWN"}, B, person(relation="contractor", contract_ends_on="2099-01-01")),
    Case("A27", {"PROCESSOR_WITHOUT_CONTRACT"}, D, lambda world: an_outsider(world, clauses=frozenset())),
    Case("A28", {"RECIPIENT_WITHOUT_AGREEMENT"}, B, recipient, sharing),
    Case("A29", {"WITHDRAWALS_UNKNOWN"}, B, a_consent),
    Case("A30", {"ROWS_UNKNOWN"}, B, a_request(RightsType.OBJECTION)),
    Case("A30", {"ROWS_NOT_EXCLUDED"}, D, lambda world: (
        a_request(RightsType.RESTRICTION, list_number=2)(world),
        pinned(made_with=(MadeWith(version=1, list_number=1),))(world))),
    Case("A30", {"ROWS_FILTERED"}, None, lambda world: (
        a_request(RightsType.RESTRICTION, list_number=2)(world),
        pinned(made_with=(MadeWith(version=1, list_number=2),))(world))),
    Case("A31", {"CHILDREN_NEED_OPINION"}, R, said_of_pay(min_age=16)),
    Case("A32", {"AUTOMATED_DECISION_NOT_ALLOWED"}, D,
         said_of_pay(automation=Automation.SIGNIFICANT, art22_basis=Art22Basis.CONTRACT)),
    Case("A33", {"AGREEMENT_FORBIDS"}, D, an_agreement, lambda world: rock(world, "read", "share")),
    Case("A33", {"AGREEMENT_FORBIDS"}, D,
         lambda world: (an_agreement(world, modifiers=frozenset({Modifier.NCU})), a_use(world)), rock),
    Case("A33", {"AGREEMENT_ASKS"}, B,
         lambda world: an_agreement(world, modifiers=frozenset({Modifier.IRB})), rock),
    Case("A34", {"SYSTEM_PROHIBITED"}, D,
         a_system(risk_class=RiskClass.PROHIBITED, is_pure_research=False), training),
    Case("A34", {"SYSTEM_UNKNOWN"}, B,
         lambda world: commands.retire_record(
             actor=world["officer"], legal_record_id=of_kind(AI_SYSTEMS).uid), training),
    Case("A35", {"GOVERNANCE_INCOMPLETE"}, B, a_system(risk_class=RiskClass.HIGH_ANNEX_III), training),
    Case("A35", {"GOVERNANCE_INCOMPLETE"}, B, labeled(), training),
    Case("A35", {"GOVERNANCE_INCOMPLETE"}, B, labeled("piloted"), training),
    Case("A35", {"GOVERNANCE_INCOMPLETE"}, B, labeled("paused"), training),
    Case("A35", {"GOVERNANCE_INCOMPLETE"}, B, labeled("active", is_told=False), training),
    Case("A35", set(), None, labeled("active"), training),
    Case("A35", {"LABELS_MISSING"}, B, measured(), training),
    Case("A35", {"LABELS_BLOCKED"}, B, measured("release", "blocked"), training),
    Case("A35", {"LABELS_TENTATIVE"}, B, measured("research_only"), training),
    Case("A35", set(), None, measured("blocked", "release"), training),
    Case("A36", {"BIAS_CORRECTION_NOT_ALLOWED"}, D, a_system(corrects_bias=True), study),
    Case("A37", {"UNDERTAKING_MISSING"}, B, person(trained_on=None)),
    Case("A37", {"UNDERTAKING_MISSING"}, B, person(undertaking_on="2020-01-01")),
    Case("A39", {"BREACH_OPEN"}, B, a_breach),
    Case("LABELING", {"LABELER_NOT_QUALIFIED"}, D, governed(), labeling),
    Case("LABELING", {"LABELER_NOT_QUALIFIED"}, D, governed("paused"), labeling),
    Case("LABELING", set(), None, governed("active", is_listed=True), labeling),
    Case("LABELING", set(), None, governed("draft", is_listed=True), labeling),
    Case("LABELING", {"LABELING_STANDS_STILL"}, D, governed("paused", is_listed=True), labeling),
    Case("LABELING", {"LABELER_PAUSED"}, D, governed(is_listed=True, is_paused=True), labeling),
    Case("LABELING", set(), None, governed(is_listed=True, countries="EEA"), labeling),
    Case("LABELING", {"LABELER_ELSEWHERE"}, D,
         governed(is_listed=True, countries="NO", country="NO"), labeling),
    Case("LABELING", {"LABELING_UNREDACTED"}, B, governed(is_listed=True, **REDACTED), labeling),
    Case("LABELING", {"LABELING_REDACTION_MISSED"}, B,
         governed(is_listed=True, checked={"seeds_found": 380}, **REDACTED), labeling),
    Case("LABELING", {"LABELING_REDACTION_MISSED"}, B,
         governed(is_listed=True, checked={"audited": 299}, **REDACTED), labeling),
    Case("LABELING", set(), None, governed(is_listed=True, checked={}, **REDACTED), labeling),
    Case("NATIONAL", {"NATIONAL_LAW_ASKS"}, B, a_law),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_record_changes_and_its_rule_answers(law: AccessWorld, case: Case) -> None:
    before = case.ask(law)
    assert case.effect is None or found(before, case.rule)[0] is not case.effect
    case.change(law)
    effect, codes = found(case.ask(law), case.rule)
    assert (effect, codes) == (case.effect, case.codes)
