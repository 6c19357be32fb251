"""The people who could decide: whether they are enough, who else there is, and whom a verdict can go to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.utils import timezone

from apps.access.errors import NOT_STAGE_LEAD
from apps.access.lifecycle import RequestState
from apps.access.models import Request, Revision, Slot, Stage
from apps.access.queries.requests import assets_of, current_decision
from apps.access.queries.roles import held_roles, holders_by_role
from apps.access.queries.seats import Seating, candidate_of, seating_of, slots_of
from apps.accounts.models import Account, AccountKind, PersonStatus
from apps.accounts.roles import Role
from apps.catalog.models import Asset
from apps.kernel.actor import Actor
from apps.policy.eligibility import CandidateFacts, PartiesFacts, eligibility, interests
from apps.policy.reason import Reason
from apps.policy.route import StageSpec
from apps.policy.seating import unfillable


@dataclass(frozen=True, kw_only=True)
class Bench:
    """Everybody who holds one of the roles that a route admits or could fall back to, as candidates by id."""

    seating: Seating
    candidates: dict[int, CandidateFacts]
    names: dict[int, str]

    def eligible(self, slot: Slot) -> dict[int, CandidateFacts]:
        """Those who may fill the slot, were it their turn."""
        return self.eligible_with(slot, slot.admitted_roles)

    def eligible_with(self, slot: Slot, roles: frozenset[str]) -> dict[int, CandidateFacts]:
        if not roles:
            return {}
        spec = StageSpec(name=slot.stage.name, roles=tuple(roles), is_independent=slot.stage.is_independent)
        parties: PartiesFacts = self.seating.parties
        return {
            person_id: candidate
            for person_id, candidate in self.candidates.items()
            if not eligibility(candidate, spec, parties)
        }

    def lacking(self, slots: Sequence[Slot]) -> list[Slot]:
        """Of the slots, those that nobody is left for when everybody fills one."""
        pools = [frozenset(str(each.person) for each in self.eligible(slot).values()) for slot in slots]
        empty = unfillable(pools, self._links())
        return [slot for place, slot in enumerate(slots) if place in empty]

    def _links(self) -> list[frozenset[str]]:
        return [frozenset({str(each.delegator), str(each.delegate)}) for each in self.seating.delegations]


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody a verdict could be handed to."""

    uid: UUID
    name: str


@dataclass(frozen=True, kw_only=True)
class WantedVerdict:
    """A verdict that a request waits for, with those to whom it could be handed."""

    request: Request
    stage: str
    role: str
    colleagues: tuple[Colleague, ...]


LEADING = frozenset({Role.COMPLIANCE_OFFICER.value, Role.ADMINISTRATOR.value})
"""They hand over verdicts of every stage, in their scope."""


def bench_of(
    revision: Revision,
    decision_id: int,
    assets: Sequence[Asset],
    *,
    also: Collection[int] = (),
    at: datetime,
) -> Bench:
    """Ten queries at most, however many people, slots and assets. The ties of `also` are read besides."""
    return bench_for(revision, slots_of(decision_id), assets, also=also, at=at)


def bench_for(
    revision: Revision,
    slots: Sequence[Slot],
    assets: Sequence[Asset],
    *,
    also: Collection[int] = (),
    at: datetime,
) -> Bench:
    """`bench_of` for a route at hand; neither it nor the revision need have been kept."""
    words = frozenset(
        chain.from_iterable({slot.role, *slot.also_roles, *slot.stage.fallback_roles} for slot in slots)
    )
    holders = holders_by_role(words, assets, at=at)
    ids = frozenset().union(*holders.values())
    able = _who_can_sign_in(ids)
    people = {person_id: uid for person_id, uid, _ in able}
    seating = seating_of(revision, slots, assets, {*people, *also}, at=at)
    return Bench(
        seating=seating,
        candidates={
            person_id: seating.candidate(
                person_id, uid, frozenset(word for word in words if person_id in holders[word])
            )
            for person_id, uid in people.items()
        },
        names={person_id: name for person_id, _, name in able},
    )


def why_not_lead(actor: Actor, seating: Seating, stage: Stage, assets: Sequence[Asset]) -> tuple[Reason, ...]:
    """Why the actor hands over no verdict of the stage: no role in it or above it, or an interest in it."""
    admitted = frozenset().union(*(slot.admitted_roles for slot in seating.slots_in(stage)))
    roles = held_roles(actor, admitted | LEADING, assets)
    return why_not_lead_as(candidate_of(actor, seating, roles), seating, stage)


def why_not_lead_as(candidate: CandidateFacts, seating: Seating, stage: Stage) -> tuple[Reason, ...]:
    """The same for a candidate with their roles, those among them that lead."""
    admitted = frozenset().union(*(slot.admitted_roles for slot in seating.slots_in(stage)))
    if not candidate.roles & (admitted | LEADING):
        return (Reason(code=NOT_STAGE_LEAD),)
    return interests(candidate, seating.parties)


def wanted_verdict(actor: Actor, request: Request, slot_id: UUID) -> WantedVerdict | None:
    """Nothing where the verdict is not wanted now, or the actor does not hand it over."""
    if request.state != RequestState.IN_REVIEW:
        return None
    revision = Revision.objects.select_related("request__requester", "person", "edited_by").get(
        pk=request.revision_key
    )
    decision, assets = current_decision(revision), assets_of(revision)
    also = {actor.person_id} if actor.person_id else set()
    bench = bench_of(revision, decision.pk, assets, also=also, at=timezone.now())
    free = [slot for slot in bench.seating.slots if slot.stage.closed_at is None]
    slot = next((each for each in free if each.uid == slot_id and not each.is_filled), None)
    if slot is None or slot.stage_id != free[0].stage_id:
        return None
    if why_not_lead(actor, bench.seating, slot.stage, assets):
        return None
    able = sorted((bench.names[key], str(each.person)) for key, each in bench.eligible(slot).items())
    return WantedVerdict(
        request=request,
        stage=slot.stage.name,
        role=slot.role,
        colleagues=tuple(Colleague(uid=UUID(uid), name=name) for name, uid in able),
    )


def _who_can_sign_in(ids: frozenset[int]) -> list[tuple[int, UUID, str]]:
    accounts = Account.objects.filter(
        person__in=ids, kind=AccountKind.PERSON, is_active=True, person__status=PersonStatus.ACTIVE
    )
    return list(accounts.order_by("person").values_list("person", "person__uid", "person__name").distinct())
