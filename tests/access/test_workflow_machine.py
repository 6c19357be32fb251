"""The whole workflow against a pure model of it, in random order, by everybody, at any time."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from apps.access import commands
from apps.access.commands import (
    ConditionDraft,
    GlassDraft,
    NarrowingDraft,
    RequestDraft,
    Terms,
    verdicts,
)
from apps.access.models import Comment, Condition, Grant, Request, Revision, Slot, Stage
from apps.access.queries import evaluation
from apps.accounts.commands import create_delegation
from apps.accounts.queries import actor_of
from apps.accounts.roles import Role
from apps.compliance.commands import resume_purpose, suspend_purpose
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now, end_of_day
from apps.kernel.errors import (
    InvalidState,
    LakewardenError,
    NotFound,
    NotPermitted,
    RuleBroken,
    StaleVersion,
)
from apps.policy.conditions import ConditionKind
from apps.policy.decision import Decision
from apps.policy.engine import decide
from apps.policy.route import Timeout
from tests.factories.access import ZONE, AccessWorld, draft, revision_of, seen
from tests.factories.compliance import approved_activity
from tests.factories.impacts import ENDING_PURPOSE, looked_at

SHARES = 2
"""Tests that share the runs, so that two processes do."""
RUNS, STEPS = 200 // SHARES, 30
LONG_RUNS, LONG_STEPS = 2000 // SHARES, 50
WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
CONTROL: dict[str, Any] = {"max_examples": 100, "stateful_step_count": 15, "phases": [Phase.generate]}

ROUTE = ("owner", "privacy")
HOLDS: dict[str, set[str]] = {
    "owner": {"owner"},
    "second_owner": {"owner"},
    "officer": {"privacy"},
    "second_officer": {"privacy"},
    "owner_and_officer": {"owner", "privacy"},
}
WATCHING = {"dpo", "auditor", *HOLDS}
EVERYBODY = ("scientist", "colleague", "dpo", "auditor", *HOLDS)
PAIRS = {
    "owner": ("second_owner", Role.OWNER),
    "second_owner": ("owner", Role.OWNER),
    "officer": ("second_officer", Role.COMPLIANCE_OFFICER),
    "second_officer": ("officer", Role.COMPLIANCE_OFFICER),
}
"""Who may stand in for whom, and in what."""
EXTENDABLE_FOR = timedelta(days=30)
REQUESTERS = ("scientist", "colleague", "owner", "owner_and_officer")
KINDS = ("personal", "personal", "harmless", "blocked")
STATE_AFTER = {
    "access.request.drafted": None,
    "access.request.amended": None,
    "access.request.asked": None,
    "access.request.answered": None,
    "access.grant.extension_drafted": None,
    "access.grant.superseded": "superseded",
    "access.request.reevaluated": None,
    "access.request.decided": None,
    "access.request.submitted": "in_review",
    "access.request.approved": "approved",
    "access.request.rejected": "rejected",
    "access.request.returned": "returned",
    "access.request.withdrawn": "withdrawn",
    "access.request.awaits_conditions": "awaiting_conditions",
    "access.request.reopened": "in_review",
    "access.condition.met": None,
    "access.glass.broken": None,
    "access.glass.reviewed": None,
    "access.request.lapsed": "lapsed",
    "access.request.recused": None,
    "access.request.reassigned": None,
    "access.request.reminded": None,
    "access.request.unroutable": None,
    "access.request.routable": None,
    "access.grant.created": None,
    "access.grant.activated": "active",
    "access.grant.revoked": "revoked",
    "access.grant.given_back": "given_back",
    "access.grant.expired": "expired",
    "access.grant.suspended": "suspended",
    "access.grant.resumed": "as it says",
}
BOUND = (ConditionDraft(kind=ConditionKind.BEFORE, text="Sign the statement."),)


@dataclass
class Asked:
    """What the model knows of a request."""

    uid: UUID
    requester: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    moves: list[str] = field(default_factory=lambda: ["draft"])
    is_sent: bool = False
    stage: int = 0
    fillers: set[str] = field(default_factory=set)
    is_bound: bool = False
    recused: set[str] = field(default_factory=set)
    assignee: str | None = None
    cut: datetime | None = None
    is_robots: bool = False
    extends: UUID | None = None
    questions: dict[UUID, bool] = field(default_factory=dict)
    readings: list[dict[str, Any]] = field(default_factory=list)

    @property
    def state(self) -> str:
        return self.moves[-1]

    @property
    def is_open(self) -> bool:
        return self.state in {"draft", "in_review", "returned", "awaiting_conditions"}

    @property
    def end(self) -> datetime:
        """Of a grant, by what is asked and what approvers took away."""
        return min(self.ends_at, self.cut or self.ends_at)

    def begin_review(self) -> None:
        """Nobody has said anything of what is asked now."""
        self.stage, self.fillers, self.is_bound = 0, set(), False
        self.assignee = self.cut = None


@dataclass
class Given:
    """What the model knows of a grant."""

    uid: UUID
    ask: UUID
    kind: str
    person: str
    not_before: datetime
    not_after: datetime
    moves: list[str]
    suspended_by: str = ""
    is_for_cause: bool = False
    is_withheld: bool = False
    is_robots: bool = False

    def is_extendable(self, now: datetime) -> bool:
        return self.moves[-1] in {"active", "expired"} and now <= self.not_after + EXTENDABLE_FOR

    @property
    def is_live(self) -> bool:
        return self.moves[-1] in {"scheduled", "active", "suspended"}


class Workflow(RuleBasedStateMachine):
    world: ClassVar[AccessWorld]
    begun: ClassVar[Workflow | None] = None

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.now = database_now()
        self.asked: list[Asked] = []
        self.given: list[Given] = []
        self.is_suspended = False
        self.delegations: list[tuple[str, str, datetime]] = []
        self.told: dict[UUID, list[str]] = {}
        self.last = 0
        if self.begun is not None:
            self.now, self.last = self.begun.now, self.begun.last
            self.asked, self.given = deepcopy(self.begun.asked), deepcopy(self.begun.given)
            self.told = deepcopy(self.begun.told)

    def begin(self) -> None:
        """Something of everything, so that every run starts in the middle of it."""
        for who, kind in (
            ("scientist", "personal"),
            ("colleague", "personal"),
            ("owner", "personal"),
            ("scientist", "harmless"),
            ("colleague", "blocked"),
        ):
            self.draft_and_send(who=who, kind=kind)
        self.say(self.asked[1], "owner_and_officer", "approve", self.asked[1].readings[-1])
        self.draft_one(who="scientist", kind="personal", days=5, later=True, robot=True)
        assert self.world.players["on_call"].proved.second_factor_at
        self.what_is_stored_is_what_the_model_says()

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    # What is done

    @rule(
        who=st.sampled_from(REQUESTERS),
        kind=st.sampled_from(KINDS),
        days=st.sampled_from([5, 30, 60]),
        later=st.booleans(),
        robot=st.booleans(),
    )
    def draft_one(self, who: str, kind: str, days: int, later: bool, robot: bool) -> None:
        wanted = self.wanted(who, kind, days, later=later, robot=robot)
        made = commands.create_request(actor=self.world[who], draft=wanted, at=self.now)
        revision = revision_of(made)
        self.asked.append(
            Asked(
                uid=made.uid,
                requester=who,
                kind=kind,
                starts_at=revision.starts_at,
                ends_at=revision.ends_at,
                is_robots=robot and who == "scientist",
            )
        )

    @rule(who=st.sampled_from(REQUESTERS), kind=st.sampled_from(KINDS))
    def draft_and_send(self, who: str, kind: str) -> None:
        self.draft_one(who=who, kind=kind, days=30, later=False, robot=False)
        self.send(self.asked[-1], who)

    @precondition(lambda self: self.asked)
    @rule(data=st.data(), who=st.sampled_from(EVERYBODY), days=st.sampled_from([5, 30]), later=st.booleans())
    def change(self, data: st.DataObject, who: str, days: int, later: bool) -> None:
        ask = self.some(data)
        who = self.mostly(data, ask.requester, who)
        refusal = self.not_ones_own(ask, who) or self.unless(ask.state in {"draft", "returned"})
        wanted = self.again(ask, days, later=later)
        if self.does(refusal, commands.change_request, who, request_id=ask.uid, draft=wanted):
            self.rewritten(ask)
            ask.is_sent = False

    @precondition(lambda self: self.waiting)
    @rule(data=st.data(), who=st.sampled_from(EVERYBODY), days=st.sampled_from([5, 30]), later=st.booleans())
    def amend(self, data: st.DataObject, who: str, days: int, later: bool) -> None:
        """What those who decide said of the revision before is history."""
        ask = data.draw(st.sampled_from(self.waiting)) if data.draw(st.integers(0, 3)) else self.some(data)
        who = self.mostly(data, ask.requester, who)
        refusal = self.not_ones_own(ask, who) or self.unless(ask.state == "in_review")
        wanted = self.again(ask, days, later=later)
        refusal = refusal or self.unless(self.is_extendable(ask))
        refusal = refusal or (RuleBroken if self.denies(ask.kind) else None)
        if self.does(refusal, commands.amend_request, who, request_id=ask.uid, draft=wanted):
            self.rewritten(ask)
            ask.begin_review()
            self.read(ask)

    @precondition(lambda self: any(ask.readings for ask in self.asked))
    @rule(data=st.data(), who=st.sampled_from([*HOLDS, *EVERYBODY]))
    def question(self, data: st.DataObject, who: str) -> None:
        """It changes nothing of what is decided."""
        ask = data.draw(st.sampled_from([ask for ask in self.asked if ask.readings]))
        refusal = self.hidden(ask.requester, who, ask.state)
        refusal = refusal or (None if who == "dpo" or who in HOLDS else NotPermitted)
        refusal = refusal or self.unless(ask.state == "in_review")
        if self.does(refusal, commands.ask_requester, who, request_id=ask.uid, text="Why?"):
            ask.questions[Comment.objects.latest("pk").uid] = False

    @precondition(lambda self: any(ask.questions for ask in self.asked))
    @rule(data=st.data(), who=st.sampled_from(EVERYBODY))
    def answer(self, data: st.DataObject, who: str) -> None:
        ask = data.draw(st.sampled_from([ask for ask in self.asked if ask.questions]))
        who, question = self.mostly(data, ask.requester, who), data.draw(st.sampled_from([*ask.questions]))
        refusal = self.not_ones_own(ask, who) or self.unless(ask.state == "in_review")
        refusal = refusal or self.unless(not ask.questions[question])
        given = {"request_id": ask.uid, "question_id": question, "text": "So."}
        if self.does(refusal, commands.answer_question, who, **given):
            ask.questions[question] = True

    @precondition(lambda self: self.given)
    @rule(data=st.data(), who=st.sampled_from(EVERYBODY), is_sent=st.booleans())
    def extend(self, data: st.DataObject, who: str, is_sent: bool) -> None:
        grant = data.draw(st.sampled_from(self.given))
        who = self.mostly(data, grant.person, who) if grant.person in EVERYBODY else who
        refusal = self.hidden(grant.person, who) or (None if who == grant.person else NotPermitted)
        refusal = refusal or self.unless(grant.is_extendable(self.now))
        open_ones = [ask for ask in self.asked if ask.extends == grant.uid and ask.is_open]
        refusal = refusal or self.unless(not open_ones)
        if self.does(refusal, commands.extend_grant, who, grant_id=grant.uid):
            revision = Revision.objects.select_related("request").latest("pk")
            self.asked.append(
                Asked(
                    uid=revision.request.uid,
                    requester=who,
                    kind=grant.kind,
                    starts_at=revision.starts_at,
                    ends_at=revision.ends_at,
                    is_robots=grant.is_robots,
                    extends=grant.uid,
                )
            )
            if is_sent:
                self.send(self.asked[-1], who)

    @precondition(lambda self: len(self.delegations) < 3)
    @rule(who=st.sampled_from(sorted(PAIRS)), days=st.sampled_from([2, 9]))
    def delegate(self, who: str, days: int) -> None:
        to, role = PAIRS[who]
        if to in self.tied(who):
            return
        until = self.now + timedelta(days=days)
        players = self.world.players
        create_delegation(
            actor=self.world[who],
            delegator_id=players[who].person.uid,
            delegate_id=players[to].person.uid,
            roles=[role],
            ends_at=until,
            at=self.now,
        )
        self.delegations.append((who, to, until))

    @precondition(lambda self: not any(grant.person == "on_call" for grant in self.given))
    @rule(is_justified=st.booleans(), who=st.sampled_from(["officer", "second_officer", "auditor", "owner"]))
    def break_glass(self, is_justified: bool, who: str) -> None:
        """Nobody has to agree, and an officer looks at it afterwards, once."""
        on_call = self.world.players["on_call"]
        actor = actor_of(on_call.account, signed_in_at=self.now, second_factor_at=self.now)
        wanted = GlassDraft(
            asset_id=self.world.harmless.asset.uid,
            purpose_id=self.world.purposes["rock"].uid,
            actions=["read"],
            hours=2,
            reason="The well is on fire.",
            incident_ref="INC-1",
        )
        glass = commands.break_glass(actor=actor, draft=wanted, at=self.now)
        made = Grant.objects.select_related("revision__request").get(pk=glass.grant_id)
        ask = Asked(
            uid=made.revision.request.uid,
            requester="on_call",
            kind="harmless",
            starts_at=made.revision.starts_at,
            ends_at=made.revision.ends_at,
            moves=["draft", "approved"],
        )
        self.asked.append(ask)
        self.given.append(
            Given(
                uid=made.uid,
                ask=ask.uid,
                kind="harmless",
                person="on_call",
                not_before=self.now,
                not_after=self.now + timedelta(hours=2),
                moves=["active"],
            )
        )
        refusal = None if "privacy" in HOLDS.get(who, ()) else NotPermitted
        given = {"break_glass_id": glass.uid, "is_justified": is_justified, "comment": "So."}
        if self.does(refusal, commands.review_break_glass, who, **given):
            self.does(InvalidState, commands.review_break_glass, who, **given)

    @precondition(lambda self: self.asked)
    @rule(data=st.data(), who=st.sampled_from(EVERYBODY))
    def submit(self, data: st.DataObject, who: str) -> None:
        ask = self.some(data)
        self.send(ask, self.mostly(data, ask.requester, who))

    @precondition(lambda self: self.asked)
    @rule(data=st.data(), who=st.sampled_from(EVERYBODY))
    def withdraw(self, data: st.DataObject, who: str) -> None:
        ask = self.some(data)
        is_open = ask.state in {"draft", "in_review", "returned", "awaiting_conditions"}
        refusal = self.not_ones_own(ask, who) or self.unless(is_open)
        if self.does(refusal, commands.withdraw_request, who, request_id=ask.uid):
            ask.moves.append("withdrawn")

    @precondition(lambda self: any(ask.readings for ask in self.asked))
    @rule(
        data=st.data(),
        who=st.sampled_from([*HOLDS, *EVERYBODY]),
        how=st.sampled_from(["approve", "approve", "approve", "approve", "reject", "return"]),
        is_careless=st.integers(0, 9).map(lambda number: number == 0),
    )
    def decide(self, data: st.DataObject, who: str, how: str, is_careless: bool) -> None:
        ask = data.draw(st.sampled_from([ask for ask in self.asked if ask.readings]))
        reading = data.draw(st.sampled_from(ask.readings)) if is_careless else ask.readings[-1]
        self.say(ask, who, how, reading)

    @precondition(lambda self: self.decidable)
    @rule(
        data=st.data(),
        is_bound=st.booleans(),
        days=st.sampled_from([None, None, 4, 20]),
        in_whose_name=st.booleans(),
    )
    def approve_as_one_should(
        self, data: st.DataObject, is_bound: bool, days: int | None, in_whose_name: bool
    ) -> None:
        """As it was asked, on a condition, for less time, or for somebody who is away."""
        ask = data.draw(st.sampled_from(self.decidable))
        who = data.draw(st.sampled_from(self.able(ask)))
        cut = None if days is None else (max(self.now, ask.starts_at) + timedelta(days=days)).date()
        narrowing = NarrowingDraft(ends_on=cut) if cut else None
        bound = BOUND if is_bound else ()
        absent = next(iter(self.acted_for(who)), "") if in_whose_name else ""
        self.say(
            ask,
            who,
            "approve",
            ask.readings[-1],
            terms=Terms(narrowing=narrowing, conditions=bound),
            on_behalf_of=self.world.players[absent].person.uid if absent else None,
        )

    @precondition(lambda self: any(ask.readings for ask in self.asked))
    @rule(data=st.data(), who=st.sampled_from([*HOLDS, *EVERYBODY]))
    def step_back(self, data: st.DataObject, who: str) -> None:
        ask = data.draw(st.sampled_from([ask for ask in self.asked if ask.readings]))
        refusal = self.hidden(ask.requester, who, ask.state) or self.unless(ask.state == "in_review")
        refusal = refusal or (None if who in self.able(ask) else NotPermitted)
        if self.does(refusal, commands.recuse, who, request_id=ask.uid, reason="So."):
            ask.recused.add(who)
            self.take_back(ask)

    @precondition(lambda self: self.decidable)
    @rule(data=st.data(), who=st.sampled_from([*HOLDS, *EVERYBODY]))
    def hand_over(self, data: st.DataObject, who: str) -> None:
        ask = data.draw(st.sampled_from(self.decidable))
        anybody = self.eligible(ask)
        to = data.draw(st.sampled_from([*anybody, "scientist"]))
        leads = who in HOLDS and (ROUTE[ask.stage] in HOLDS[who] or "privacy" in HOLDS[who])
        is_free = not self.is_party(ask.requester, who) and not self.faces(who) & ask.recused
        refusal = self.hidden(ask.requester, who, ask.state)
        refusal = refusal or (None if leads and is_free else NotPermitted)
        refusal = refusal or (None if to in anybody else RuleBroken)
        slot = Slot.objects.filter(
            stage__decision__uid=ask.readings[-1]["decision_id"], stage__position=ask.stage + 1
        ).get()
        given = {"slot_id": slot.uid, "person_id": self.world.players[to].person.uid, "reason": "So."}
        if self.does(refusal, commands.reassign_slot, who, request_id=ask.uid, **given):
            ask.assignee = to

    @precondition(lambda self: self.asked)
    @rule(data=st.data())
    def look_after(self, data: st.DataObject) -> None:
        ask = self.some(data)
        due_at = Request.objects.get(uid=ask.uid).due_at
        newest = ask.readings[-1]["decision_id"] if ask.readings else None
        was_told = Stage.objects.filter(
            decision__uid=newest, position=ask.stage + 1, reminded_percent=100
        ).exists()
        commands.keep_request_going(actor=SYSTEM, request_id=ask.uid, at=self.now)
        of_ask = Stage.objects.filter(decision__revision__request__uid=ask.uid)
        lacks_record = of_ask.filter(decision__effect="block").exists()
        is_over = due_at is not None and self.now >= due_at and not was_told and not lacks_record
        if ask.state == "in_review" and is_over:
            ask.moves.append("lapsed")
        self.take_back(ask)

    @precondition(lambda self: any("awaiting_conditions" in ask.moves for ask in self.asked))
    @rule(data=st.data(), who=st.sampled_from([*HOLDS, *EVERYBODY]))
    def confirm(self, data: st.DataObject, who: str) -> None:
        bound = Condition.objects.order_by("pk").values_list("uid", "request__uid", "status")
        condition, request, status = data.draw(st.sampled_from(list(bound)))
        ask = next(ask for ask in self.asked if ask.uid == request)
        newest = Condition.objects.filter(request__uid=request).latest("pk").uid
        refusal = self.hidden(ask.requester, who, ask.state)
        refusal = refusal or (None if who in HOLDS else NotPermitted)
        is_asked = ask.state == "awaiting_conditions" and condition == newest and status == "open"
        is_tied = self.is_party(ask.requester, who)
        refusal = refusal or self.unless(is_asked) or (NotPermitted if is_tied else None)
        if not refusal and not self.is_denied(ask):
            refusal = self.why_no_grant(ask)
        given = {"condition_id": condition, "evidence": "Filed."}
        if self.does(refusal, commands.satisfy_condition, who, **given):
            if self.is_denied(ask):
                ask.moves.append("returned")
                self.read(ask)
            else:
                self.granted(ask)

    @precondition(lambda self: self.asked)
    @rule(data=st.data())
    def evaluate_anew(self, data: st.DataObject) -> None:
        ask = self.some(data)
        commands.reevaluate_request(actor=SYSTEM, request_id=ask.uid, at=self.now)
        self.reevaluated(ask)
        self.reopen(ask)

    @precondition(lambda self: self.given)
    @rule(data=st.data(), who=st.sampled_from([*HOLDS, *EVERYBODY]), is_for_cause=st.booleans())
    def suspend(self, data: st.DataObject, who: str, is_for_cause: bool) -> None:
        grant = data.draw(st.sampled_from(self.given))
        refusal = self.hidden(grant.person, who) or (None if who in HOLDS else NotPermitted)
        refusal = refusal or self.unless(grant.moves[-1] in {"scheduled", "active"})
        given = {"grant_id": grant.uid, "comment": "So.", "is_for_cause": is_for_cause}
        if self.does(refusal, commands.suspend_grant, who, **given):
            grant.moves.append("suspended")
            grant.suspended_by, grant.is_for_cause = who, is_for_cause

    @precondition(lambda self: self.given)
    @rule(data=st.data(), who=st.sampled_from([*HOLDS, *EVERYBODY]))
    def resume(self, data: st.DataObject, who: str) -> None:
        held_back = [grant for grant in self.given if grant.moves[-1] == "suspended"]
        grant = data.draw(st.sampled_from(held_back or self.given))
        refusal = self.hidden(grant.person, who) or (None if who in HOLDS else NotPermitted)
        refusal = refusal or self.unless(grant.moves[-1] == "suspended")
        is_another = not (grant.is_for_cause and who == grant.suspended_by)
        is_another = is_another and not self.is_party(grant.person, who)
        refusal = refusal or (None if is_another else NotPermitted)
        refusal = refusal or self.unless(self.now < grant.not_after)
        refusal = refusal or (RuleBroken if self.denies(grant.kind) else None)
        if self.does(refusal, commands.resume_grant, who, grant_id=grant.uid, comment="So."):
            grant.moves.append("scheduled" if self.now < grant.not_before else "active")

    @precondition(lambda self: self.given)
    @rule(data=st.data(), who=st.sampled_from(EVERYBODY))
    def revoke(self, data: st.DataObject, who: str) -> None:
        grant = data.draw(st.sampled_from(self.given))
        refusal = self.hidden(grant.person, who)
        refusal = refusal or (None if who in HOLDS else NotPermitted) or self.unless(grant.is_live)
        if self.does(refusal, commands.revoke_grant, who, grant_id=grant.uid, comment="So."):
            grant.moves.append("revoked")

    @precondition(lambda self: self.given)
    @rule(data=st.data(), who=st.sampled_from(EVERYBODY))
    def give_back(self, data: st.DataObject, who: str) -> None:
        grant = data.draw(st.sampled_from(self.given))
        who = self.mostly(data, grant.person, who)
        refusal = self.hidden(grant.person, who)
        refusal = refusal or (None if who == grant.person else NotPermitted) or self.unless(grant.is_live)
        if self.does(refusal, commands.give_back_grant, who, grant_id=grant.uid):
            grant.moves.append("given_back")

    @precondition(lambda self: self.given)
    @rule(data=st.data())
    def keep_in_step(self, data: st.DataObject) -> None:
        grant = data.draw(st.sampled_from(self.given))
        commands.activate_grant(actor=SYSTEM, grant_id=grant.uid, at=self.now)
        commands.expire_grant(actor=SYSTEM, grant_id=grant.uid, at=self.now)
        is_due = grant.moves[-1] == "scheduled" and grant.not_before <= self.now < grant.not_after
        before = self.carried_on(grant)
        if is_due and before is not None and before.moves[-1] in {"revoked", "given_back"}:
            grant.moves.append("revoked")
        elif is_due and self.denies(grant.kind):
            self.reopen(next(ask for ask in self.asked if ask.uid == grant.ask))
        elif is_due:
            grant.moves.append("active")
            self.take_over(grant)
        if grant.is_live and grant.not_after <= self.now:
            grant.moves.append("expired")

    @rule(days=st.sampled_from([1, 4, 31]))
    def let_time_pass(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule()
    def suspend_or_resume(self) -> None:
        purpose = self.world.purposes["pay"].uid
        if self.is_suspended:
            resume_purpose(actor=self.world["officer"], purpose_id=purpose)
        else:
            suspend_purpose(
                actor=self.world["officer"],
                purpose_id=purpose,
                reason="So.",
                seen_impact=looked_at(ENDING_PURPOSE, purpose),
            )
        self.is_suspended = not self.is_suspended

    # What the model expects

    @property
    def waiting(self) -> list[Asked]:
        return [ask for ask in self.asked if ask.state == "in_review"]

    def say(self, ask: Asked, who: str, how: str, reading: dict[str, Any], **given: Any) -> None:
        terms: Terms = given.get("terms", Terms())
        last_day = terms.narrowing.ends_on if terms.narrowing else None
        cut = end_of_day(last_day, ZONE) if last_day else None
        refusal, is_reevaluated = self.why_not(ask, who, how, reading, terms, cut)
        command = getattr(commands, f"{how}_request")
        if self.does(refusal, command, who, reason="Because.", **reading, **given):
            ask.is_bound = ask.is_bound or bool(terms.conditions)
            ask.cut = min(cut or ask.end, ask.end) if cut or ask.cut else None
            ask.fillers |= {who, *(self.acted_for(who) if given.get("on_behalf_of") else ())}
            self.after(ask, how)
        elif is_reevaluated:
            self.reevaluated(ask)

    def send(self, ask: Asked, who: str) -> None:
        refusal = self.not_ones_own(ask, who) or self.unless(ask.state in {"draft", "returned"})
        refusal = refusal or self.unless(not ask.is_sent)
        refusal = refusal or (RuleBroken if ask.ends_at <= self.now else None)
        refusal = refusal or self.unless(self.is_extendable(ask))
        refusal = refusal or (RuleBroken if self.is_denied(ask) else None)
        if self.does(refusal, commands.submit_request, who, request_id=ask.uid):
            ask.moves.append("in_review")
            ask.starts_at = max(ask.starts_at, self.now)
            ask.is_sent = True
            ask.begin_review()
            self.read(ask)
            if ask.kind == "harmless":
                self.granted(ask)

    def why_not(
        self, ask: Asked, who: str, how: str, reading: dict[str, Any], terms: Terms, cut: datetime | None
    ) -> tuple[type[LakewardenError] | None, bool]:
        """The family of the refusal, and whether the request is then evaluated anew."""
        refusal = self.hidden(ask.requester, who, ask.state)
        refusal = refusal or (None if who in HOLDS else NotPermitted)
        refusal = refusal or self.unless(ask.state == "in_review")
        if refusal:
            return refusal, False
        if reading != ask.readings[-1]:
            return StaleVersion, reading["revision_sha256"] == ask.readings[-1]["revision_sha256"]
        if who not in self.able(ask):
            return NotPermitted, False
        if self.is_denied(ask):
            return StaleVersion, True
        if how == "approve" and ask.kind == "blocked":
            return RuleBroken, False
        is_last = how == "approve" and ask.stage + 1 == len(ROUTE)
        is_bound = ask.is_bound or bool(terms.conditions)
        return (self.why_no_grant(ask, cut, is_bound=is_bound) if is_last else None), False

    def why_no_grant(
        self, ask: Asked, cut: datetime | None = None, *, is_bound: bool = False
    ) -> type[LakewardenError] | None:
        """What stands in its way when the route is complete; a condition is awaited first."""
        before = self.by_uid.get(ask.extends)
        if before is not None and before.moves[-1] not in {"active", "expired"}:
            return InvalidState
        ends = min(ask.end, cut or ask.end)
        return RuleBroken if not is_bound and ends <= max(ask.starts_at, self.now) else None

    def after(self, ask: Asked, how: str) -> None:
        if how != "approve":
            ask.moves.append({"reject": "rejected", "return": "returned"}[how])
        elif ask.stage + 1 < len(ROUTE):
            ask.stage += 1
            ask.assignee = None
        elif ask.is_bound:
            ask.moves.append("awaiting_conditions")
        else:
            self.granted(ask)

    def take_back(self, ask: Asked) -> None:
        """What was handed to somebody who cannot answer any more waits for everybody again."""
        if ask.state == "in_review" and ask.assignee not in self.eligible(ask):
            ask.assignee = None

    # Who may decide

    @property
    def decidable(self) -> list[Asked]:
        return [ask for ask in self.waiting if self.able(ask)]

    def able(self, ask: Asked) -> list[str]:
        """Who may decide now."""
        if ask.state != "in_review":
            return []
        return [who for who in self.eligible(ask) if ask.assignee in {None, *self.faces(who)}]

    def eligible(self, ask: Asked) -> list[str]:
        """Who could, if it was handed to nobody."""
        able = [who for who, stages in HOLDS.items() if ROUTE[ask.stage] in stages]
        return [
            who
            for who in able
            if not self.is_party(ask.requester, who)
            and not {who, *self.tied(who)} & ask.fillers
            and not self.faces(who) & ask.recused
        ]

    def is_party(self, requester: str, who: str) -> bool:
        return who == requester or requester in self.tied(who)

    def tied(self, who: str) -> set[str]:
        """With whom a delegation ties them now, in either direction."""
        pairs = [(one, other) for one, other, until in self.delegations if until > self.now]
        return {other for one, other in pairs if one == who} | {one for one, other in pairs if other == who}

    def acted_for(self, who: str) -> set[str]:
        return {one for one, other, until in self.delegations if other == who and until > self.now}

    def faces(self, who: str) -> set[str]:
        return {who, *self.acted_for(who)}

    # Carrying on

    @property
    def by_uid(self) -> dict[UUID | None, Given]:
        return {grant.uid: grant for grant in self.given}

    def is_extendable(self, ask: Asked) -> bool:
        before = self.by_uid.get(ask.extends)
        return before is None or before.is_extendable(self.now)

    def carried_on(self, grant: Given) -> Given | None:
        ask = next(ask for ask in self.asked if ask.uid == grant.ask)
        return self.by_uid.get(ask.extends)

    def take_over(self, grant: Given) -> None:
        """What has begun takes the place of what it carries on, with its suspension."""
        before = self.carried_on(grant)
        if before is None or not before.is_live:
            return
        is_held_back = before.moves[-1] == "suspended"
        before.moves.append("superseded")
        if is_held_back:
            grant.moves.append("suspended")
            grant.suspended_by, grant.is_for_cause = before.suspended_by, before.is_for_cause

    def again(self, ask: Asked, days: int, *, later: bool) -> RequestDraft:
        """Another draft of the same request; what carries a grant on asks for the same, from its end on."""
        before = self.by_uid.get(ask.extends)
        is_robots = ask.is_robots and before is not None
        wanted = self.wanted(ask.requester, ask.kind, days, later=later, robot=is_robots)
        if before is None:
            return wanted
        ends_on = (max(self.now, before.not_after) + timedelta(days=days)).date()
        return replace(wanted, ends_on=ends_on)

    def rewritten(self, ask: Asked) -> None:
        revision = revision_of(Request.objects.get(uid=ask.uid))
        ask.starts_at, ask.ends_at = revision.starts_at, revision.ends_at
        ask.is_robots = revision.service_account_id is not None

    def granted(self, ask: Asked) -> None:
        ask.moves.append("approved")
        grant = Grant.objects.filter(revision__request__uid=ask.uid).latest("pk")
        begins = max(ask.starts_at, self.now)
        state = "scheduled" if begins > self.now else "active"
        self.given.append(
            Given(
                uid=grant.uid,
                ask=ask.uid,
                kind=ask.kind,
                person=ask.requester,
                not_before=begins,
                not_after=ask.end,
                moves=[state],
                is_robots=ask.is_robots,
            )
        )
        assert (grant.not_before, grant.not_after) == (begins, ask.end)
        if state == "active":
            self.take_over(self.given[-1])

    def reevaluated(self, ask: Asked) -> None:
        if ask.state == "in_review" and self.is_denied(ask):
            ask.moves.append("returned")
            self.read(ask)

    def reopen(self, ask: Asked) -> None:
        """What awaits conditions, or was approved and has not begun, does not outlast what the rules say."""
        commands.reopen_request(actor=SYSTEM, request_id=ask.uid, at=self.now)
        unbegun = [grant for grant in self.given if grant.ask == ask.uid and grant.moves[-1] == "scheduled"]
        is_open = ask.state == "awaiting_conditions" or (ask.state == "approved" and unbegun)
        if is_open and self.is_denied(ask):
            ask.moves.append("returned")
            self.read(ask)
            for grant in unbegun:
                grant.moves.append("revoked")
                grant.is_withheld = True

    def denies(self, kind: str) -> bool:
        return kind == "personal" and self.is_suspended

    def is_denied(self, ask: Asked) -> bool:
        return ask.ends_at <= self.now or self.denies(ask.kind)

    def not_ones_own(self, ask: Asked, who: str) -> type[LakewardenError] | None:
        refusal = self.hidden(ask.requester, who, ask.state)
        return refusal or (None if who == ask.requester else NotPermitted)

    def hidden(self, owner: str, who: str, state: str = "") -> type[LakewardenError] | None:
        is_watching = who in WATCHING and state != "draft"
        return None if who == owner or is_watching else NotFound

    def unless(self, is_possible: bool) -> type[LakewardenError] | None:
        return None if is_possible else InvalidState

    # How it is done

    def wanted(self, who: str, kind: str, days: int, *, later: bool, robot: bool) -> RequestDraft:
        thing = self.world.harmless if kind == "harmless" else self.world.personal
        purpose = {"harmless": "rock", "personal": "pay", "blocked": "unrecorded"}[kind]
        today = self.now.date()
        return draft(
            thing,
            self.world.purposes[purpose],
            ends_on=today + timedelta(days=days),
            starts_on=today + timedelta(days=3) if later else None,
            service_account_id=self.world.robot.uid if robot and who == "scientist" else None,
        )

    def does(
        self, refusal: type[LakewardenError] | None, command: Callable[..., Any], who: str, **given: Any
    ) -> bool:
        """Performs it; checks that it is refused in the family expected, or not at all."""
        try:
            command(actor=self.world[who], at=self.now, **given)
        except LakewardenError as refused:
            assert type(refused) is refusal, (refused, refusal)
            return False
        assert refusal is None, refusal
        return True

    def some(self, data: st.DataObject) -> Asked:
        return data.draw(st.sampled_from(self.asked))

    def mostly(self, data: st.DataObject, usual: str, other: str) -> str:
        return usual if data.draw(st.integers(0, 3)) else other

    def read(self, ask: Asked) -> None:
        ask.readings.append(seen(Request.objects.get(uid=ask.uid)))

    # What always holds

    @invariant()
    def what_is_stored_is_what_the_model_says(self) -> None:
        """States, and the trail: one entry for each change, and in the same order."""
        stored: dict[str, dict[UUID, str]] = {"request": {}, "grant": {}}
        for kind, key, uid, word, state in answered(STORED, self.last):
            if kind in stored:
                stored[kind][uid] = word
            else:
                self.last = key
                told = state if word == "access.grant.resumed" else STATE_AFTER[word]
                self.told.setdefault(uid, []).extend([told] if told else [])
        assert stored["request"] == {ask.uid: ask.state for ask in self.asked}
        assert stored["grant"] == {grant.uid: grant.moves[-1] for grant in self.given}
        moved: list[Asked | Given] = [*self.asked, *self.given]
        for each in moved:
            assert self.told[each.uid] == each.moves[1:]

    @invariant()
    def no_grant_stands_on_less_than_a_whole_route_and_no_verdict_is_by_a_party(self) -> None:
        assert answered(FAULTS, [grant.uid for grant in self.given if grant.is_withheld]) == []


STORED = """
SELECT 'request', id, uid, state, '' FROM access_request
UNION ALL SELECT 'grant', id, uid, state, '' FROM access_grant
UNION ALL SELECT 'trail', id, subject_uid, name, data->>'state' FROM audit_auditevent
WHERE id > %s AND outcome = 'done' AND name LIKE 'access.%%'
ORDER BY 1, 2
"""
FAULTS = """
SELECT 'a grant without a complete route', g.uid::text FROM access_grant g
JOIN access_revision v ON v.id = g.revision_id JOIN access_request r ON r.id = v.request_id
JOIN access_decision d ON d.id = g.decision_id
WHERE g.uid <> ALL(%s) AND NOT g.is_break_glass AND NOT (
    r.state = 'approved' AND d.effect IN ('permit', 'refer')
    AND d.id = (SELECT max(newer.id) FROM access_decision newer WHERE newer.revision_id = v.id)
    AND NOT EXISTS (SELECT FROM access_stage t WHERE t.decision_id = d.id AND t.closed_at IS NULL)
    AND NOT EXISTS (
        SELECT FROM access_stage t JOIN access_slot s ON s.stage_id = t.id
        LEFT JOIN access_verdict y ON y.slot_id = s.id
        WHERE t.decision_id = d.id AND coalesce(y.kind, '') NOT IN ('approve', 'opinion')))
