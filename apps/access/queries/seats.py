"""Who may fill which slot of a route, read from what ties people to a request and to each other."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from apps.access.errors import SLOT_ASSIGNED
from apps.access.facts import Circle, circle_of, parties_of
from apps.access.models import Recusal, Revision, Slot, Stage
from apps.access.queries.roles import DATA_OWNER, held_roles
from apps.accounts.authorization import standing_of
from apps.accounts.models import ConflictKind, Person, Team
from apps.accounts.queries import DelegationNow, conflicts_now, delegations_now
from apps.accounts.roles import Role
from apps.catalog.models import Asset
from apps.kernel.actor import Actor, ActorKind
from apps.policy.eligibility import CandidateFacts, PartiesFacts, eligibility, interests
from apps.policy.reason import Reason
from apps.policy.route import KeepVerdicts, StageSpec, Timeout

DELEGATED = {Role.OWNER.value: DATA_OWNER}
"""Words of stages for roles that bear another name."""


@dataclass(frozen=True, kw_only=True)
class Seat:
    """Where somebody would sit in a stage: the slot they would fill, or why there is none for them."""

    reasons: tuple[Reason, ...]
    slot: Slot | None


@dataclass(frozen=True, kw_only=True)
class Seating:
    """The slots of a whole route, and everything that says who may fill them.

    `conflicted` are the ids of people with a declared conflict about this request.
    """

    slots: tuple[Slot, ...]
    parties: PartiesFacts
    delegations: tuple[DelegationNow, ...]
    conflicted: frozenset[int]

    def candidate(
        self, person_id: int, person: UUID | None, roles: frozenset[str], *, is_active: bool = True
    ) -> CandidateFacts:
        faces = {person_id} | self.acted_for(person_id).keys()
        return CandidateFacts(
            person=str(person) if person else None,
            roles=roles,
            is_active=is_active,
            acts_for=frozenset(map(str, self.acted_for(person_id).values())),
            delegates=frozenset(
                str(each.delegate) for each in self.delegations if each.delegator_id == person_id
            ),
            has_declared_conflict=not self.conflicted.isdisjoint(faces),
        )

    def acted_for(self, person_id: int) -> dict[int, UUID]:
        """Whom the person answers for now, by id."""
        return {
            each.delegator_id: each.delegator for each in self.delegations if each.delegate_id == person_id
        }

    def slots_in(self, stage: Stage) -> list[Slot]:
        return [slot for slot in self.slots if slot.stage_id == stage.pk]


def stage_spec(stage: Stage) -> StageSpec:
    return StageSpec(
        name=stage.name,
        roles=tuple(stage.roles),
        count=stage.count,
        is_opinion=stage.is_opinion,
        is_independent=stage.is_independent,
        fallback_roles=tuple(stage.fallback_roles),
        sla_days=stage.sla_days,
        on_timeout=Timeout(stage.on_timeout),
        escalate_to=tuple(stage.escalate_to),
        rejections=stage.rejections,
        keep_verdicts=KeepVerdicts(stage.keep_verdicts) if stage.keep_verdicts else None,
    )


def slots_of(decision_id: int) -> list[Slot]:
    """All slots of a route, with the verdicts that fill them and (`recused`) who stepped back. One query."""
    recusals = Recusal.objects.filter(request=OuterRef("stage__decision__revision__request"))
    slots = Slot.objects.filter(stage__decision=decision_id).select_related(
        "stage",
        "assignee",
        "verdict__person",
        "verdict__on_behalf_of",
        "verdict__carried_from__revision",
    )
    told = slots.annotate(recused=ArraySubquery(recusals.values("person__uid")))
    return list(told.order_by("stage__position", "pk"))


def stages_of(slots: Sequence[Slot]) -> list[Stage]:
    """The stages of a route in their order; each has a slot."""
    return list({slot.stage_id: slot.stage for slot in slots}.values())


def seating_of(
    revision: Revision,
    slots: Sequence[Slot],
    assets: Sequence[Asset],
    people: Collection[int],
    *,
    at: datetime,
) -> Seating:
    """For any of the people. Five queries at most, however many people, slots and assets."""
    circle = circle_of(revision, at=at)
    delegations = delegations_now(at=at, person_ids={*people, *circle.person_ids})
    acted_for = {each.delegator_id for each in delegations if each.delegate_id in set(people)}
    recused: set[UUID] = {uid for slot in slots for uid in getattr(slot, "recused", ())}
    return Seating(
        slots=tuple(slots),
        parties=parties_of(
            revision,
            circle,
            delegations,
            slot_fillers=_fillers(slots),
            line_managers=_managers(circle)
            if any(slot.stage.is_independent for slot in slots)
            else frozenset(),
            recused=frozenset(map(str, recused)),
        ),
        delegations=tuple(delegations),
        conflicted=_conflicted(revision, circle, assets, {*people, *acted_for}, at=at),
    )


def seat_of(actor: Actor, seating: Seating, stage: Stage, assets: Sequence[Asset]) -> Seat:
    """Neither reasons nor a slot in the answer: all that the actor's roles could fill are filled."""
    slots = seating.slots_in(stage)
    admitted = frozenset().union(*(slot.admitted_roles for slot in slots))
    roles = held_roles(actor, admitted, assets)
    return seat_for(seating, stage, candidate_of(actor, seating, roles), actor.person_id or 0)


