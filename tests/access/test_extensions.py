"""Carrying a grant on: a request like any other, which prolongs nothing by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.access import errors
from apps.access.commands import (
    activate_grant,
    amend_request,
    approve_request,
    change_request,
    expire_grant,
    extend_grant,
    give_back_grant,
    resume_grant,
    revoke_grant,
    submit_request,
    suspend_grant,
    withdraw_request,
)
from apps.access.lifecycle import GrantState, RequestState
from apps.access.models import Grant, Request
from apps.access.queries import content_of, why_not_effective
from apps.accounts.authorization import NOT_PERMITTED
from apps.audit.models import AuditEvent
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput, InvalidState, NotPermitted, RuleBroken
from tests.access.refusals import refused
from tests.factories.access import (
    AccessWorld,
    approved,
    asked,
    draft,
    fresh,
    granted,
    in_days,
    revision_of,
    seen,
)


def on_personal(world: AccessWorld) -> Grant:
    request = approved(
        asked(world["scientist"], draft(world.personal, world.purposes["pay"])),
        world["owner"],
        world["officer"],
    )
    return Grant.objects.get(revision=request.revision)


def test_an_extension_asks_for_the_same_from_the_end_on(world: AccessWorld) -> None:
    grant = granted(world)
    request = extend_grant(actor=world["scientist"], grant_id=grant.uid)
    assert (request.state, request.extends) == (RequestState.DRAFT, grant)
    revision = revision_of(request)
    assert revision.starts_at == grant.not_after
    assert revision.ends_at > grant.not_after
    assert revision.actions == grant.actions
    assert [item.asset for item in revision.items.all()] == [grant.asset]
    submit_request(actor=world["scientist"], request_id=request.uid)
    later = Grant.objects.get(revision=revision)
    assert (later.not_before, later.state) == (grant.not_after, GrantState.SCHEDULED)


def test_an_extension_that_waits_prolongs_nothing(world: AccessWorld) -> None:
    grant = on_personal(world)
    request = extend_grant(actor=world["scientist"], grant_id=grant.uid)
    submit_request(actor=world["scientist"], request_id=request.uid)
    assert fresh(request).state == RequestState.IN_REVIEW
    assert not why_not_effective(grant, at=database_now())
    over = why_not_effective(grant, at=grant.not_after)
    assert [reason.code for reason in over] == [errors.GRANT_OVER]
    expire_grant(actor=SYSTEM, grant_id=grant.uid, at=grant.not_after)
    grant.refresh_from_db()
    assert grant.state == GrantState.EXPIRED
    assert Grant.objects.filter(revision__request=request).count() == 0


def test_a_grant_with_a_waiting_extension_can_be_revoked_and_the_extension_then_gives_nothing(
    world: AccessWorld,
) -> None:
    grant = on_personal(world)
    request = extend_grant(actor=world["scientist"], grant_id=grant.uid)
    submit_request(actor=world["scientist"], request_id=request.uid)
    approve_request(actor=world["owner"], **seen(request))
    revoke_grant(actor=world["owner"], grant_id=grant.uid, comment="A breach.")
    with refused(InvalidState, errors.GRANT_NOT_EXTENDABLE):
        approve_request(actor=world["officer"], **seen(request))
    assert fresh(request).state == RequestState.IN_REVIEW


def test_one_extension_of_a_grant_is_open_at_a_time(world: AccessWorld) -> None:
    grant, scientist = granted(world), world["scientist"]
    request = extend_grant(actor=scientist, grant_id=grant.uid)
    with refused(InvalidState, errors.EXTENSION_OPEN):
        extend_grant(actor=scientist, grant_id=grant.uid)
    with pytest.raises(IntegrityError), transaction.atomic():
        Request.objects.create(
            number=10**6,
            organization=request.organization,
            requester=request.requester,
            extends=grant,
            created_at=database_now(),
        )
    withdraw_request(actor=scientist, request_id=request.uid)
    extend_grant(actor=scientist, grant_id=grant.uid)


def test_a_grant_is_extended_while_it_is_active_or_ran_out_lately(world: AccessWorld) -> None:
    scientist = world["scientist"]
    grant = granted(world)
    lately, long_ago = grant.not_after + timedelta(days=29), grant.not_after + timedelta(days=31)
    with refused(InvalidState, errors.GRANT_NOT_EXTENDABLE):
        extend_grant(actor=scientist, grant_id=grant.uid, at=long_ago)
    request = extend_grant(actor=scientist, grant_id=grant.uid, at=lately)
    assert revision_of(request).starts_at == lately
    withdraw_request(actor=scientist, request_id=request.uid)
    later = granted(world, starts_on=in_days(3))
    given_back = granted(world)
    give_back_grant(actor=scientist, grant_id=given_back.uid)
    for refused_one in (later, given_back):
        with refused(InvalidState, errors.GRANT_NOT_EXTENDABLE):
            extend_grant(actor=scientist, grant_id=refused_one.uid)


def test_an_extension_stays_one(world: AccessWorld) -> None:
    grant, scientist = on_personal(world), world["scientist"]
    request = extend_grant(actor=scientist, grant_id=grant.uid)
    other = draft(world.harmless, world.purposes["rock"], ends_on=in_days(60))
    with refused(RuleBroken, errors.EXTENSION_OF_ANOTHER):
        change_request(actor=scientist, request_id=request.uid, draft=other)
    shorter = draft(world.personal, world.purposes["pay"], ends_on=in_days(10))
    with refused(InvalidInput, errors.END_BEFORE_START, field="ends_on"):
        change_request(actor=scientist, request_id=request.uid, draft=shorter)
    longer = draft(world.personal, world.purposes["pay"], ends_on=in_days(60))
    change_request(actor=scientist, request_id=request.uid, draft=longer)
    assert revision_of(request).starts_at == grant.not_after
    assert content_of(fresh(request))["ends_on"] == in_days(60)
    submit_request(actor=scientist, request_id=request.uid)
    with refused(RuleBroken, errors.EXTENSION_OF_ANOTHER):
        amend_request(actor=scientist, request_id=request.uid, draft=other)


def test_an_extension_may_leave_actions_out_and_adds_none(world: AccessWorld) -> None:
    grant = granted(world, actions=["read", "train"])
    request = extend_grant(actor=world["scientist"], grant_id=grant.uid, actions=["read", "write"])
    assert revision_of(request).actions == ["read"]


def test_only_its_subject_extends_a_grant(world: AccessWorld) -> None:
    grant = granted(world)
    with refused(NotPermitted, NOT_PERMITTED):
        extend_grant(actor=world["owner"], grant_id=grant.uid)
    robots = granted(world, service_account_id=world.robot.uid)
    with refused(RuleBroken, errors.ONLY_PEOPLE_ASK):
        extend_grant(actor=world.robot_actor, grant_id=robots.uid)
    request = extend_grant(actor=world["scientist"], grant_id=robots.uid)
    assert revision_of(request).service_account == world.robot


def extended(world: AccessWorld, grant: Grant) -> Grant:
    request = extend_grant(actor=world["scientist"], grant_id=grant.uid)
    submit_request(actor=world["scientist"], request_id=request.uid)
    return Grant.objects.get(revision=revision_of(request))


def states(*grants: Grant) -> list[str]:
    return [Grant.objects.get(pk=grant.pk).state for grant in grants]


def test_an_extension_takes_the_place_of_its_grant_when_it_begins(world: AccessWorld) -> None:
    """Neither a gap nor two at once: at every moment one of the two gives its right, until the last end."""
    grant = granted(world)
    later, begins = extended(world, grant), grant.not_after
    activate_grant(actor=SYSTEM, grant_id=later.uid, at=begins - timedelta(seconds=1))
    assert states(grant, later) == ["active", "scheduled"]
    for at in (begins - timedelta(microseconds=1), begins, later.not_after):
        giving = [each for each in (grant, later) if not why_not_effective(each, at=at)]
        assert giving == ([] if at == later.not_after else [grant if at < begins else later])
    activate_grant(actor=SYSTEM, grant_id=later.uid, at=begins)
    assert states(grant, later) == ["superseded", "active"]
    grant.refresh_from_db()
    assert grant.ended_at == begins
    told = AuditEvent.objects.get(name="access.grant.superseded", subject_uid=grant.uid)
    assert told.data["successor_id"] == str(later.uid)
    assert expire_grant(actor=SYSTEM, grant_id=grant.uid, at=begins).state == GrantState.SUPERSEDED


def test_an_extension_that_begins_at_once_takes_the_place_of_what_has_run_out(world: AccessWorld) -> None:
    grant = granted(world)
    late = grant.not_after + timedelta(days=1)
    request = extend_grant(actor=world["scientist"], grant_id=grant.uid, at=late)
    submit_request(actor=world["scientist"], request_id=request.uid, at=late)
    later = Grant.objects.get(revision=revision_of(request))
    assert states(grant, later) == ["superseded", "active"]


def test_an_extension_is_no_way_around_a_suspension(world: AccessWorld) -> None:
    grant = granted(world)
    later, begins = extended(world, grant), grant.not_after
    suspend_grant(actor=world["owner"], grant_id=grant.uid, comment="A breach?", is_for_cause=True)
    assert errors.GRANT_SUSPENDED in {reason.code for reason in why_not_effective(later, at=begins)}
    activate_grant(actor=SYSTEM, grant_id=later.uid, at=begins)
    assert states(grant, later) == ["superseded", "suspended"]
    with refused(NotPermitted, errors.RESUMES_OWN_SUSPENSION):
        resume_grant(actor=world["owner"], grant_id=later.uid, comment="Fine.", at=begins)
    resume_grant(actor=world["officer"], grant_id=later.uid, comment="Fine.", at=begins)
    assert states(later) == ["active"]


def test_an_extension_does_not_begin_where_its_grant_was_ended_by_somebody(world: AccessWorld) -> None:
    for end in (
        lambda uid: revoke_grant(actor=world["owner"], grant_id=uid, comment="A breach."),
        lambda uid: give_back_grant(actor=world["scientist"], grant_id=uid),
    ):
        grant = granted(world)
        later, begins = extended(world, grant), grant.not_after
        end(grant.uid)
        assert {each.code for each in why_not_effective(later, at=begins)} == {errors.NOTHING_CARRIED_ON}
        activate_grant(actor=SYSTEM, grant_id=later.uid, at=begins)
        assert states(later) == ["revoked"]
