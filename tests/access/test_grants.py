"""Ending grants, keeping them in step with the clock, and what the end does to sight."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from apps.access import errors
from apps.access.commands import activate_grant, expire_grant, give_back_grant, revoke_grant
from apps.access.lifecycle import GRANT_NOT_POSSIBLE
from apps.access.models import Grant
from apps.access.queries import why_not_effective
from apps.access.tasks import keep_grants_in_step
from apps.accounts.authorization import NOT_PERMITTED, SCOPE_MISSING
from apps.accounts.commands import change_person
from apps.accounts.models import Account, PersonStatus
from apps.audit.models import AuditEvent
from apps.catalog.commands import retire_asset
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now, end_of_day
from apps.kernel.errors import InvalidInput, InvalidState, NotFound, NotPermitted
from tests.access.refusals import refused
from tests.factories.access import ZONE, AccessWorld, granted, in_days


def said(grant: Grant, **given: object) -> set[str]:
    found = Grant.objects.select_related("person", "service_account", "asset").get(pk=grant.pk)
    return {reason.code for reason in why_not_effective(found, at=given.get("at", database_now()))}  # type: ignore[arg-type]


@pytest.mark.parametrize("who", ["owner", "officer"])
def test_owner_and_officer_revoke_with_a_reason(who: str, world: AccessWorld) -> None:
    grant = granted(world)
    with refused(InvalidInput, errors.REASON_MISSING, field="comment"):
        revoke_grant(actor=world[who], grant_id=grant.uid, comment=" ")
    assert not said(grant)
    revoke_grant(actor=world[who], grant_id=grant.uid, comment="The project has ended.")
    assert said(grant) == {errors.GRANT_ENDED}
    assert AuditEvent.objects.filter(subject_uid=grant.uid, name="access.grant.revoked").count() == 1


@pytest.mark.parametrize(
    ("who", "family"),
    [
        ("scientist", NotPermitted),
        ("dpo", NotPermitted),
        ("auditor", NotPermitted),
        ("colleague", NotFound),
        ("steward", NotPermitted),
        ("administrator", NotFound),
    ],
)
def test_nobody_else_revokes(who: str, family: type[NotPermitted], world: AccessWorld) -> None:
    grant = granted(world)
    with refused(family):
        revoke_grant(actor=world[who], grant_id=grant.uid, comment="Because.")
    revoke_grant(actor=world["owner"], grant_id=grant.uid, comment="Because.")


def test_a_token_needs_its_scope_to_end_a_grant(world: AccessWorld) -> None:
    grant = granted(world)
    with refused(NotPermitted, SCOPE_MISSING):
        revoke_grant(
            actor=replace(world["owner"], scopes=frozenset({"write"})), grant_id=grant.uid, comment="So."
        )
    with refused(NotPermitted, SCOPE_MISSING):
        give_back_grant(actor=replace(world["scientist"], scopes=frozenset({"read"})), grant_id=grant.uid)
    give_back_grant(actor=replace(world["scientist"], scopes=frozenset({"write"})), grant_id=grant.uid)


def test_only_the_one_it_belongs_to_gives_a_grant_back(world: AccessWorld) -> None:
    grant = granted(world)
    for who in ("owner", "officer"):
        with refused(NotPermitted, NOT_PERMITTED):
            give_back_grant(actor=world[who], grant_id=grant.uid)
    with refused(NotFound):
        give_back_grant(actor=world["colleague"], grant_id=grant.uid)
    give_back_grant(actor=world["scientist"], grant_id=grant.uid)
    assert said(grant) == {errors.GRANT_ENDED}


def test_a_service_account_or_its_owner_gives_back_what_it_received(world: AccessWorld) -> None:
    for actor in (world.robot_actor, world["scientist"]):
        grant = granted(world, service_account_id=world.robot.uid)
        give_back_grant(actor=actor, grant_id=grant.uid)
    persons = granted(world)
    with refused(NotFound):
        give_back_grant(actor=world.robot_actor, grant_id=persons.uid)


def test_an_ended_grant_stays_ended(world: AccessWorld) -> None:
    for end in ("revoke", "give_back", "expire"):
        grant = granted(world)
        if end == "revoke":
            revoke_grant(actor=world["owner"], grant_id=grant.uid, comment="So.")
        elif end == "give_back":
            give_back_grant(actor=world["scientist"], grant_id=grant.uid)
        else:
            expire_grant(actor=SYSTEM, grant_id=grant.uid, at=grant.not_after)
        before = Grant.objects.values("state", "ended_at").get(pk=grant.pk)
        with refused(InvalidState, GRANT_NOT_POSSIBLE):
            revoke_grant(actor=world["owner"], grant_id=grant.uid, comment="So.")
        with refused(InvalidState, GRANT_NOT_POSSIBLE):
            give_back_grant(actor=world["scientist"], grant_id=grant.uid)
        expire_grant(actor=SYSTEM, grant_id=grant.uid, at=grant.not_after)
        activate_grant(actor=SYSTEM, grant_id=grant.uid)
        assert Grant.objects.values("state", "ended_at").get(pk=grant.pk) == before


def test_a_grant_begins_and_ends_by_the_clock_to_the_microsecond(world: AccessWorld) -> None:
    grant = granted(world, starts_on=in_days(5))
    moment = timedelta(microseconds=1)
    assert said(grant, at=grant.not_before - moment) == {errors.GRANT_NOT_STARTED}
    assert not said(grant, at=grant.not_before)
    assert not said(grant, at=grant.not_after - moment)
    assert said(grant, at=grant.not_after) == {errors.GRANT_OVER}
    activate_grant(actor=SYSTEM, grant_id=grant.uid, at=grant.not_before - moment)
    expire_grant(actor=SYSTEM, grant_id=grant.uid, at=grant.not_after - moment)
    assert Grant.objects.get(pk=grant.pk).state == "scheduled"
    activate_grant(actor=SYSTEM, grant_id=grant.uid, at=grant.not_before)
    assert Grant.objects.get(pk=grant.pk).state == "active"
    expire_grant(actor=SYSTEM, grant_id=grant.uid, at=grant.not_after)
    assert Grant.objects.get(pk=grant.pk).state == "expired"


def test_a_scheduled_grant_that_nobody_activated_expires_all_the_same(world: AccessWorld) -> None:
    grant = granted(world, starts_on=in_days(5))
    activate_grant(actor=SYSTEM, grant_id=grant.uid, at=grant.not_after)
    assert Grant.objects.get(pk=grant.pk).state == "scheduled"
    expire_grant(actor=SYSTEM, grant_id=grant.uid, at=grant.not_after)
    assert Grant.objects.get(pk=grant.pk).state == "expired"


def test_only_the_machine_keeps_grants_in_step(world: AccessWorld) -> None:
    grant = granted(world)
    for command in (activate_grant, expire_grant):
        for who in ("scientist", "owner", "officer"):
            with refused(NotPermitted):
                command(actor=world[who], grant_id=grant.uid, at=grant.not_after)
    expire_grant(actor=SYSTEM, grant_id=grant.uid, at=grant.not_after)


def test_the_clocks_task_touches_what_is_due_and_nothing_else(world: AccessWorld) -> None:
    now = database_now()
    past = now - timedelta(days=40)
    over = granted(world, at=past, ends_on=(past + timedelta(days=10)).date())
    begun = granted(world, at=past, starts_on=(past + timedelta(days=5)).date())
    coming, live = granted(world, starts_on=in_days(5)), granted(world)
    keep_grants_in_step()
    keep_grants_in_step()
    states = dict(Grant.objects.values_list("pk", "state"))
    assert [states[grant.pk] for grant in (over, begun, coming, live)] == [
        "expired",
        "active",
        "scheduled",
        "active",
    ]
    assert AuditEvent.objects.filter(name="access.grant.expired").count() == 1


def test_a_grant_is_not_effective_where_its_subject_or_its_asset_is_not(world: AccessWorld) -> None:
    persons, robots = granted(world), granted(world, service_account_id=world.robot.uid)
    person = world.players["scientist"].person
    change_person(actor=SYSTEM, person_id=person.uid, status=PersonStatus.SUSPENDED)
    assert said(persons) == said(robots) == {errors.SUBJECT_INACTIVE}
    change_person(actor=SYSTEM, person_id=person.uid, status=PersonStatus.ACTIVE)
    Account.objects.filter(pk=world.robot.pk).update(is_active=False)
    assert (said(persons), said(robots)) == (set(), {errors.SUBJECT_INACTIVE})
    retire_asset(actor=SYSTEM, asset_id=world.harmless.asset.uid)
    assert said(persons) == {errors.ASSET_NOT_IN_USE}


@pytest.mark.parametrize(
    ("month", "day", "hours"), [(3, 28, 23), (10, 31, 25), (6, 15, 24)], ids=["spring", "autumn", "summer"]
)
def test_the_last_day_is_over_when_it_is_over_where_the_organization_is(
    month: int, day: int, hours: int, world: AccessWorld
) -> None:
    """Also on the days on which the clocks change there: they last 23 hours and 25."""
    last = date(2027, month, day)
    at = datetime(2027, month, day, 10, tzinfo=UTC)
    grant = granted(world, at=at, ends_on=last)
    assert grant.not_after.astimezone(ZoneInfo(ZONE)).time() == time.min
    day_before = end_of_day(last - timedelta(days=1), ZONE)
    assert grant.not_after - day_before == timedelta(hours=hours)
    assert not said(grant, at=grant.not_after - timedelta(microseconds=1))
    assert said(grant, at=grant.not_after) == {errors.GRANT_OVER}
