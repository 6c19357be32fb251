"""Asking ticket systems: written down with the decision, sent without a lock, tried ever more slowly.

What comes back becomes a fact, and nothing else than a clear yes is one.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.access import evaluation
from apps.access.commands.revisions import current_revision
from apps.access.commands.ticket_systems import opened
from apps.access.errors import TICKET_ANSWER_UNREADABLE, TICKET_ASKED_LATELY, TICKET_NOT_ASKED
from apps.access.events import TicketAskedAgain, TicketChecked
from apps.access.facts import request_resources
from apps.access.models import Request, Revision, TicketCheck
from apps.access.models.ticket import ENDED_WITHOUT_GRANT
from apps.access.queries.requests import assets_of
from apps.accounts.authorization import Resource, authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.clock import database_now
from apps.kernel.errors import LakewardenError, invalid_state
from apps.kernel.outbound import MOST_ATTEMPTS, Answer, Outbound, is_taken, signed_headers, wait_after
from apps.policy.house.effects import systems_to_ask
from apps.policy.vocabulary import TicketStanding

ASKING = "access.ticket.asked"
ANSWERED = "answered"
MOST_NAMED = 100
REF = re.compile(r"ar-[0-9]+")
COOL_DOWN = timedelta(minutes=5)
"""So long after a system was asked again it is not asked again by hand."""


@command(lock=Request)
def ask_ticket_again(*, actor: Actor, request_id: UUID, at: datetime) -> Request:
    """Have the systems asked anew about the ticket, because something was mended there.

    For who asks, and for those who decide; not at once after it was done.
    Raises: NotFound, NotPermitted, InvalidState.
    """
    request = Request.objects.visible_to(actor).for_update(request_id)
    revision = current_revision(request)
    for resource in request_resources(request, assets_of(revision)):
        authorize(actor=actor, operation=Operation.ASK_TICKET_SYSTEM, resource=resource)
    is_over = request.state in ENDED_WITHOUT_GRANT or revision.frozen_at is None
    systems, pending = _to_ask(revision, is_over=is_over, at=at)
    if not systems:
        raise invalid_state(TICKET_NOT_ASKED)
    evaluation.have_tickets_checked(revision, systems - pending, at=at)
    again = TicketCheck.objects.filter(revision=revision, system__name__in=systems)
    lately = again.filter(asked_again_at__gt=at - COOL_DOWN).order_by("asked_again_at").last()
    if lately is not None and lately.asked_again_at is not None:
        raise invalid_state(TICKET_ASKED_LATELY, until=(lately.asked_again_at + COOL_DOWN).isoformat())
    anew = {"attempts": 0, "next_at": at, "asked_again_at": at, "status_code": None, "fault": ""}
    unsaid = again.exclude(system__name__in=pending)
    unsaid.update(standing=TicketStanding.UNASKED, answered_at=None, **anew)
    again.filter(system__name__in=pending).update(**anew)
    event = TicketAskedAgain(request_id=request.uid, systems=tuple(sorted(systems)))
    record(event, actor=actor, at=at)
    return request


def _to_ask(revision: Revision, *, is_over: bool, at: datetime) -> tuple[frozenset[str], frozenset[str]]:
    """The systems whose word is missing, or not given anew; and those of the latter."""
    if is_over:
        return frozenset(), frozenset()
    names = TicketCheck.objects.pending(revision.pk).values_list("system__name", flat=True)
    pending = frozenset(names)
    return systems_to_ask(evaluation.ask_policy(revision, at=at).decision) | pending, pending


@command(lock=TicketCheck)
def note_ticket_answer(
    *,
    actor: Actor,
    ticket_check_id: UUID,
    standing: TicketStanding,
    attempts: int,
    asked_at: datetime | None,
    status_code: int | None = None,
    fault: str = "",
    at: datetime,
) -> TicketCheck:
    """Keep what a system said, or that it does not answer. An answer to a question that was put anew since,
    however often it was put, or to one that has its answer, is not kept. A yes that is asked for anew stands
    until the system says something else; that it does not answer is told once.

    Raises: NotFound, NotPermitted.
    """
    check = TicketCheck.objects.visible_to(actor).for_update(ticket_check_id)
    request = check.revision.request
    resource = Resource(kind="ticket check", uid=check.uid, organization_id=request.organization_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=resource)
    has_its_answer = check.answered_at is not None and check.next_at is None
    if has_its_answer or (check.attempts, check.asked_at) != (attempts, asked_at):
        return check
    stands = check.answered_at is not None
    is_told = standing is TicketStanding.UNANSWERED and bool(check.fault)
    is_news = not is_told if stands else check.standing != standing
    check.status_code, check.fault = status_code, fault
    if not (stands and standing is TicketStanding.UNANSWERED):
        check.standing = standing.value
    if standing is not TicketStanding.UNANSWERED:
        check.answered_at, check.next_at = at, None
    elif check.attempts >= MOST_ATTEMPTS:
        check.next_at = None
    check.write("standing", "status_code", "fault", "answered_at", "next_at")
    if is_news:
        event = TicketChecked(
            request_id=request.uid,
            ticket_check_id=check.uid,
            ticket_system_id=check.system.uid,
            system=check.system.name,
            standing=standing,
        )
        record(event, actor=actor, at=at)
    return check


def ask_system(check_id: int, way: Outbound) -> None:
    """Ask once, if it is due. No row is locked while the system thinks."""
    check = _begin(check_id, at=database_now())
    if check is None:
        return
    standing, status, fault = _asked(check, way)
    note_ticket_answer(
        actor=SYSTEM,
        ticket_check_id=check.uid,
        standing=standing,
        attempts=check.attempts,
        asked_at=check.asked_at,
        status_code=status,
        fault=fault,
    )


def _begin(check_id: int, *, at: datetime) -> TicketCheck | None:
    with transaction.atomic():
        due = TicketCheck.objects.waiting().select_for_update(of=("self",), skip_locked=True)
        related = due.select_related("system", "revision__request__requester", "revision__person")
        check = related.filter(pk=check_id, next_at__lte=at).first()
        if check is None:
            return None
        check.attempts += 1
        check.asked_at, check.next_at = at, at + wait_after(check.attempts)
        check.save(update_fields=["attempts", "asked_at", "next_at"])
    return check


def _asked(check: TicketCheck, way: Outbound) -> tuple[TicketStanding, int | None, str]:
    try:
        secrets = opened(check.system)
        body = json.dumps(_question(check), sort_keys=True, separators=(",", ":")).encode()
        headers = signed_headers(
            secrets.secret, body, event=ASKING, delivery=str(check.uid), at=database_now()
        )
        answer = way.send(secrets.url, body=body, headers=headers)
    except LakewardenError as fault:
        return TicketStanding.UNANSWERED, None, fault.code
    if not is_taken(answer):
        return TicketStanding.UNANSWERED, answer.status, ANSWERED
    standing = read_answer(answer, check.revision)
    unreadable = TICKET_ANSWER_UNREADABLE if standing is TicketStanding.UNANSWERED else ""
    return standing, answer.status, unreadable


def _question(check: TicketCheck) -> dict[str, Any]:
    """The ticket and the request; which assets only where the system may know."""
    revision = check.revision
    request = revision.request
    asked = {"ticket": revision.ticket, "request": str(request.uid), "ref": request.ref}
    if not check.system.tells_assets:
        return asked
    return {**asked, "assets": sorted(str(asset.uid) for asset in assets_of(revision))}


def read_answer(answer: Answer, revision: Revision) -> TicketStanding:
    """`exists` and `open` are stated as true or false; `refers_to`, where there is one, lists the mail
    addresses of the people whom the ticket is about, and the refs of requests. Anything else is no answer."""
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        return TicketStanding.UNANSWERED
    if not isinstance(said, dict) or not isinstance(said.get("exists"), bool):
        return TicketStanding.UNANSWERED
    if not said["exists"]:
        return TicketStanding.NOT_FOUND
    named = said.get("refers_to", [])
    is_list = isinstance(named, list) and len(named) <= MOST_NAMED
    if not isinstance(said.get("open"), bool) or not is_list or not all(isinstance(n, str) for n in named):
        return TicketStanding.UNANSWERED
    if not said["open"]:
        return TicketStanding.CLOSED
    return TicketStanding.OPEN if _is_theirs(revision, named) else TicketStanding.OF_ANOTHER


def _is_theirs(revision: Revision, named: list[str]) -> bool:
    """Where people are named, who asks or receives is among them; where requests are, this one is."""
    found = {each.strip().casefold() for each in named}
    requests = {each for each in found if REF.fullmatch(each)}
    people = found - requests
    parties = {person.email.casefold() for person in (revision.request.requester, revision.person)} - {""}
    is_this = not requests or revision.request.ref.casefold() in requests
    return is_this and (not people or not parties.isdisjoint(people))
