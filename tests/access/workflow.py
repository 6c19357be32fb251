"""The workflow as a table: what everybody may do in every state. Each row says so beside the specification.

A command is added by one `Row`; a state by one entry of a function that brings it about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from apps.access import commands
from apps.access.models import Grant, Request
from apps.accounts.models import Project, ProjectMember
from apps.accounts.roles import Role
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.clock import database_now
from apps.policy.route import Timeout
from tests.access.seats import lay_out, owners, slot_of
from tests.factories import accounts as people
from tests.factories.access import AccessWorld, approved, asked, draft, granted, in_days, seen

Given = Callable[["Situation"], Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Situation:
    """A request or a grant in one state, and what a command on it has to name."""

    at: datetime
    draft: commands.RequestDraft
    request: Request | None = None
    grant: Grant | None = None
    slot_id: UUID = field(default_factory=uuid4)
    person_id: UUID = field(default_factory=uuid4)
    question_id: UUID = field(default_factory=uuid4)
    attachment_id: UUID = field(default_factory=uuid4)

    @property
    def reading(self) -> dict[str, Any]:
        assert self.request is not None
        if self.request.state == "draft":
            return {**self.own, "revision_sha256": "0" * 64, "decision_id": uuid4()}
        return seen(self.request)

    @property
    def own(self) -> dict[str, Any]:
        return {"request_id": self.request.uid if self.request else uuid4()}

    @property
    def of_grant(self) -> dict[str, Any]:
        return {"grant_id": self.grant.uid if self.grant else uuid4()}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One command: who performs it in which states, as the specification has it, and what to note."""

    name: str
    group: str
    spec: str
    given: Given
    allowed: Mapping[str, frozenset[str]]
    note: str = ""


ROLES = (
    "requester",
    "beneficiary",
    "owner",
    "officer",
    "second officer",
    "dpo",
    "steward",
    "auditor",
    "administrator",
    "on-call",
    "stranger",
    "system",
)
NOTHING = "no request yet"
OWNERS_TURN, OFFICERS_TURN = "in review: owner", "in review: officer"
REQUEST_STATES = (
    "draft",
    OWNERS_TURN,
    OFFICERS_TURN,
    "returned",
    "approved",
    "rejected",
    "withdrawn",
    "lapsed",
)
GRANT_STATES = ("scheduled", "active", "active, time over", "expired", "revoked", "given back")
REVIEW = (OWNERS_TURN, OFFICERS_TURN)
OPEN = ("draft", *REVIEW, "returned")
SENT = REQUEST_STATES[1:]
LIVE = ("scheduled", "active", "active, time over")
OFFICERS = ("officer", "second officer")


def by(who: tuple[str, ...], when: tuple[str, ...]) -> dict[str, frozenset[str]]:
    return dict.fromkeys(when, frozenset(who))


WHOSE_TURN = {OWNERS_TURN: frozenset({"owner"}), OFFICERS_TURN: frozenset(OFFICERS)}
REQUESTER = ("requester",)
SPEAKING = ("requester", "beneficiary", "owner", *OFFICERS, "dpo")

