"""What is asked, turned into the facts policy decides on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery

from apps.access.holdings import is_linked, joint_facts, standings_and_holdings
from apps.access.models import (
    Agreement,
    Grant,
    Request,
    Revision,
    SubjectKind,
    TicketCheck,
    TicketSystem,
)
from apps.access.models.ticket import SAID
from apps.accounts.authorization import Resource
from apps.accounts.commands.organizations import domain_resource
from apps.accounts.models import Account, Person, PersonStatus, Project, ProjectMember, Relation
from apps.accounts.queries import DelegationNow, members_now
from apps.catalog.facts import asset_resource
from apps.catalog.models import Asset, AssetVersion
from apps.compliance.facts import assessed_assets, handling_facts, purpose_facts, purpose_parents
from apps.compliance.models import Purpose, PurposeVersion
from apps.policy import facts as policy
from apps.policy import snapshot
from apps.policy.decision import Decision
from apps.policy.eligibility import PartiesFacts
from apps.policy.facts import NO_LIMIT, TicketStanding
from apps.policy.house.effects import unsaid_of_ticket


@dataclass(frozen=True, kw_only=True)
class Item:
    """One asset asked for, in one version; no columns named means all."""

    asset: Asset
    version: AssetVersion
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A request's content, written down or not, so that a preview sees what a decision sees.

    `person` is the subject, or who answers for it. A project stands for all its members, or for the one
    `member` who takes a key. `purpose_version` is the one in force, where it was read already. `revision` is
    where it was written down: what systems said about its ticket was said about that.
    """

    requester: Person
    person: Person
    service_account: Account | None
    project: Project | None = None
    purpose: Purpose
    items: tuple[Item, ...]
    actions: frozenset[policy.Action]
    starts_at: datetime
    ends_at: datetime
    place_of_processing: str
    purpose_version: PurposeVersion | None = None
    member: Person | None = None
    ticket: str = ""
    revision: Revision | None = None


def ask_of(revision: Revision) -> Ask:
    items = revision.asked
    return Ask(
        requester=revision.request.requester,
        person=revision.person,
        service_account=revision.service_account,
        project=revision.project,
        purpose=revision.purpose,
        items=tuple(Item(asset=i.asset, version=i.version, columns=tuple(i.columns)) for i in items),
        actions=frozenset(policy.Action(action) for action in revision.actions),
        starts_at=revision.starts_at,
        ends_at=revision.ends_at,
        place_of_processing=revision.place_of_processing,
        ticket=revision.ticket,
        revision=revision,
    )


def request_facts(ask: Ask, *, now: datetime) -> policy.RequestFacts:
    """A flat number of queries, however many assets and columns are asked for."""
    purpose = purpose_facts(ask.purpose, ask.purpose_version, on=now.date())
    wanted = [(item.version, item.columns) for item in ask.items]
    keys = [version.pk for version, _ in wanted]
    standings, held = standings_and_holdings(keys, ask.member or ask.project or ask.person, at=now)
    assets, assessments = assessed_assets(wanted, ask.purpose, at=now, standings=standings)
    return policy.RequestFacts(
        now=now,
        requester=_person_facts(ask.requester),
        subject=_subject_facts(ask, assets, now=now),
        purpose=purpose,
        purpose_parents=purpose_parents(purpose.code),
        assets=assets,
        actions=ask.actions,
        starts_at=ask.starts_at,
        ends_at=ask.ends_at,
        place_of_processing=ask.place_of_processing or None,
        linked_personal=is_linked(assets, held),
        handling=handling_facts(),
        assessments=assessments,
        joint=joint_facts(assets, held),
        ticket_reference=ask.ticket or None,
        tickets=_ticket_facts(ask) if ask.ticket else None,
    )


ASIDE = frozenset({"now", "joint", "tickets"})
"""Facts that change without anything about the request having changed."""


def substance_of(facts: policy.RequestFacts, decision: Decision) -> str:
    """SHA-256 of everything a decision rests on, without the moment it was made.

    What else the subject holds counts by what the rules make of it: that another request of theirs was
    granted is no reason to ask everybody anew, unless the route or the conditions are others now. In the same
    way what is known of a ticket counts by what rules still miss of it.
    """
    stated = {name: value for name, value in facts.as_json().items() if name not in ASIDE}
    substance: dict[str, Any] = {"facts": stated, "rulebook": decision.rulebook_sha256}
    if facts.joint is not None and facts.joint.personal_assets:
        substance["asked"] = snapshot.to_json((decision.stages, decision.conditions))
    if missing := unsaid_of_ticket(decision):
        substance["tickets"] = sorted([reason.rule, reason.code] for reason in missing)
    return snapshot.sha256_of(substance)


