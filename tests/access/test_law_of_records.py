"""All rules of the law on the records of a house: each fact comes from a record, and the rule answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from apps.access.drafts import read_draft
from apps.access.models import Grant
from apps.access.queries.evaluation import Answer, answer
from apps.access.queries.grants import ask_again, why_not_lawful
from apps.access.tasks import act_on_occurrence
from apps.compliance import commands
from apps.compliance.commands import Origin
from apps.compliance.lifecycle import RecipientKind, dpia
from apps.compliance.lifecycle.activity import DataSubjectCategory, Recipient
from apps.compliance.lifecycle.activity.particulars import Art22Basis, Automation, PersonalData
from apps.compliance.lifecycle.ai_systems import AI_SYSTEMS, RiskClass
from apps.compliance.lifecycle.breach import BREACHES, BreachRisk
from apps.compliance.lifecycle.consent import CONSENTS, ChildConsent, ConsentContent, ConsentPurpose, Feed
from apps.compliance.lifecycle.data_sheets import DATA_SHEETS, MadeWith, Revealed
from apps.compliance.lifecycle.declaration import Kind
from apps.compliance.lifecycle.national import NATIONALS, NationalContent, NationalEffect
from apps.compliance.lifecycle.occurrences import Happening
from apps.compliance.lifecycle.parties import PartyRole
from apps.compliance.lifecycle.retention import RETENTIONS, RetentionAction, RetentionContent, Trigger
from apps.compliance.lifecycle.rights import RIGHTS, RightsContent, RightsType
from apps.compliance.lifecycle.transfers import TRANSFERS, TiaOutcome, TransferContent
from apps.compliance.lifecycle.use_agreements import (
    USE_AGREEMENTS,
    Modifier,
    Permission,
    UseAgreementContent,
)
from apps.compliance.lifecycle.uses import USES, ResearchUse, UseContent
from apps.compliance.models import Duty, LegalRecord, RecordStep
from apps.kernel.clock import database_now
from apps.kernel.errors import RuleBroken
from apps.policy.decision import Effect
from apps.policy.law_words import ScreeningPoint, TransferMechanism
from apps.policy.vocabulary import LawfulBasis
from tests.factories import accounts as people
from tests.factories.access import (
    KEPT_UNTIL,
    PAY,
    AccessWorld,
    Thing,
    about_people,
    approved,
    asked,
    draft,
    granted,
    in_days,
    lawful_activity,
    permitted_for,
    thing,
)
from tests.factories.compliance import breach_content
from tests.factories.law import activity_of, first_rulebook, says
from tests.factories.occurrences import in_effect
from tests.factories.records import (
    LATELY,
    a_party,
    kept,
    people_known,
    restated,
    screening,
    sheet,
    system,
)

DAY = timedelta(days=1)


@pytest.fixture
def law(world: AccessWorld) -> AccessWorld:
    """A new house begins with all rules of the law."""
    return world


def answered(world: AccessWorld, wanted: Thing, purpose: str, *actions: str, **given: Any) -> Answer:
    now = database_now()
    made = draft(wanted, world.purposes[purpose], actions=list(actions) or ["read"], **given)
    return answer(read_draft(world["scientist"], made, at=now), at=now)


def found(told: Answer, rule: str) -> tuple[Effect | None, set[str]]:
    """What one rule says: its effect, and its codes."""
    finding = next(each for each in told.decision.findings if each.rule == rule)
    return finding.effect, {reason.code for reason in finding.reasons}


def in_the_way(told: Answer) -> dict[str, set[str]]:
    bad = [each for each in told.decision.findings if each.effect in (Effect.BLOCK, Effect.DENY)]
    return {each.rule: {reason.code for reason in each.reasons} for each in bad}


def pay(world: AccessWorld, *actions: str, **given: Any) -> Answer:
    return answered(world, world.personal, "pay", *actions, **given)


def study(world: AccessWorld, *actions: str, **given: Any) -> Answer:
    return answered(world, world.restricted, "study", *actions, **given)


def rock(world: AccessWorld, *actions: str, **given: Any) -> Answer:
    return answered(world, world.harmless, "rock", *actions, **given)


def of_kind(kind: Kind) -> LegalRecord:
    record: LegalRecord = LegalRecord.objects.filter(kind=kind.slug).order_by("ref")[0]
    return record


# A house that keeps its records


def test_what_is_about_nobody_is_granted_at_once_and_so_is_training_on_it(law: AccessWorld) -> None:
    for actions in (["read"], ["read", "train"], ["read", "label", "invoke"]):
        told = rock(law, *actions)
        assert in_the_way(told) == {}
        assert told.decision.effect is Effect.PERMIT


def test_data_about_people_go_to_people_and_to_nobody_more_than_before(law: AccessWorld) -> None:
    told = pay(law)
    assert in_the_way(told) == {}
    assert told.decision.effect is Effect.REFER
    assert [stage.name for stage in told.decision.stages] == ["owner", "privacy"]
    sensitive = study(law)
    assert in_the_way(sensitive) == {}
    assert sensitive.decision.effect is Effect.REFER


def test_a_house_without_the_records_is_told_which_are_missing(law: AccessWorld) -> None:
    unrecorded = answered(law, law.personal, "unrecorded")
    assert in_the_way(unrecorded).keys() >= {"A02", "A32"}
    other = thing(law.domain, law["steward"], about_people("salary"))
    its_sheet = LegalRecord.objects.filter(kind=DATA_SHEETS.slug).latest("pk")
    commands.retire_record(actor=law["officer"], legal_record_id=its_sheet.uid)
    told = answered(law, other, "pay")
    assert in_the_way(told)["A02"] == {"NO_ACTIVITY"}
    assert in_the_way(told)["A24"] == {"PIN_UNKNOWN"}


# One fact after the other


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


def sharing(world: AccessWorld) -> Answer:
    return pay(world, "read", "share")


def exporting(world: AccessWorld) -> Answer:
    return pay(world, "read", "export")


def training(world: AccessWorld) -> Answer:
    return rock(world, "read", "train")


B, D, R = Effect.BLOCK, Effect.DENY, Effect.REFER
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
    Case("A36", {"BIAS_CORRECTION_NOT_ALLOWED"}, D, a_system(corrects_bias=True), study),
    Case("A37", {"UNDERTAKING_MISSING"}, B, person(trained_on=None)),
    Case("A37", {"UNDERTAKING_MISSING"}, B, person(undertaking_on="2020-01-01")),
    Case("A39", {"BREACH_OPEN"}, B, a_breach),
    Case("NATIONAL", {"NATIONAL_LAW_ASKS"}, B, a_law),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_record_changes_and_its_rule_answers(law: AccessWorld, case: Case) -> None:
    before = case.ask(law)
    assert case.effect is None or found(before, case.rule)[0] is not case.effect
    case.change(law)
    effect, codes = found(case.ask(law), case.rule)
    assert (effect, codes) == (case.effect, case.codes)


def test_consent_carries_while_its_list_of_withdrawals_is_read_daily(law: AccessWorld) -> None:
    basis = a_consent(law)
    assert found(pay(law), "A29") == (B, {"WITHDRAWALS_UNKNOWN"})
    read_list(basis, 0)
    assert found(pay(law), "A29") == (None, set())
    assert found(pay(law), "A30") == (None, set())
    read_list(basis, 4)
    assert found(pay(law), "A30") == (B, {"ROWS_UNKNOWN"})
    commands.take_step(
        actor=law["officer"], legal_record_id=basis.uid, step="read-withdrawals", said={"list_number": 4}
    )
    with pytest.raises(RuleBroken, match="CONSENT_OLDER_LIST"):
        commands.take_step(
            actor=law["officer"], legal_record_id=basis.uid, step="read-withdrawals", said={"list_number": 3}
        )


@pytest.mark.parametrize("party", ["x" * 36, "Partner, Main Street 1"])
def test_a_recipient_without_a_record_is_a_party_nobody_knows(law: AccessWorld, party: str) -> None:
    to = Recipient(kind=RecipientKind.PROCESSOR, party=party)
    says(law, law.purposes["pay"], recipients=(to,), no_recipients_confirmed=False)
    assert found(pay(law), "A27") == (None, set())
    assert found(sharing(law), "A27") == (B, {"PROCESSOR_CONTRACT_UNKNOWN"})


def test_everybody_from_outside_in_a_project_has_an_employer_on_record(law: AccessWorld) -> None:
    """The rules look at the requester; of the other members nobody else would ask."""
    scientist, colleague = (law.players[name] for name in ("scientist", "colleague"))
    project = people.project(law, scientist.person, colleague.account)
    assert found(pay(law, project_id=project.uid), "A27") == (None, set())
    people_known([colleague.person], relation="contractor", contract_ends_on="2099-01-01")
    assert found(pay(law, project_id=project.uid), "A27") == (B, {"ROLE_OF_PARTY_UNKNOWN"})


def test_what_is_held_already_is_looked_at_with_what_is_asked_for(law: AccessWorld) -> None:
    """A10-INFERRED and A17 see a grant on data about people, and the screening it was given under."""
    request = asked(law["scientist"], draft(law.restricted, law.purposes["study"]))
    approved(request, law["owner"], law["officer"])
    joint = pay(law).facts.joint
    assert joint is not None
    assert joint.screened == frozenset({ScreeningPoint.VULNERABLE, ScreeningPoint.SENSITIVE})
    assert joint.inferred_kinds == frozenset({"health"})


def test_a_measure_that_is_due_holds_access_back_until_it_is_shown_to_be_done(law: AccessWorld) -> None:
    measure = dpia.ActionItem(what="Ask them", due_on=(database_now() - DAY).date())
    screened("is_vulnerable", actions=(measure,))(law)
    row = of_kind(dpia.DPIAS)
    assert found(pay(law), "A19") == (B, {"DPIA_CONDITION_OPEN"})
    said = {"measure": measure.what, "done_on": database_now().date().isoformat(), "evidence": "Minutes 7"}
    commands.take_step(actor=law["officer"], legal_record_id=row.uid, step="finish-measure", said=said)
    assert found(pay(law), "A19") == (None, set())
    assert LegalRecord.objects.get(pk=row.pk).stage == row.stage


@pytest.mark.parametrize("is_of_the_record", [True, False])
def test_a_transfer_that_lost_its_basis_carries_nothing_and_ends_what_was_granted(
    law: AccessWorld, *, is_of_the_record: bool
) -> None:
    """The record still says what was signed; the occurrence says that it does not hold any more (2.8)."""
    transfer = a_transfer(law)
    assert found(pay(law), "A22") == (None, set())
    grant = granted(law)
    lost = in_effect(
        law.organization,
        Happening.INSTRUMENT_INVALID,
        law.harmless.version,
        country="IN",
        **({"source_id": transfer.uid} if is_of_the_record else {}),
    )
    assert found(pay(law), "A22") == (D, {"TRANSFER_ENDED"})
    act_on_occurrence(lost.uid)
    assert Grant.objects.get(pk=grant.pk).state == "revoked"
    duties = set(Duty.objects.filter(occurrence=lost).values_list("code", "owner"))
    assert duties == {("find_basis", "officer")}
    commands.lift_occurrence(actor=law["officer"], occurrence_id=lost.uid, reason="New clauses were signed.")
    assert found(pay(law), "A22") == (None, set())


def test_a_basis_lost_elsewhere_touches_no_other_country(law: AccessWorld) -> None:
    a_transfer(law)
    in_effect(law.organization, Happening.INSTRUMENT_INVALID, law.harmless.version, country="US")
    assert found(pay(law), "A22") == (None, set())


def test_a17_asks_for_a_screening_of_what_is_held_together_and_is_content_with_one(
    law: AccessWorld,
) -> None:
    assert found(pay(law), "A17") == (None, set())
    request = asked(law["scientist"], draft(law.restricted, law.purposes["study"]))
    assert found(pay(law), "A17") == (None, set())  # what is only asked for is not held
    approved(request, law["owner"], law["officer"])
    assert found(pay(law), "A17") == (B, {"DPIA_TO_BE_SCREENED_AGAIN"})
    screened("is_vulnerable", "is_sensitive", "is_matching")(law)
    assert found(pay(law), "A17") == (None, set())


def test_a10_inferred_holds_what_two_harmless_grants_tell_together_against_a_purpose_without_a_condition(
    law: AccessWorld,
) -> None:
    """The data asked for share a kind with data held, and the sheet says what they reveal when linked."""
    held = thing(law.domain, law["steward"], about_people("bonus"))
    permitted_for(law, held, PAY)
    lawful_activity(law.purposes["pay"], held.asset, approver=law["second_officer"])
    assert found(pay(law), "A10-INFERRED") == (None, set())
    pinned(is_revealing=True, reveals=frozenset({Revealed.HEALTH}))(law)
    assert found(pay(law), "A10-INFERRED") == (None, set())  # nothing is held that it could be linked with
    request = asked(law["scientist"], draft(held, law.purposes["pay"]))
    approved(request, law["owner"], law["officer"])
    assert found(pay(law), "A10-INFERRED") == (D, {"INFERRED_WITHOUT_CONDITION"})
    pinned(is_revealing=False)(law)
    assert found(pay(law), "A10-INFERRED") == (None, set())


def test_a_grant_opens_nothing_once_a_record_behind_it_is_gone(law: AccessWorld) -> None:
    grant = granted(law)
    now = database_now()

    def objections() -> set[str]:
        again = answer(ask_again(grant, grant.version, at=now), at=now)
        return {reason.code for reason in why_not_lawful(grant, again)}

    assert objections() == set()
    a_breach(law, law.harmless)
    assert objections() == {"BREACH_OPEN"}


def test_what_only_the_law_reads_makes_no_decision_stale(law: AccessWorld) -> None:
    """A training that is taken again, or a list that is read, is no reason to ask anybody anew."""
    later = in_days(2)
    before = pay(law, starts_on=later)
    person(trained_on=database_now().date())(law)
    a_use(law, purpose=law.purposes["pay"].uid)
    assert pay(law, starts_on=later).substance == before.substance
    person(trained_on=None)(law)
    assert pay(law, starts_on=later).substance != before.substance


def test_the_first_rulebook_reads_nothing_of_it(world: AccessWorld) -> None:
    """The records of the law are kept, and no decision of a house that has not adopted it changes."""
    first_rulebook()
    later = in_days(2)
    before = pay(world, starts_on=later)
    people_known([world.players["scientist"].person], works_from="US")
    kept(world.organization, DATA_SHEETS, sheet(world.personal.asset, is_pinned=True, places="FR"))
    a_breach(world, world.harmless)
    a_use(world, purpose=world.purposes["pay"].uid)
    a_request(RightsType.OBJECTION)(world)
    after = pay(world, starts_on=later)
    assert after.substance == before.substance
    assert after.facts.sha256 != before.facts.sha256


def test_all_facts_of_five_assets_cost_fifteen_statements_at_most(
    law: AccessWorld, django_assert_max_num_queries: Any
) -> None:
    a_transfer(law)
    request = asked(law["colleague"], draft(law.restricted, law.purposes["study"]))
    approved(request, law["owner"], law["officer"])
    wanted = [thing(law.domain, law["steward"], about_people("salary")) for _ in range(4)]
    now = database_now()
    made = draft(law.personal, law.purposes["pay"], *wanted, actions=["read", "share", "train"])
    ask = read_draft(law["colleague"], made, at=now)
    with django_assert_max_num_queries(15):
        answer(ask, at=now)
