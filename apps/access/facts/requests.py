"""What is asked, turned into the facts policy decides on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery

from apps.access.facts.asks import Ask
from apps.access.facts.labeling import labeling_facts, labels_facts
from apps.access.facts.lawful import justified_columns, lawful_facts
from apps.access.facts.subjects import behind, person_facts, subject_facts
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
from apps.accounts.models import Person, Project, ProjectMember
from apps.accounts.queries import DelegationNow
from apps.catalog.facts import asset_resource
from apps.catalog.models import Asset
from apps.compliance.facts import handling_facts, purpose_facts
from apps.policy import facts as policy
from apps.policy import snapshot
from apps.policy.decision import Decision, Finding
from apps.policy.eligibility import PartiesFacts
from apps.policy.facts import TicketStanding
from apps.policy.house.effects import unsaid_of_ticket
from apps.policy.law_words import BreachRisk
from apps.policy.rulebook import DEFAULT_RULES
from apps.policy.rules import CATALOGUE
from apps.policy.snapshot import to_json


def request_facts(ask: Ask, *, now: datetime) -> policy.RequestFacts:
    """A flat number of queries, however many assets and columns are asked for."""
    purpose = purpose_facts(ask.purpose, ask.purpose_version, on=now.date())
    keys = [item.version.pk for item in ask.items]
    holder = ask.member or ask.project or ask.person
    standings, held = standings_and_holdings(keys, holder, at=now)
    members = behind(ask, now=now)
    lawful = lawful_facts(ask, purpose, members, at=now, standings=standings)
    return policy.RequestFacts(
        now=now,
        requester=person_facts(ask.requester),
        subject=subject_facts(ask, members, lawful.assets, now=now),
        purpose=lawful.purpose,
        purpose_parents=lawful.parents,
        assets=lawful.assets,
        actions=ask.actions,
        starts_at=ask.starts_at,
        ends_at=ask.ends_at,
        place_of_processing=ask.place_of_processing or None,
        linked_personal=is_linked(lawful.assets, held),
        handling=handling_facts(),
        assessments=lawful.assessments,
        joint=joint_facts(lawful.assets, held, holder=holder, revealed=lawful.revealed, at=now),
        ticket_reference=ask.ticket or None,
        tickets=_ticket_facts(ask) if ask.ticket else None,
        controller=lawful.controller,
        parties=lawful.parties,
        transfers=lawful.transfers,
        use=lawful.use,
        ai_system=lawful.ai_system,
        national_conditions=lawful.national_conditions,
        justified_columns=justified_columns(ask, lawful.assets),
        labeling=labeling_facts(ask, members, now=now),
        labels=labels_facts(ask, lawful.ai_system, now=now),
        labeling_part=ask.labeling_part,
    )


ASIDE = frozenset({"now", "joint", "tickets"})
"""Facts that change without anything about the request having changed."""


def substance_of(facts: policy.RequestFacts, decision: Decision) -> str:
    """SHA-256 of everything a decision rests on, without the moment it was made.

    What else the subject holds counts by what the rules make of it: that another request of theirs was
    granted is no reason to ask everybody anew, unless the route or the conditions are others now. In the same
    way what is known of a ticket counts by what rules still miss of it, and what the records of the law say
    by what the rules of the law find: that a training was taken again is no reason to ask anybody anew.
    """
    stated = {name: value for name, value in to_json(facts, with_law=False).items() if name not in ASIDE}
    for asset in stated["assets"]:
        if asset.get("open_breach") == BreachRisk.NONE:
            del asset["open_breach"]
    substance: dict[str, Any] = {"facts": stated, "rulebook": decision.rulebook_sha256}
    if found := [_found(finding) for finding in decision.findings if _is_of_law(finding)]:
        substance["law"] = found
    if facts.joint is not None and facts.joint.personal_assets:
        substance["asked"] = to_json((decision.stages, decision.conditions))
    if missing := unsaid_of_ticket(decision):
        substance["tickets"] = sorted([reason.rule, reason.code] for reason in missing)
    return snapshot.sha256_of_snapshot(substance)


def _is_of_law(finding: Finding) -> bool:
    """By a rule that came with the law's later facts, and more than nothing."""
    says = finding.is_matched or finding.obligations or finding.limits
    return finding.rule in CATALOGUE and finding.rule not in DEFAULT_RULES and bool(says)


def _found(finding: Finding) -> Any:
    reasons = sorted({reason.code for reason in finding.reasons})
    return to_json((finding.rule, finding.effect, reasons, finding.obligations, finding.limits))


def revision_content(revision: Revision) -> dict[str, Any]:
    """The content a revision's hash covers."""
    items = sorted(revision.asked, key=lambda item: item.asset.uid)
    later = {"ticket": revision.ticket, "labeling_part": revision.labeling_part}
    named = {name: value for name, value in later.items() if value}  # revisions from before have none
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


def _to_belong(project: Project) -> dict[int, UUID]:
    """Who leads the project, belongs to it or is to belong to it, by id."""
    members = ProjectMember.objects.filter(project=project).not_over()
    people = Person.objects.filter(Q(pk__in=members.values("person")) | Q(pk=project.lead_id))
    return dict(people.values_list("pk", "uid"))


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