ROWS = (
    Row(
        name="create_request",
        group="Asking",
        spec="save: requester, draft",
        given=lambda s: {"draft": replace(s.draft, project_id=None)},
        allowed=by(tuple(set(ROLES) - {"system"}), (NOTHING,)),
        note="Everybody who sees the asset is the requester of what they write down.",
    ),
    Row(
        name="ask_for_access",
        group="Asking",
        spec="save and submit in one",
        given=lambda s: {"draft": replace(s.draft, project_id=None)},
        allowed=by(tuple(set(ROLES) - {"system"}), (NOTHING,)),
    ),
    Row(
        name="change_request",
        group="Asking",
        spec="save: requester; from draft, returned",
        given=lambda s: {**s.own, "draft": s.draft},
        allowed=by(REQUESTER, ("draft", "returned")),
    ),
    Row(
        name="submit_request",
        group="Asking",
        spec="submit: requester; from draft, returned; agreements accepted by every beneficiary; purpose "
        "active; evaluation not deny; revision frozen",
        given=lambda s: s.own,
        allowed=by(REQUESTER, ("draft",)),
        note="What was returned is sent again only once it was changed.",
    ),
    Row(
        name="amend_request",
        group="Asking",
        spec="amend: requester; in review; makes revision n+1",
        given=lambda s: {**s.own, "draft": s.draft},
        allowed=by(REQUESTER, REVIEW),
        note="No verdict on the revision before is kept.",
    ),
    Row(
        name="withdraw_request",
        group="Asking",
        spec="withdraw: requester; from in review, returned, awaiting conditions",
        given=lambda s: s.own,
        allowed=by(REQUESTER, OPEN),
        note="A draft is withdrawn as well.",
    ),
    Row(
        name="attach_file",
        group="Asking",
        spec="attachments belong to a revision (5.1)",
        given=lambda s: {**s.own, "name": "notes.txt", "content": b"Of the board.\n"},
        allowed=by(REQUESTER, OPEN),
    ),
    Row(
        name="remove_attachment",
        group="Asking",
        spec="attachments belong to a revision (5.1)",
        given=lambda s: {**s.own, "attachment_id": s.attachment_id},
        allowed=by(REQUESTER, OPEN),
        note="A revision that was sent keeps its files.",
    ),
    Row(
        name="approve_request",
        group="Deciding",
        spec="approve: slot holder; in review; eligible; names revision hash and evaluation; not stale",
        given=lambda s: s.reading,
        allowed=WHOSE_TURN,
    ),
    Row(
        name="reject_request",
        group="Deciding",
        spec="reject: slot holder; in review; reason",
        given=lambda s: {**s.reading, "reason": "No."},
        allowed=WHOSE_TURN,
    ),
    Row(
        name="return_request",
        group="Deciding",
        spec="return: slot holder; in review; reason",
        given=lambda s: {**s.reading, "reason": "Say more."},
        allowed=WHOSE_TURN,
    ),
    Row(
        name="give_opinion",
        group="Deciding",
        spec="a DPO gives an opinion, never an approval",
        given=lambda s: {**s.reading, "reason": "Heard."},
        allowed={},
        note="Only where the route has a stage for opinions; the route of this table has none.",
    ),
    Row(
        name="recuse",
        group="Deciding",
        spec="recuse: slot holder; in review; reason; slot refilled from pool",
        given=lambda s: {**s.own, "reason": "A friend."},
        allowed=WHOSE_TURN,
    ),
    Row(
        name="reassign_slot",
        group="Deciding",
        spec="reassign: stage lead; in review; target eligible",
        given=lambda s: {**s.own, "slot_id": s.slot_id, "person_id": s.person_id, "reason": "Away."},
        allowed={
            OWNERS_TURN: frozenset({"owner", *OFFICERS}),
            OFFICERS_TURN: frozenset(OFFICERS),
        },
        note="Leads: who holds a role of the stage, an officer, an administrator (who sees the request only "
        "while nobody may decide it). Whoever answered already leads no more.",
    ),
    Row(
        name="comment_request",
        group="Talking",
        spec="ask / answer do not change the revision",
        given=lambda s: {**s.own, "text": "Mind the salaries."},
        allowed={
            **by(REQUESTER, ("draft",)),
            **by(("requester", "beneficiary", "owner", *OFFICERS, "dpo"), SENT),
        },
    ),
    Row(
        name="ask_requester",
        group="Talking",
        spec="ask: reviewer; in review; does not change the revision",
        given=lambda s: {**s.own, "text": "For how long?"},
        allowed=by(("owner", *OFFICERS, "dpo"), REVIEW),
    ),
    Row(
        name="answer_question",
        group="Talking",
        spec="answer: requester; in review; does not change the revision",
        given=lambda s: {**s.own, "question_id": s.question_id, "text": "Until May."},
        allowed=by(REQUESTER, REVIEW),
    ),
    Row(
        name="reevaluate_request",
        group="The machine, on requests",
        spec="facts change in flight: mark stale, evaluate anew",
        given=lambda s: s.own,
        allowed={},
        note="The facts behind this table do not change, so the machine finds nothing to do.",
    ),
    Row(
        name="keep_request_going",
        group="The machine, on requests",
        spec="on timeout remind, escalate or lapse, never approve",
        given=lambda s: s.own,
        allowed={},
        note="No clock of this table has run out.",
    ),
    Row(
        name="revoke_grant",
        group="Grants",
        spec="revoke: owner, compliance; any live; reason",
        given=lambda s: {**s.of_grant, "comment": "A breach."},
        allowed=by(("owner", *OFFICERS, "system"), LIVE),
    ),
    Row(
        name="give_back_grant",
        group="Grants",
        spec="give_back: beneficiary; any live",
        given=lambda s: s.of_grant,
        allowed=by(("beneficiary", "system"), LIVE),
    ),
    Row(
        name="extend_grant",
        group="Grants",
        spec="request_extension: beneficiary; active, expired < 30 d; new request, linked",
        given=lambda s: {**s.of_grant, "ends_on": in_days(80)},
        allowed=by(("beneficiary",), ("active", "active, time over", "expired")),
        note="For a project its lead asks.",
    ),
    Row(
        name="activate_grant",
        group="The machine, on grants",
        spec="activate: system; approved; evaluate anew",
        given=lambda s: s.of_grant,
        allowed={},
    ),
    Row(
        name="expire_grant",
        group="The machine, on grants",
        spec="expire: clock; active; effective by computation even if the job is late",
        given=lambda s: s.of_grant,
        allowed=by(("system",), ("active, time over",)),
    ),
)
ELSEWHERE = {
    "give_verdict": "the one command behind approve, reject, return and opinion",
    **dict.fromkeys(
        ("publish_agreement", "retire_agreement", "accept_agreement"), "tests/access/test_agreements.py"
    ),
    **dict.fromkeys(
        (
            "draft_policy_set",
            "change_policy_set",
            "submit_policy_set",
            "return_policy_set",
            "start_replay",
            "finish_replay",
            "publish_policy_set",
            "publish_rulebook",
        ),
        "tests/access/test_policy_sets.py",
    ),
}
"""Commands of this app that move neither a request nor a grant, and where they are proven."""


