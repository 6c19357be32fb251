"""Many operations asked about at once are answered as each by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.authorization import may, may_each
from apps.accounts.operations import Operation
from apps.accounts.roles import ObjectPermission, Role, TokenScope
from apps.catalog.commands import give_asset_permission
from apps.catalog.facts import asset_resource
from apps.kernel.actor import SYSTEM
from tests.factories import accounts as people
from tests.factories import catalog as things

pytestmark = pytest.mark.django_db


def test_many_operations_are_answered_as_each_by_itself() -> None:
    world, other = people.world(), people.world()
    asset = things.published_asset(world.domain)
    resource = asset_resource(asset)
    helper = world[Role.SCIENTIST]
    give_asset_permission(
        actor=SYSTEM, asset_id=asset.uid, permission=ObjectPermission.CLASSIFY, holder_id=helper.account.uid
    )
    actors = [world[role].actor for role in Role] + [other[role].actor for role in Role] + [SYSTEM]
    actors.append(replace(world[Role.STEWARD].actor, scopes=frozenset({TokenScope.READ})))
    for actor in actors:
        for about in (resource, replace(resource, asset_ids=frozenset())):
            single = {each for each in Operation if may(actor=actor, operation=each, resource=about)}
            assert may_each(actor=actor, operations=Operation, resource=about) == single
    assert Operation.CLASSIFY in may_each(actor=helper.actor, operations=Operation, resource=resource)


def test_it_takes_one_statement_besides_the_standing() -> None:
    world = people.world()
    resource = asset_resource(things.asset(world.domain))
    with CaptureQueriesContext(connection) as asked:
        may_each(actor=world[Role.STEWARD].actor, operations=Operation, resource=resource)
    assert len(asked) == 2
