"""A house that keeps its records, and one that does not."""

from __future__ import annotations

from typing import Any

from apps.access.drafts import read_draft
from apps.access.queries.evaluation import answer
from apps.compliance import commands
from apps.compliance.lifecycle.data_sheets import DATA_SHEETS
from apps.compliance.lifecycle.rights import RightsType
from apps.compliance.models import LegalRecord
from apps.kernel.clock import database_now
from apps.policy.decision import Effect
from tests.access.law.asks import (
    answered,
    in_the_way,
    pay,
    rock,
    study,
)
from tests.access.law.records import (
    a_breach,
    a_request,
    a_transfer,
    a_use,
    person,
)
from tests.factories.access import (
    AccessWorld,
    about_people,
    approved,
    asked,
    draft,
    in_days,
    thing,
)
from tests.factories.law import first_rulebook
from tests.factories.records import (
    kept,
    people_known,
    sheet,
)


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
