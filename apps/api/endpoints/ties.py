"""Delegations, conflicts of interest, and projects with their members."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.accounts import commands, queries
from apps.accounts.queries import ConflictKind
from apps.accounts.roles import Role
from apps.api.addresses import addresses
from apps.api.fields import Filters, Input, Moment, Several, Shown, Text, Uid, Word
from apps.api.resource import Resource, changes, creates, performs

MOST_PURPOSES = 100


class DelegationShown(Shown):
    delegator_id = serializers.UUIDField(source="delegator.uid")
    delegator_name = serializers.CharField(source="delegator.name")
    delegate_id = serializers.UUIDField(source="delegate.uid")
    delegate_name = serializers.CharField(source="delegate.name")
    roles = Several(child=Word(Role))
    organization_id = serializers.UUIDField(source="organization.uid")
    domain_id = serializers.UUIDField(source="domain.uid", allow_null=True, default=None)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()


class DelegationFilters(Filters):
    delegator = Uid(source="delegator__uid", required=False)
    delegate = Uid(source="delegate__uid", required=False)


class DelegationInput(Input):
    delegator_id = Uid(help_text="Who is away.")
    delegate_id = Uid(help_text="Who answers in their stead; needs the roles in their own right.")
    roles = Several(child=Word(Role), min_length=1, max_length=len(Role))
    domain_id = Uid(required=False, allow_null=True)
    starts_at = Moment(required=False, allow_null=True)
    ends_at = Moment()
    reason = Text(required=False, allow_blank=True, max_length=2000)


class Delegations(Resource):
    """Who stands in for whom. It gives no role, and makes neither chains nor circles."""

    slug = "delegations"
    output = DelegationShown
    filters = DelegationFilters

    def rows(self) -> Any:
        return queries.delegations_visible_to(self.actor)

    @creates(DelegationInput)
    def create(self, given: dict[str, Any]) -> Any:
        """Let somebody answer in the delegator's stead."""
        return commands.create_delegation(actor=self.actor, **given)

    @performs()
    def end(self, given: dict[str, Any], id: UUID) -> Any:
        """End it now."""
        return commands.end_delegation(actor=self.actor, delegation_id=id)


class ConflictShown(Shown):
    person_id = serializers.UUIDField(source="person.uid")
    kind = Word(ConflictKind)
    target_id = serializers.UUIDField(source="target_uid")
    note = serializers.CharField()
    recorded_by_id = serializers.UUIDField(source="recorded_by.uid", allow_null=True, default=None)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)


class ConflictFilters(Filters):
    person = Uid(source="person__uid", required=False)
    kind = Word(ConflictKind, required=False)
    target = Uid(source="target_uid", required=False)


class ConflictInput(Input):
    person_id = Uid()
    kind = Word(ConflictKind)
    target_id = Uid(help_text="A thing of that kind, about which the person should not decide.")
    note = Text(required=False, allow_blank=True, max_length=2000)
    starts_at = Moment(required=False, allow_null=True)
    ends_at = Moment(required=False, allow_null=True)


class Conflicts(Resource):
    """Declared conflicts of interest: one's own, and for those who watch over lawfulness, everybody's."""

    slug = "conflicts"
    output = ConflictShown
    filters = ConflictFilters

    def rows(self) -> Any:
        return queries.conflicts_visible_to(self.actor)

    @creates(ConflictInput)
    def create(self, given: dict[str, Any]) -> Any:
        """Declare one's own, or record somebody's."""
        return commands.declare_conflict(actor=self.actor, **given)

    @performs()
    def end(self, given: dict[str, Any], id: UUID) -> Any:
        """End the declaration now."""
        return commands.end_conflict(actor=self.actor, conflict_declaration_id=id)


class ProjectShown(Shown):
    organization_id = serializers.UUIDField(source="organization.uid")
    name = serializers.CharField()
    description = serializers.CharField()
    lead_id = serializers.UUIDField(source="lead.uid")
    lead_name = serializers.CharField(source="lead.name")
    purpose_ids = Several(child=serializers.UUIDField(), source="purposes")
    ends_at = serializers.DateTimeField()


class ProjectFilters(Filters):
    q = serializers.CharField(source="name__icontains", required=False, max_length=200)
    lead = Uid(source="lead__uid", required=False)


class ProjectInput(Input):
    organization_id = Uid()
    name = Text(max_length=200)
    description = Text(required=False, allow_blank=True, max_length=10_000)
    lead_id = Uid()
    purpose_ids = Several(child=Uid(), source="purposes", required=False, max_length=MOST_PURPOSES)
    ends_at = Moment()


class ProjectChange(Input):
    name = Text(max_length=200)
    description = Text(allow_blank=True, max_length=10_000)
    lead_id = Uid()
    purpose_ids = Several(child=Uid(), source="purposes", max_length=MOST_PURPOSES)
    ends_at = Moment()


class Projects(Resource):
    """Groups of people with a lead, purposes and an end."""

    slug = "projects"
    output = ProjectShown
    filters = ProjectFilters

    def rows(self) -> Any:
        return queries.projects_visible_to(self.actor)

    @creates(ProjectInput)
    def create(self, given: dict[str, Any]) -> Any:
        """Add a project; its lead is its first member."""
        return commands.create_project(actor=self.actor, **given)

    @changes(ProjectChange)
    def partial_update(self, given: dict[str, Any], seen: int | None, id: UUID) -> Any:
        """Change what is given."""
        return commands.change_project(actor=self.actor, project_id=id, seen_version=seen, **given)

    @performs()
    def close(self, given: dict[str, Any], id: UUID) -> Any:
        """End the project now."""
        return commands.close_project(actor=self.actor, project_id=id)


class MemberShown(Shown):
    project_id = serializers.UUIDField(source="project.uid")
    person_id = serializers.UUIDField(source="person.uid")
    person_name = serializers.CharField(source="person.name")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)


class MemberInput(Input):
    username = Text(max_length=150, help_text="Of an account of the person.")
    starts_at = Moment(required=False, allow_null=True)
    ends_at = Moment(required=False, allow_null=True)


class ProjectMembers(Resource):
    """Who belongs to a project: now, later, and before."""

    slug = "project-members"
    output = MemberShown
    reads = False

    def rows(self) -> Any:
        project = queries.projects_visible_to(self.actor).one(self.kwargs["project_id"])
        return queries.members_of_project(project, self.actor)

    @creates(MemberInput)
    def create(self, given: dict[str, Any], project_id: UUID) -> Any:
        """Add a person to the project."""
        return commands.add_member(actor=self.actor, project_id=project_id, **given)

    @performs()
    def end(self, given: dict[str, Any], project_id: UUID, id: UUID) -> Any:
        """End the membership now."""
        return commands.end_membership(actor=self.actor, project_member_id=self.one(id).uid)


urlpatterns = [
    *addresses("delegations", Delegations),
    *addresses("conflicts", Conflicts),
    *addresses("projects", Projects),
    *addresses("projects/<uuid:project_id>/members", ProjectMembers),
]
