"""Who may answer about a grant: its owners, else its stewards, else compliance officers.

Never who receives, asked for or wrote it, nobody whom a delegation ties to one of them, and nobody who
declared a conflict of interest. `policy.eligibility` is the rule; here it is put to many at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.access.models import Grant, SubjectKind
from apps.accounts.models import Account, ProjectMember, RoleAssignment, Team
from apps.accounts.queries import conflicts_now, delegations_now, role_holders
from apps.accounts.queries.ties import ConflictNow
from apps.accounts.roles import ObjectPermission, Role
from apps.catalog.queries import people_holding_each
from apps.policy.eligibility import CandidateFacts, PartiesFacts, eligibility
from apps.policy.reason import Reason
from apps.reviews.facts import review_stage
from apps.reviews.lifecycle import Pool

POOLS = (Pool.DATA_OWNER, Pool.STEWARD, Pool.COMPLIANCE_OFFICER)
RELATED = ("organization", "asset__domain", "person", "revision__request__requester", "revision__edited_by")
"""What must be read with the grants that are asked about here."""


@dataclass(frozen=True, kw_only=True)
class Reviewers:
    """The pool that is asked about a grant, and the people in it."""

    pool: Pool
    people: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class Ties:
    """The delegations and declared conflicts that hold now, of all who matter to some grants."""

    acts_for: Mapping[int, frozenset[int]]
    delegates: Mapping[int, frozenset[int]]
    conflicts: Mapping[int, frozenset[UUID]]
    teams: Mapping[int, frozenset[UUID]]

    def linked(self, people: Collection[int]) -> frozenset[int]:
        """Whom a delegation ties to one of these people, in either direction."""
        found = (
            self.acts_for.get(each, frozenset()) | self.delegates.get(each, frozenset()) for each in people
        )
        return frozenset[int]().union(*found)

    def faces(self, person: int) -> frozenset[int]:
        return self.acts_for.get(person, frozenset()) | {person}

    def is_conflicted(self, person: int, grant: Grant) -> bool:
        """Also by what one of those declared for whom the person acts."""
        about = {grant.organization.uid, grant.asset.domain.uid, grant.asset.uid, grant.person.uid}
        about |= {grant.revision.request.requester.uid, *self.teams.get(grant.person_id, frozenset())}
        declared = (self.conflicts.get(face, frozenset()) for face in self.faces(person))
        return not about.isdisjoint(frozenset[UUID]().union(*declared))


def reviewers_of(grants: Sequence[Grant], *, at: datetime) -> Mapping[int, Reviewers]:
    """By grant. A flat number of queries, however many there are."""
    holders = _holders(grants, at=at)
    candidates = frozenset[int]().union(*(people for pools in holders.values() for people in pools))
    ties = ties_of(grants, candidates, at=at)
    return {grant.pk: _first(grant, holders[grant.pk], ties) for grant in grants}


def ties_of(grants: Sequence[Grant], candidates: Collection[int], *, at: datetime) -> Ties:
    """Four queries at most."""
    everybody = frozenset(candidates).union(*(own_people(grant) for grant in grants))
    delegations = delegations_now(at=at, person_ids=everybody)
    faces = everybody | {each.delegator_id for each in delegations}
    conflicts = conflicts_now(at=at, person_ids=faces)
    return Ties(
        acts_for=_by_person((each.delegate_id, each.delegator_id) for each in delegations),
        delegates=_by_person((each.delegator_id, each.delegate_id) for each in delegations),
        conflicts=_declared(conflicts),
        teams=_teams(grants, conflicts),
    )


def own_people(grant: Grant) -> frozenset[int]:
    """Who receives, asked for, or wrote down what became this grant. One query for a grant of a project."""
    own = {grant.person_id, grant.revision.request.requester_id, grant.revision.edited_by_id}
    if grant.project_id is not None:
        members = ProjectMember.objects.filter(project=grant.project_id).not_over()
        own |= set(members.values_list("person", flat=True))
    return frozenset(own)


def why_not(grant: Grant, person: int, roles: frozenset[str], ties: Ties, pool: Pool) -> tuple[Reason, ...]:
    """Every reason of the rule of four eyes why an active person with these roles may not answer.

    The rule compares names of people and nothing else; here their inside numbers stand for them.
    """
    candidate = CandidateFacts(
        person=str(person),
        roles=roles,
        is_active=True,
        acts_for=_named(ties.acts_for.get(person, frozenset())),
        delegates=_named(ties.delegates.get(person, frozenset())),
        has_declared_conflict=ties.is_conflicted(person, grant),
    )
    return eligibility(candidate, review_stage(pool), _parties(grant, ties))


def _parties(grant: Grant, ties: Ties) -> PartiesFacts:
    is_service = grant.subject_kind == SubjectKind.SERVICE_ACCOUNT
    is_project = grant.subject_kind == SubjectKind.PROJECT
    return PartiesFacts(
        requester_person=str(grant.revision.request.requester_id),
        subject_person=None if is_service or is_project else str(grant.person_id),
        owner_person=str(grant.person_id) if is_service else None,
        project_members=_named(own_people(grant)) if is_project else None,
        editor_persons=frozenset({str(grant.revision.edited_by_id)}),
        delegator_persons=_named(ties.linked(own_people(grant))),
        slot_fillers=frozenset(),
    )


def _named(people: Collection[int]) -> frozenset[str]:
    return frozenset(str(person) for person in people)


def _first(grant: Grant, pools: Sequence[frozenset[int]], ties: Ties) -> Reviewers:
    own = own_people(grant)
    tied = ties.linked(own)

    def is_free(person: int) -> bool:
        faces = ties.faces(person)
        linked = ties.linked({person})
        return not (faces & own or linked & own or faces & tied or ties.is_conflicted(person, grant))

    for pool, people in zip(POOLS, pools, strict=True):
        if free := frozenset(person for person in people if is_free(person)):
            return Reviewers(pool=pool, people=free)
    return Reviewers(pool=Pool.NOBODY, people=frozenset())


def _holders(grants: Sequence[Grant], *, at: datetime) -> Mapping[int, tuple[frozenset[int], ...]]:
    """By grant, who holds what each pool asks for. Two queries."""
    assets = {grant.asset_id for grant in grants}
    own, steward = ObjectPermission.OWN, ObjectPermission.STEWARD
    held = people_holding_each({own, steward}, assets)
    places = {grant.asset.organization_id for grant in grants}
    officers = list(role_holders({Role.COMPLIANCE_OFFICER}, organization_ids=places, at=at))
    return {
        grant.pk: (
            held.get((own, grant.asset_id), frozenset()),
            held.get((steward, grant.asset_id), frozenset()),
            _in_scope(officers, grant),
        )
        for grant in grants
    }


def _in_scope(officers: Sequence[RoleAssignment], grant: Grant) -> frozenset[int]:
    asset = grant.asset
    return frozenset(
        held.person_id
        for held in officers
        if held.organization_id == asset.organization_id and held.domain_id in {None, asset.domain_id}
    )


def _by_person(pairs: Iterable[tuple[int, int]]) -> Mapping[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for person, other in pairs:
        found[person].add(other)
    return {person: frozenset(others) for person, others in found.items()}


def _declared(conflicts: Sequence[ConflictNow]) -> Mapping[int, frozenset[UUID]]:
    found: dict[int, set[UUID]] = defaultdict(set)
    for each in conflicts:
        found[each.person_id].add(each.target_uid)
    return {person: frozenset(targets) for person, targets in found.items()}


def _teams(grants: Sequence[Grant], conflicts: Sequence[ConflictNow]) -> Mapping[int, frozenset[UUID]]:
    """By person, those of their teams that somebody declared a conflict with; read only where one is."""
    declared = {each.target_uid for each in conflicts if each.kind == "team"}
    if not declared:
        return {}
    groups = dict(Team.objects.filter(uid__in=declared).values_list("group", "uid"))
    people = {grant.person_id for grant in grants}
    rows = Account.objects.filter(person__in=people, groups__in=groups).values_list("person", "groups")
    found: dict[int, set[UUID]] = defaultdict(set)
    for person, group in rows:
        found[person].add(groups[group])
    return {person: frozenset(teams) for person, teams in found.items()}
