"""Stepping back, and handing a verdict to somebody by name."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from apps.access import errors
from apps.access.commands import approve_request, reassign_slot, recuse
from apps.access.models import Recusal
from apps.access.queries import detail_of, inbox_of
from apps.accounts.authorization import NOT_PERMITTED
from apps.accounts.models import ConflictKind
from apps.audit.models import AuditEvent
from apps.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken
from apps.policy import eligibility
from tests.access.refusals import refused
from tests.access.seats import conflicted, delegated, personal, slot_of
from tests.factories.access import AccessWorld, approved, fresh, seen

# Stepping back


def test_who_steps_back_is_out_for_good_and_others_are_asked(world: AccessWorld) -> None:
    request = personal(world)
    with refused(InvalidInput, errors.RECUSAL_REASON_MISSING, field="reason"):
        recuse(actor=world["owner"], request_id=request.uid, reason=" ")
    recuse(actor=world["owner"], request_id=request.uid, reason="We share an office.")
    for call in (
        lambda: approve_request(actor=world["owner"], **seen(request)),
        lambda: recuse(actor=world["owner"], request_id=request.uid, reason="Again."),
    ):
        with refused(NotPermitted, eligibility.RECUSED):
            call()
    assert not inbox_of(world["owner"]).filter(pk=request.pk).exists()
    assert detail_of(world["second_owner"], fresh(request)).recused == 1
    told = AuditEvent.objects.get(subject_uid=request.uid, name="access.request.recused")
    assert "office" not in str(told.data) and told.personal.get(field="reason").value == "We share an office."
    approved(request, world["second_owner"], world["officer"])
    assert fresh(request).state == "approved"


def test_only_who_could_decide_now_steps_back(world: AccessWorld) -> None:
    request = personal(world)
    with refused(NotPermitted, eligibility.ROLE_NOT_HELD):
        recuse(actor=world["officer"], request_id=request.uid, reason="No.")
    with refused(NotPermitted, NOT_PERMITTED):
        recuse(actor=world["scientist"], request_id=request.uid, reason="No.")
    with refused(NotFound):
        recuse(actor=world["colleague"], request_id=request.uid, reason="No.")
    recuse(actor=world["owner"], request_id=request.uid, reason="Yes.")


def test_who_acts_for_somebody_that_stepped_back_is_out_as_well(world: AccessWorld) -> None:
    request = personal(world)
    recuse(actor=world["owner"], request_id=request.uid, reason="We share an office.")
    delegated(world, "owner", "second_owner")
    assert not inbox_of(world["second_owner"]).filter(pk=request.pk).exists()
    with refused(NotPermitted, eligibility.RECUSED):
        approve_request(actor=world["second_owner"], **seen(request))


def test_a_recusal_is_kept_by_the_database(world: AccessWorld) -> None:
    request = personal(world)
    recuse(actor=world["owner"], request_id=request.uid, reason="We share an office.")
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Recusal.objects.update(reason="None.")


# Handing over


def test_a_verdict_that_was_handed_over_waits_for_that_person_alone(world: AccessWorld) -> None:
    request = personal(world)
    second = world.players["second_owner"].person
    reassign_slot(
        actor=world["owner"],
        request_id=request.uid,
        slot_id=slot_of(request).uid,
        person_id=second.uid,
        reason="On leave.",
    )
    assert not inbox_of(world["owner"]).filter(pk=request.pk).exists()
    assert errors.SLOT_ASSIGNED in {each.code for each in detail_of(world["owner"], fresh(request)).why_not}
    with refused(NotPermitted, errors.SLOT_ASSIGNED):
        approve_request(actor=world["owner"], **seen(request))
    assert inbox_of(world["second_owner"]).filter(pk=request.pk).exists()
    approve_request(actor=world["second_owner"], **seen(request))


def test_who_acts_for_the_one_it_was_handed_to_may_answer(world: AccessWorld) -> None:
    request = personal(world)
    hand(world, request, "officer", to="second_owner")
    delegated(world, "second_owner", "owner")
    assert inbox_of(world["owner"]).filter(pk=request.pk).exists()
    approve_request(
        actor=world["owner"], **seen(request), on_behalf_of=world.players["second_owner"].person.uid
    )


@pytest.mark.parametrize("who", ["owner", "second_owner", "officer"])
def test_those_who_lead_a_stage_hand_over(who: str, world: AccessWorld) -> None:
    request = personal(world)
    hand(world, request, who, to="owner_and_officer")
    assert slot_of(request).assignee == world.players["owner_and_officer"].person


@pytest.mark.parametrize(
    ("who", "family"), [("auditor", NotPermitted), ("dpo", NotPermitted), ("administrator", NotFound)]
)
def test_nobody_else_hands_over(who: str, family: type[NotPermitted], world: AccessWorld) -> None:
    request = personal(world)
    with refused(family):
        hand(world, request, who, to="second_owner")
    hand(world, request, "owner", to="second_owner")


def test_who_asked_chooses_nobody_to_decide(world: AccessWorld) -> None:
    request = personal(world, "owner_and_officer")
    with refused(NotPermitted, eligibility.OWN_REQUEST):
        hand(world, request, "owner_and_officer", to="second_owner")


def test_who_has_a_conflict_or_stepped_back_chooses_nobody_to_decide(world: AccessWorld) -> None:
    request = personal(world)
    conflicted(world, "officer", ConflictKind.PERSON, world.players["scientist"].person)
    with refused(NotPermitted, eligibility.CONFLICT_DECLARED):
        hand(world, request, "officer", to="second_owner")
    recuse(actor=world["owner"], request_id=request.uid, reason="We share an office.")
    with refused(NotPermitted, eligibility.RECUSED):
        hand(world, request, "owner", to="second_owner")
    assert slot_of(request).assignee is None
    hand(world, request, "second_officer", to="second_owner")


@pytest.mark.parametrize("whom", ["scientist", "officer", "steward"])
def test_it_is_handed_to_nobody_who_may_not_give_it(whom: str, world: AccessWorld) -> None:
    request = personal(world)
    with refused(RuleBroken, errors.TARGET_NOT_ELIGIBLE, field="person_id"):
        hand(world, request, "owner", to=whom)
    hand(world, request, "owner", to="second_owner")


def hand(world: AccessWorld, request: object, who: str, *, to: str) -> None:
    asked = fresh(request)  # type: ignore[arg-type]
    slot = slot_of(asked)
    reassign_slot(
        actor=world[who],
        request_id=asked.uid,
        slot_id=slot.uid,
        person_id=world.players[to].person.uid,
        reason="So that it goes on.",
    )
