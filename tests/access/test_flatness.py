"""As many statements for five assets, ten requests or a long route as for one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.access.commands import approve_request, ask_for_access
from apps.access.drafts import read_draft
from apps.access.facts import request_facts
from apps.access.models import Request
from apps.access.queries import answer, detail_of, grants_visible_to, inbox_of, requests_visible_to
from apps.accounts.roles import Role
from apps.kernel.clock import database_now
from tests.factories import accounts as people
from tests.factories.access import (
    AccessWorld,
    Thing,
    about_nobody,
    asked,
    draft,
    granted,
    seen,
    thing,
)
from tests.flatness import assert_flat

FACTS = 12
DECIDING = 15
"""With the rules in force."""
DETAIL = 16
INBOX = 2
LIST = 3
APPROVING = 34
COMPLETING = 5
A_GRANT = 3
"""The row, the event, and handing it to those who tell of it."""
ASKING = 46
"""Of these 12 gather the facts anew, and 3 make the transaction; one looks for agreements, one for files, one
counts what else is open, and one hands what happened to those who tell of it."""
IN_COMMON = 1
"""Whether somebody decides several assets together."""


def counted(call: Callable[[], object]) -> tuple[int, str]:
    with CaptureQueriesContext(connection) as queries:
        call()
    return len(queries), "\n".join(query["sql"][:160] for query in queries.captured_queries)


@pytest.fixture
def rocks(world: AccessWorld) -> list[Thing]:
    return [thing(world.domain, world["steward"], about_nobody("depth")) for _ in range(4)]


def facts_of(world: AccessWorld, things: Sequence[Thing]) -> tuple[int, str]:
    wanted = draft(things[0], world.purposes["rock"], *things[1:])
    now = database_now()
    ask = read_draft(world["scientist"], wanted, at=now)
    return counted(lambda: request_facts(ask, now=now))


def test_the_facts_of_five_assets_cost_what_those_of_one_cost(world: AccessWorld, rocks: list[Thing]) -> None:
    one, _ = facts_of(world, [world.harmless])
    five, said = facts_of(world, [world.harmless, *rocks])
    assert one == five, said
    assert five <= FACTS, said


def test_a_whole_decision_with_its_facts_takes_few_statements(world: AccessWorld, rocks: list[Thing]) -> None:
    now = database_now()
    for things in ([world.harmless], [world.harmless, *rocks]):
        wanted = draft(things[0], world.purposes["rock"], *things[1:])
        ask = read_draft(world["scientist"], wanted, at=now)
        cost, said = counted(lambda ask=ask: answer(ask, at=now))
        assert cost <= DECIDING, said
    personal = read_draft(world["scientist"], draft(world.personal, world.purposes["pay"]), at=now)
    cost, said = counted(lambda: answer(personal, at=now))
    assert cost <= DECIDING, said


def test_a_request_for_five_assets_is_shown_like_one_for_one(world: AccessWorld, rocks: list[Thing]) -> None:
    purpose = world.purposes["rock"]
    small = asked(world["scientist"], draft(world.harmless, purpose, actions=["export"]))
    large = asked(world["scientist"], draft(world.harmless, purpose, *rocks, actions=["export"]))
    costs = [shown(world, each) for each in (small, large)]
    assert costs[0][0] == costs[1][0] <= DETAIL, costs[1][1]


def test_a_long_route_half_decided_is_shown_like_a_short_one_not_begun(world: AccessWorld) -> None:
    purpose = world.purposes["study"]
    short = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    long = asked(world["scientist"], draft(world.restricted, purpose, actions=["export"]))
    approve_request(actor=world["owner"], **seen(long))
    approve_request(actor=world["officer"], **seen(long))
    before, after = shown(world, short), shown(world, long)
    assert max(before[0], after[0]) <= DETAIL, after[1]


def shown(world: AccessWorld, request: Request) -> tuple[int, str]:
    actor, request = world["second_officer"], requests_visible_to(world["auditor"]).get(pk=request.pk)
    return counted(lambda: detail_of(actor, request))


def test_the_inbox_is_flat(world: AccessWorld) -> None:
    def make() -> None:
        asked(world["scientist"], draft(world.personal, world.purposes["pay"]))

    assert_flat(make, lambda: len([read(each) for each in inbox_of(world["owner"])]), budget=INBOX)


def test_the_inbox_of_somebody_with_many_roles_costs_no_more(world: AccessWorld) -> None:
    asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    busy = people.player(world.organization, *Role)
    assert counted(lambda: list(inbox_of(busy.actor)))[0] <= INBOX


def test_the_lists_are_flat(world: AccessWorld) -> None:
    def make() -> None:
        granted(world)

    for who in ("scientist", "owner", "officer"):
        assert_flat(
            make, lambda who=who: len([read(each) for each in requests_visible_to(world[who])]), budget=LIST
        )
    assert_flat(
        make,
        lambda: len([(each.asset.name, each.person.name) for each in grants_visible_to(world["owner"])]),
        budget=LIST,
    )


def read(request: Request) -> tuple[Any, ...]:
    assert request.revision is not None
    return request.requester.name, request.revision.purpose.ref, request.revision.person.name


def test_approving_costs_a_fixed_number_of_statements(world: AccessWorld, rocks: list[Thing]) -> None:
    """Deciding on five assets costs what deciding on one costs; what each grant costs is written once."""
    purpose = world.purposes["rock"]
    small = asked(world["scientist"], draft(world.harmless, purpose, actions=["export", "read"]))
    large = asked(world["scientist"], draft(world.harmless, purpose, *rocks, actions=["export", "read"]))
    two_stages = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    costs = {
        name: counted(lambda call=call: approve_request(actor=world["owner"], **call))
        for name, call in (
            ("of two stages", seen(two_stages)),
            ("of one asset", seen(small)),
            ("of five assets", seen(large)),
        )
    }
    first_stage, one_asset, five_assets = (costs[name][0] for name in costs)
    assert first_stage <= APPROVING, costs["of two stages"][1]
    assert one_asset <= APPROVING + COMPLETING + A_GRANT, costs["of one asset"][1]
    assert five_assets - one_asset == 4 * A_GRANT, costs["of five assets"][1]


@pytest.mark.parametrize("count", [1, 5])
def test_asking_costs_three_statements_more_for_every_asset(
    count: int, world: AccessWorld, rocks: list[Thing]
) -> None:
    """Each asset is looked up and so are its version and columns; deciding on them is flat."""
    things = [world.harmless, *rocks][:count]
    wanted = draft(things[0], world.purposes["rock"], *things[1:], actions=["export"])
    cost, said = counted(lambda: ask_for_access(actor=world["scientist"], draft=wanted))
    assert cost <= ASKING + 3 * count + (IN_COMMON if count > 1 else 0), said
