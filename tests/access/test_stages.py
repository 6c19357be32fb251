"""The clock of stages, fallbacks, and requests that nobody may decide. Time never approves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from apps.access.commands import (
    approve_request,
    keep_request_going,
    reassign_slot,
    recuse,
    reevaluate_request,
    return_request,
)
from apps.access.lifecycle import RequestState
from apps.access.models import Grant, Request
from apps.access.queries import detail_of, inbox_of
from apps.access.tasks import keep_stages_in_time
from apps.accounts.commands import assign_role, end_role
from apps.accounts.models import Organization, RoleAssignment
from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import NotFound, NotPermitted
from apps.policy import eligibility
from apps.policy.route import StageSpec, Timeout
from tests.access.refusals import refused
from tests.access.seats import clock_of, delegated, lay_out, owners, personal, slot_of
from tests.factories.access import AccessWorld, approved, fresh, seen

PRIVACY = StageSpec(name="privacy", roles=("compliance_officer",), phase=20)


def told(request: Request, name: str) -> list[dict[str, object]]:
    found = AuditEvent.objects.filter(subject_uid=request.uid, name=f"access.request.{name}")
    return [event.data for event in found.order_by("pk")]


def look(request: Request, at: datetime) -> Request:
    keep_request_going(actor=SYSTEM, request_id=request.uid, at=at)
    return fresh(request)


def end_roles(world: AccessWorld, *who: str) -> None:
    people = [world.players[name].person for name in who]
    for held in RoleAssignment.objects.filter(person__in=people, ends_at__isnull=True):
        end_role(actor=SYSTEM, role_assignment_id=held.uid)


def give_role(world: AccessWorld, who: str, role: Role) -> None:
    assign_role(
        actor=SYSTEM,
        person_id=world.players[who].person.uid,
        role=role,
        organization_id=world.organization.uid,
    )


# The clock


def test_each_stage_has_its_own_clock_that_begins_when_it_is_its_turn(world: AccessWorld) -> None:
    request = personal(world)
    _, due = clock_of(request)
    assert fresh(request).due_at == due
    later = due - timedelta(hours=1)
    approve_request(actor=world["owner"], **seen(request), at=later)
    opened, second_due = clock_of(request, "privacy")
    assert opened == later and second_due > due and fresh(request).due_at == second_due


def test_the_calendar_of_the_organization_gives_the_holidays(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked on Wednesday 23 December 2026: in Berlin two days of Christmas and a weekend are free."""
    lay_out(monkeypatch, owners(sla_days=2))
    asked_at = datetime(2026, 12, 23, 9, tzinfo=UTC)
    without = personal(world, at=asked_at)
    Organization.objects.filter(pk=world.organization.pk).update(calendar="DE-BE")
    within = personal(world, at=asked_at)
    assert clock_of(without)[1] == datetime(2026, 12, 25, 23, tzinfo=UTC)
    assert clock_of(within)[1] == datetime(2026, 12, 28, 23, tzinfo=UTC)


def test_each_reminder_is_sent_once(world: AccessWorld) -> None:
    request = personal(world)
    opened, due = clock_of(request)
    for moment in (opened, due - timedelta(minutes=2), due - timedelta(minutes=1), due, due, due):
        look(request, moment)
    assert [event["percent"] for event in told(request, "reminded")] == [50, 100]
    assert fresh(request).state == "in_review"


def test_a_clock_looked_at_too_late_reminds_only_of_the_end(world: AccessWorld) -> None:
    request = personal(world)
    look(request, clock_of(request)[1] + timedelta(days=3))
    assert [event["percent"] for event in told(request, "reminded")] == [100]