def revision_content(revision: Revision) -> dict[str, Any]:
    """The content a revision's hash covers."""
    items = sorted(revision.asked, key=lambda item: item.asset.uid)
    named = {"ticket": revision.ticket} if revision.ticket else {}  # revisions from before have none
    return {
        **named,
        "request": str(revision.request.uid),
        "number": revision.number,
        "subject_kind": revision.subject_kind,
        "person": str(revision.person.uid),
        "service_account": str(revision.service_account.uid) if revision.service_account else None,
        "project": str(revision.project.uid) if revision.project else None,
        "purpose": str(revision.purpose.uid),
        "actions": sorted(revision.actions),
        "starts_at": revision.starts_at.isoformat(),
        "ends_at": revision.ends_at.isoformat(),
        "place_of_processing": revision.place_of_processing,
        "justification": revision.justification,
        "mode": revision.mode,
        "edited_by": str(revision.edited_by.uid),
        "extends": str(revision.request.extends.uid) if revision.request.extends else None,
        "attachments": sorted(revision.attachments.values_list("sha256", flat=True)),
        "items": [
            {"asset": str(i.asset.uid), "version": str(i.version.uid), "columns": sorted(i.columns)}
            for i in items
        ],
    }


def revision_sha256(revision: Revision) -> str:
    """Of the canonical JSON (RFC 8785) of the content."""
    return snapshot.sha256_of(revision_content(revision))


@dataclass(frozen=True, kw_only=True)
class Circle:
    """Those who ask, wrote or would receive, by inside id and by uid."""

    person_ids: frozenset[int]
    persons: frozenset[UUID]
    projects: frozenset[UUID] = frozenset()
    members: frozenset[str] | None = None


def circle_of(revision: Revision, *, at: datetime) -> Circle:
    """Of a project who is to belong to it is in the circle already."""
    people = {
        person.pk: person.uid for person in (revision.request.requester, revision.person, revision.edited_by)
    }
    if revision.project is None:
        return Circle(person_ids=frozenset(people), persons=frozenset(people.values()))
    members = _to_belong(revision.project)
    people |= members
    return Circle(
        person_ids=frozenset(people),
        persons=frozenset(people.values()),
        projects=frozenset({revision.project.uid}),
        members=frozenset(map(str, members.values())),
    )


def parties_of(
    revision: Revision,
    circle: Circle,
    delegations: Iterable[DelegationNow],
    *,
    slot_fillers: frozenset[str],
    line_managers: frozenset[str],
    recused: frozenset[str],
) -> PartiesFacts:
    """Persons, by uid. `delegations` hold at least those to and from the people of the circle."""
    is_service = revision.subject_kind == SubjectKind.SERVICE_ACCOUNT
    is_person = revision.subject_kind == SubjectKind.PERSON
    return PartiesFacts(
        requester_person=str(revision.request.requester.uid),
        subject_person=str(revision.person.uid) if is_person else None,
        owner_person=str(revision.person.uid) if is_service else None,
        project_members=circle.members,
        editor_persons=frozenset({str(revision.edited_by.uid)}),
        delegator_persons=_tied(circle, delegations),
        slot_fillers=slot_fillers,
        line_managers=line_managers,
        recused=recused,
    )


def _tied(circle: Circle, delegations: Iterable[DelegationNow]) -> frozenset[str]:
    """Everybody whom a delegation links to somebody of the circle, in either direction."""
    tied = set()
    for each in delegations:
        if each.delegator_id in circle.person_ids:
            tied.add(str(each.delegate))
        if each.delegate_id in circle.person_ids:
            tied.add(str(each.delegator))
    return frozenset(tied)


def request_resources(request: Request, assets: list[Asset]) -> tuple[Resource, ...]:
    """For those who decide: the assets asked for, by domain. Who decides may do so in every one of them."""
    return tuple(
        Resource(
            kind="request",
            uid=request.uid,
            organization_id=request.organization_id,
            domain_id=domain_id,
            asset_ids=frozenset(asset.pk for asset in assets if asset.domain_id == domain_id),
            persons=frozenset({request.requester_id}),
        )
        for domain_id in sorted({asset.domain_id for asset in assets})
    )


def own_request(request: Request, persons: frozenset[int] = frozenset()) -> Resource:
    """For those it belongs to: the requester, and who else is named."""
    return Resource(
        kind="request",
        uid=request.uid,
        organization_id=request.organization_id,
        persons=persons | {request.requester_id},
    )


def _ticket_facts(ask: Ask) -> tuple[policy.TicketFacts, ...]:
    """Of each system that is connected or has answered. What one that is disabled had answered stands."""
    said = TicketCheck.objects.filter(system=OuterRef("pk"), revision=ask.revision).values("standing")
    systems = TicketSystem.objects.filter(organization=ask.requester.organization_id)
    found = systems.annotate(standing=Subquery(said)).values_list("name", "is_active", "standing")
    return tuple(
        policy.TicketFacts(system=name, standing=TicketStanding(standing or TicketStanding.UNASKED))
        for name, is_active, standing in found
        if is_active or standing in SAID
    )