def states_of(row: Row) -> tuple[str, ...]:
    if row.name in {"create_request", "ask_for_access"}:
        return (NOTHING,)
    return GRANT_STATES if "rants" in row.group else REQUEST_STATES


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Who plays, and every state there is, all at once."""

    actors: Mapping[str, Actor]
    situations: Mapping[str, Situation]


def set_up(world: AccessWorld, patch: pytest.MonkeyPatch) -> Stage:
    actors = {
        "requester": world["scientist"],
        "beneficiary": world["colleague"],
        **{name: world[name] for name in ("owner", "officer", "dpo", "steward", "auditor", "administrator")},
        "second officer": world["second_officer"],
        "on-call": people.player(world.organization, Role.ON_CALL).actor,
        "stranger": people.player(world.organization).actor,
        "system": SYSTEM,
    }
    project = _project(world)
    found = {
        NOTHING: Situation(at=database_now(), draft=_wanted(world, project)),
        **_requests(world, project, patch),
        **_grants(world, project),
    }
    return Stage(actors=actors, situations=found)


def _project(world: AccessWorld) -> Project:
    """The colleague leads it, and would receive; the scientist is a member, and asks."""
    now = database_now()
    made = Project.objects.create(
        organization=world.organization,
        name="Pay of the year",
        lead=world.players["colleague"].person,
        ends_at=now + timedelta(days=200),
        created_at=now,
    )
    for who in ("scientist", "colleague"):
        person = world.players[who].person
        ProjectMember.objects.create(
            project=made, person=person, starts_at=now - timedelta(days=1), created_at=now
        )
    return made


def _wanted(world: AccessWorld, project: Project) -> commands.RequestDraft:
    return draft(world.personal, world.purposes["pay"], project_id=project.uid)


def _requests(world: AccessWorld, project: Project, patch: pytest.MonkeyPatch) -> dict[str, Situation]:
    wanted, scientist = _wanted(world, project), world["scientist"]

    def made() -> Request:
        return asked(scientist, wanted)

    def by_owner(name: str) -> Request:
        request = made()
        getattr(commands, name)(actor=world["owner"], reason="So.", **seen(request))
        return request

    with patch.context() as lapsing:
        lay_out(lapsing, owners(on_timeout=Timeout.LAPSE))
        lapsed = made()
    commands.keep_request_going(actor=SYSTEM, request_id=lapsed.uid, at=lapsed.due_at)
    withdrawn = made()
    commands.withdraw_request(actor=scientist, request_id=withdrawn.uid)
    requests = {
        "draft": commands.create_request(actor=scientist, draft=wanted),
        OWNERS_TURN: made(),
        OFFICERS_TURN: approved(made(), world["owner"]),
        "returned": by_owner("return_request"),
        "approved": approved(made(), world["owner"], world["officer"]),
        "rejected": by_owner("reject_request"),
        "withdrawn": withdrawn,
        "lapsed": lapsed,
    }
    return {state: _of_request(world, request, wanted) for state, request in requests.items()}


def _of_request(world: AccessWorld, request: Request, wanted: commands.RequestDraft) -> Situation:
    request = Request.objects.get(pk=request.pk)
    named: dict[str, UUID] = {}
    if request.state in {"draft", "in_review", "returned"}:
        file = {"name": "protocol.txt", "content": b"Of the board.\n"}
        attached = commands.attach_file(actor=world["scientist"], request_id=request.uid, **file)
        named["attachment_id"] = attached.uid
    if request.state == "in_review":
        question = commands.ask_requester(actor=world["officer"], request_id=request.uid, text="Why?")
        turn, target = (
            ("privacy", "second_officer") if slot_of(request).is_filled else ("owner", "second_owner")
        )
        named |= {"question_id": question.uid, "slot_id": slot_of(request, turn).uid}
        named["person_id"] = world.players[target].person.uid
    return Situation(at=database_now(), draft=wanted, request=request, **named)


def _grants(world: AccessWorld, project: Project) -> dict[str, Situation]:
    def made(**given: Any) -> Grant:
        return granted(world, project_id=project.uid, **given)

    over, expired, revoked, given_back = made(), made(), made(), made()
    commands.expire_grant(actor=SYSTEM, grant_id=expired.uid, at=expired.not_after)
    commands.revoke_grant(actor=world["owner"], grant_id=revoked.uid, comment="A breach.")
    commands.give_back_grant(actor=world["colleague"], grant_id=given_back.uid)
    now = database_now()
    found = {
        "scheduled": (made(starts_on=in_days(5)), now),
        "active": (made(), now),
        "active, time over": (over, over.not_after),
        "expired": (expired, expired.not_after),
        "revoked": (revoked, now),
        "given back": (given_back, now),
    }
    wanted = _wanted(world, project)
    return {state: Situation(at=at, draft=wanted, grant=grant) for state, (grant, at) in found.items()}