@pytest.mark.parametrize("timeout", Timeout)
def test_however_late_it_is_nothing_is_approved(
    timeout: Timeout, world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(monkeypatch, owners(on_timeout=timeout, escalate_to=("compliance_officer",)), PRIVACY)
    request = personal(world)
    for days in range(0, 40, 4):
        look(request, clock_of(request)[1] + timedelta(days=days))
    assert fresh(request).state in {"in_review", "lapsed"}
    assert not Grant.objects.filter(revision__request=request).exists()
    assert not told(request, "approved")


def test_a_route_that_lapses_ends_the_request_when_its_time_is_over(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(monkeypatch, owners(on_timeout=Timeout.LAPSE))
    request = personal(world)
    due = clock_of(request)[1]
    assert look(request, due - timedelta(seconds=1)).state == "in_review"
    ended = look(request, due)
    assert (ended.state, ended.closed_at) == (RequestState.LAPSED, due)
    assert len(told(request, "lapsed")) == 1
    assert not inbox_of(world["owner"]).filter(pk=request.pk).exists()


def test_after_an_escalation_more_people_decide_and_see_what_they_decide(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(monkeypatch, owners(on_timeout=Timeout.ESCALATE, escalate_to=("administrator",)))
    request, late = personal(world), world["administrator"]
    hand_to = world.players["second_owner"].person.uid
    reassign_slot(
        actor=world["owner"],
        request_id=request.uid,
        slot_id=slot_of(request).uid,
        person_id=hand_to,
        reason="Yours.",
    )
    with refused(NotFound):
        approve_request(actor=late, **seen(request))
    look(request, clock_of(request)[1])
    assert told(request, "escalated") == [
        {"request_id": str(request.uid), "stage": "owner", "roles": ["administrator"]}
    ]
    for who in ("owner", "second_owner", "administrator"):
        assert inbox_of(world[who]).filter(pk=request.pk).exists()
    assert detail_of(late, fresh(request)).may_decide
    approve_request(actor=late, **seen(request))
    assert fresh(request).state == "approved"


def test_no_clock_runs_while_a_request_is_returned(world: AccessWorld) -> None:
    request = personal(world)
    due = clock_of(request)[1]
    return_request(actor=world["owner"], **seen(request), reason="Which year?")
    look(request, due + timedelta(days=9))
    assert told(request, "reminded") == [] and fresh(request).state == "returned"


def test_being_evaluated_anew_buys_no_time_and_reminds_nobody_twice(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = personal(world)
    opened, due = clock_of(request)
    look(request, due - timedelta(minutes=1))
    lay_out(monkeypatch, owners(count=2))
    monkeypatch.setattr("apps.access.evaluation.is_as_before", lambda before, answered: False)
    reevaluate_request(actor=SYSTEM, request_id=request.uid, at=due - timedelta(seconds=30))
    assert clock_of(request) == (opened, due)
    look(request, due - timedelta(seconds=20))
    look(request, due)
    assert [event["percent"] for event in told(request, "reminded")] == [50, 100]


def test_the_task_looks_after_what_is_due_and_nothing_else(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    early, late = personal(world), personal(world)
    stage = slot_of(late).stage
    for name in ("opened_at", "due_at", "remind_at"):
        setattr(stage, name, stage.opened_at - timedelta(days=9))  # type: ignore[operator]
    stage.save()
    keep_stages_in_time()
    keep_stages_in_time()
    assert (len(told(early, "reminded")), len(told(late, "reminded"))) == (0, 1)


# Too few people


def test_a_request_nobody_may_decide_says_so_on_the_first_day_and_heals(world: AccessWorld) -> None:
    end_roles(world, "officer", "second_officer", "owner_and_officer")
    request = personal(world)
    assert fresh(request).unroutable_since is not None
    assert [event["stages"] for event in told(request, "unroutable")] == [["privacy"]]
    look(request, request.unroutable_since + timedelta(hours=1))  # type: ignore[operator]
    assert len(told(request, "unroutable")) == 1
    give_role(world, "colleague", Role.COMPLIANCE_OFFICER)
    keep_request_going(actor=SYSTEM, request_id=request.uid)
    assert fresh(request).unroutable_since is None and len(told(request, "routable")) == 1
    assert approved(request, world["owner"], world["colleague"]).state == "approved"


def test_one_person_with_both_roles_is_not_enough_for_two_stages(world: AccessWorld) -> None:
    end_roles(world, "owner", "second_owner", "officer", "second_officer")
    request = personal(world)
    assert fresh(request).unroutable_since is not None
    give_role(world, "second_officer", Role.COMPLIANCE_OFFICER)
    keep_request_going(actor=SYSTEM, request_id=request.uid)
    assert fresh(request).unroutable_since is None


def test_two_people_linked_by_a_delegation_are_one_too_few(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(monkeypatch, owners(count=2))
    end_roles(world, "owner_and_officer")
    delegated(world, "owner", "second_owner")
    request = personal(world)
    assert fresh(request).unroutable_since is not None


def test_an_administrator_sees_a_request_while_nobody_may_decide_it(world: AccessWorld) -> None:
    request = personal(world)
    assert not Request.objects.visible_to(world["administrator"]).filter(pk=request.pk).exists()
    end_roles(world, "owner", "second_owner", "owner_and_officer")
    keep_request_going(actor=SYSTEM, request_id=request.uid)
    assert Request.objects.visible_to(world["administrator"]).filter(pk=request.pk).exists()
    give_role(world, "second_owner", Role.OWNER)
    keep_request_going(actor=SYSTEM, request_id=request.uid)
    assert not Request.objects.visible_to(world["administrator"]).filter(pk=request.pk).exists()


def test_the_fallback_is_asked_when_the_last_one_steps_back_and_not_before(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(monkeypatch, owners(fallback_roles=("compliance_officer",)))
    end_roles(world, "second_owner", "owner_and_officer")
    request = personal(world)
    with refused(NotPermitted, eligibility.ROLE_NOT_HELD):
        approve_request(actor=world["officer"], **seen(request))
    recuse(actor=world["owner"], request_id=request.uid, reason="We share an office.")
    assert fresh(request).unroutable_since is None
    assert [event["roles"] for event in told(request, "fell_back")] == [["compliance_officer"]]
    assert inbox_of(world["officer"]).filter(pk=request.pk).exists()
    assert approved(request, world["officer"]).state == "approved"


def test_the_data_protection_officer_never_decides_whatever_the_route_says(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(monkeypatch, owners(fallback_roles=("dpo",)))
    end_roles(world, "owner", "second_owner", "owner_and_officer")
    request = personal(world)
    assert fresh(request).unroutable_since is not None
    assert not inbox_of(world["dpo"]).filter(pk=request.pk).exists()


def test_what_was_handed_to_somebody_who_left_waits_for_all_again(world: AccessWorld) -> None:
    request = personal(world)
    reassign_slot(
        actor=world["owner"],
        request_id=request.uid,
        slot_id=slot_of(request).uid,
        person_id=world.players["second_owner"].person.uid,
        reason="Yours.",
    )
    end_roles(world, "second_owner")
    keep_request_going(actor=SYSTEM, request_id=request.uid)
    assert slot_of(request).assignee is None
    approve_request(actor=world["owner"], **seen(request))


def test_only_the_machine_looks_after_requests(world: AccessWorld) -> None:
    request = personal(world)
    with refused(NotPermitted):
        keep_request_going(actor=world["officer"], request_id=request.uid)
    keep_request_going(actor=SYSTEM, request_id=request.uid)
