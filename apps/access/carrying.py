"""What people said on one evaluation, counted for the next, where the rules say so and what they looked at is
the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from apps.access.events import VerdictCarried
from apps.access.facts import ASIDE, request_resources, revision_content
from apps.access.models import Decision, Request, Slot, Stage, Verdict, VerdictKind
from apps.access.queries.requests import assets_of, open_stage
from apps.access.queries.seats import Seating, delegates_slot, seat_of, seating_of, slots_of
from apps.accounts.authorization import may
from apps.accounts.operations import Operation
from apps.accounts.queries import actor_of
from apps.audit.record import record
from apps.catalog.models import Asset
from apps.kernel.actor import Actor
from apps.policy.decision import Effect
from apps.policy.narrowing import Narrowing
from apps.policy.route import KeepVerdicts

STANDING = (VerdictKind.APPROVE, VerdictKind.OPINION, VerdictKind.REJECT)
"""What is given back begins anew; it is never counted further."""
TIMES = frozenset({"starts_at", "ends_at"})
UNREVIEWED = ASIDE | TIMES | {"handling"}
"""Of the facts: what else is so now, and what the classes demand, which makes the route."""
REWRITTEN = TIMES | {"number", "justification", "attachments", "edited_by"}
"""Of a revision: what is no fact of it, and what is compared by itself."""


def carry_over(request: Request, before: Decision, decision: Decision, *, at: datetime) -> list[Verdict]:
    """Verdicts of `before` that count for `decision` too: both stages keep them, the stage asks for no more,
    nothing that was looked at has changed, and who gave it could give it today. The caller tells of them.

    A stage that they complete is closed. Access is never asked for longer than who said yes had read.
    """
    word = KeepVerdicts.UNCHANGED_FACTS
    given = Verdict.objects.filter(decision=before, kind__in=STANDING, slot__stage__keep_verdicts=word)
    related = ("slot__stage", "revision", "account__person__organization", "account__organization")
    found = list(given.select_related(*related, "carried_from", "on_behalf_of").order_by("pk"))
    if not found or not are_same_facts(before, decision):
        return []
    stages = {stage.name: stage for stage in decision.stages.filter(keep_verdicts=word)}
    assets = assets_of(decision.revision)
    carried = []
    for verdict in found:
        stage = stages.get(verdict.slot.stage.name)
        if stage is not None and _asks_no_more(stage, verdict.slot.stage):
            slot = _slot_for(request, verdict, decision, stage, assets, at=at)
            carried += [_carry(verdict, decision, slot, at=at)] if slot is not None else []
    for stage in {verdict.slot.stage for verdict in carried}:
        if not stage.slots.filter(verdict__isnull=True).exists():
            stage.closed_at = at
            stage.save(update_fields=["closed_at"])
    return carried


def tell_of_carried(carried: Sequence[Verdict], *, actor: Actor, at: datetime) -> None:
    for verdict in carried:
        earlier = verdict.carried_from or verdict
        event = VerdictCarried(
            request_id=verdict.revision.request.uid,
            verdict_id=verdict.uid,
            earlier_id=earlier.uid,
            person_id=verdict.person.uid,
            kind=verdict.kind,
            stage=verdict.slot.stage.name,
            revision_sha256=verdict.revision_sha256,
            decision_id=verdict.decision.uid,
            kept_by=verdict.slot.stage.keep_verdicts,
        )
        record(event, actor=actor, at=at)


def is_complete(decision: Decision) -> bool:
    """Whether nobody is left to be asked: no one had to be, or all that were asked said yes before."""
    if decision.effect == Effect.PERMIT:
        return True
    return decision.effect == Effect.REFER and open_stage(decision) is None


def are_same_facts(before: Decision, decision: Decision) -> bool:
    """Whether whoever looked at the one has looked at the other: the same subject, purpose, data and
    versions, nothing longer, and no file gone. What the words say beside is no fact."""
    if decision.trace["needs_step_up"] and not before.trace["needs_step_up"]:
        return False
    old, new = revision_content(before.revision), revision_content(decision.revision)
    return (
        _without(REWRITTEN, old) == _without(REWRITTEN, new)
        and set(old["attachments"]) <= set(new["attachments"])
        and _without(UNREVIEWED, before.facts) == _without(UNREVIEWED, decision.facts)
        and before.facts["starts_at"] <= decision.facts["starts_at"]
        and before.facts["ends_at"] >= decision.facts["ends_at"]
    )


def _without(names: frozenset[str], stated: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in stated.items() if name not in names}


def _asks_no_more(stage: Stage, earlier: Stage) -> bool:
    return (
        set(stage.roles) <= set(earlier.roles)
        and stage.count <= earlier.count
        and stage.is_opinion == earlier.is_opinion
        and (earlier.is_independent or not stage.is_independent)
        and stage.rejections >= earlier.rejections
    )


def _slot_for(
    request: Request, verdict: Verdict, decision: Decision, stage: Stage, assets: list[Asset], *, at: datetime
) -> Slot | None:
    """The one that whoever gave the verdict could fill today, in the same name; none where they could not."""
    actor = actor_of(verdict.account)
    operation = Operation.GIVE_OPINION if stage.is_opinion else Operation.DECIDE_REQUEST
    resources = request_resources(request, assets)
    if not all(may(actor=actor, operation=operation, resource=resource) for resource in resources):
        return None
    seating = seating_of(decision.revision, slots_of(decision.pk), assets, {verdict.person_id}, at=at)
    seat = seat_of(actor, seating, stage, assets)
    if seat.reasons or seat.slot is None or not _still_represents(verdict, seating, seat.slot, assets):
        return None
    return seat.slot if _leaves_time(verdict, decision) else None


def _still_represents(verdict: Verdict, seating: Seating, slot: Slot, assets: list[Asset]) -> bool:
    if verdict.on_behalf_of_id is None:
        return True
    return any(
        each.delegate_id == verdict.person_id
        and each.delegator_id == verdict.on_behalf_of_id
        and delegates_slot(each, slot, assets)
        for each in seating.delegations
    )


def _leaves_time(verdict: Verdict, decision: Decision) -> bool:
    ends_at = Narrowing.from_json(verdict.narrowing).ends_at
    return ends_at is None or ends_at > decision.revision.starts_at


def _carry(verdict: Verdict, decision: Decision, slot: Slot, *, at: datetime) -> Verdict:
    revision = decision.revision
    carried = Verdict.objects.create(
        revision=revision,
        revision_sha256=revision.sha256,
        decision=decision,
        slot=slot,
        kind=verdict.kind,
        person_id=verdict.person_id,
        account_id=verdict.account_id,
        on_behalf_of_id=verdict.on_behalf_of_id,
        requester_id=revision.request.requester_id,
        subject_id=revision.person_id,
        editor_id=revision.edited_by_id,
        reason=verdict.reason,
        rejection_code=verdict.rejection_code,
        narrowing=verdict.narrowing,
        conditions=verdict.conditions,
        carried_from=verdict.carried_from or verdict,
        created_at=at,
    )
    if verdict.kind == VerdictKind.REJECT:
        ask_another(slot, at=at)
    return carried


def ask_another(slot: Slot, *, at: datetime) -> None:
    """As many have to say yes as before: who said no leaves a verdict to somebody else."""
    Slot.objects.create(stage=slot.stage, role=slot.role, also_roles=slot.also_roles, created_at=at)
