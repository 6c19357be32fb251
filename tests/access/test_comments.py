"""What is said about a request, and who reads it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from apps.access import errors
from apps.access.commands import (
    answer_question,
    ask_requester,
    comment_request,
    create_request,
    withdraw_request,
)
from apps.access.models import Comment, CommentKind, Request, Slot
from apps.access.queries import comments_of
from apps.accounts.authorization import NOT_PERMITTED
from apps.audit.models import AuditEvent, AuditPersonal
from apps.kernel.errors import InvalidInput, InvalidState, NotFound, NotPermitted, RuleBroken
from apps.policy.route import Timeout
from tests.access.refusals import refused
from tests.access.seats import lay_out, owners
from tests.factories.access import AccessWorld, asked, decision_of, draft, revision_of


@pytest.fixture
def request_(world: AccessWorld) -> Request:
    return asked(world["scientist"], draft(world.personal, world.purposes["pay"]))


def texts(world: AccessWorld, who: str, request: Request) -> set[str]:
    return {said.text for said in comments_of(world[who], request)}


def test_a_comment_is_read_by_those_it_is_for(world: AccessWorld, request_: Request) -> None:
    for author, audience in (
        ("scientist", "everyone"),
        ("scientist", "requester_side"),
        ("owner", "everyone"),
        ("owner", "deciders"),
    ):
        comment_request(
            actor=world[author], request_id=request_.uid, text=f"{author}: {audience}", audience=audience
        )
    everyone = {"scientist: everyone", "owner: everyone"}
    assert texts(world, "scientist", request_) == {*everyone, "scientist: requester_side"}
    for decider in ("owner", "officer", "dpo"):
        assert texts(world, decider, request_) == {*everyone, "owner: deciders"}
    assert texts(world, "auditor", request_) == everyone


def test_an_officer_who_asks_does_not_read_what_the_other_officers_write(world: AccessWorld) -> None:
    request = asked(world["second_officer"], draft(world.personal, world.purposes["pay"]))
    comment_request(actor=world["officer"], request_id=request.uid, text="Between us.", audience="deciders")
    assert texts(world, "second_officer", request) == set()
    assert texts(world, "owner", request) == {"Between us."}
    told = AuditEvent.objects.get(name="access.request.commented", subject_uid=request.uid)
    assert not AuditPersonal.objects.filter(event=told).exists()
    comment_request(actor=world["officer"], request_id=request.uid, text="For all.")
    told = AuditEvent.objects.filter(name="access.request.commented").latest("pk")
    assert AuditPersonal.objects.get(event=told).value == "For all."


def test_nobody_writes_for_people_they_are_none_of(world: AccessWorld, request_: Request) -> None:
    for author, audience in (
        ("scientist", "deciders"),
        ("owner", "requester_side"),
        ("dpo", "requester_side"),
    ):
        with refused(RuleBroken, errors.AUDIENCE_NOT_YOURS, field="audience"):
            comment_request(actor=world[author], request_id=request_.uid, text="Psst.", audience=audience)
    with refused(InvalidInput, errors.AUDIENCE_UNKNOWN, field="audience"):
        comment_request(actor=world["owner"], request_id=request_.uid, text="Psst.", audience="the press")
    with refused(InvalidInput, errors.COMMENT_MISSING, field="text"):
        comment_request(actor=world["owner"], request_id=request_.uid, text=" \n ")
    with refused(NotPermitted, NOT_PERMITTED):
        comment_request(actor=world["auditor"], request_id=request_.uid, text="I only watch.")
    with refused(NotFound):
        comment_request(actor=world["colleague"], request_id=request_.uid, text="I see nothing.")


def test_a_steward_whom_the_route_admits_speaks_and_one_it_does_not_says_nothing(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages = owners(on_timeout=Timeout.ESCALATE, escalate_to=("steward", "administrator"), sla_days=1)
    lay_out(monkeypatch, stages)
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    Request.objects.filter(pk=request.pk).update(unroutable_since=request.submitted_at)
    with refused(NotPermitted, errors.NOT_ASKED_TO_DECIDE):
        ask_requester(actor=world["administrator"], request_id=request.uid, text="Why?")
    Slot.objects.filter(stage__decision=decision_of(request)).update(also_roles=["steward", "administrator"])
    for who in ("steward", "administrator"):
        ask_requester(actor=world[who], request_id=request.uid, text="Which wells?")
        comment_request(actor=world[who], request_id=request.uid, text="Between us.", audience="deciders")
    assert texts(world, "owner", request) == {"Which wells?", "Between us."}
    assert texts(world, "scientist", request) == {"Which wells?"}


def test_a_service_account_says_nothing(world: AccessWorld) -> None:
    request = asked(
        world["scientist"],
        draft(world.personal, world.purposes["pay"], service_account_id=world.robot.uid),
    )
    with refused(NotPermitted, NOT_PERMITTED):
        comment_request(actor=world.robot_actor, request_id=request.uid, text="Beep.")


def test_a_question_is_answered_and_changes_nothing_of_what_is_asked(
    world: AccessWorld, request_: Request
) -> None:
    revision, decision = revision_of(request_), decision_of(request_)
    asked_ = ask_requester(actor=world["owner"], request_id=request_.uid, text="For which year?")
    answer_question(
        actor=world["scientist"], request_id=request_.uid, question_id=asked_.uid, text="The last one."
    )
    said = list(comments_of(world["officer"], request_))
    assert [each.kind for each in said] == [CommentKind.QUESTION, CommentKind.ANSWER]
    assert said[1].answers == asked_
    assert (revision_of(request_), decision_of(request_)) == (revision, decision)
    names = AuditEvent.objects.filter(subject_uid=request_.uid).values_list("name", flat=True)
    assert {"access.request.asked", "access.request.answered"} <= set(names)
    with refused(InvalidState, errors.QUESTION_ANSWERED):
        answer_question(
            actor=world["scientist"], request_id=request_.uid, question_id=asked_.uid, text="Again."
        )


def test_those_who_decide_ask_and_the_requester_answers(world: AccessWorld, request_: Request) -> None:
    with refused(NotPermitted, NOT_PERMITTED):
        ask_requester(actor=world["scientist"], request_id=request_.uid, text="Why does it take so long?")
    asked_ = ask_requester(actor=world["dpo"], request_id=request_.uid, text="Who else?")
    with refused(NotPermitted, NOT_PERMITTED):
        answer_question(actor=world["dpo"], request_id=request_.uid, question_id=asked_.uid, text="Me.")
    other = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    with refused(InvalidInput, errors.QUESTION_UNKNOWN, field="question_id"):
        answer_question(
            actor=world["scientist"], request_id=other.uid, question_id=asked_.uid, text="Nobody."
        )


def test_questions_are_for_the_time_of_review(world: AccessWorld, request_: Request) -> None:
    asked_ = ask_requester(actor=world["owner"], request_id=request_.uid, text="For which year?")
    withdraw_request(actor=world["scientist"], request_id=request_.uid)
    with refused(InvalidState, errors.NOT_IN_REVIEW_TO_ASK):
        ask_requester(actor=world["owner"], request_id=request_.uid, text="And then?")
    with refused(InvalidState, errors.NOT_IN_REVIEW_TO_ASK):
        answer_question(
            actor=world["scientist"], request_id=request_.uid, question_id=asked_.uid, text="Never mind."
        )
    comment_request(actor=world["scientist"], request_id=request_.uid, text="I do not need it any more.")


def test_a_draft_is_nobody_elses_to_comment(world: AccessWorld) -> None:
    request = create_request(actor=world["scientist"], draft=draft(world.personal, world.purposes["pay"]))
    with refused(NotFound):
        comment_request(actor=world["owner"], request_id=request.uid, text="I should not see this.")
    comment_request(actor=world["scientist"], request_id=request.uid, text="A note.")


def test_what_was_said_stays_as_it_was_said(world: AccessWorld, request_: Request) -> None:
    said = comment_request(actor=world["owner"], request_id=request_.uid, text="As it was.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=said.pk).update(text="As it suits.")
    with pytest.raises(IntegrityError), transaction.atomic():
        said.delete()
