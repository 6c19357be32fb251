"""Teams, roles, object permissions and tokens."""

from __future__ import annotations

from enum import Enum
from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.accounts import commands, queries
from apps.accounts.queries import HeldPermission
from apps.accounts.roles import ObjectPermission, Role, TokenScope
from apps.api.addresses import addresses
from apps.api.endpoints.accounts import AccountShown
from apps.api.fields import Filters, Input, Moment, Output, Several, Shown, Text, Uid, Word
from apps.api.resource import Resource, changes, creates, performs
from apps.catalog import commands as catalog
from apps.catalog.queries import asset_permissions

Permission = Enum("Permission", {permission.name: permission.word for permission in ObjectPermission})  # type: ignore[misc]
"""The words of object permissions; the numbers stay inside."""


class TeamShown(Shown):
    organization_id = serializers.UUIDField(source="organization.uid")
    name = serializers.CharField()


class TeamInput(Input):
    organization_id = Uid()
    name = Text(max_length=120)


class TeamChange(Input):
    name = Text(max_length=120)


class TeamFilters(Filters):
    q = serializers.CharField(source="name__icontains", required=False, max_length=120)


class Teams(Resource):
    """Accounts that are given object permissions together."""

    slug = "teams"
    output = TeamShown
    filters = TeamFilters

    def rows(self) -> Any:
        return queries.teams_visible_to(self.actor)

    @creates(TeamInput)
    def create(self, given: dict[str, Any]) -> Any:
        """Make a team."""
        return commands.create_team(actor=self.actor, **given)

    @changes(TeamChange)
    def partial_update(self, given: dict[str, Any], seen: int | None, id: UUID) -> Any:
        """Rename the team."""
        return commands.rename_team(actor=self.actor, team_id=id, seen_version=seen, **given)


class MembersInput(Input):
    add = Several(child=Uid(), required=False, max_length=500)
    remove = Several(child=Uid(), required=False, max_length=500)


class TeamMembers(Resource):
    """The members of a team, among the accounts one may see."""

    slug = "team-members"
    output = AccountShown
    reads = False

    def rows(self) -> Any:
        team = queries.teams_visible_to(self.actor).one(self.kwargs["team_id"])
        return queries.members_of(team, self.actor)

    @performs(MembersInput, output=TeamShown)
    def create(self, given: dict[str, Any], team_id: UUID) -> Any:
        """Add and remove accounts."""
        return commands.change_team_members(actor=self.actor, team_id=team_id, **given)


class RoleAssignmentShown(Shown):
    person_id = serializers.UUIDField(source="person.uid")
    role = Word(Role)
    organization_id = serializers.UUIDField(source="organization.uid")
    domain_id = serializers.UUIDField(source="domain.uid", allow_null=True)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)


class RoleAssignmentFilters(Filters):
    person = Uid(source="person__uid", required=False)
    domain = Uid(source="domain__uid", required=False)
    role = Word(Role, required=False)


class RoleAssignmentInput(Input):
    person_id = Uid()
    role = Word(Role)
    organization_id = Uid()
    domain_id = Uid(required=False, allow_null=True)
    starts_at = Moment(required=False, allow_null=True)
    ends_at = Moment(required=False, allow_null=True)


class RoleAssignments(Resource):
    """Roles, each in a scope, each for a time."""

    slug = "role-assignments"
    output = RoleAssignmentShown
    filters = RoleAssignmentFilters

    def rows(self) -> Any:
        return queries.role_assignments_visible_to(self.actor)

    @creates(RoleAssignmentInput)
    def create(self, given: dict[str, Any]) -> Any:
        """Give a person a role."""
        return commands.assign_role(actor=self.actor, **given)

    @performs()
    def end(self, given: dict[str, Any], id: UUID) -> Any:
        """End the assignment now."""
        return commands.end_role(actor=self.actor, role_assignment_id=id)


class TokenShown(Shown):
    account_id = serializers.UUIDField(source="account.uid")
    name = serializers.CharField()
    prefix = serializers.CharField()
    scopes = Several(child=Word(TokenScope))
    expires_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True)


class TokenOnce(Output):
    token = TokenShown()
    secret = serializers.CharField(help_text="Shown this once.")


class TokenFilters(Filters):
    account = Uid(source="account__uid", required=False)


