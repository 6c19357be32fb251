"""Approving, rejecting, returning: who may, in which order, and what comes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from apps.access import errors
from apps.access.commands import (
    approve_request,
    create_request,
    keep_request_going,
    reevaluate_request,
    reject_request,
    submit_request,
)
from apps.access.models import Decision, Grant, Stage, Verdict
from apps.access.queries import detail_of, inbox_of, only_blocked, without_blocked
from apps.accounts.authorization import NOT_PERMITTED, SCOPE_MISSING
from apps.accounts.commands import assign_role
from apps.accounts.roles import Role, TokenScope
from apps.audit.models import AuditEvent
from apps.catalog.commands import retire_asset
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput, InvalidState, NotFound, NotPermitted, RuleBroken, StaleVersion
from apps.policy import eligibility
from tests.access.decided import VERDICTS, decide, personal
from tests.access.refusals import refused
from tests.factories import accounts as people
from tests.factories.access import (
    PAY,
    AccessWorld,
    about_people,
    approved,
    asked,
    decision_of,
    draft,
    fresh,
    in_days,
    lawful_activity,
    permitted_for,
    revision_of,
    seen,
    thing,
)
from tests.factories.law import first_rulebook


def test_owner_then_officer_make_a_grant_of_exactly_what_was_asked(world: AccessWorld) -> None:
    request = personal(world, starts_on=in_days(2), actions=["read", "train"], mode="following")
    approve_request(actor=world["owner"], **seen(request))
    assert (fresh(request).state, Grant.objects.filter(revision__request=request).count()) == ("in_review", 0)
    approve_request(actor=world["officer"], **seen(request))
    grant, revision = Grant.objects.get(revision__request=request), revision_of(request)
    assert fresh(request).state == "approved" and fresh(request).closed_at is not None
    assert (grant.asset, grant.version, grant.purpose) == (
        world.personal.asset,
        world.personal.version,
        world.purposes["pay"],
    )
    assert (grant.actions, grant.mode, grant.columns) == (["read", "train"], "following", [])
    assert (grant.not_before, grant.not_after) == (revision.starts_at, revision.ends_at)
    assert {verdict.person_id for verdict in Verdict.objects.filter(revision=revision)} == {
        world.players["owner"].person.pk,
        world.players["officer"].person.pk,
    }


def test_a_request_for_two_assets_makes_two_grants(world: AccessWorld) -> None:
    other = thing(world.domain, world["steward"], about_people("bonus"))
    permitted_for(world, other, PAY)
    lawful_activity(world.purposes["pay"], other.asset, approver=world["second_officer"])
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"], other))
    approved(request, world["owner"], world["officer"])
    assert {grant.asset_id for grant in Grant.objects.filter(revision__request=request)} == {
        world.personal.asset.pk,
        other.asset.pk,
    }


def test_stages_are_decided_in_their_order(world: AccessWorld) -> None:
    request = personal(world)
    with refused(NotPermitted, eligibility.ROLE_NOT_HELD):
        approve_request(actor=world["officer"], **seen(request))
    approve_request(actor=world["owner"], **seen(request))
    with refused(NotPermitted, eligibility.ROLE_NOT_HELD):
        approve_request(actor=world["second_owner"], **seen(request))
    approve_request(actor=world["officer"], **seen(request))


@pytest.mark.parametrize("how", ["reject", "return"])
def test_a_no_needs_a_reason_and_ends_the_review(how: str, world: AccessWorld) -> None:
    request = personal(world)
    for empty in ("", " \n"):
        with refused(InvalidInput, errors.REASON_MISSING, field="reason"):
            decide(how, world["owner"], request, reason=empty)
    decide(how, world["owner"], request)
    assert fresh(request).state == {"reject": "rejected", "return": "returned"}[how]
    assert not Grant.objects.filter(revision__request=request).exists()
    for again in VERDICTS:
        with refused(InvalidState, errors.NOT_IN_REVIEW):
            decide(again, world["second_owner"], request)


@pytest.mark.parametrize("how", VERDICTS)
def test_a_draft_is_hidden_from_those_who_would_decide(how: str, world: AccessWorld) -> None:
    request = create_request(actor=world["scientist"], draft=draft(world.personal, world.purposes["pay"]))
    named = {"request_id": request.uid, "revision_sha256": "", "decision_id": uuid4(), "reason": "Because."}
    with refused(NotFound):
        VERDICTS[how](actor=world["owner"], **named)
    submit_request(actor=world["scientist"], request_id=request.uid)
    decide(how, world["owner"], request)


@pytest.mark.parametrize("who", ["colleague", "steward", "dpo", "auditor", "administrator"])
@pytest.mark.parametrize("how", VERDICTS)
def test_only_owners_and_officers_decide(how: str, who: str, world: AccessWorld) -> None:
    request = personal(world)
    is_hidden = who in {"colleague", "steward", "administrator"}
    with refused(NotFound if is_hidden else NotPermitted, *([] if is_hidden else [NOT_PERMITTED])):
        decide(how, world[who], request)
    decide(how, world["owner"], request)


def test_a_token_needs_the_scope_to_decide(world: AccessWorld) -> None:
    request = personal(world)
    for scope in set(TokenScope) - {TokenScope.DECIDE}:
        with refused(NotPermitted, SCOPE_MISSING):
            decide("approve", replace(world["owner"], scopes=frozenset({scope.value})), request)
    decide("approve", replace(world["owner"], scopes=frozenset({"decide"})), request)


def test_a_blocked_request_is_approvable_once_the_record_it_waits_for_is_there(world: AccessWorld) -> None:
    first_rulebook()  # one record is missing, and nothing else
    purpose = world.purposes["unrecorded"]
    request = asked(world["scientist"], draft(world.personal, purpose))
    with refused(RuleBroken, errors.REQUEST_BLOCKED, "NO_ACTIVITY"):
        approve_request(actor=world["owner"], **seen(request))
    before = seen(request)
    assert request not in without_blocked(inbox_of(world["owner"]))
    assert request in only_blocked(inbox_of(world["owner"]))
    later = database_now() + timedelta(days=60)
    keep_request_going(actor=SYSTEM, request_id=request.uid, at=later)
    assert fresh(request).state == "in_review" and not Stage.objects.filter(opened_at__isnull=False).exists()
    lawful_activity(purpose, world.personal.asset, approver=world["second_officer"], writer=world["officer"])
    reevaluate_request(actor=SYSTEM, request_id=request.uid)
    assert decision_of(request).effect == "refer" and seen(request) != before
    assert request in without_blocked(inbox_of(world["owner"]))
    assert decision_of(request).stages.get(name="owner").due_at > database_now()
    approved(request, world["owner"], world["officer"])
    assert Grant.objects.filter(revision__request=request).count() == 1


@pytest.mark.parametrize("how", ["reject", "return"])
def test_a_blocked_request_can_be_turned_down(how: str, world: AccessWorld) -> None:
    first_rulebook()
    request = asked(world["scientist"], draft(world.personal, world.purposes["unrecorded"]))
    decide(how, world["owner"], request)
    assert fresh(request).state in {"rejected", "returned"}


def test_nothing_is_approved_on_an_asset_that_was_retired_meanwhile(world: AccessWorld) -> None:
    request, untouched = personal(world), personal(world)
    approve_request(actor=world["owner"], **seen(untouched))
    retire_asset(actor=SYSTEM, asset_id=world.personal.asset.uid)
    with refused(RuleBroken, errors.ASSET_NOT_REQUESTABLE):
        approve_request(actor=world["owner"], **seen(request))
    reevaluate_request(actor=SYSTEM, request_id=request.uid)
    assert fresh(request).state == "returned"
    reject_request(actor=world["officer"], reason="It is gone.", **seen(untouched))


# Deciding across domains


def test_an_officer_of_both_domains_decides_for_both_and_one_of_a_single_domain_does_not(
    world: AccessWorld,
) -> None:
    elsewhere = people.domain(world.organization)
    other = thing(elsewhere, world["steward"], about_people("bonus"))
    permitted_for(world, other, PAY)
    lawful_activity(world.purposes["pay"], other.asset, approver=world["second_officer"])
    one, both = people.player(world.organization), people.player(world.organization)
    for player, domains in ((one, [world.domain]), (both, [world.domain, elsewhere])):
        for domain in domains:
            assign_role(
                actor=SYSTEM,
                person_id=player.person.uid,
                role=Role.COMPLIANCE_OFFICER,
                organization_id=world.organization.uid,
                domain_id=domain.uid,
            )
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"], other))
    approve_request(actor=world["owner"], **seen(request))
    assert not inbox_of(one.actor).exists() and detail_of(one.actor, fresh(request)).why_not
    with refused(NotFound):
        approve_request(actor=one.actor, **seen(request))
    assert inbox_of(both.actor).get() == request and detail_of(both.actor, fresh(request)).may_decide
    approve_request(actor=both.actor, **seen(request))
    assert fresh(request).state == "approved"


def test_an_owner_of_one_asset_does_not_decide_for_two(world: AccessWorld) -> None:
    elsewhere = people.domain(world.organization)
    other = thing(elsewhere, world["steward"], about_people("bonus"))
    permitted_for(world, other, PAY)
    lawful_activity(world.purposes["pay"], other.asset, approver=world["second_officer"])
    half = people.player(world.organization, Role.OWNER, domain=elsewhere)
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"], other))
    assert not inbox_of(half.actor).exists()
    with refused(NotFound):
        approve_request(actor=half.actor, **seen(request))
    single = asked(world["scientist"], draft(other, world.purposes["pay"]))
    approve_request(actor=half.actor, **seen(single))


def test_the_trail_tells_each_verdict_with_its_reason_kept_apart(world: AccessWorld) -> None:
    request = personal(world)
    reject_request(actor=world["owner"], **seen(request), reason="Ms Meier is on leave.")
    told = AuditEvent.objects.get(subject_uid=request.uid, name="access.request.decided")
    assert (told.data["kind"], told.data["stage"]) == ("reject", "owner")
    assert "Meier" not in str(told.data)
    assert told.personal.get(field="reason").value == "Ms Meier is on leave."
    assert AuditEvent.objects.filter(subject_uid=request.uid, name="access.request.rejected").count() == 1


def test_decisions_of_another_request_are_no_keys_to_this_one(world: AccessWorld) -> None:
    mine, other = personal(world), personal(world)
    for stolen in ("revision_sha256", "decision_id"):
        with refused(StaleVersion):
            approve_request(actor=world["owner"], **{**seen(mine), stolen: seen(other)[stolen]})
    approve_request(actor=world["owner"], **seen(mine))
    assert Decision.objects.filter(revision__request=mine).count() == 1
