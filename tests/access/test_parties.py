"""Four eyes in every disguise: who is a party, has left or was heard decides nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from apps.access import errors
from apps.access.commands import (
    approve_request,
    create_request,
    submit_request,
)
from apps.access.models import Request, Revision, Slot, Verdict
from apps.access.queries import detail_of, inbox_of
from apps.accounts.authorization import NOT_PERMITTED
from apps.accounts.commands import add_account, assign_role, change_person, create_service_account, end_role
from apps.accounts.models import Account, PersonStatus, RoleAssignment
from apps.accounts.queries import actor_of
from apps.accounts.roles import ObjectPermission, Role
from apps.catalog.commands import give_asset_permission
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidState, NotFound, NotPermitted
from apps.policy import eligibility
from tests.access.decided import VERDICTS, decide, personal
from tests.access.refusals import refused
from tests.factories import accounts as people
from tests.factories.access import (
    AccessWorld,
    approved,
    asked,
    decision_of,
    draft,
    fresh,
    revision_of,
    seen,
)

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
