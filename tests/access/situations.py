"""Every state of the workflow, all at once: brought about by commands, for the table of the workflow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import pytest

from apps.access import commands
from apps.access.commands import ConditionDraft, GlassDraft, Terms
from apps.access.models import Condition, Grant, Request
from apps.accounts.models import Project, ProjectMember
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.clock import database_now
from apps.policy.conditions import ConditionKind
from apps.policy.route import Timeout
from tests.access.seats import lay_out, owners, slot_of
from tests.factories import accounts as people
from tests.factories.access import TOP_RANK, AccessWorld, approved, asked, draft, granted, in_days, seen

NOTHING, NO_EMERGENCY = "no request yet", "no emergency yet"
OWNERS_TURN, OFFICERS_TURN, AWAITING = "in review: owner", "in review: officer", "awaiting conditions"
REQUEST_STATES = (
    "draft",
    OWNERS_TURN,
    OFFICERS_TURN,
    "returned",
    AWAITING,
    "approved",
    "rejected",
    "withdrawn",
    "lapsed",
)
TIME_OVER, FOR_CAUSE = "active, time over", "suspended for cause"
GRANT_STATES = (
    "scheduled",
    "active",
    TIME_OVER,
    "suspended",
    FOR_CAUSE,
    "expired",
    "revoked",
    "given back",
    "superseded",
)
CONDITION_STATES = (
    "open",
    "open, overdue",
    "met",
    "lasting",
    "due soon",
    "lasting, overdue",
    "lapsed",
    "after, overdue",
)
GLASS_STATES = ("to be named", "to be reviewed", "review overdue", "reviewed")
BEFORE = ConditionDraft(kind=ConditionKind.BEFORE, text="Sign the confidentiality statement.")
DURING = ConditionDraft(kind=ConditionKind.DURING, text="Keep the training current.", due_days=7)
AFTER = ConditionDraft(kind=ConditionKind.AFTER, text="Confirm that copies are deleted.", due_days=14)


class Machine(StrEnum):
    """What has states of its own. Some of their names are the same and mean different things."""

    REQUEST = "request"
    GRANT = "grant"
    CONDITION = "condition"
    EMERGENCY = "emergency"


@dataclass(frozen=True, kw_only=True)
class Situation:
    """Something in one state, and what a command on it has to name."""

    at: datetime
    draft: commands.RequestDraft
    request: Request | None = None
    grant: Grant | None = None
    condition_id: UUID = field(default_factory=uuid4)
    glass_id: UUID = field(default_factory=uuid4)
    glass: GlassDraft | None = None
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
class Stage:
    """Who plays, and every state there is, all at once."""

    actors: Mapping[str, Actor]
    situations: Mapping[Machine, Mapping[str, Situation]]


def set_up(world: AccessWorld, patch: pytest.MonkeyPatch) -> Stage:
    actors = {
        "requester": world["scientist"],
        "beneficiary": world["colleague"],
        **{name: world[name] for name in ("owner", "officer", "dpo", "steward", "auditor", "administrator")},
        "second officer": world["second_officer"],
        "on-call": world.players["on_call"].proved,
        "stranger": people.player(world.organization, cleared_rank=TOP_RANK).actor,
        "system": SYSTEM,
    }
    project = _project(world)
    found = {
        Machine.REQUEST: _requests(world, project, patch),
        Machine.GRANT: _grants(world, project),
        Machine.CONDITION: _conditions(world, project),
        Machine.EMERGENCY: _emergencies(world, project),
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
        AWAITING: _on_condition(world, made(), BEFORE),
        "approved": approved(made(), world["owner"], world["officer"]),
        "rejected": by_owner("reject_request"),
        "withdrawn": withdrawn,
        "lapsed": lapsed,
    }
    nothing = Situation(at=database_now(), draft=wanted)
    there = {state: _of_request(world, request, wanted) for state, request in requests.items()}
    return {NOTHING: nothing, **there}


def _of_request(world: AccessWorld, request: Request, wanted: commands.RequestDraft) -> Situation:
    request = Request.objects.get(pk=request.pk)
    named: dict[str, UUID] = {}
    if request.state in {"draft", "in_review", "returned", "awaiting_conditions"}:
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


def _on_condition(world: AccessWorld, request: Request, condition: ConditionDraft) -> Request:
    """Approved by both, by the owner on the condition."""
    terms = Terms(conditions=(condition,))
    commands.approve_request(actor=world["owner"], terms=terms, **seen(request))
    return approved(request, world["officer"])


def _grants(world: AccessWorld, project: Project) -> dict[str, Situation]:
    found = {state: granted(world, project_id=project.uid) for state in GRANT_STATES}
    found["scheduled"] = granted(world, project_id=project.uid, starts_on=in_days(5))
    named = {state: {"grant_id": grant.uid} for state, grant in found.items()}
    over = found["expired"].not_after
    so = {"comment": "To be looked into."}
    commands.expire_grant(actor=SYSTEM, at=over, **named["expired"])
    commands.revoke_grant(actor=world["owner"], **named["revoked"], **so)
    commands.give_back_grant(actor=world["colleague"], **named["given back"])
    commands.suspend_grant(actor=world["steward"], **named["suspended"], **so)
    commands.suspend_grant(actor=world["officer"], is_for_cause=True, **named[FOR_CAUSE], **so)
    _carry_on(world, found["superseded"])
    now = database_now()
    at = {TIME_OVER: found[TIME_OVER].not_after, "expired": over}
    common = {"draft": _wanted(world, project)}
    return {state: Situation(at=at.get(state, now), grant=grant, **common) for state, grant in found.items()}


def _carry_on(world: AccessWorld, grant: Grant) -> None:
    """By an extension that has begun; who leads the project asks for it."""
    request = commands.extend_grant(actor=world["colleague"], grant_id=grant.uid)
    commands.submit_request(actor=world["colleague"], request_id=request.uid)
    later = Grant.objects.get(revision__request=request)
    commands.activate_grant(actor=SYSTEM, grant_id=later.uid, at=later.not_before)


def _conditions(world: AccessWorld, project: Project) -> dict[str, Situation]:
    wanted = _wanted(world, project)

    def made(condition: ConditionDraft) -> Condition:
        request = _on_condition(world, asked(world["scientist"], wanted), condition)
        return Condition.objects.get(request=request)

    kinds = {"open": BEFORE, "open, overdue": BEFORE, "met": BEFORE, "after, overdue": AFTER}
    found = {state: made(kinds.get(state, DURING)) for state in CONDITION_STATES}
    met, lapsed, over = found["met"], found["lapsed"], found["after, overdue"]
    assert over.grant is not None
    commands.revoke_grant(actor=world["owner"], grant_id=over.grant.uid, comment="Over.")
    over.refresh_from_db()
    commands.satisfy_condition(actor=world["officer"], condition_id=met.uid, evidence="Filed.")
    commands.lapse_condition(actor=SYSTEM, condition_id=lapsed.uid, at=lapsed.due_at)
    now = database_now()
    late = ("open, overdue", "lasting, overdue", "lapsed", "after, overdue")
    at = {state: found[state].due_at for state in late} | {"due soon": found["due soon"].remind_at}
    return {
        state: Situation(at=at.get(state) or now, draft=wanted, condition_id=condition.uid)
        for state, condition in found.items()
    }


def _emergencies(world: AccessWorld, project: Project) -> dict[str, Situation]:
    wanted, on_call = _wanted(world, project), world.players["on_call"].proved
    nothing = Situation(at=database_now(), draft=wanted, glass=_glass(world))
    found = {}
    for state in GLASS_STATES:
        stated = _glass(world)
        if state == "to be named":
            stated = replace(stated, incident_ref="", is_life_at_stake=True)
        made = commands.break_glass(actor=on_call, draft=stated)
        at = made.sanction_at if state == "review overdue" else database_now()
        found[state] = Situation(at=at, draft=wanted, glass_id=made.uid)
    reviewed = {"break_glass_id": found["reviewed"].glass_id, "is_justified": True, "comment": "So."}
    commands.review_break_glass(actor=world["officer"], **reviewed)
    return {NO_EMERGENCY: nothing, **found}


def _glass(world: AccessWorld) -> GlassDraft:
    return GlassDraft(
        asset_id=world.personal.asset.uid,
        purpose_id=world.purposes["unrecorded"].uid,
        actions=["read"],
        hours=2,
        reason="Salaries are paid twice; the table has to be read now.",
        incident_ref="INC-7",
    )
