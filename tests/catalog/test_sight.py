"""A thing is in the list exactly when it may be seen; the index says what its sources say."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from apps.accounts import commands as accounts
from apps.accounts.authorization import has_domain_permission, has_object_permission
from apps.accounts.models import Account, Audience, Domain, Person, PersonStatus, RoleAssignment, Team
from apps.accounts.queries import actor_of
from apps.accounts.roles import ObjectPermission, Role, gives, role_gives
from apps.catalog import commands as catalog
from apps.catalog.models import Asset
from apps.catalog.queries import people_holding
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from tests.factories import accounts as people
from tests.factories import catalog as things

WORLDS = 12
LONG_WORLDS = 300


@dataclass
class World:
    """What was done to the tables, kept apart from them, so that the brute force reads none of our SQL."""

    accounts: list[Account] = field(default_factory=list)
    teams: dict[Team, set[int]] = field(default_factory=dict)
    domains: list[Domain] = field(default_factory=list)
    audience: dict[int, set[int] | None] = field(default_factory=dict)
    assets: list[Asset] = field(default_factory=list)
    published: set[int] = field(default_factory=set)
    roles: list[tuple[int, Role, int, int | None, bool]] = field(default_factory=list)
    given: list[tuple[str, int, ObjectPermission, Account | Team]] = field(default_factory=list)
    inactive: set[int] = field(default_factory=set)


def build(dice: random.Random) -> World:
    world = World()
    for _ in range(2):
        _organization(world, dice)
    return world


def _organization(world: World, dice: random.Random) -> None:
    place = people.organization()
    staff = [people.person(place) for _ in range(4)]
    accounts_here = [Account.objects.get(person=person) for person in staff]
    service = accounts.create_service_account(
        actor=SYSTEM, person_id=staff[0].uid, username=f"robot-{staff[0].pk}", description=""
    )
    accounts_here.append(service)
    world.accounts += accounts_here
    teams = [people.team(place, *dice.sample(accounts_here, 2)) for _ in range(2)]
    for team in teams:
        world.teams[team] = set(Account.objects.filter(groups=team.group).values_list("pk", flat=True))
    for _ in range(2):
        _domain(world, dice, place, teams)
    domains = world.domains[-2:]
    _give_roles(world, dice, place, staff, domains)
    for asset in [asset for asset in world.assets if asset.domain in domains]:
        _give(world, dice, "asset", asset, [*accounts_here, *teams])
    for domain in domains:
        _give(world, dice, "domain", domain, [*accounts_here, *teams])
    if dice.random() < 0.5:
        gone = dice.choice(staff)
        accounts.change_person(actor=SYSTEM, person_id=gone.uid, status=PersonStatus.DEPARTED)
        world.inactive.add(gone.pk)


def _domain(world: World, dice: random.Random, place: object, teams: list[Team]) -> None:
    is_open = dice.random() < 0.5
    named = [] if is_open else dice.sample(teams, dice.randint(0, 2))
    audience = Audience.ORGANIZATION if is_open else Audience.TEAMS
    domain = people.domain(place, audience, audience_team_ids=[team.uid for team in named])  # type: ignore[arg-type]
    world.domains.append(domain)
    members = set().union(*(world.teams[team] for team in named))
    world.audience[domain.pk] = None if is_open else members
    for _ in range(2):
        asset = things.asset(domain)
        world.assets.append(asset)
        if dice.random() < 0.6:
            things.version(asset)
            catalog.publish_asset(actor=SYSTEM, asset_id=asset.uid)
            world.published.add(asset.pk)


def _give_roles(
    world: World, dice: random.Random, place: object, staff: list[Person], domains: list[Domain]
) -> None:
    for person in staff:
        for role in dice.sample(list(Role), dice.randint(0, 2)):
            domain = dice.choice([None, *domains])
            assignment = accounts.assign_role(
                actor=SYSTEM,
                person_id=person.uid,
                role=role,
                organization_id=place.uid,  # type: ignore[attr-defined]
                domain_id=domain.uid if domain else None,
            )
            is_over = dice.random() < 0.25
            if is_over:
                accounts.end_role(actor=SYSTEM, role_assignment_id=assignment.uid)
            world.roles.append(
                (person.pk, role, place.pk, domain.pk if domain else None, not is_over)  # type: ignore[attr-defined]
            )


def _give(
    world: World, dice: random.Random, kind: str, target: Asset | Domain, holders: list[Account | Team]
) -> None:
    for holder in dice.sample(holders, dice.randint(0, 3)):
        permission = dice.choice(list(ObjectPermission))
        if kind == "asset":
            catalog.give_asset_permission(
                actor=SYSTEM, asset_id=target.uid, permission=permission, holder_id=holder.uid
            )
            take = catalog.take_asset_permission
            named = {"asset_id": target.uid}
        else:
            accounts.give_domain_permission(
                actor=SYSTEM, domain_id=target.uid, permission=permission, holder_id=holder.uid
            )
            take = accounts.take_domain_permission
            named = {"domain_id": target.uid}
        if dice.random() < 0.3:
            take(actor=SYSTEM, permission=permission, holder_id=holder.uid, **named)
        else:
            world.given.append((kind, target.pk, permission, holder))


def brute_force(world: World, account: Account, permission: ObjectPermission, asset: Asset) -> bool:
    if account.person_id in world.inactive:
        return False
    if _holds(world, account, permission, asset):
        return True
    if permission is not ObjectPermission.VIEW or asset.pk not in world.published:
        return False
    members = world.audience[asset.domain_id]
    if members is None:
        return account.organization_id == asset.organization_id
    return account.pk in members


def _holds(world: World, account: Account, permission: ObjectPermission, asset: Asset) -> bool:
    places = {("asset", asset.pk), ("domain", asset.domain_id)}
    for kind, target, held, holder in world.given:
        reaches = account.pk in world.teams[holder] if isinstance(holder, Team) else holder.pk == account.pk
        if (kind, target) in places and reaches and gives(held, permission):
            return True
    for person, role, organization, domain, is_held in world.roles:
        covers = organization == asset.organization_id and domain in {None, asset.domain_id}
        is_theirs = account.kind == "person" and person == account.person_id and is_held
        if covers and is_theirs and role_gives(role, permission):
            return True
    return False


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(WORLDS))
def test_list_and_point_and_brute_force_agree(seed: int) -> None:
    world = build(random.Random(seed))
    for account in world.accounts:
        actor = actor_of(account)
        for permission in ObjectPermission:
            expected = {a.pk for a in world.assets if brute_force(world, account, permission, a)}
            ours = Asset.objects.filter(pk__in=[asset.pk for asset in world.assets])
            assert set(ours.where_may(actor, permission).values_list("pk", flat=True)) == expected
            points = {
                asset.pk
                for asset in world.assets
                if has_object_permission(actor, permission, frozenset({asset.pk}))
            }
            assert points == expected
            codename = f"catalog.{permission.word}_asset"
            assert {asset.pk for asset in world.assets if account.has_perm(codename, asset)} == expected


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(WORLDS))
def test_the_way_back_names_those_who_hold_a_permission(seed: int) -> None:
    world = build(random.Random(1000 + seed))
    for asset in world.assets:
        for permission in (ObjectPermission.OWN, ObjectPermission.APPROVE, ObjectPermission.EDIT):
            expected = {
                account.person_id
                for account in world.accounts
                if account.kind == "person"
                and account.person_id not in world.inactive
                and _holds(world, account, permission, asset)
            }
            assert people_holding(permission, asset) == expected


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_the_index_holds_what_its_sources_say(seed: int) -> None:
    build(random.Random(2000 + seed))
    call_command("rebuild_acl", "--check")


@pytest.mark.django_db
def test_the_brute_force_tells_a_lost_row() -> None:
    """The control: without its rows the index no longer agrees."""
    world = build(random.Random(7))
    seen = {
        (account.pk, asset.pk)
        for account in world.accounts
        for asset in world.assets
        if brute_force(world, account, ObjectPermission.VIEW, asset)
    }
    assert seen
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_domain SET audience = 'teams'")
        cursor.execute("DELETE FROM accounts_roleassignment")
        cursor.execute("DELETE FROM catalog_assetuserpermission")
        cursor.execute("DELETE FROM catalog_assetgrouppermission")
    found = {
        (account.pk, pk)
        for account in world.accounts
        for pk in Asset.objects.visible_to(actor_of(account)).values_list("pk", flat=True)
    }
    assert found < seen


@pytest.mark.django_db
def test_a_role_that_ended_gives_nothing_and_one_to_come_gives_nothing_yet() -> None:
    place = people.organization()
    domain = people.domain(place, Audience.TEAMS)
    asset = things.asset(domain)
    who = people.player(place)
    now = database_now()
    accounts.assign_role(
        actor=SYSTEM,
        person_id=who.person.uid,
        role=Role.AUDITOR,
        organization_id=place.uid,
        starts_at=now + timedelta(hours=1),
    )
    assert not Asset.objects.visible_to(who.actor).filter(pk=asset.pk).exists()
    RoleAssignment.objects.filter(person=who.person).update(starts_at=now - timedelta(hours=1))
    assert Asset.objects.visible_to(who.actor).filter(pk=asset.pk).exists()
    assert has_domain_permission(who.actor, ObjectPermission.VIEW, domain.pk)
    RoleAssignment.objects.filter(person=who.person).update(ends_at=now)
    assert not Asset.objects.visible_to(who.actor).filter(pk=asset.pk).exists()
    assert not has_domain_permission(who.actor, ObjectPermission.VIEW, domain.pk)
