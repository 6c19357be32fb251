"""How things stand in the model, who may decide, and how the portal is asked to do something."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from apps.access import commands
from apps.access.commands import RequestDraft
from apps.access.models import Grant, Request
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidState, LakewardenError, NotFound, NotPermitted, RuleBroken
from tests.access.machine.model import HOLDS, ROUTE, WATCHING, Asked, Given
from tests.factories.access import AccessWorld, draft, revision_of, seen


class Standing(RuleBasedStateMachine):
    world: ClassVar[AccessWorld]
    begun: ClassVar[Standing | None] = None

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

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    # Who may decide

    @property
    def waiting(self) -> list[Asked]:
        return [ask for ask in self.asked if ask.state == "in_review"]

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

    def take_back(self, ask: Asked) -> None:
        """What was handed to somebody who cannot answer any more waits for everybody again."""
        if ask.state == "in_review" and ask.assignee not in self.eligible(ask):
            ask.assignee = None

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

    def why_no_grant(
        self, ask: Asked, cut: datetime | None = None, *, is_bound: bool = False
    ) -> type[LakewardenError] | None:
        """What stands in its way when the route is complete; a condition is awaited first."""
        before = self.by_uid.get(ask.extends)
        if before is not None and before.moves[-1] not in {"active", "expired"}:
            return InvalidState
        ends = min(ask.end, cut or ask.end)
        return RuleBroken if not is_bound and ends <= max(ask.starts_at, self.now) else None

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

    # What is refused

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
