"""A name never tells that something hidden is called so."""

from __future__ import annotations

import pytest

from apps.accounts.models import Audience
from apps.accounts.roles import ObjectPermission, Role
from apps.catalog import commands
from apps.catalog.errors import ASSET_NAME_TAKEN
from apps.catalog.models import Asset, AssetKind
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import Conflict
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories.accounts import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return people.world()


def test_a_name_that_one_sees_in_the_domain_is_not_given_twice(world: World) -> None:
    things.asset(world.domain, name="Wells")
    with pytest.raises(Conflict, match=ASSET_NAME_TAKEN):
        registered(world, "wELLS ")
    assert registered(world, "Wells", kind=AssetKind.MODEL)
    other = registered(world, "Pumps")
    with pytest.raises(Conflict, match=ASSET_NAME_TAKEN):
        commands.change_asset(actor=world[Role.STEWARD].actor, asset_id=other.uid, name="Wells")
    assert commands.change_asset(actor=world[Role.STEWARD].actor, asset_id=other.uid, name="PUMPS")


def test_a_name_that_is_used_where_one_may_not_look_is_free(world: World) -> None:
    """In another domain, and in one's own for who may edit a single asset of it."""
    secret = people.domain(world.organization, Audience.TEAMS)
    things.asset(secret, name="Merger")
    assert registered(world, "Merger")
    editor, own = people.player(world.organization), things.asset(secret, name="Open")
    for permission in (ObjectPermission.VIEW, ObjectPermission.EDIT):
        commands.give_asset_permission(
            actor=SYSTEM, asset_id=own.uid, permission=permission, holder_id=editor.account.uid
        )
    assert commands.change_asset(actor=editor.actor, asset_id=own.uid, name="Merger").name == "Merger"


def registered(world: World, name: str, kind: AssetKind = AssetKind.DATASET) -> Asset:
    made: Asset = commands.register_asset(
        actor=world[Role.STEWARD].actor, domain_id=world.domain.uid, kind=kind, name=name
    )
    return made
