"""Assets that nobody decides together are asked for one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from apps.access import errors
from apps.access.commands import ItemDraft, RequestDraft, approve_request, ask_separately
from apps.access.models import Request
from apps.access.queries import inbox_of
from apps.accounts.roles import Role
from apps.kernel.errors import InvalidInput, RuleBroken
from tests.access.refusals import refused
from tests.access.test_stages import end_roles
from tests.factories import accounts as people
from tests.factories.access import (
    PAY,
    AccessWorld,
    about_people,
    asked,
    draft,
    lawful_activity,
    permitted_for,
    seen,
    thing,
)

OWNERS = ("owner", "second_owner", "owner_and_officer")


@pytest.fixture(name="here_and_there")
def _here_and_there(world: AccessWorld) -> Iterator[RequestDraft]:
    drafted, world.players["here"], world.players["there"] = here_and_there_in(world)
    yield drafted
    del world.players["here"], world.players["there"]  # the house is that of all tests


def here_and_there_in(world: AccessWorld) -> tuple[RequestDraft, people.Player, people.Player]:
    """Two assets of two domains, and the owner of each."""
    elsewhere = people.domain(world.organization)
    other = thing(elsewhere, world["steward"], about_people("bonus"))
    permitted_for(world, other, PAY)
    lawful_activity(world.purposes["pay"], other.asset, approver=world["second_officer"])
    end_roles(world, *OWNERS)
    here = people.player(world.organization, Role.OWNER, domain=world.domain)
    there = people.player(world.organization, Role.OWNER, domain=elsewhere)
    return draft(world.personal, world.purposes["pay"], other), here, there


def test_what_nobody_decides_together_is_refused_and_sent_as_one_request_for_each(
    world: AccessWorld, here_and_there: RequestDraft
) -> None:
    with refused(RuleBroken, errors.NO_DECIDER_IN_COMMON, field="items"):
        asked(world["scientist"], here_and_there)
    here, there = ask_separately(actor=world["scientist"], draft=here_and_there)
    assert not here.is_unroutable and not there.is_unroutable
    assert list(inbox_of(world["here"])) == [here] and list(inbox_of(world["there"])) == [there]
    approve_request(actor=world["there"], **seen(there))


def test_one_who_owns_both_decides_for_both(world: AccessWorld, here_and_there: RequestDraft) -> None:
    both = people.player(world.organization, Role.OWNER)
    request = asked(world["scientist"], here_and_there)
    assert list(inbox_of(both.actor)) == [request]


def test_where_one_asset_has_nobody_the_request_waits_for_people(
    world: AccessWorld, here_and_there: RequestDraft
) -> None:
    end_roles(world, "there")
    request = asked(world["scientist"], here_and_there)
    assert request.is_unroutable


def test_all_are_sent_or_none(world: AccessWorld, here_and_there: RequestDraft) -> None:
    hidden = ItemDraft(asset_id=world.draft.uid)
    with refused(InvalidInput):
        ask_separately(
            actor=world["scientist"], draft=replace(here_and_there, items=[*here_and_there.items, hidden])
        )
    assert not Request.objects.exists()
