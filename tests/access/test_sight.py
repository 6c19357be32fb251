"""Who sees requests and grants, whom a request waits for, and what asking and receiving let people see."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Exists, OuterRef, Q

import apps.access.models.request as request_rows
from apps.access.commands import (
    change_request,
    create_request,
    give_back_grant,
    return_request,
    revoke_grant,
    submit_request,
    withdraw_request,
)
from apps.access.models import Grant, Request, RevisionItem, Verdict
from apps.access.models.sight import seen_by
from apps.access.queries import current_decision, detail_of, inbox_of, open_stage
from apps.accounts.models import Domain
from apps.accounts.queries import actor_of
from apps.accounts.roles import Role
from apps.catalog.models import Asset
from apps.kernel.actor import Actor
from apps.kernel.clock import database_now
from tests.access.random_house import House, build
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories.access import (
    AccessWorld,
    asked,
    draft,
    granted,
    in_days,
    revision_of,
    seen,
)

HOUSES = 6
LONG_HOUSES = 250


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        count = LONG_HOUSES if metafunc.config.getoption("--long") else HOUSES
        metafunc.parametrize("seed", range(count))


def test_lists_inbox_and_index_agree_with_a_brute_force(seed: int, world: AccessWorld) -> None:
    house = build(random.Random(seed), world)
    check_sight(house)
    for account in house.accounts:
        actor = actor_of(account)
        waiting = {ask.request.pk for ask in house.asks if house.is_waited_for(account, ask)}
        assert set(inbox_of(actor).values_list("pk", flat=True)) == waiting
        assert waiting <= seen_requests(actor, house)
        assert {ask.request.pk for ask in house.asks if has_no_objection(actor, ask.request)} == waiting
    for stranger in ("officer", "owner", "auditor"):
        assert not seen_requests(world[stranger], house) and not seen_grants(world[stranger], house)
    call_command("rebuild_acl", "--check")


def check_sight(house: House) -> None:
    """Access-workflow invariant 15: everybody's lists hold what they may see, and nothing else."""
    for account in house.accounts:
        actor = actor_of(account)
        assert seen_requests(actor, house) == {
            ask.request.pk for ask in house.asks if house.may_see(account, ask, ask.assets)
        }
        assert seen_grants(actor, house) == {
            grant.pk
            for ask in house.asks
            for grant in Grant.objects.filter(revision__request=ask.request).select_related("asset")
            if house.may_see(account, ask, [grant.asset])
        }


def of_any_item(condition: Q) -> Q:
    return Q(Exists(RevisionItem.objects.filter(condition, revision=OuterRef("revision"))))


def also_drafts(*rows: Any, **given: Any) -> Any:
    return seen_by(*rows, **{**given, "shown": Q()})


@pytest.mark.parametrize(("guard", "without"), [("_of_every_item", of_any_item), ("seen_by", also_drafts)])
def test_control_who_sees_too_much_is_caught(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch, guard: str, without: Callable[..., Any]
) -> None:
    """Whoever owns one of the assets sees the whole request; those who watch see what was not sent."""
    houses = [build(random.Random(seed), world) for seed in (3, 4)]
    for house in houses:
        check_sight(house)
    monkeypatch.setattr(request_rows, guard, without)
    with pytest.raises(AssertionError):
        for house in houses:
            check_sight(house)


def test_the_random_houses_are_worth_looking_at(world: AccessWorld) -> None:
    """The control: over a few of them every state, stage and kind of verdict comes up."""
    for seed in (3, 4):
        build(random.Random(seed), world)
    ours = Request.objects.exclude(organization=world.organization)
    assert {"draft", "in_review", "approved"} <= set(ours.values_list("state", flat=True))
    assert {"approve", "opinion"} <= set(Verdict.objects.values_list("kind", flat=True))
    assert Grant.objects.filter(ended_at__isnull=True).exists()
    open_stages = {
        stage.name
        for request in ours.filter(state="in_review")
        if (stage := open_stage(current_decision(revision_of(request))))
    }
    assert len(open_stages) >= 2


def seen_requests(actor: Actor, house: House) -> set[int]:
    ours = Request.objects.filter(organization=house.place)
    return set(ours.visible_to(actor).values_list("pk", flat=True))


def seen_grants(actor: Actor, house: House) -> set[int]:
    ours = Grant.objects.filter(organization=house.place)
    return set(ours.visible_to(actor).values_list("pk", flat=True))


def has_no_objection(actor: Actor, request: Request) -> bool:
    request.refresh_from_db()
    return detail_of(actor.renewed(), request).may_decide


def test_a_row_is_listed_once_whatever_the_number_of_reasons(world: AccessWorld) -> None:
    request = asked(world["owner_and_officer"], draft(world.personal, world.purposes["pay"]))
    grant = granted(world, "owner_and_officer")
    actor = world["owner_and_officer"]
    assert Request.objects.visible_to(actor).filter(pk=request.pk).count() == 1
    assert Grant.objects.visible_to(actor).filter(pk=grant.pk).count() == 1


# What asking and receiving let people see of assets


def close_the_domain(world: AccessWorld) -> None:
    """From now on nobody sees the assets just by belonging to the organization."""
    Domain.objects.filter(pk=world.domain.pk).update(audience="teams")


def sees(actor: Actor, asset: Asset) -> bool:
    return Asset.objects.visible_to(actor).filter(pk=asset.pk).exists()


