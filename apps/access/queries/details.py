"""Requests as they are shown: the revision, policy's answer with its reasons, the route and how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from apps.access.errors import SLOT_FILLED
from apps.access.lifecycle import RequestState
from apps.access.models import Decision, Grant, Request, Revision, RevisionItem, Slot, Stage
from apps.access.queries.came import ItemOutcome, what_came_of
from apps.access.queries.independence import is_concealed
from apps.access.queries.pools import LEADING, why_not_lead_as
from apps.access.queries.roles import held_roles
from apps.access.queries.seats import (
    Seating,
    candidate_of,
    delegates_slot,
    seat_for,
    seating_of,
    slots_of,
    stages_of,
)
from apps.accounts.models import Organization, Person
from apps.accounts.queries.calendars import holidays_in
from apps.catalog.models import Asset
from apps.kernel.actor import Actor
from apps.policy.calendar import working_days_between
from apps.policy.decision import Effect
from apps.policy.eligibility import CandidateFacts
from apps.policy.reason import Reason

GIVEN = "given"


@dataclass(frozen=True, kw_only=True)
class SlotState:
    """`also_roles` may fill it besides `role`; `assignee_id` is who was asked by name. A `verdict` that is
    kept from the reader is told as "given"."""

    id: UUID
    role: str
    also_roles: tuple[str, ...]
    assignee_id: UUID | None
    on_behalf_of_id: UUID | None
    verdict: str | None
    person_id: UUID | None
    given_at: datetime | None
    reason: str
    rejection_code: str
    carried_from_revision: int | None


@dataclass(frozen=True, kw_only=True)
class StageState:
    """`why_not`: what keeps the reader from it; empty where a verdict of theirs would be taken in its turn.

    `rejections` is how many it takes to end the request; `days_left` the working days after today, by the
    calendar of the organization.
    """

    name: str
    is_opinion: bool
    keep_verdicts: str
    state: str
    slots: tuple[SlotState, ...]
    opened_at: datetime | None
    due_at: datetime | None
    days_left: int | None
    escalated_at: datetime | None
    on_timeout: str
    rejections: int
    why_not: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True)
class Represented:
    """Somebody for whom the reader could answer, by a delegation."""

    id: UUID
    name: str


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
    outcomes: tuple[ItemOutcome, ...]
    grant_ids: tuple[UUID, ...]
    may_decide: bool
    why_not: tuple[Reason, ...]
    acts_for: tuple[Represented, ...]
    may_hand_over: bool
    recused: int

    @property
    def people_named(self) -> frozenset[UUID]:
        """Who answered, for whom, and who was asked by name."""
        slots = [slot for stage in self.stages for slot in stage.slots]
        named = {each for slot in slots for each in (slot.person_id, slot.on_behalf_of_id, slot.assignee_id)}
        return frozenset(uid for uid in named if uid)

    @property
    def stages_to_come(self) -> tuple[StageState, ...]:
        return tuple(stage for stage in self.stages if stage.state != "closed")

    @property
    def uid(self) -> UUID:
        return self.request.uid

    @property
    def row_version(self) -> int:
        return self.request.row_version


def detail_of(actor: Actor, request: Request) -> RequestDetail:
    """A flat number of queries, whatever the length of the route.

    What `requests_visible_to` has read with the request is not read again.
    """
    revision = request.revision or Revision.objects.get(pk=request.revision_key)
    revision.request = request
    items = RevisionItem.objects.select_related("asset", "version")
    prefetch_related_objects([revision], Prefetch("items", queryset=items))
    decision = revision.decisions.select_related("rulebook").order_by("-pk").first()
    slots = slots_of(decision.pk) if decision else []
    stages = stages_of(slots)
    waiting = next((stage for stage in stages if stage.closed_at is None), None)
    is_open = request.state == RequestState.IN_REVIEW and waiting is not None
    in_review = request.state == RequestState.IN_REVIEW
    view = _View.of(actor, request.organization, revision, slots) if in_review else None
    shown = tuple(_stage(stage, slots, waiting, view) for stage in stages)
    why_not = next((each.why_not for each in shown if each.state == "open" and is_open), ())
    is_approved = request.state == RequestState.APPROVED
    granted = list(Grant.objects.filter(revision=revision).order_by("pk")) if is_approved else []
    may_decide = is_open and not why_not
    return RequestDetail(
        request=request,
        revision=revision,
        decision=_decision(decision) if decision else None,
        stages=shown,
        outcomes=what_came_of(revision, request.state, slots, granted),
        grant_ids=tuple(grant.uid for grant in granted),
        may_decide=may_decide,
        why_not=why_not,
        acts_for=view.represented(waiting) if view and waiting and may_decide else (),
        may_hand_over=is_open and view is not None and waiting is not None and view.leads(waiting),
        recused=len(view.seating.parties.recused) if view else 0,
    )


@dataclass(frozen=True, kw_only=True)
class _View:
    """A route as the reader stands to it."""

    actor: Actor
    organization: Organization
    assets: list[Asset]
    seating: Seating
    candidate: CandidateFacts

    @classmethod
    def of(cls, actor: Actor, organization: Organization, revision: Revision, slots: list[Slot]) -> _View:
        assets = [item.asset for item in revision.items.all()]
        seating = seating_of(revision, slots, assets, {actor.person_id or 0}, at=timezone.now())
        admitted = frozenset().union(*(slot.admitted_roles for slot in slots))
        roles = held_roles(actor, admitted | LEADING, assets)
        candidate = candidate_of(actor, seating, roles)
        return cls(
            actor=actor, organization=organization, assets=assets, seating=seating, candidate=candidate
        )

    def why_not(self, stage: Stage) -> tuple[Reason, ...]:
        seat = seat_for(self.seating, stage, self.candidate, self.actor.person_id or 0)
        is_full = seat.slot is None and not seat.reasons
        return (Reason(code=SLOT_FILLED),) if is_full else seat.reasons

    def leads(self, stage: Stage) -> bool:
        return not why_not_lead_as(self.candidate, self.seating, stage)

    def represented(self, stage: Stage) -> tuple[Represented, ...]:
        """For whom the reader could fill the slot that waits for them."""
        slot = seat_for(self.seating, stage, self.candidate, self.actor.person_id or 0).slot
        acting = [each for each in self.seating.delegations if each.delegate_id == self.actor.person_id]
        ids = {each.delegator_id for each in acting if slot and delegates_slot(each, slot, self.assets)}
        people = Person.objects.filter(pk__in=ids).order_by("name") if ids else ()
        return tuple(Represented(id=person.uid, name=person.name) for person in people)


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


def _stage(stage: Stage, slots: list[Slot], waiting: Stage | None, view: _View | None) -> StageState:
    is_waiting = waiting is not None and stage.pk == waiting.pk
    own = [slot for slot in slots if slot.stage_id == stage.pk]
    is_kept = view is not None and is_concealed(stage, own, view.actor)
    state = "closed" if stage.closed_at else "open" if is_waiting else "waiting"
    return StageState(
        name=stage.name,
        is_opinion=stage.is_opinion,
        keep_verdicts=stage.keep_verdicts,
        state=state,
        slots=tuple(_slot(slot, is_kept=is_kept) for slot in own),
        opened_at=stage.opened_at,
        due_at=stage.due_at,
        days_left=_days_left(stage, view.organization) if view and is_waiting else None,
        escalated_at=stage.escalated_at,
        on_timeout=stage.on_timeout,
        rejections=stage.rejections,
        why_not=view.why_not(stage) if view and state != "closed" else (),
    )


def _days_left(stage: Stage, organization: Organization) -> int | None:
    now = timezone.now()
    if stage.due_at is None or stage.due_at <= now:
        return None
    free = holidays_in(organization, now.year, now.year + 1)
    zone = ZoneInfo(organization.time_zone)
    return working_days_between(now, stage.due_at, zone=zone, holidays=free)


def _slot(slot: Slot, *, is_kept: bool) -> SlotState:
    verdict = slot.verdict if slot.is_filled else None
    principal = verdict.on_behalf_of if verdict else None
    earlier = verdict.carried_from if verdict else None
    return SlotState(
        id=slot.uid,
        role=slot.role,
        also_roles=tuple(slot.also_roles),
        assignee_id=slot.assignee.uid if slot.assignee else None,
        on_behalf_of_id=principal.uid if principal else None,
        verdict=None if verdict is None else GIVEN if is_kept else verdict.kind,
        person_id=verdict.person.uid if verdict else None,
        given_at=(earlier or verdict).created_at if verdict else None,
        reason=verdict.reason if verdict and not is_kept else "",
        rejection_code=verdict.rejection_code if verdict and not is_kept else "",
        carried_from_revision=earlier.revision.number if earlier else None,
    )