def _subject_facts(ask: Ask, assets: Iterable[policy.AssetFacts], *, now: datetime) -> policy.SubjectFacts:
    described_by = frozenset[str]().union(*(asset.described_by for asset in assets))
    if ask.project is not None:
        members = [ask.member] if ask.member else members_of(ask.project, at=now)
        stated = _project_facts(ask.project, [_person_facts(member) for member in members], now=now)
        return replace(stated, describers=_describers(members, described_by))
    if ask.service_account is None:
        return _person_facts(ask.person)
    owner = _person_facts(ask.person)
    return policy.SubjectFacts(
        uid=str(ask.service_account.uid),
        kind=policy.SubjectKind.SERVICE_ACCOUNT,
        relation=policy.Relation.SERVICE_ACCOUNT,
        employer_country=owner.employer_country,
        cleared_rank=owner.cleared_rank,
        contract_ends_on=owner.contract_ends_on,
        is_active=bool(owner.is_active and ask.service_account.is_active),
        describers=_describers([ask.person], described_by),
    )


def _describers(people: Iterable[Person], described_by: frozenset[str]) -> frozenset[str] | None:
    """Nobody else is named, so that who joins a project later changes nothing about what it asked for."""
    return frozenset(str(person.uid) for person in people) & described_by or None


def _project_facts(
    project: Project, members: list[policy.SubjectFacts], *, now: datetime
) -> policy.SubjectFacts:
    """What holds for every one of its active members: the lowest rank, the earliest end. What is not known of
    one of them, or differs, is not known."""
    active = [member for member in members if member.is_active]
    ranks = [member.cleared_rank for member in active]
    known = [rank for rank in ranks if rank is not None]
    countries = {member.employer_country for member in active}
    ends = [member.contract_ends_on for member in active]
    days = [end for end in ends if isinstance(end, date)]
    is_end_known = bool(active) and None not in ends
    return policy.SubjectFacts(
        uid=str(project.uid),
        kind=policy.SubjectKind.PROJECT,
        relation=policy.Relation.PROJECT,
        employer_country=countries.pop() if len(countries) == 1 else None,
        cleared_rank=min(known) if known and len(known) == len(ranks) else None,
        contract_ends_on=min(days, default=NO_LIMIT) if is_end_known else None,
        is_active=bool(active) and project.ends_at > now,
    )


def members_of(project: Project, *, at: datetime) -> list[Person]:
    """Who belongs to the project now, whether active or not."""
    found = members_now(project_ids=[project.pk], at=at)[project.pk]
    people = Person.objects.filter(pk__in=[member.person_id for member in found])
    return list(people.select_related("organization").order_by("pk"))


def _to_belong(project: Project) -> dict[int, UUID]:
    """Who leads the project, belongs to it or is to belong to it, by id."""
    members = ProjectMember.objects.filter(project=project).not_over()
    people = Person.objects.filter(Q(pk__in=members.values("person")) | Q(pk=project.lead_id))
    return dict(people.values_list("pk", "uid"))


def _person_facts(person: Person) -> policy.SubjectFacts:
    """A permanent contract has no end; a contractor's or vendor's whose end nobody recorded is unknown."""
    is_permanent = person.relation == Relation.EMPLOYEE and person.contract_ends_on is None
    return policy.SubjectFacts(
        uid=str(person.uid),
        kind=policy.SubjectKind.PERSON,
        relation=policy.Relation(person.relation),
        employer_country=person.organization.country,
        cleared_rank=person.cleared_rank,
        contract_ends_on=NO_LIMIT if is_permanent else person.contract_ends_on,
        is_active=person.status == PersonStatus.ACTIVE,
    )


def grant_resource(grant: Grant) -> Resource:
    """It belongs to its subject: the person, or who answers for the service account or the project."""
    return Resource(
        kind="grant",
        uid=grant.uid,
        organization_id=grant.organization_id,
        domain_id=grant.asset.domain_id,
        asset_ids=frozenset({grant.asset_id}),
        persons=frozenset({grant.project.lead_id if grant.project else grant.person_id}),
        accounts=frozenset({grant.service_account_id} if grant.service_account_id else ()),
    )


def agreement_resource(agreement: Agreement) -> Resource:
    """What it stands on; an agreement on a class is kept by who is an officer of the whole organization."""
    if agreement.asset is not None:
        return asset_resource(agreement.asset)
    if agreement.domain is not None:
        return domain_resource(agreement.domain)
    return Resource(kind="agreement", uid=agreement.uid, organization_id=agreement.organization_id)
