"""Deciding: verdicts, seats, clocks, conditions, and what is evaluated anew."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from apps.access import commands
from apps.access.commands import NarrowingDraft, Terms
from apps.access.models import Condition, Request, Slot, Stage
from apps.accounts.commands import create_delegation
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import end_of_day
from apps.kernel.errors import LakewardenError, NotPermitted, RuleBroken, StaleVersion
from tests.access.machine.model import BOUND, EVERYBODY, HOLDS, PAIRS, ROUTE, Asked
from tests.access.machine.standing import Standing
from tests.factories.access import ZONE


class Deciding(Standing):
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

    # What the model expects

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
