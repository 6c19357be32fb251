"""Requests as they are shown: the revision, policy's answer with its reasons, the route and how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from apps.access.lifecycle import RequestState
from apps.access.models import Decision, Grant, Request, Revision, RevisionItem, Slot, Stage
from apps.access.queries.requests import why_not_decide
from apps.kernel.actor import Actor
from apps.policy.decision import Effect
from apps.policy.reason import Reason


@dataclass(frozen=True, kw_only=True)
class SlotState:
    role: str
    verdict: str | None
    person_id: UUID | None
    given_at: datetime | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class StageState:
    name: str
    is_opinion: bool
    state: str
    slots: tuple[SlotState, ...]


@dataclass(frozen=True, kw_only=True)
class DecisionState:
    """`reasons` are those of every rule that matched, the weightiest effect first; `facts` and `trace` are as
    stored: what policy saw, and everything it found."""

    id: UUID
    effect: str
    rulebook_sha256: str
    facts_sha256: str
    ends_at: str
    limiting_factor: str
    reasons: tuple[Reason, ...]
    facts: Mapping[str, Any]
    trace: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class RequestDetail:
    """One request, with everything a decision needs at hand."""

    request: Request
    revision: Revision
    decision: DecisionState | None
    stages: tuple[StageState, ...]
    grant_ids: tuple[UUID, ...]
    may_decide: bool
    why_not: tuple[Reason, ...]

    @property
    def uid(self) -> UUID:
        return self.request.uid

    @property
    def row_version(self) -> int:
        return self.request.row_version


def detail_of(actor: Actor, request: Request) -> RequestDetail:
    """A flat number of queries, whatever the length of the route."""
    related = ("request__requester", "purpose", "person", "service_account", "project", "edited_by")
    revision = (
        Revision.objects.select_related(*related)
        .prefetch_related(Prefetch("items", queryset=RevisionItem.objects.select_related("asset", "version")))
        .get(pk=request.revision_key)
    )
    decision = revision.decisions.select_related("rulebook").order_by("-pk").first()
    stages = _stages(decision)
    waiting = next((stage for stage in stages if stage.closed_at is None), None)
    is_open = request.state == RequestState.IN_REVIEW and waiting is not None
    why_not: tuple[Reason, ...] = ()
    if is_open and waiting is not None:
        assets = [item.asset for item in revision.items.all()]
        slots = [slot for stage in stages for slot in stage.slots.all()]
        why_not = why_not_decide(actor, revision, waiting, assets, slots)
    granted = Grant.objects.filter(revision=revision) if request.state == RequestState.APPROVED else ()
    return RequestDetail(
        request=request,
        revision=revision,
        decision=_decision(decision) if decision else None,
        stages=tuple(_stage(stage, waiting) for stage in stages),
        grant_ids=tuple(grant.uid for grant in granted),
        may_decide=is_open and not why_not,
        why_not=why_not,
    )


def reasons_in(trace: Mapping[str, Any]) -> tuple[Reason, ...]:
    """The reasons a stored trace holds, in the order they weigh."""
    matched = [finding for finding in trace["findings"] if finding["status"] == "matched"]
    matched.sort(key=lambda finding: -Effect(finding["effect"]).force if finding["effect"] else 1)
    return tuple(_reason(stated) for finding in matched for stated in finding["reasons"])


def _reason(stated: Mapping[str, Any]) -> Reason:
    facts = {
        name: tuple(value) if isinstance(value, list) else value for name, value in stated["facts"].items()
    }
    return Reason(
        code=stated["code"],
        rule=stated["rule"],
        articles=tuple(stated["articles"]),
        facts=facts,
        field=stated["field"],
    )


def _stages(decision: Decision | None) -> list[Stage]:
    if decision is None:
        return []
    slots = Prefetch("slots", queryset=Slot.objects.select_related("verdict__person").order_by("pk"))
    return list(decision.stages.order_by("position").prefetch_related(slots))


def _decision(decision: Decision) -> DecisionState:
    return DecisionState(
        id=decision.uid,
        effect=decision.effect,
        rulebook_sha256=decision.rulebook.sha256,
        facts_sha256=decision.facts_sha256,
        ends_at=decision.trace["ends_at"],
        limiting_factor=decision.trace["limiting_factor"],
        reasons=reasons_in(decision.trace),
        facts=decision.facts,
        trace=decision.trace,
    )


def _stage(stage: Stage, waiting: Stage | None) -> StageState:
    is_waiting = waiting is not None and stage.pk == waiting.pk
    state = "closed" if stage.closed_at else "open" if is_waiting else "waiting"
    return StageState(
        name=stage.name,
        is_opinion=stage.is_opinion,
        state=state,
        slots=tuple(_slot(slot) for slot in stage.slots.all()),
    )


def _slot(slot: Slot) -> SlotState:
    verdict = getattr(slot, "verdict", None)
    if verdict is None:
        return SlotState(role=slot.role, verdict=None, person_id=None, given_at=None, reason="")
    return SlotState(
        role=slot.role,
        verdict=verdict.kind,
        person_id=verdict.person.uid,
        given_at=verdict.created_at,
        reason=verdict.reason,
    )
