"""Teams: accounts that are given object permissions together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import Group

from apps.accounts.authorization import Resource, authorize
from apps.accounts.commands.organizations import present
from apps.accounts.errors import (
    MEMBER_OUTSIDE_ORGANIZATION,
    MEMBERSHIP_TO_ONESELF,
    NAME_TAKEN,
)
from apps.accounts.events import TeamCreated, TeamMembersChanged, TeamRenamed
from apps.accounts.models import Account, Organization, Team
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.errors import conflict, rule_broken
from apps.kernel.models import uids

LONGEST_TEAM_NAME = 120


@command(lock=Organization)
def create_team(*, actor: Actor, organization_id: UUID, name: str, at: datetime) -> Team:
    """Raises: NotFound, NotPermitted, InvalidInput, Conflict."""
    organization = Organization.objects.visible_to(actor).one(organization_id)
    resource = Resource(kind="organization", uid=organization.uid, organization_id=organization.pk)
    authorize(actor=actor, operation=Operation.MANAGE_TEAM, resource=resource)
    given = _free_name(organization, name)
    group = Group.objects.create(name=_group_name(organization, given))
    team = Team.objects.create(organization=organization, group=group, name=given, created_at=at)
    record(TeamCreated(team_id=team.uid, team_name=team.name), actor=actor, at=at)
    return team


@command(lock=Team)
def rename_team(
    *, actor: Actor, team_id: UUID, name: str, seen_version: int | None = None, at: datetime
) -> Team:
    """Its members and what it was given stay.

    Raises: NotFound, NotPermitted, StaleVersion, InvalidInput, Conflict.
    """
    team = Team.objects.visible_to(actor).for_update(team_id)
    resource = Resource(kind="team", uid=team.uid, organization_id=team.organization_id)
    authorize(actor=actor, operation=Operation.MANAGE_TEAM, resource=resource)
    team.expect_version(seen_version)
    team.name = _free_name(team.organization, name, but=team)
    Group.objects.filter(pk=team.group_id).update(name=_group_name(team.organization, team.name))
    record(TeamRenamed(team_id=team.uid, team_name=team.name), actor=actor, at=at)
    return team.write("name")


@command(lock=Team)
def change_team_members(
    *,
    actor: Actor,
    team_id: UUID,
    add: Sequence[UUID] = (),
    remove: Sequence[UUID] = (),
    at: datetime,
) -> Team:
    """Add and remove accounts; nobody adds themselves.  Raises: NotFound, NotPermitted, RuleBroken."""
    team = Team.objects.visible_to(actor).for_update(team_id)
    resource = Resource(kind="team", uid=team.uid, organization_id=team.organization_id)
    authorize(actor=actor, operation=Operation.MANAGE_TEAM, resource=resource)
    added = [Account.objects.visible_to(actor).one(account_id) for account_id in add]
    removed = [Account.objects.visible_to(actor).one(account_id) for account_id in remove]
    if any(account.organization_id != team.organization_id for account in added):
        raise rule_broken(MEMBER_OUTSIDE_ORGANIZATION, field="add")
    if not actor.is_system and any(account.person_id == actor.person_id for account in added):
        raise rule_broken(MEMBERSHIP_TO_ONESELF, field="add")
    for account in added:
        account.groups.add(team.group)
    for account in removed:
        account.groups.remove(team.group)
    event = TeamMembersChanged(team_id=team.uid, added=uids(added), removed=uids(removed))
    record(event, actor=actor, at=at)
    return team.write()


def _free_name(organization: Organization, name: str, *, but: Team | None = None) -> str:
    """Raises: InvalidInput, Conflict."""
    given = present(name, longest=LONGEST_TEAM_NAME)
    taken = Team.objects.filter(organization=organization, name__iexact=given)
    if taken.exclude(pk=but.pk if but else 0).exists():
        raise conflict(NAME_TAKEN, kind="team", name=given)
    return given


def _group_name(organization: Organization, name: str) -> str:
    return f"{organization.code}/{name}"
