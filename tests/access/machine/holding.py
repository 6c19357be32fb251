"""Holding access: suspended, revoked, given back, broken into; and time that passes."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from apps.access import commands
from apps.access.commands import GlassDraft
from apps.access.models import Grant
from apps.accounts.queries import actor_of
from apps.compliance.commands import resume_purpose, suspend_purpose
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import InvalidState, NotPermitted, RuleBroken
from tests.access.machine.model import EVERYBODY, HOLDS, Asked, Given
from tests.access.machine.standing import Standing
from tests.factories.impacts import ENDING_PURPOSE, looked_at


class Holding(Standing):
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
