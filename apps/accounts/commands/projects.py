"""Projects, and who belongs to them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.accounts.authorization import Resource, authorize
from apps.accounts.commands.organizations import present
from apps.accounts.commands.standing import STANDING, check_active
from apps.accounts.errors import (
    DECIDED_FOR_PROJECT,
    ENDS_AFTER_PROJECT,
    ENDS_BEFORE_START,
    LEAD_STAYS,
    MEMBER_ALREADY,
    MEMBERSHIP_ENDED,
    NAME_TAKEN,
    PERSON_OUTSIDE_ORGANIZATION,
    PROJECT_ENDED,
    PROJECT_TO_ONESELF,
)
from apps.accounts.events import MemberAdded, MembershipEnded, ProjectChanged, ProjectClosed, ProjectCreated
from apps.accounts.models import Account, AccountKind, Organization, Person, Project, ProjectMember
from apps.accounts.models.person import normal_username
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.contributions import Question, impact_of
from apps.kernel.errors import conflict, invalid, invalid_state, not_found, rule_broken

JOINING = Question(name="accounts.add_member", about="project")
"""The people whom belonging to the project would make judges of their own access."""


@command(queue=STANDING)
def create_project(
    *,
    actor: Actor,
    organization_id: UUID,
    name: str,
    lead_id: UUID,
    ends_at: datetime,
    purposes: Collection[UUID] = (),
    description: str = "",
    at: datetime,
) -> Project:
    """Add a project; its lead is its first member.

    Raises: NotFound, NotPermitted, InvalidInput, RuleBroken, Conflict.
    """
    organization = Organization.objects.visible_to(actor).one(organization_id)
    resource = Resource(kind="organization", uid=organization.uid, organization_id=organization.pk)
    authorize(actor=actor, operation=Operation.CREATE_PROJECT, resource=resource)
    lead = _lead(actor, organization.pk, lead_id)
    _check_name(organization.pk, name)
    _check_end(ends_at, at=at)
    project = Project.objects.create(
        organization=organization,
        name=present(name),
        description=description,
        lead=lead,
        purposes=_once(purposes),
        ends_at=ends_at,
        created_at=at,
    )
    ProjectMember.objects.create(project=project, person=lead, starts_at=at, created_at=at)
    event = ProjectCreated(
        project_id=project.uid,
        project_name=project.name,
        lead_id=lead.uid,
        purposes=tuple(project.purposes),
        ends_at=ends_at,
    )
    record(event, actor=actor, at=at)
    return project


@command(lock=Project, queue=STANDING)
def change_project(
    *,
    actor: Actor,
    project_id: UUID,
    name: str | None = None,
    description: str | None = None,
    lead_id: UUID | None = None,
    purposes: Collection[UUID] | None = None,
    ends_at: datetime | None = None,
    seen_version: int | None = None,
    at: datetime,
) -> Project:
    """Change what is given. A new lead becomes a member; the old one stays one until that is ended.

    Nobody makes themselves the lead, or becomes it who decided on what the project holds or asks for.

    Raises: NotFound, NotPermitted, StaleVersion, InvalidInput, RuleBroken, InvalidState, Conflict.
    """
    project = _managed(actor, project_id)
    project.expect_version(seen_version)
    _check_running(project, at=at)
    if name is not None:
        _check_name(project.organization_id, name, but=project)
    if ends_at is not None:
        _check_end(ends_at, at=at)
    lead = _lead(actor, project.organization_id, lead_id) if lead_id is not None else None
    if lead is not None and lead != project.lead:
        _check_another(actor, lead, field="lead_id")
        _check_decided_nothing(actor, project, lead, field="lead_id")
    given = {
        "name": present(name) if name is not None else None,
        "description": description,
        "lead": lead,
        "purposes": _once(purposes) if purposes is not None else None,
        "ends_at": ends_at,
    }
    changed = {field: value for field, value in given.items() if value is not None}
    for field, value in changed.items():
        setattr(project, field, value)
    project.write(*changed)
    if lead_id is not None and not _memberships(project, project.lead, at).exists():
        ProjectMember.objects.create(project=project, person=project.lead, starts_at=at, created_at=at)
    event = ProjectChanged(
        project_id=project.uid,
        changed=tuple(sorted(changed)),
        lead_id=project.lead.uid,
        purposes=tuple(project.purposes),
        ends_at=project.ends_at,
    )
    record(event, actor=actor, at=at)
    return project


@command(lock=Project)
def close_project(*, actor: Actor, project_id: UUID, at: datetime) -> Project:
    """End a project now, and with it what its members have through it.

    Raises: NotFound, NotPermitted, InvalidState.
    """
    project = _managed(actor, project_id)
    _check_running(project, at=at)
    project.ends_at = at
    record(ProjectClosed(project_id=project.uid), actor=actor, at=at)
    return project.write("ends_at")


@command(lock=Project, queue=STANDING)
def add_member(
    *,
    actor: Actor,
    project_id: UUID,
    username: str,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    at: datetime,
) -> ProjectMember:
    """Let a person belong to the project. A lead need not see everybody: a colleague is named by username.

    Nobody takes themselves in; who leads the project belongs to it. Nobody is let in who decided on what it
    holds or asks for.

    Raises: NotFound, NotPermitted, InvalidInput, RuleBroken, InvalidState, Conflict.
    """
    project = _managed(actor, project_id)
    _check_running(project, at=at)
    person = _person_named(project, username)
    if person.pk != project.lead_id:
        _check_another(actor, person, field="username")
    _check_decided_nothing(actor, project, person, field="username")
    begins = max(starts_at or at, at)
    if ends_at is not None and ends_at <= begins:
        raise invalid("ends_at", ENDS_BEFORE_START, starts_at=begins.isoformat(), ends_at=ends_at.isoformat())
    if begins >= project.ends_at:
        raise invalid("starts_at", ENDS_AFTER_PROJECT, ends_at=project.ends_at.isoformat())
    if _memberships(project, person, begins).exists():
        raise conflict(MEMBER_ALREADY, name=person.name)
    member = ProjectMember.objects.create(
        project=project, person=person, starts_at=begins, ends_at=ends_at, created_at=at
    )
    event = MemberAdded(project_id=project.uid, person_id=person.uid, starts_at=begins, ends_at=ends_at)
    record(event, actor=actor, at=at)
    return member


@command(lock=ProjectMember)
def end_membership(*, actor: Actor, project_member_id: UUID, at: datetime) -> ProjectMember:
    """A person leaves the project, or steps out of it, and loses its access at once.

    Raises: NotFound, NotPermitted, RuleBroken (the lead), InvalidState.
    """
    member = ProjectMember.objects.visible_to(actor).for_update(project_member_id)
    own = frozenset({member.project.lead_id, member.person_id})
    authorize(actor=actor, operation=Operation.MANAGE_PROJECT, resource=_of(member.project, own))
    if member.ends_at is not None and member.ends_at <= at:
        raise invalid_state(MEMBERSHIP_ENDED)
    if member.person_id == member.project.lead_id and member.project.ends_at > at:
        raise rule_broken(LEAD_STAYS, field="project_member_id", name=member.person.name)
    member.ends_at = max(at, member.starts_at)
    event = MembershipEnded(project_id=member.project.uid, person_id=member.person.uid)
    record(event, actor=actor, at=at)
    return member.write("ends_at")


def project_resource(project: Project) -> Resource:
    return _of(project, frozenset({project.lead_id}))


def _managed(actor: Actor, project_id: UUID) -> Project:
    """The project, for its lead and for administrators.  Raises: NotFound, NotPermitted."""
    project = Project.objects.visible_to(actor).for_update(project_id)
    authorize(actor=actor, operation=Operation.MANAGE_PROJECT, resource=project_resource(project))
    return project


def _of(project: Project, own: frozenset[int]) -> Resource:
    return Resource(kind="project", uid=project.uid, organization_id=project.organization_id, persons=own)


def _lead(actor: Actor, organization_id: int, lead_id: UUID) -> Person:
    """Raises: NotFound, RuleBroken."""
    lead = Person.objects.visible_to(actor).one(lead_id)
    if lead.organization_id != organization_id:
        raise rule_broken(PERSON_OUTSIDE_ORGANIZATION, field="lead_id", name=lead.name)
    check_active(lead, field="lead_id")
    return lead


def _person_named(project: Project, username: str) -> Person:
    """Raises: NotFound, RuleBroken."""
    found = Account.objects.select_related("person").filter(
        username=normal_username(username),
        kind=AccountKind.PERSON,
        organization=project.organization_id,
        is_active=True,
    )
    account = found.first()
    if account is None:
        raise not_found("account")
    check_active(account.person, field="username")
    return account.person


def _check_another(actor: Actor, person: Person, *, field: str) -> None:
    """Raises: RuleBroken where somebody would let themselves in."""
    if not actor.is_system and person.pk == actor.person_id:
        raise rule_broken(PROJECT_TO_ONESELF, field=field)


def _memberships(project: Project, person: Person, moment: datetime) -> Any:
    """Those that are not over at the moment."""
    return ProjectMember.objects.filter(project=project, person=person).exclude(ends_at__lte=moment)


def _check_name(organization_id: int, name: str, *, but: Project | None = None) -> None:
    taken = Project.objects.filter(organization=organization_id, name__iexact=present(name))
    if taken.exclude(pk=but.pk if but else 0).exists():
        raise conflict(NAME_TAKEN, kind="project", name=present(name))


def _check_running(project: Project, *, at: datetime) -> None:
    if project.ends_at <= at:
        raise invalid_state(PROJECT_ENDED)


def _check_end(ends_at: datetime, *, at: datetime) -> None:
    if ends_at <= at:
        raise invalid("ends_at", ENDS_BEFORE_START, starts_at=at.isoformat(), ends_at=ends_at.isoformat())


def _once(purposes: Collection[UUID]) -> list[UUID]:
    return list(dict.fromkeys(purposes))


def _check_decided_nothing(actor: Actor, project: Project, person: Person, *, field: str) -> None:
    """Whoever belongs to it all the same uses nothing of what they decided.  Raises: RuleBroken."""
    if actor.is_system:
        return
    if any(each.uid == person.uid for each in impact_of(JOINING, project.uid).affected):
        raise rule_broken(DECIDED_FOR_PROJECT, field=field, name=person.name)
