"""The whole workflow against a pure model of it, in random order, by everybody, at any time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

import pytest
from django.db import transaction
from django.db.models import Count
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
from apps.access.commands import ConditionDraft, RequestDraft, Terms, verdicts
from apps.access.models import Condition, Grant, Request, Revision, Slot, Stage, Verdict
from apps.access.queries import evaluation
from apps.audit.models import AuditEvent, Outcome
from apps.compliance.commands import resume_purpose, suspend_purpose
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
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
from tests.factories.access import AccessWorld, draft, revision_of, seen

RUNS, STEPS = 30, 15
LONG_RUNS, LONG_STEPS = 2000, 50
WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)

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
REQUESTERS = ("scientist", "colleague", "owner", "owner_and_officer")
KINDS = ("personal", "personal", "harmless", "blocked")
STATE_AFTER = {
    "access.request.drafted": None,
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
BOUND = Terms(conditions=(ConditionDraft(kind=ConditionKind.BEFORE, text="Sign the statement."),))


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
    readings: list[dict[str, Any]] = field(default_factory=list)

    @property
    def state(self) -> str:
        return self.moves[-1]

    @property
    def able(self) -> list[str]:
        """Who may decide now."""
        if self.state != "in_review":
            return []
        out = {self.requester, *self.fillers, *self.recused}
        able = [who for who, stages in HOLDS.items() if ROUTE[self.stage] in stages and who not in out]
        return [who for who in able if self.assignee in {None, who}]


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
        if self.begun is not None:
            self.now = self.begun.now
            self.asked, self.given = deepcopy(self.begun.asked), deepcopy(self.begun.given)

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
        wanted = self.wanted(ask.requester, ask.kind, days, later=later, robot=False)
        if self.does(refusal, commands.change_request, who, request_id=ask.uid, draft=wanted):
            revision = revision_of(Request.objects.get(uid=ask.uid))
            ask.starts_at, ask.ends_at, ask.is_sent = revision.starts_at, revision.ends_at, False

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

    @precondition(lambda self: any(ask.able for ask in self.asked))
    @rule(data=st.data(), is_bound=st.booleans())
    def approve_as_one_should(self, data: st.DataObject, is_bound: bool) -> None:
        ask = data.draw(st.sampled_from([ask for ask in self.asked if ask.able]))
        terms = {"terms": BOUND} if is_bound else {}
        self.say(ask, data.draw(st.sampled_from(ask.able)), "approve", ask.readings[-1], **terms)

    @precondition(lambda self: any(ask.readings for ask in self.asked))
    @rule(data=st.data(), who=st.sampled_from([*HOLDS, *EVERYBODY]))
    def step_back(self, data: st.DataObject, who: str) -> None:
        ask = data.draw(st.sampled_from([ask for ask in self.asked if ask.readings]))
        refusal = self.hidden(ask.requester, who, ask.state) or self.unless(ask.state == "in_review")
        refusal = refusal or (None if who in ask.able else NotPermitted)
        if self.does(refusal, commands.recuse, who, request_id=ask.uid, reason="So."):
            ask.recused.add(who)
            self.take_back(ask)

    @precondition(lambda self: any(ask.able for ask in self.asked))
    @rule(data=st.data(), who=st.sampled_from([*HOLDS, *EVERYBODY]))
    def hand_over(self, data: st.DataObject, who: str) -> None:
        ask = data.draw(st.sampled_from([ask for ask in self.asked if ask.able]))
        anybody = deepcopy(ask)
        anybody.assignee = None
        to = data.draw(st.sampled_from([*anybody.able, "scientist"]))
        leads = who in HOLDS and (ROUTE[ask.stage] in HOLDS[who] or "privacy" in HOLDS[who])
        refusal = self.hidden(ask.requester, who, ask.state)
        refusal = refusal or (None if leads and who != ask.requester else NotPermitted)
        refusal = refusal or (None if to in anybody.able else RuleBroken)
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
        is_over = due_at is not None and self.now >= due_at and not was_told
        if ask.state == "in_review" and is_over:
            ask.moves.append("lapsed")
        self.take_back(ask)

    @precondition(lambda self: Condition.objects.exists())
    @rule(data=st.data(), who=st.sampled_from([*HOLDS, *EVERYBODY]))
    def confirm(self, data: st.DataObject, who: str) -> None:
        bound = Condition.objects.order_by("pk").values_list("uid", "request__uid", "status")
        condition, request, status = data.draw(st.sampled_from(list(bound)))
        ask = next(ask for ask in self.asked if ask.uid == request)
        newest = Condition.objects.filter(request__uid=request).latest("pk").uid
        refusal = self.hidden(ask.requester, who, ask.state)
        refusal = refusal or (None if who in HOLDS else NotPermitted)
        is_asked = ask.state == "awaiting_conditions" and condition == newest and status == "open"
        refusal = refusal or self.unless(is_asked) or (NotPermitted if who == ask.requester else None)
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
        is_another = who != grant.person and not (grant.is_for_cause and who == grant.suspended_by)
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
    @rule()
    def keep_in_step(self) -> None:
        for grant in self.given:
            commands.activate_grant(actor=SYSTEM, grant_id=grant.uid, at=self.now)
            commands.expire_grant(actor=SYSTEM, grant_id=grant.uid, at=self.now)
            is_due = grant.moves[-1] == "scheduled" and grant.not_before <= self.now < grant.not_after
            if is_due and self.denies(grant.kind):
                self.reopen(next(ask for ask in self.asked if ask.uid == grant.ask))
            elif is_due:
                grant.moves.append("active")
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
            suspend_purpose(actor=self.world["officer"], purpose_id=purpose, reason="So.")
        self.is_suspended = not self.is_suspended

    # What the model expects

    @property
    def waiting(self) -> list[Asked]:
        return [ask for ask in self.asked if ask.state == "in_review"]

    def say(self, ask: Asked, who: str, how: str, reading: dict[str, Any], **given: Any) -> None:
        refusal, is_reevaluated = self.why_not(ask, who, how, reading)
        command = getattr(commands, f"{how}_request")
        if self.does(refusal, command, who, reason="Because.", **reading, **given):
            ask.is_bound = ask.is_bound or bool(given)
            self.after(ask, who, how)
        elif is_reevaluated:
            self.reevaluated(ask)

    def send(self, ask: Asked, who: str) -> None:
        refusal = self.not_ones_own(ask, who) or self.unless(ask.state in {"draft", "returned"})
        refusal = refusal or self.unless(not ask.is_sent) or (RuleBroken if self.is_denied(ask) else None)
        if self.does(refusal, commands.submit_request, who, request_id=ask.uid):
            ask.moves.append("in_review")
            ask.starts_at = max(ask.starts_at, self.now)
            ask.is_sent, ask.stage, ask.fillers, ask.is_bound = True, 0, set(), False
            ask.assignee = None
            self.read(ask)
            if ask.kind == "harmless":
                self.granted(ask)

    def why_not(
        self, ask: Asked, who: str, how: str, reading: dict[str, Any]
    ) -> tuple[type[LakewardenError] | None, bool]:
        """The family of the refusal, and whether the request is then evaluated anew."""
        refusal = self.hidden(ask.requester, who, ask.state)
        refusal = refusal or (None if who in HOLDS else NotPermitted)
        refusal = refusal or self.unless(ask.state == "in_review")
        if refusal:
            return refusal, False
        if reading != ask.readings[-1]:
            return StaleVersion, reading["revision_sha256"] == ask.readings[-1]["revision_sha256"]
        if who not in ask.able:
            return NotPermitted, False
        if self.is_denied(ask):
            return StaleVersion, True
        return (RuleBroken if how == "approve" and ask.kind == "blocked" else None), False

    def after(self, ask: Asked, who: str, how: str) -> None:
        ask.fillers.add(who)
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
        """What was handed to somebody who stepped back waits for everybody again."""
        if ask.assignee in ask.recused:
            ask.assignee = None

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
                not_after=ask.ends_at,
                moves=[state],
            )
        )
        assert (grant.not_before, grant.not_after) == (begins, ask.ends_at)

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
    def states_are_those_of_the_model(self) -> None:
        ours = dict(Request.objects.values_list("uid", "state"))
        assert ours == {ask.uid: ask.state for ask in self.asked}
        grants = dict(Grant.objects.values_list("uid", "state"))
        assert grants == {grant.uid: grant.moves[-1] for grant in self.given}

    @invariant()
    def a_grant_stands_on_an_approved_request_and_a_complete_route(self) -> None:
        scope = ("revision", "person", "service_account", "asset")
        assert not Grant.objects.values(*scope).annotate(count=Count("pk")).filter(count__gt=1).exists()
        withheld = [grant.uid for grant in self.given if grant.is_withheld]
        for grant in Grant.objects.exclude(uid__in=withheld).select_related("revision__request", "decision"):
            assert grant.revision.request.state == "approved"
            assert grant.decision.effect in {"permit", "refer"}
            assert grant.decision == grant.revision.decisions.latest("pk")
            assert not Stage.objects.filter(decision=grant.decision, closed_at__isnull=True).exists()
            kinds = Slot.objects.filter(stage__decision=grant.decision).values_list(
                "verdict__kind", flat=True
            )
            assert set(kinds) <= {"approve", "opinion"}

    @invariant()
    def verdicts_are_never_by_parties_and_never_two_of_one_person(self) -> None:
        for verdict in Verdict.objects.select_related("revision__request"):
            revision: Revision = verdict.revision
            parties = {revision.person_id, revision.edited_by_id, revision.request.requester_id}
            assert verdict.person_id not in parties
            assert verdict.revision_sha256 == revision.sha256
        by_person = Counter(Verdict.objects.values_list("decision", "person"))
        assert not by_person or max(by_person.values()) == 1

    @invariant()
    def the_trail_tells_every_change_of_state_once(self) -> None:
        told: dict[UUID, list[str]] = {}
        events = AuditEvent.objects.filter(outcome=Outcome.DONE, name__startswith="access.")
        for uid, name, data in events.order_by("pk").values_list("subject_uid", "name", "data"):
            state = data["state"] if name == "access.grant.resumed" else STATE_AFTER[name]
            told.setdefault(uid, []).extend([state] if state else [])
        for ask in self.asked:
            assert told[ask.uid] == ask.moves[1:]
        for grant in self.given:
            assert told[grant.uid] == grant.moves[1:]


@pytest.fixture(autouse=True)
def every_route_lapses(monkeypatch: pytest.MonkeyPatch) -> None:
    """When it is looked after too late; nothing is looked after by itself."""

    def lapsing(*given: Any) -> Decision:
        decision = decide(*given)
        stages = tuple(replace(stage, on_timeout=Timeout.LAPSE) for stage in decision.stages)
        return replace(decision, stages=stages)

    monkeypatch.setattr(evaluation, "decide", lapsing)


def run(machine: type[Workflow], world: AccessWorld, **given: Any) -> None:
    limited: type[Workflow] = type(machine.__name__, (machine,), {"world": world})
    start = limited()
    start.begin()
    limited.begun = start
    calm = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(limited, settings=settings(suppress_health_check=calm, **given))


def test_the_workflow_does_what_its_model_does(world: AccessWorld, is_long: bool) -> None:
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
        run(Workflow, world, max_examples=100, stateful_step_count=STEPS, phases=[Phase.generate])


def test_the_model_tells_facts_that_nobody_looks_at_again(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other control: with the check gone that facts are as before, a suspended purpose is approved."""
    monkeypatch.setattr(verdicts.evaluation, "is_as_before", lambda decision, answered: True)
    with pytest.raises(AssertionError):
        run(Workflow, world, max_examples=100, stateful_step_count=STEPS, phases=[Phase.generate])
