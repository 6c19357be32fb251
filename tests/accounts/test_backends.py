"""Django's `has_perm`, answered from the index."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from apps.accounts.authorization import has_domain_permission, has_object_permission
from apps.accounts.commands import change_person, give_domain_permission
from apps.accounts.models import Audience, PersonStatus
from apps.accounts.roles import ObjectPermission, Role
from apps.catalog.commands import give_asset_permission
from apps.kernel.actor import SYSTEM
from tests.factories import accounts, catalog
from tests.factories.accounts import world

pytestmark = pytest.mark.django_db


def test_permission_on_an_asset_comes_by_name_team_domain_or_role() -> None:
    place = world(Audience.TEAMS)
    asset = catalog.asset(place.domain)
    by_name, by_team, by_domain, nobody = (accounts.player(place.organization) for _ in range(4))
    team = accounts.team(place.organization, by_team.account)
    for holder in (by_name.account.uid, team.uid):
        give_asset_permission(
            actor=SYSTEM, asset_id=asset.uid, permission=ObjectPermission.EDIT, holder_id=holder
        )
    give_domain_permission(
        actor=SYSTEM,
        domain_id=place.domain.uid,
        permission=ObjectPermission.EDIT,
        holder_id=by_domain.account.uid,
    )
    for player in (by_name, by_team, by_domain, place[Role.STEWARD]):
        assert player.account.has_perm("catalog.edit_asset", asset)
        assert player.account.has_perm("catalog.view_asset", asset)
        assert not player.account.has_perm("catalog.own_asset", asset)
    assert not nobody.account.has_perm("catalog.view_asset", asset)


def test_the_backend_and_the_index_agree_for_every_role_and_permission() -> None:
    place = world()
    asset = catalog.published_asset(place.domain)
    for role in Role:
        player = place[role]
        for permission in ObjectPermission:
            on_asset = player.account.has_perm(f"catalog.{permission.word}_asset", asset)
            assert on_asset == has_object_permission(player.actor, permission, frozenset({asset.pk}))
            on_domain = player.account.has_perm(f"accounts.{permission.word}_domain", place.domain)
            assert on_domain == has_domain_permission(player.actor, permission, place.domain.pk)
    assert place[Role.STEWARD].account.has_perm("accounts.steward_domain", place.domain)


def test_the_answer_takes_one_statement(django_assert_num_queries: object) -> None:
    place = world()
    asset = catalog.asset(place.domain)
    account = place[Role.STEWARD].account
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert account.has_perm("catalog.edit_asset", asset)


@pytest.mark.parametrize(
    "perm", ["catalog.edit_domain", "accounts.edit_asset", "catalog.edit", "edit_asset", ""]
)
def test_a_permission_of_another_kind_of_thing_is_not_held(perm: str) -> None:
    place = world()
    assert not place[Role.STEWARD].account.has_perm(perm, catalog.asset(place.domain))


def test_nobody_holds_a_permission_on_everything() -> None:
    place = world()
    assert not place[Role.STEWARD].account.has_perm("catalog.edit_asset")
    assert place[Role.STEWARD].account.get_all_permissions() == set()
    assert not AnonymousUser().has_perm("catalog.view_asset", catalog.published_asset(place.domain))


def test_permission_ends_with_the_person() -> None:
    place = world()
    steward, asset = place[Role.STEWARD], catalog.asset(place.domain)
    assert steward.account.has_perm("catalog.edit_asset", asset)
    change_person(actor=SYSTEM, person_id=steward.person.uid, status=PersonStatus.DEPARTED)
    assert not steward.account.has_perm("catalog.edit_asset", asset)
