"""Asking: drafts, what is sent, changed, taken back, carried on; questions and answers."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from apps.access import commands
from apps.access.models import Comment, Revision
from apps.kernel.errors import NotPermitted, RuleBroken
from tests.access.machine.model import EVERYBODY, HOLDS, KINDS, REQUESTERS, Asked
from tests.access.machine.standing import Standing
from tests.factories.access import revision_of


class Asking(Standing):
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
    @rule(data=st.data(), who=st.sampled_from(EVERYBODY))
    def submit(self, data: st.DataObject, who: str) -> None:
        ask = self.some(data)
        self.send(ask, self.mostly(data, ask.requester, who))

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

    @precondition(lambda self: self.asked)
    @rule(data=st.data(), who=st.sampled_from(EVERYBODY))
    def withdraw(self, data: st.DataObject, who: str) -> None:
        ask = self.some(data)
        is_open = ask.state in {"draft", "in_review", "returned", "awaiting_conditions"}
        refusal = self.not_ones_own(ask, who) or self.unless(is_open)
        if self.does(refusal, commands.withdraw_request, who, request_id=ask.uid):
            ask.moves.append("withdrawn")

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
