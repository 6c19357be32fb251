"""From which day and to which: in whose zone a day ends, and what ends access sooner."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from apps.access import errors
from apps.access.commands import (
    RequestDraft,
    amend_request,
    ask_for_access,
    create_request,
)
from apps.access.models import Grant
from apps.accounts.models import Relation
from apps.accounts.roles import Role
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput, RuleBroken
from tests.access.asked import harmless
from tests.access.refusals import refused
from tests.factories import accounts as people
from tests.factories.access import (
    AccessWorld,
    approved,
    asked,
    decision_of,
    draft,
    in_days,
    revision_of,
)


def last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


@pytest.mark.parametrize(("month", "days", "hour"), [(3, -1, 23), (3, 0, 22), (10, -1, 22), (10, 0, 23)])
def test_a_day_ends_at_its_end_in_the_zone_of_the_organization(
    month: int, days: int, hour: int, world: AccessWorld
) -> None:
    """Berlin: the clocks change in the night to the last Sunday of March and of October."""
    day = last_sunday(database_now().year + 1, month) + timedelta(days=days)
    at = datetime.combine(day - timedelta(days=10), datetime.min.time(), tzinfo=UTC)
    request = asked(world["scientist"], harmless(world, ends_on=day), at=at)
    wanted = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    assert Grant.objects.get(revision=request.revision).not_after == wanted


def test_the_last_day_can_be_today_until_it_is_over_where_the_organization_is(world: AccessWorld) -> None:
    day = last_sunday(database_now().year + 1, 3)
    over = datetime(day.year, day.month, day.day, 22, tzinfo=UTC)
    create_request(
        actor=world["scientist"], draft=harmless(world, ends_on=day), at=over - timedelta(microseconds=1)
    )
    with refused(InvalidInput, errors.END_IN_THE_PAST, field="ends_on"):
        create_request(actor=world["scientist"], draft=harmless(world, ends_on=day), at=over)


def test_a_start_to_come_makes_a_scheduled_grant(world: AccessWorld) -> None:
    request = asked(world["scientist"], harmless(world, starts_on=in_days(5)))
    grant = Grant.objects.get(revision=request.revision)
    assert (grant.state, grant.not_before) == ("scheduled", revision_of(request).starts_at)


def test_the_class_shortens_the_grant_and_is_named(world: AccessWorld) -> None:
    wanted = draft(world.personal, world.purposes["pay"], ends_on=in_days(300))
    with refused(RuleBroken, errors.LONGER_THAN_GIVEN, field="ends_on"):
        asked(world["scientist"], wanted)
    request = asked(world["scientist"], wanted, accept_shorter=True)
    approved(request, world["owner"], world["officer"])
    grant = Grant.objects.get(revision=request.revision)
    assert grant.not_after == revision_of(request).starts_at + timedelta(days=180)
    assert grant.limiting_factor == "class_longest_grant:confidential"


def test_the_last_day_that_is_named_is_one_that_is_taken(world: AccessWorld) -> None:
    def wanted(ends_on: date) -> RequestDraft:
        return draft(world.personal, world.purposes["pay"], ends_on=ends_on)

    with pytest.raises(RuleBroken) as refusal:
        asked(world["scientist"], wanted(in_days(300)))
    reason = refusal.value.reasons[0]
    assert (reason.rule, reason.facts["factor"]) == ("A20", "class_longest_grant")
    capped = date.fromisoformat(str(reason.facts["capped"]))
    request = asked(world["scientist"], wanted(capped))
    longer = wanted(capped + timedelta(days=1))
    with refused(RuleBroken, errors.LONGER_THAN_GIVEN):
        amend_request(actor=world["scientist"], request_id=request.uid, draft=longer)
    amended = amend_request(
        actor=world["scientist"], request_id=request.uid, draft=longer, accept_shorter=True
    )
    assert revision_of(amended).number == 2


def test_the_end_of_the_contract_shortens_the_grant_and_is_named(world: AccessWorld) -> None:
    last = in_days(20)
    contractor = people.player(
        world.organization, Role.SCIENTIST, relation=Relation.CONTRACTOR, contract_ends_on=last
    )
    request = asked(contractor.actor, harmless(world), accept_shorter=True)
    grant = Grant.objects.get(revision=request.revision)
    assert grant.not_after == datetime.combine(last, datetime.min.time(), tzinfo=UTC)
    assert grant.limiting_factor == f"contract_end:{contractor.person.uid}"


def test_a_contract_that_nobody_recorded_blocks_and_one_that_is_over_denies(world: AccessWorld) -> None:
    unknown = people.player(world.organization, Role.SCIENTIST, relation=Relation.VENDOR)
    assert decision_of(asked(unknown.actor, harmless(world))).effect == "block"
    over = people.player(
        world.organization, Role.SCIENTIST, relation=Relation.VENDOR, contract_ends_on=in_days(0)
    )
    with refused(RuleBroken, "LIMIT_PASSED"):
        ask_for_access(actor=over.actor, draft=harmless(world))