class TokenInput(Input):
    account_id = Uid()
    name = Text(max_length=120)
    scopes = Several(child=Word(TokenScope), min_length=1, max_length=len(TokenScope))
    expires_at = Moment()


class Tokens(Resource):
    """API tokens. A token is shown once; a token makes no token."""

    slug = "tokens"
    output = TokenShown
    filters = TokenFilters

    def rows(self) -> Any:
        return queries.tokens_visible_to(self.actor)

    def uid_of(self, row: Any) -> UUID:
        uid: UUID = row.token.uid
        return uid

    @creates(TokenInput, output=TokenOnce, keeps_answer=False)
    def create(self, given: dict[str, Any]) -> Any:
        """Make a token. Its secret is in this answer and nowhere else; a replay is answered 409."""
        return commands.create_token(actor=self.actor, **given)

    @performs()
    def revoke(self, given: dict[str, Any], id: UUID) -> Any:
        """End the token now."""
        return commands.revoke_token(actor=self.actor, api_token_id=id)


class PermissionShown(Output):
    id = serializers.UUIDField(source="uid")
    target_kind = serializers.ChoiceField(choices=["asset", "domain"])
    target_id = serializers.UUIDField()
    permission = Word(Permission)
    holder_kind = serializers.ChoiceField(choices=["account", "team"])
    holder_id = serializers.UUIDField()
    holder_name = serializers.CharField()


class OneTarget:
    """Either an asset or a domain."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(self.targets & attrs.keys()) != 1:
            raise serializers.ValidationError({sorted(self.targets)[0]: "Name either an asset or a domain."})
        return attrs

    targets: frozenset[str] = frozenset({"asset_id", "domain_id"})


class PermissionFilters(OneTarget, Filters):
    targets = frozenset({"asset", "domain"})
    asset = Uid(required=False)
    domain = Uid(required=False)
    holder = Uid(required=False)


class PermissionInput(OneTarget, Input):
    asset_id = Uid(required=False)
    domain_id = Uid(required=False)
    holder_id = Uid(help_text="An account or a team.")
    permission = Word(Permission)


def _permission(given: dict[str, Any]) -> ObjectPermission:
    return ObjectPermission[given["permission"].name]


class Permissions(Resource):
    """Object permissions given by name on an asset or a domain. They never give data."""

    slug = "permissions"
    output = PermissionShown
    filters = PermissionFilters
    reads = False

    def rows(self) -> list[HeldPermission]:
        return self._on(asset_id=self.query.get("asset"), domain_id=self.query.get("domain"))

    def filtered(self, rows: list[HeldPermission]) -> list[HeldPermission]:
        holder = self.query.get("holder")
        return [row for row in rows if holder is None or row.holder_id == holder]

    @creates(PermissionInput)
    def create(self, given: dict[str, Any]) -> HeldPermission:
        """Give an object permission."""
        permission, holder_id = _permission(given), given["holder_id"]
        asset_id, domain_id = given.get("asset_id"), given.get("domain_id")
        said = {"actor": self.actor, "permission": permission, "holder_id": holder_id}
        if asset_id:
            catalog.give_asset_permission(asset_id=asset_id, **said)
        else:
            commands.give_domain_permission(domain_id=domain_id, **said)
        held = self._on(asset_id=asset_id, domain_id=domain_id)
        return next(row for row in held if (row.permission, row.holder_id) == (permission.word, holder_id))

    @performs(PermissionInput, on_collection=True, status=204)
    def take(self, given: dict[str, Any]) -> None:
        """Take an object permission back."""
        said = {
            "actor": self.actor,
            "permission": _permission(given),
            "holder_id": given["holder_id"],
        }
        if "asset_id" in given:
            catalog.take_asset_permission(asset_id=given["asset_id"], **said)
        else:
            commands.take_domain_permission(domain_id=given["domain_id"], **said)

    def _on(self, *, asset_id: UUID | None, domain_id: UUID | None) -> list[HeldPermission]:
        if asset_id is not None:
            return asset_permissions(self.actor, asset_id)
        assert domain_id is not None
        return queries.domain_permissions(self.actor, domain_id)


urlpatterns = [
    *addresses("teams", Teams),
    *addresses("teams/<uuid:team_id>/members", TeamMembers),
    *addresses("role-assignments", RoleAssignments),
    *addresses("tokens", Tokens),
    *addresses("permissions", Permissions),
]