def seat_for(seating: Seating, stage: Stage, candidate: CandidateFacts, person_id: int) -> Seat:
    slots = seating.slots_in(stage)
    admitted = frozenset().union(*(slot.admitted_roles for slot in slots))
    spec = StageSpec(
        name=stage.name, roles=tuple(admitted) or tuple(stage.roles), is_independent=stage.is_independent
    )
    reasons = eligibility(candidate, spec, seating.parties)
    if reasons:
        return Seat(reasons=reasons, slot=None)
    free = [slot for slot in slots if not slot.is_filled and slot.admitted_roles & candidate.roles]
    faces = {person_id, *seating.acted_for(person_id)}
    own = [slot for slot in free if slot.assignee_id is None or slot.assignee_id in faces]
    if free and not own:
        return Seat(reasons=(Reason(code=SLOT_ASSIGNED, facts={"stage": stage.name}),), slot=None)
    by_fit = sorted(own, key=lambda slot: (slot.assignee_id is None, slot.role not in candidate.roles))
    return Seat(reasons=(), slot=next(iter(by_fit), None))


def candidate_of(actor: Actor, seating: Seating, roles: frozenset[str]) -> CandidateFacts:
    standing = standing_of(actor)
    is_person = standing.person is not None and actor.kind is ActorKind.PERSON
    return seating.candidate(
        actor.person_id or 0 if is_person else 0,
        standing.person if is_person else None,
        roles,
        is_active=standing.is_active,
    )


INTERESTED = ("request__requester", "person", "edited_by", "project")


def interests_of(actor: Actor, *, at: datetime, **revision: int) -> tuple[Reason, ...]:
    """Why the actor judges nothing that came of the revision: they, or whoever a delegation ties them to,
    asked for it, wrote it or would receive it. `revision` names it by its own id, or by that of a decision on
    it (`decisions`). The machine has no interests. Three queries at most."""
    return interests_in(actor, Revision.objects.select_related(*INTERESTED).get(**revision), at=at)


def interests_in(actor: Actor, found: Revision, *, at: datetime) -> tuple[Reason, ...]:
    """As `interests_of`, where the revision has been read with those `INTERESTED`. Two queries at most."""
    if actor.is_system:
        return ()
    circle = circle_of(found, at=at)
    delegations = tuple(delegations_now(at=at, person_ids={actor.person_key, *circle.person_ids}))
    nobody: frozenset[str] = frozenset()
    parties = parties_of(
        found, circle, delegations, slot_fillers=nobody, line_managers=nobody, recused=nobody
    )
    tied = Seating(slots=(), parties=parties, delegations=delegations, conflicted=frozenset())
    return interests(candidate_of(actor, tied, nobody), parties)


def delegates_slot(delegation: DelegationNow, slot: Slot, assets: Sequence[Asset]) -> bool:
    """Whether the delegation is one of a role that may fill the slot, for every one of the assets."""
    words = {DELEGATED.get(role, role) for role in delegation.roles}
    return bool(words & slot.admitted_roles) and all(
        delegation.covers(organization_id=asset.organization_id, domain_id=asset.domain_id)
        for asset in assets
    )


def _fillers(slots: Sequence[Slot]) -> frozenset[str]:
    """Everybody who fills a slot, or is represented in one."""
    verdicts = [slot.verdict for slot in slots if slot.is_filled]
    own = {str(verdict.person.uid) for verdict in verdicts}
    return frozenset(own | {str(each.on_behalf_of.uid) for each in verdicts if each.on_behalf_of})


def _managers(circle: Circle) -> frozenset[str]:
    """Who manages somebody that asks or would receive."""
    managed = Person.objects.filter(pk__in=circle.person_ids, manager__isnull=False)
    return frozenset(map(str, managed.values_list("manager__uid", flat=True)))


def _conflicted(
    revision: Revision, circle: Circle, assets: Sequence[Asset], people: Collection[int], *, at: datetime
) -> frozenset[int]:
    declared = conflicts_now(at=at, person_ids=people)
    if not declared:
        return frozenset()
    about = {(ConflictKind.PERSON, uid) for uid in circle.persons} | {
        (ConflictKind.PROJECT, uid) for uid in circle.projects
    }
    places = Asset.objects.filter(pk__in=[asset.pk for asset in assets])
    for asset, domain, place in places.values_list("uid", "domain__uid", "organization__uid"):
        about |= {
            (ConflictKind.ASSET, asset),
            (ConflictKind.DOMAIN, domain),
            (ConflictKind.ORGANIZATION, place),
        }
    if any(each.kind == ConflictKind.TEAM for each in declared):
        teams = Team.objects.filter(group__user__person__in=circle.person_ids)
        about |= {(ConflictKind.TEAM, uid) for uid in teams.values_list("uid", flat=True)}
    return frozenset(each.person_id for each in declared if (each.kind, each.target_uid) in about)
