"""Permissions, requests and grants on one asset change at once; the index still equals its sources."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

import pytest
from django.core.management import CommandError, call_command

from apps.access.commands import give_back_grant, withdraw_request
from apps.access.models import Grant
from apps.accounts.models import Account
from apps.accounts.roles import ObjectPermission, Role
from apps.catalog.commands import give_asset_permission, take_asset_permission
from apps.catalog.models import Asset
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import Conflict, InvalidState
from tests.factories import accounts, lakes
from tests.factories.lakes import Place
from tests.races.crowd import Crowd, unexpected

pytestmark = pytest.mark.races

ROUNDS = 25


def ask_and_end(place: Place, asset: Asset, how: str) -> None:
    request = lakes.ask(place, asset)
    if how == "withdraw":
        withdraw_request(actor=place.scientist.actor, request_id=request.uid)
    else:
        grant = Grant.objects.get(revision=request.revision)
        give_back_grant(actor=place.scientist.actor, grant_id=grant.uid)


def test_the_index_equals_its_sources_after_many_changes_at_once(crowd: Crowd, is_long: bool) -> None:
    place = lakes.place()
    asset = lakes.dataset(place, None)
    guarded = lakes.dataset(place, None, sensitivity="confidential")
    holders: list[Account] = [accounts.player(place.organization, Role.SCIENTIST).account for _ in range(2)]
    team = accounts.team(place.organization, *holders)
    dice = random.Random(1)

    def change() -> Callable[[], object]:
        holder = dice.choice([holders[0].uid, holders[1].uid, team.uid])
        permission = dice.choice([ObjectPermission.VIEW, ObjectPermission.OWN, ObjectPermission.STEWARD])
        do = dice.choice([give_asset_permission, take_asset_permission])
        what = dice.choice([asset, guarded])
        return partial(do, actor=SYSTEM, asset_id=what.uid, permission=permission, holder_id=holder)

    for _ in range(ROUNDS * (5 if is_long else 1)):
        calls = [change() for _ in range(crowd.size - 2)]
        calls += [partial(ask_and_end, place, asset, "give back")]
        calls += [partial(ask_and_end, place, guarded, "withdraw")]
        assert unexpected(crowd.at_once(calls), Conflict, InvalidState) == []
        call_command("rebuild_acl", check=True, verbosity=0)


def test_the_comparison_sees_a_row_too_few(crowd: Crowd) -> None:
    """The control: the check above is not blind."""
    from django.db import connection

    from portal.database import as_owner

    place = lakes.place()
    lakes.dataset(place, None)
    call_command("rebuild_acl", check=True, verbosity=0)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_acl WHERE ctid IN (SELECT ctid FROM accounts_acl LIMIT 1)")
    with pytest.raises(CommandError):
        call_command("rebuild_acl", check=True, verbosity=0)
