"""Whose leaving would leave things without an owner or a steward, and what has neither now."""

from __future__ import annotations

import pytest

from apps.accounts import commands
from apps.accounts.models import PersonStatus
from apps.accounts.roles import ObjectPermission, Role
from apps.catalog.commands import give_asset_permission
from apps.catalog.queries import sole_holdings, sole_holdings_of, unkept, unkept_to_mend
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import NotPermitted
from tests.factories import accounts, catalog
from tests.factories.accounts import World
from tests.factories.impacts import LEAVING, looked_at

pytestmark = pytest.mark.django_db


def test_with_others_in_the_same_role_nothing_is_left_alone() -> None:
    world = accounts.world()
    accounts.player(world.organization, Role.OWNER)
    assert sole_holdings(world[Role.OWNER].person, at=database_now()) == []


def _left(world: World, role: Role) -> set[tuple[str, str, str]]:
    found = sole_holdings(world[role].person, at=database_now())
    return {(row.kind, row.name, row.permission) for row in found}


def test_the_last_owner_leaves_domains_and_assets_alone_but_not_those_that_others_own() -> None:
    world = accounts.world()
    alone, shared, by_team = (catalog.asset(world.domain) for _ in range(3))
    other, member = accounts.player(world.organization), accounts.player(world.organization)
    team = accounts.team(world.organization, member.account)
    for asset, holder in ((shared, other.account.uid), (by_team, team.uid)):
        give_asset_permission(
            actor=SYSTEM, asset_id=asset.uid, permission=ObjectPermission.OWN, holder_id=holder
        )
    expected = {("domain", world.domain.name, "own"), ("asset", alone.name, "own")}
    assert _left(world, Role.OWNER) == expected
    commands.change_person(actor=SYSTEM, person_id=other.person.uid, status=PersonStatus.SUSPENDED)
    assert _left(world, Role.OWNER) == expected | {("asset", shared.name, "own")}


def test_once_they_have_left_it_stays_told_until_somebody_else_holds_it() -> None:
    world = accounts.world()
    asset, admin = catalog.asset(world.domain), world[Role.ADMINISTRATOR].actor
    assert unkept(admin, at=database_now()) == []
    with pytest.raises(NotPermitted):
        unkept_to_mend(world[Role.OWNER].actor)
    leaver = world[Role.STEWARD].person.uid
    seen = looked_at(LEAVING, leaver)
    alone = sole_holdings_of(admin, leaver)
    with pytest.raises(NotPermitted):
        sole_holdings_of(world[Role.COMPLIANCE_OFFICER].actor, leaver)
    commands.off_board_person(actor=admin, person_id=leaver, reason="Left.", seen_impact=seen)
    assert unkept_to_mend(admin) == alone
    told = [(row.kind, row.uid, row.permission) for row in unkept(admin, at=database_now())]
    assert told == [("domain", world.domain.uid, "steward"), ("asset", asset.uid, "steward")]
    accounts.player(world.organization, Role.STEWARD, domain=world.domain)
    assert unkept(admin, at=database_now()) == []
