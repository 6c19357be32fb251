"""Where a rule wants the word of a ticket system, a request waits until it says yes, and no longer."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.access import commands, errors
from apps.access.commands.ticket_checks import ANSWERED, ask_system, read_answer
from apps.access.commands.ticket_systems import opened
from apps.access.models import Grant, Request, TicketCheck, TicketSystem
from apps.access.queries import ticket_checks_of, why_not_effective
from apps.access.tasks import check_conditions, reevaluate
from apps.accounts.models import Person
from apps.audit.models import AuditEvent
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import Conflict, InvalidInput, InvalidState, NotFound, NotPermitted, RuleBroken
from apps.kernel.outbound import Answer, outbound
from apps.policy.house.effects import (
    TICKET_CLOSED,
    TICKET_NOT_FOUND,
    TICKET_SYSTEM_MISSING,
    TICKET_UNANSWERED,
    TICKET_UNCHECKED,
)
from apps.policy.vocabulary import TicketStanding
from tests.access.refusals import refused
from tests.factories import accounts, tickets
from tests.factories.access import (
    AccessWorld,
    asked,
    decision_of,
    draft,
    fresh,
    in_days,
    revision_of,
    seen,
)
from tests.factories.policies import published_policy
from tests.listener import Listener, answering, listening

VERIFIED = """\
format: 1
name: Tickets
rules:
  - id: OPS-1
    about: What is about people goes with an open ticket.
    when: {personal: true}
    then: {require_ticket: {system: JIRA, pattern: "OPS-[0-9]{1,6}", verified: true}}