def test_an_open_request_keeps_its_asset_in_sight_until_it_ends(world: AccessWorld) -> None:
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    close_the_domain(world)
    assert sees(world["scientist"], world.personal.asset)
    assert not sees(world["scientist"], world.restricted.asset)
    assert not sees(world["colleague"], world.personal.asset)
    withdraw_request(actor=world["scientist"], request_id=request.uid)
    assert not sees(world["scientist"], world.personal.asset)
    call_command("rebuild_acl", "--check")


def test_a_draft_keeps_nothing_in_sight(world: AccessWorld) -> None:
    request = create_request(actor=world["scientist"], draft=draft(world.personal, world.purposes["pay"]))
    close_the_domain(world)
    assert not sees(world["scientist"], world.personal.asset)
    submit_request(actor=world["scientist"], request_id=request.uid)
    assert sees(world["scientist"], world.personal.asset)
    call_command("rebuild_acl", "--check")


def test_a_changed_request_lets_go_of_what_it_no_longer_asks_for(world: AccessWorld) -> None:
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    return_request(actor=world["owner"], reason="Other data, please.", **seen(request))
    other = draft(world.restricted, world.purposes["study"])
    change_request(actor=world["scientist"], request_id=request.uid, draft=other)
    close_the_domain(world)
    assert sees(world["scientist"], world.restricted.asset)
    assert not sees(world["scientist"], world.personal.asset)
    call_command("rebuild_acl", "--check")


def test_a_draft_is_its_requesters_alone(world: AccessWorld) -> None:
    request = create_request(actor=world["scientist"], draft=draft(world.personal, world.purposes["pay"]))
    for who in ("owner", "officer", "dpo", "auditor", "colleague"):
        assert not Request.objects.visible_to(world[who]).filter(pk=request.pk).exists()
    submit_request(actor=world["scientist"], request_id=request.uid)
    for who in ("owner", "officer", "dpo", "auditor"):
        assert Request.objects.visible_to(world[who]).filter(pk=request.pk).exists()


@pytest.mark.parametrize("end", ["revoke", "give back"])
def test_a_grant_keeps_its_asset_in_sight_until_it_ends(end: str, world: AccessWorld) -> None:
    grant = granted(world)
    close_the_domain(world)
    assert sees(world["scientist"], world.harmless.asset)
    if end == "revoke":
        revoke_grant(actor=world["owner"], grant_id=grant.uid, comment="Enough.")
    else:
        give_back_grant(actor=world["scientist"], grant_id=grant.uid)
    assert not sees(world["scientist"], world.harmless.asset)
    call_command("rebuild_acl", "--check")


def test_a_grant_that_ran_out_shows_nothing_even_if_nobody_wrote_it_down(world: AccessWorld) -> None:
    past = database_now() - timedelta(days=40)
    over = granted(world, at=past, ends_on=(past + timedelta(days=10)).date())
    close_the_domain(world)
    assert Grant.objects.get(pk=over.pk).state == "active"
    assert not sees(world["scientist"], world.harmless.asset)
    live = granted_by_the_owner_of_sight(world)
    assert live.not_after > database_now() and sees(world["colleague"], world.harmless.asset)


def granted_by_the_owner_of_sight(world: AccessWorld) -> Grant:
    Domain.objects.filter(pk=world.domain.pk).update(audience="organization")
    grant = granted(world, "colleague")
    close_the_domain(world)
    return grant


def test_the_later_of_two_grants_counts(world: AccessWorld) -> None:
    short, long = granted(world, ends_on=in_days(2)), granted(world, ends_on=in_days(20))
    assert sight_ends(world) == long.not_after
    revoke_grant(actor=world["owner"], grant_id=long.uid, comment="Enough.")
    assert sight_ends(world) == short.not_after
    close_the_domain(world)
    assert sees(world["scientist"], world.harmless.asset)


def sight_ends(world: AccessWorld) -> object:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT expires_at FROM accounts_acl WHERE source_id = 2 AND asset_id = %s"
            " AND principal = principal(3, %s)",
            [world.harmless.asset.pk, world.players["scientist"].person.pk],
        )
        return cursor.fetchone()[0]


def test_the_grant_of_a_service_account_shows_the_asset_to_it_and_not_to_its_owner(
    world: AccessWorld,
) -> None:
    grant = granted(world, service_account_id=world.robot.uid)
    close_the_domain(world)
    assert sees(world.robot_actor, world.harmless.asset)
    assert not sees(world["scientist"], world.harmless.asset)
    for_themselves = Grant.objects.visible_to(world.robot_actor)
    assert list(for_themselves) == [grant]
    assert not Grant.objects.visible_to(actor_of(world.strangers_robot)).exists()


def test_a_draft_asset_stays_hidden(world: AccessWorld) -> None:
    other = things.asset(world.domain)
    granted(world)
    for hidden in (world.draft, other):
        assert not sees(world["scientist"], hidden) and sees(world["owner"], hidden)


def test_an_officer_of_one_domain_sees_what_touches_it_and_nothing_else(world: AccessWorld) -> None:
    elsewhere = people.domain(world.organization)
    here = people.player(world.organization, Role.COMPLIANCE_OFFICER, domain=world.domain).actor
    there = people.player(world.organization, Role.COMPLIANCE_OFFICER, domain=elsewhere).actor
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    grant = granted(world)
    for rows, row in ((Request.objects, request), (Grant.objects, grant)):
        assert rows.visible_to(here).filter(pk=row.pk).exists()
        assert not rows.visible_to(there).filter(pk=row.pk).exists()