UNION ALL
SELECT 'two grants of the same', g.revision_id::text FROM access_grant g
GROUP BY g.revision_id, g.person_id, g.service_account_id, g.asset_id HAVING count(*) > 1
UNION ALL
SELECT 'a verdict of a party, or on another text', y.uid::text FROM access_verdict y
JOIN access_revision v ON v.id = y.revision_id JOIN access_request r ON r.id = v.request_id
WHERE y.person_id IN (v.person_id, v.edited_by_id, r.requester_id) OR y.revision_sha256 <> v.sha256
UNION ALL
SELECT 'two verdicts of one person', y.decision_id::text FROM access_verdict y
GROUP BY y.decision_id, y.person_id HAVING count(*) > 1
"""


def answered(question: str, *given: Any) -> list[tuple[Any, ...]]:
    """Read past the code under test, in as few statements as there are questions."""
    with connection.cursor() as cursor:
        cursor.execute(question, given)
        return list(cursor.fetchall())


@pytest.fixture(autouse=True)
def every_route_lapses(monkeypatch: pytest.MonkeyPatch) -> None:
    """When it is looked after too late; nothing is looked after by itself."""

    def lapsing(*given: Any) -> Decision:
        decision = decide(*given)
        stages = tuple(replace(stage, on_timeout=Timeout.LAPSE) for stage in decision.stages)
        return replace(decision, stages=stages)

    monkeypatch.setattr(evaluation, "decide", lapsing)


@pytest.fixture
def world(world: AccessWorld) -> AccessWorld:
    """What is blocked lacks one record: what is done is described, and nobody has screened it."""
    purpose, signers = world.purposes["unrecorded"], {"writer": "officer", "approver": "second_officer"}
    approved_activity(purpose, world.personal.asset, **{part: world[who] for part, who in signers.items()})
    return world


def run(machine: type[Workflow], world: AccessWorld, **given: Any) -> None:
    limited: type[Workflow] = type(machine.__name__, (machine,), {"world": world})
    start = limited()
    start.begin()
    limited.begun = start
    calm = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(limited, settings=settings(suppress_health_check=calm, **given))


@pytest.mark.parametrize("share", range(SHARES))
def test_the_workflow_does_what_its_model_does(share: int, world: AccessWorld, is_long: bool) -> None:
    """Each share goes other ways: every run draws its own seed."""
    if is_long:
        run(Workflow, world, max_examples=LONG_RUNS, stateful_step_count=LONG_STEPS)
    else:
        run(Workflow, world, max_examples=RUNS, stateful_step_count=STEPS, phases=WITHOUT_SHRINKING)


def test_the_invariants_tell_a_route_cut_short(world: AccessWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with the guard gone that asks for every stage, one yes makes a grant."""
    whole = verdicts.open_stage

    def hurried(decision: Any) -> Stage | None:
        return whole(decision) if not decision.stages.filter(closed_at__isnull=False).exists() else None

    monkeypatch.setattr(verdicts, "open_stage", hurried)
    with pytest.raises(AssertionError):
        run(Workflow, world, **CONTROL)


def test_the_model_tells_facts_that_nobody_looks_at_again(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other control: with the check gone that facts are as before, a suspended purpose is approved."""
    monkeypatch.setattr(verdicts.evaluation, "is_as_before", lambda decision, answered: True)
    with pytest.raises(AssertionError):
        run(Workflow, world, **CONTROL)