"""
OPEN = {"exists": True, "open": True}


@pytest.fixture
def system_of_tickets(settings: Any) -> Iterator[Listener]:
    """A ticket system that the operator named, in plain HTTP."""
    with listening(Listener()) as listener:
        settings.OUTBOUND_INSIDE = [f"http://127.0.0.1:{listener.port}"]
        yield listener


def says(listener: Listener, *answers: Any) -> None:
    listener.behaviours = [
        each if callable(each) else answering(body=json.dumps(each).encode()) for each in answers
    ]


def connected(world: AccessWorld, listener: Listener, **given: Any) -> Any:
    usual = {"name": "JIRA", "url": f"http://127.0.0.1:{listener.port}/check?key=canary"}
    return commands.connect_ticket_system(
        actor=world["administrator"], organization_id=world.organization.uid, **{**usual, **given}
    )


def ask(world: AccessWorld) -> Request:
    published_policy(world["officer"], world["second_officer"], VERIFIED)
    return asked(world["scientist"], draft(world.personal, world.purposes["pay"], ticket="OPS-7"))


def put_the_question() -> TicketCheck:
    """Whatever is asked is due now; the answer has the request looked at again."""
    check = TicketCheck.objects.get()
    TicketCheck.objects.filter(answered_at=None).update(next_at=database_now())
    ask_system(check.pk, outbound())
    reevaluate(str(check.revision.request.uid))
    check.refresh_from_db()
    return check


def why(request: Request) -> set[str]:
    findings = decision_of(request).trace["findings"]
    blocking = [finding for finding in findings if finding["effect"] == "block"]
    return {reason["code"] for finding in blocking for reason in finding["reasons"]}


def test_a_request_waits_for_the_word_of_the_system_and_goes_on_when_it_comes(
    world: AccessWorld, system_of_tickets: Listener
) -> None:
    secret = connected(world, system_of_tickets).secret
    request = ask(world)
    assert why(request) == {TICKET_UNCHECKED}
    with refused(RuleBroken, errors.REQUEST_BLOCKED):
        commands.approve_request(actor=world["owner"], **seen(request))
    says(system_of_tickets, OPEN)
    check = put_the_question()
    assert (check.standing, decision_of(request).effect) == (TicketStanding.OPEN, "refer")
    assert check.answered_at is not None and check.next_at is None
    question = system_of_tickets.asked[0]
    told = {"ticket": "OPS-7", "request": str(request.uid), "ref": request.ref}
    assert json.loads(question.body) == told
    stamp = question.headers["lakewarden-timestamp"]
    wanted = hmac.new(secret.encode(), f"{stamp}.".encode() + question.body, hashlib.sha256).hexdigest()
    assert question.headers["lakewarden-signature"] == f"v1={wanted}"
    commands.approve_request(actor=world["owner"], **seen(request))
    put_the_question()
    assert len(system_of_tickets.asked) == 1, "What has its answer is not asked again."


def test_a_system_that_may_know_is_told_the_assets(world: AccessWorld, system_of_tickets: Listener) -> None:
    connected(world, system_of_tickets, tells_assets=True)
    ask(world)
    says(system_of_tickets, OPEN)
    put_the_question()
    assert json.loads(system_of_tickets.asked[0].body)["assets"] == [str(world.personal.asset.uid)]


def test_nothing_but_a_clear_yes_lets_it_go_on_and_who_mended_it_has_it_asked_again(
    world: AccessWorld, system_of_tickets: Listener
) -> None:
    connected(world, system_of_tickets)
    request = ask(world)
    says(system_of_tickets, answering(500), {"exists": False}, {"exists": True, "open": False}, OPEN)
    check = put_the_question()
    assert why(request) == {TICKET_UNANSWERED}
    assert (check.standing, check.status_code, check.fault) == ("unanswered", 500, ANSWERED)
    assert check.next_at is not None and check.next_at > database_now()
    put_the_question()
    assert why(request) == {TICKET_NOT_FOUND}
    for expected in ({TICKET_CLOSED}, set()):
        TicketCheck.objects.update(asked_again_at=None)
        with refused(NotFound):
            commands.ask_ticket_again(actor=world["steward"], request_id=request.uid)
        with refused(NotPermitted):
            commands.ask_ticket_again(actor=world["auditor"], request_id=request.uid)
        commands.ask_ticket_again(actor=world["scientist"], request_id=request.uid)
        with refused(InvalidState, errors.TICKET_ASKED_LATELY):
            commands.ask_ticket_again(actor=world["owner"], request_id=request.uid)
        put_the_question()
        assert why(request) == expected
    with refused(InvalidState, errors.TICKET_NOT_ASKED):
        commands.ask_ticket_again(actor=world["owner"], request_id=request.uid)


def test_a_system_that_is_not_connected_blocks_until_it_is(
    world: AccessWorld, system_of_tickets: Listener
) -> None:
    request = ask(world)
    assert why(request) == {TICKET_SYSTEM_MISSING} and not TicketCheck.objects.exists()
    connected(world, system_of_tickets)
    reevaluate(str(request.uid))
    assert why(request) == {TICKET_UNCHECKED}
    says(system_of_tickets, OPEN)
    put_the_question()
    system = TicketSystem.objects.get()
    commands.disable_ticket_system(actor=world["administrator"], ticket_system_id=system.uid)
    reevaluate(str(request.uid))
    assert why(request) == set(), "What it had answered stands."
    again = asked(world["scientist"], draft(world.personal, world.purposes["pay"], ticket="OPS-8"))
    assert why(again) == {TICKET_SYSTEM_MISSING}


def test_an_address_within_is_never_asked(world: AccessWorld) -> None:
    system = connected(world, Listener(port=1), url="https://localhost/check").system
    request = ask(world)
    check = put_the_question()
    assert (check.standing, check.fault) == ("unanswered", "ADDRESS_INSIDE")
    assert why(request) == {TICKET_UNANSWERED}
    assert "localhost/check" not in str(list(TicketSystem.objects.values()))
    with refused(InvalidInput, "URL_NOT_HTTPS", field="url"):
        commands.change_ticket_system(
            actor=world["administrator"], ticket_system_id=system.uid, url="http://tickets.example.org"
        )


def test_an_answer_to_an_earlier_question_is_not_kept(
    world: AccessWorld, system_of_tickets: Listener
) -> None:
    connected(world, system_of_tickets)
    request, before = ask(world), database_now()
    check = TicketCheck.objects.get()

    def late(asked_at: datetime) -> str:
        commands.note_ticket_answer(
            actor=SYSTEM,
            ticket_check_id=check.uid,
            standing=TicketStanding.OPEN,
            attempts=1,
            asked_at=asked_at,
        )
        return TicketCheck.objects.get().standing

    TicketCheck.objects.update(attempts=1, asked_at=before)
    commands.ask_ticket_again(actor=world["scientist"], request_id=request.uid)
    assert late(before) == TicketStanding.UNASKED
    since = before + timedelta(minutes=1)
    TicketCheck.objects.update(attempts=1, asked_at=since)
    assert late(before) == TicketStanding.UNASKED
    assert late(since) == TicketStanding.OPEN


def complete(world: AccessWorld, listener: Listener, request: Request) -> Request:
    """Its yes is from yesterday when the last approval comes."""
    says(listener, OPEN)
    put_the_question()
    TicketCheck.objects.update(answered_at=database_now() - timedelta(days=1))
    for who in ("owner", "officer"):
        commands.approve_request(actor=world[who], **seen(request))
    assert fresh(request).state == "awaiting_conditions"
    assert not Grant.objects.filter(revision__request=request).exists()
    return fresh(request)


def test_an_old_yes_is_asked_for_anew_before_access_begins(
    world: AccessWorld, system_of_tickets: Listener
) -> None:
    connected(world, system_of_tickets)
    request = complete(world, system_of_tickets, ask(world))
    check_conditions()
    assert fresh(request).state == "awaiting_conditions"
    says(system_of_tickets, OPEN)
    TicketCheck.objects.update(next_at=database_now())
    put_the_question()
    assert fresh(request).state == "approved"
    assert not why_not_effective(Grant.objects.get(revision__request=request), at=database_now())


def test_a_fresh_yes_makes_nobody_wait(world: AccessWorld, system_of_tickets: Listener) -> None:
    connected(world, system_of_tickets)
    request = ask(world)
    says(system_of_tickets, OPEN)
    put_the_question()
    for who in ("owner", "officer"):
        commands.approve_request(actor=world[who], **seen(request))
    assert (fresh(request).state, len(system_of_tickets.asked)) == ("approved", 1)


def test_a_system_that_is_silent_when_access_should_begin_opens_nothing_and_is_told_once(
    world: AccessWorld, system_of_tickets: Listener
) -> None:
    connected(world, system_of_tickets)
    request = complete(world, system_of_tickets, ask(world))
    system_of_tickets.asked.clear()
    for attempt in (1, 2):
        says(system_of_tickets, answering(500))
        TicketCheck.objects.update(next_at=database_now())
        check = put_the_question()
        assert (check.standing, check.attempts, check.fault) == ("open", attempt, ANSWERED)
        assert fresh(request).state == "awaiting_conditions"
    told = AuditEvent.objects.filter(name="access.ticket.checked", data__standing="unanswered")
    assert told.count() == 1
    TicketCheck.objects.update(asked_again_at=database_now() - timedelta(minutes=6))
    commands.ask_ticket_again(actor=world["scientist"], request_id=request.uid)
    says(system_of_tickets, OPEN)
    put_the_question()
    assert fresh(request).state == "approved"


def test_a_ticket_closed_meanwhile_sends_the_request_back(
    world: AccessWorld, system_of_tickets: Listener
) -> None:
    connected(world, system_of_tickets)
    request = complete(world, system_of_tickets, ask(world))
    says(system_of_tickets, {"exists": True, "open": False})
    TicketCheck.objects.update(next_at=database_now())
    put_the_question()
    assert (fresh(request).state, why(request)) == ("in_review", {TICKET_CLOSED})


def test_a_grant_that_begins_later_asks_once_more_and_gives_nothing_until_it_is_answered(
    world: AccessWorld, system_of_tickets: Listener
) -> None:
    connected(world, system_of_tickets)
    published_policy(world["officer"], world["second_officer"], VERIFIED)
    wanted = draft(world.personal, world.purposes["pay"], ticket="OPS-7", starts_on=in_days(3))
    request = asked(world["scientist"], wanted)
    says(system_of_tickets, OPEN)
    put_the_question()
    for who in ("owner", "officer"):
        commands.approve_request(actor=world[who], **seen(request))
    grant = Grant.objects.get(revision__request=request)
    begins = grant.not_before

    def reasons() -> set[str]:
        found = Grant.objects.get(pk=grant.pk)
        return {reason.code for reason in why_not_effective(found, at=begins)}

    assert reasons() == {errors.GRANT_AWAITS_TICKET}
    for _ in range(2):
        commands.activate_grant(actor=SYSTEM, grant_id=grant.uid, at=begins)
        assert (Grant.objects.get(pk=grant.pk).state, reasons()) == (
            "scheduled",
            {errors.GRANT_AWAITS_TICKET},
        )
    check = TicketCheck.objects.get()
    assert (check.next_at, check.standing) == (begins, "open")
    TicketCheck.objects.update(answered_at=begins, next_at=None)
    assert reasons() == set()
    commands.activate_grant(actor=SYSTEM, grant_id=grant.uid, at=begins)
    assert Grant.objects.get(pk=grant.pk).state == "active"


def test_another_revision_has_its_own_question(world: AccessWorld, system_of_tickets: Listener) -> None:
    connected(world, system_of_tickets)
    request = ask(world)
    says(system_of_tickets, OPEN)
    put_the_question()
    commands.amend_request(
        actor=world["scientist"],
        request_id=request.uid,
        draft=draft(world.personal, world.purposes["pay"], ticket="OPS-9"),
    )
    assert why(fresh(request)) == {TICKET_UNCHECKED}
    assert [check.standing for check in ticket_checks_of(world["owner"], request.uid)] == ["unasked"]


@pytest.mark.parametrize(
    ("body", "standing"),
    [
        (b"", "unanswered"),
        (b"[" * 20_000, "unanswered"),
        (b'"exists"', "unanswered"),
        (b'{"exists": "yes", "open": true}', "unanswered"),
        (b'{"exists": true}', "unanswered"),
        (b'{"exists": true, "open": 1}', "unanswered"),
        (b'{"exists": true, "open": true, "refers_to": "ana@example.org"}', "unanswered"),
        (b'{"exists": true, "open": true, "refers_to": [1]}', "unanswered"),
        (b'{"exists": false, "open": true}', "not_found"),
        (b'{"exists": true, "open": false}', "closed"),
        (b'{"exists": true, "open": true, "refers_to": ["bob@example.org"]}', "of_another"),
        (b'{"exists": true, "open": true, "refers_to": [""]}', "of_another"),
        (b'{"exists": true, "open": true, "refers_to": ["bob@example.org", " Ana@Example.org"]}', "open"),
        (b'{"exists": true, "open": true, "refers_to": ["ar-00000"]}', "of_another"),
        (b'{"exists": true, "open": true, "refers_to": ["%(ref)s", "AR-00000"]}', "open"),
        (b'{"exists": true, "open": true, "refers_to": ["%(ref)s", "bob@example.org"]}', "of_another"),
        (b'{"exists": true, "open": true, "refers_to": []}', "open"),
        (b'{"exists": true, "open": true}', "open"),
    ],
)
def test_an_answer_is_read_strictly(world: AccessWorld, body: bytes, standing: str) -> None:
    revision = revision_of(asked(world["scientist"], draft(world.personal, world.purposes["pay"])))
    Person.objects.filter(pk=revision.person_id).update(email="ana@example.org")
    read = revision_of(revision.request)
    said = body.replace(b"%(ref)s", read.request.ref.encode())
    assert read_answer(Answer(status=200, body=said), read).value == standing


def test_administrators_keep_the_systems_of_their_organization(world: AccessWorld) -> None:
    admin = world["administrator"]
    given = {"organization_id": world.organization.uid, "name": "JIRA", "url": "https://t.example.org/a"}
    with refused(NotPermitted):
        commands.connect_ticket_system(actor=world["officer"], **given)
    made = commands.connect_ticket_system(actor=admin, **given)
    with refused(Conflict, errors.TICKET_SYSTEM_TAKEN):
        commands.connect_ticket_system(actor=admin, **given)
    uid = made.system.uid
    with refused(NotFound):
        commands.disable_ticket_system(actor=world["officer"], ticket_system_id=uid)
    elsewhere = tickets.system(accounts.organization())
    with refused(NotFound):
        commands.renew_ticket_secret(actor=admin, ticket_system_id=elsewhere.uid)
    renewed = commands.renew_ticket_secret(actor=admin, ticket_system_id=uid)
    moved = commands.change_ticket_system(
        actor=admin, ticket_system_id=uid, url="https://u.example.org/b", tells_assets=True
    )
    assert (moved.origin, moved.tells_assets) == ("https://u.example.org:443", True)
    kept = opened(TicketSystem.objects.get(uid=uid))
    assert (kept.url, kept.secret) == ("https://u.example.org/b", renewed.secret)
    assert renewed.secret != made.secret
    for act in (commands.disable_ticket_system, commands.enable_ticket_system):
        act(actor=admin, ticket_system_id=uid)
        with refused(InvalidState, errors.TICKET_SYSTEM_STANDS):
            act(actor=admin, ticket_system_id=uid)
