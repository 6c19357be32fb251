"""Consent, parties, assessments and transfers change after access was asked for or granted."""

from __future__ import annotations

import pytest

from apps.access.models import Grant
from apps.access.queries.evaluation import answer
from apps.access.queries.grants import ask_again, why_not_lawful
from apps.access.tasks import act_on_occurrence
from apps.compliance import commands
from apps.compliance.lifecycle import RecipientKind, dpia
from apps.compliance.lifecycle.activity import Recipient
from apps.compliance.lifecycle.occurrences import Happening
from apps.compliance.models import Duty, LegalRecord
from apps.kernel.clock import database_now
from apps.kernel.errors import RuleBroken
from tests.access.law.asks import (
    B,
    D,
    found,
    of_kind,
    pay,
    sharing,
)
from tests.access.law.records import (
    DAY,
    a_breach,
    a_consent,
    a_transfer,
    read_list,
    screened,
)
from tests.factories import accounts as people
from tests.factories.access import (
    AccessWorld,
    granted,
)
from tests.factories.law import says
from tests.factories.occurrences import in_effect
from tests.factories.records import (
    people_known,
)


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


def test_a_grant_opens_nothing_once_a_record_behind_it_is_gone(law: AccessWorld) -> None:
    grant = granted(law)
    now = database_now()

    def objections() -> set[str]:
        again = answer(ask_again(grant, grant.version, at=now), at=now)
        return {reason.code for reason in why_not_lawful(grant, again)}

    assert objections() == set()
    a_breach(law, law.harmless)
    assert objections() == {"BREACH_OPEN"}
