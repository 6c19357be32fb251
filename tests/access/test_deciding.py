"""Approving, rejecting, returning, giving an opinion: who may, and four eyes in every disguise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from apps.access import errors
from apps.access.commands import (
    approve_request,
    create_request,
    give_opinion,
    keep_request_going,
    publish_rulebook,
    reevaluate_request,
    reject_request,
    return_request,
    submit_request,
)
from apps.access.models import Decision, Grant, Request, Revision, Slot, Stage, Verdict
from apps.access.queries import detail_of, inbox_of, only_blocked, without_blocked
from apps.accounts.authorization import NOT_PERMITTED, SCOPE_MISSING
from apps.accounts.commands import add_account, assign_role, change_person, create_service_account, end_role
from apps.accounts.models import Account, PersonStatus, RoleAssignment
from apps.accounts.queries import actor_of
from apps.accounts.roles import ObjectPermission, Role, TokenScope
from apps.audit.models import AuditEvent
from apps.catalog.commands import give_asset_permission, retire_asset
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput, InvalidState, NotFound, NotPermitted, RuleBroken, StaleVersion
from apps.policy import eligibility
from apps.policy.rulebook import DEFAULT_RULEBOOK
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

VERDICTS: dict[str, Callable[..., Request]] = {
    "approve": approve_request,
    "reject": reject_request,
    "return": return_request,
}


def personal(world: AccessWorld, who: str = "scientist", **given: Any) -> Request:
    return asked(world[who], draft(world.personal, world.purposes["pay"], **given))


def decide(how: str, actor: Actor, request: Request, **given: Any) -> Request:
    return VERDICTS[how](actor=actor, **{**seen(request), "reason": "Because.", **given})


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


# Four eyes


def test_an_owner_does_not_decide_what_they_asked_for(world: AccessWorld) -> None:
    request = personal(world, "owner_and_officer")
    for how in VERDICTS:
        with refused(NotPermitted, eligibility.OWN_REQUEST, eligibility.OWN_BENEFIT, eligibility.OWN_EDIT):
            decide(how, world["owner_and_officer"], request)
    approve_request(actor=world["owner"], **seen(request))
    with refused(NotPermitted, eligibility.OWN_REQUEST):
        approve_request(actor=world["owner_and_officer"], **seen(request))
    approve_request(actor=world["officer"], **seen(request))


def test_another_account_is_the_same_person(world: AccessWorld) -> None:
    request = personal(world, "owner")
    person = world.players["owner"].person
    second = actor_of(add_account(actor=SYSTEM, person_id=person.uid, username="another-me"))
    with refused(NotPermitted, eligibility.OWN_REQUEST):
        approve_request(actor=second, **seen(request))
    assert not inbox_of(second).filter(pk=request.pk).exists()
    other = world.players["second_owner"].person
    third = actor_of(add_account(actor=SYSTEM, person_id=other.uid, username="another-them"))
    assert inbox_of(third).filter(pk=request.pk).exists()
    approve_request(actor=third, **seen(request))


def test_who_answers_for_the_service_account_does_not_decide(world: AccessWorld) -> None:
    owner = world.players["owner"]
    robot = create_service_account(
        actor=SYSTEM, person_id=owner.person.uid, username="robot-of-owner", description=""
    )
    request = personal(world, "owner", service_account_id=robot.uid)
    with refused(NotPermitted, eligibility.OWN_SERVICE_ACCOUNT):
        approve_request(actor=owner.actor, **seen(request))
    with refused(NotPermitted, NOT_PERMITTED):
        approve_request(actor=actor_of(robot), **seen(request))
    approve_request(actor=world["second_owner"], **seen(request))


def test_a_service_account_decides_nothing_whatever_it_was_given(world: AccessWorld) -> None:
    """An object permission of its own lets it through the door, and no further."""
    request = personal(world)
    robot = world.strangers_robot
    give_asset_permission(
        actor=SYSTEM,
        asset_id=world.personal.asset.uid,
        permission=ObjectPermission.OWN,
        holder_id=robot.uid,
    )
    with refused(NotFound):
        approve_request(actor=actor_of(robot), **seen(request))
    own = personal(world, "colleague", service_account_id=robot.uid)
    with refused(NotPermitted, eligibility.CANDIDATE_INACTIVE):
        approve_request(actor=actor_of(robot), **seen(own))
    assert not inbox_of(actor_of(robot)).exists()


def test_the_last_editor_does_not_decide(world: AccessWorld) -> None:
    request = create_request(actor=world["scientist"], draft=draft(world.personal, world.purposes["pay"]))
    Revision.objects.filter(request=request).update(edited_by=world.players["owner"].person)
    submit_request(actor=world["scientist"], request_id=request.uid)
    with refused(NotPermitted, eligibility.OWN_EDIT):
        approve_request(actor=world["owner"], **seen(request))
    assert not inbox_of(world["owner"]).filter(pk=request.pk).exists()
    approve_request(actor=world["second_owner"], **seen(request))


def test_nobody_fills_two_slots_of_a_request(world: AccessWorld) -> None:
    request = personal(world)
    approve_request(actor=world["owner_and_officer"], **seen(request))
    for how in VERDICTS:
        with refused(NotPermitted, eligibility.OTHER_SLOT_FILLED):
            decide(how, world["owner_and_officer"], request)
    approve_request(actor=world["officer"], **seen(request))


def test_nobody_fills_both_slots_of_one_stage(world: AccessWorld) -> None:
    """Taking data on health out has a stage with an owner and an officer in it, in either order."""
    request = asked(
        world["scientist"], draft(world.restricted, world.purposes["study"], actions=["read", "export"])
    )
    approved(request, world["owner"], world["officer"], world["owner_and_officer"])
    assert fresh(request).state == "in_review"
    with refused(NotPermitted, eligibility.OTHER_SLOT_FILLED):
        approve_request(actor=world["owner_and_officer"], **seen(request))
    for late in (world["second_owner"], world["second_officer"]):
        is_waited_for = inbox_of(late).filter(pk=request.pk).exists()
        assert is_waited_for is not bool(detail_of(late, fresh(request)).why_not)
    approve_request(actor=world["second_owner"], **seen(request))
    assert fresh(request).state == "approved"


def test_a_slot_that_is_filled_waits_for_nobody(world: AccessWorld) -> None:
    request = asked(world["scientist"], draft(world.restricted, world.purposes["study"], actions=["export"]))
    approved(request, world["owner"], world["officer"])
    approve_request(actor=world["second_owner"], **seen(request))
    third = people.player(world.organization, Role.OWNER).actor
    assert [reason.code for reason in detail_of(third, fresh(request)).why_not] == [errors.SLOT_FILLED]
    assert not inbox_of(third).filter(pk=request.pk).exists()
    with refused(InvalidState, errors.SLOT_FILLED):
        approve_request(actor=third, **seen(request))
    approve_request(actor=world["second_officer"], **seen(request))


def test_a_role_that_ended_a_moment_ago_decides_nothing(world: AccessWorld) -> None:
    request = personal(world)
    actor = world["owner"]
    assert inbox_of(actor).filter(pk=request.pk).exists()
    held = RoleAssignment.objects.get(person=actor.person_id)
    end_role(actor=SYSTEM, role_assignment_id=held.uid)
    with refused(NotFound):
        approve_request(actor=actor, **seen(request))
    assign_role(
        actor=SYSTEM,
        person_id=held.person.uid,
        role=Role.AUDITOR,
        organization_id=world.organization.uid,
    )
    with refused(NotPermitted, NOT_PERMITTED):
        approve_request(actor=actor, **seen(request))
    approve_request(actor=world["second_owner"], **seen(request))


@pytest.mark.parametrize("status", [PersonStatus.SUSPENDED, PersonStatus.DEPARTED])
def test_who_has_just_left_decides_nothing(status: PersonStatus, world: AccessWorld) -> None:
    request, actor = personal(world), world["owner"]
    assert inbox_of(actor).filter(pk=request.pk).exists()
    change_person(actor=SYSTEM, person_id=world.players["owner"].person.uid, status=status)
    with refused(NotFound):
        approve_request(actor=actor, **seen(request))
    if status is PersonStatus.SUSPENDED:  # who departed never comes back under the same record
        change_person(actor=SYSTEM, person_id=world.players["owner"].person.uid, status=PersonStatus.ACTIVE)
        approve_request(actor=actor, **seen(request))
    else:
        approve_request(actor=world["second_owner"], **seen(request))


def test_an_account_that_was_closed_decides_nothing(world: AccessWorld) -> None:
    request, actor = personal(world), world["owner"]
    Account.objects.filter(pk=actor.account_id).update(is_active=False)
    with refused(NotFound):
        approve_request(actor=actor, **seen(request))


def verdict_by(person_id: int, request: Request, slot: Slot, **given: Any) -> Verdict:
    revision = revision_of(request)
    made: dict[str, Any] = {
        "revision": revision,
        "revision_sha256": revision.sha256,
        "decision": decision_of(request),
        "slot": slot,
        "kind": "approve",
        "person_id": person_id,
        "account": Account.objects.filter(person=person_id).first(),
        "requester_id": request.requester_id,
        "subject_id": revision.person_id,
        "editor_id": revision.edited_by_id,
        "created_at": database_now(),
    }
    with transaction.atomic():
        return Verdict.objects.create(**{**made, **given})


@pytest.mark.parametrize("as_whom", ["requester_id", "subject_id", "editor_id"])
def test_the_database_itself_refuses_a_verdict_by_a_party(as_whom: str, world: AccessWorld) -> None:
    request = personal(world)
    slot = Slot.objects.get(stage__decision=decision_of(request), stage__name="owner")
    stranger = world.players["auditor"].person.pk
    parties = dict.fromkeys(("requester_id", "subject_id", "editor_id"), stranger)
    owner = world.players["owner"].person.pk
    with pytest.raises(IntegrityError, match="verdict_four_eyes"):
        verdict_by(owner, request, slot, **{**parties, as_whom: owner})
    verdict_by(owner, request, slot, **parties)


def test_the_database_itself_refuses_a_second_verdict_of_a_person_and_of_a_slot(world: AccessWorld) -> None:
    request = personal(world)
    first, second = Slot.objects.filter(stage__decision=decision_of(request)).order_by("stage__position")
    owner, officer = (world.players[name].person.pk for name in ("owner", "officer"))
    verdict_by(owner, request, first)
    with pytest.raises(IntegrityError, match="verdict_once_a_person"):
        verdict_by(owner, request, second)
    with pytest.raises(IntegrityError, match="slot"):
        verdict_by(officer, request, first)
    with pytest.raises(IntegrityError, match="verdict_says_why"):
        verdict_by(officer, request, second, kind="return")
    for wrong in ({"kind": "reject", "reason": "No."}, {"rejection_code": "risk"}):
        with pytest.raises(IntegrityError, match="verdict_rejects_by_a_code"):
            verdict_by(officer, request, second, **wrong)
    verdict_by(officer, request, second)


def test_the_database_itself_refuses_a_second_grant_for_the_same(world: AccessWorld) -> None:
    request = personal(world)
    approved(request, world["owner"], world["officer"])
    columns = "organization_id, revision_id, decision_id, subject_kind, person_id, asset_id, version_id"
    columns += ", purpose_id, columns, actions, mode, obligations, limiting_factor, state, not_before"
    columns += ", not_after, is_break_glass, row_version, created_at"
    with (
        pytest.raises(IntegrityError, match="grant_once"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"INSERT INTO access_grant (uid, {columns}) SELECT gen_random_uuid(), {columns}"  # noqa: S608
            " FROM access_grant WHERE revision_id = %s",
            [request.revision_id],
        )


# Opinions


def with_an_opinion(world: AccessWorld) -> Request:
    """Under a rulebook that wants to hear the DPO before an officer decides."""
    book = DEFAULT_RULEBOOK.as_dict()
    route = {"roles": ["data_owner"], "personal_roles": ["compliance_officer", "dpo"]}
    publish_rulebook(actor=SYSTEM, document={**book, "version": "3", "default_route": route})
    return personal(world)


def test_an_opinion_is_heard_before_the_officer_decides_and_decides_nothing(world: AccessWorld) -> None:
    request = with_an_opinion(world)
    stages = list(decision_of(request).stages.order_by("position").values_list("name", "is_opinion"))
    assert stages == [("owner", False), ("dpo_opinion", True), ("privacy", False)]
    with refused(RuleBroken, errors.STAGE_IS_NOT_OPINION):
        give_opinion(actor=world["dpo"], reason="Mind the minors.", **seen(request))
    approve_request(actor=world["owner"], **seen(request))
    with refused(RuleBroken, errors.STAGE_IS_OPINION):
        approve_request(actor=world["officer"], **seen(request))
    for how in VERDICTS:
        with refused(NotPermitted, NOT_PERMITTED):
            decide(how, world["dpo"], request)
    with refused(InvalidInput, errors.REASON_MISSING):
        give_opinion(actor=world["dpo"], reason=" ", **seen(request))
    assert inbox_of(world["dpo"]).filter(pk=request.pk).exists()
    give_opinion(actor=world["dpo"], reason="I would not.", **seen(request))
    assert fresh(request).state == "in_review"
    approve_request(actor=world["officer"], **seen(request))
    assert fresh(request).state == "approved"


def test_an_opinion_is_the_dpos_own_and_a_token_needs_the_scope_for_it(world: AccessWorld) -> None:
    request = with_an_opinion(world)
    approve_request(actor=world["owner"], **seen(request))
    for who in ("officer", "second_owner", "auditor"):
        with refused(NotPermitted, NOT_PERMITTED):
            give_opinion(actor=world[who], reason="I think so.", **seen(request))
    reading = replace(world["dpo"], scopes=frozenset({"read", "write"}))
    with refused(NotPermitted, SCOPE_MISSING):
        give_opinion(actor=reading, reason="I think so.", **seen(request))
    deciding = replace(world["dpo"], scopes=frozenset({"decide"}))
    give_opinion(actor=deciding, reason="I think so.", **seen(request))


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
