"""Organizations and their domains, people and their accounts, and who calls."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts import commands, queries
from apps.accounts.queries import Audience, PersonStatus, Relation
from apps.accounts.roles import Role, TokenScope
from apps.api.addresses import addresses
from apps.api.fields import (
    Day,
    Filters,
    Flag,
    Input,
    Output,
    SeenImpact,
    Several,
    Shown,
    Text,
    Uid,
    Uids,
    Whole,
    Word,
)
from apps.api.resource import Contract, Resource, changes, creates, performs
from apps.kernel.clock import database_now

HIGHEST_RANK = 32767
LARGEST_UNDO = 24 * 60
LONGEST_UNANSWERED = 90


class OrganizationShown(Shown):
    name = serializers.CharField()
    code = serializers.CharField()
    country = serializers.CharField()
    time_zone = serializers.CharField()
    address = serializers.CharField()
    contact = serializers.CharField()
    calendar = serializers.CharField(help_text="Public holidays of: ISO 3166, such as NO or DE-BY.")
    undo_minutes = serializers.IntegerField(help_text="What people approve begins so much later.")
    unanswered_days = serializers.IntegerField(
        help_text="For how long a program goes on for which nobody can answer."
    )
    is_public_authority = serializers.BooleanField(
        allow_null=True, help_text="Whether it exercises public powers."
    )
    is_under_gdpr = serializers.BooleanField(
        allow_null=True, help_text="Whether the GDPR binds it; within the EEA it does."
    )


class OrganizationChange(Input):
    calendar = Text(allow_blank=True, max_length=6)
    address = Text(allow_blank=True, max_length=300)
    contact = Text(allow_blank=True, max_length=200)
    undo_minutes = Whole(min_value=0, max_value=LARGEST_UNDO)
    unanswered_days = Whole(min_value=0, max_value=LONGEST_UNANSWERED)
    is_public_authority = Flag()
    is_under_gdpr = Flag()


class Organizations(Resource):
    """Legal entities. One sees one's own."""

    slug = "organizations"
    output = OrganizationShown

    def rows(self) -> Any:
        return queries.organizations_visible_to(self.actor)

    @changes(OrganizationChange)
    def partial_update(self, given: dict[str, Any], seen: int | None, id: UUID) -> Any:
        """Change what is given."""
        return commands.change_organization(actor=self.actor, organization_id=id, seen_version=seen, **given)


class DomainShown(Shown):
    organization_id = serializers.UUIDField(source="organization.uid")
    name = serializers.CharField()
    description = serializers.CharField()
    audience = Word(Audience)
    audience_team_ids = Uids(source="audience_teams")


class DomainFilters(Filters):
    q = serializers.CharField(source="name__icontains", required=False, max_length=200)
    audience = Word(Audience, required=False)


class DomainInput(Input):
    organization_id = Uid()
    name = Text(max_length=200)
    description = Text(required=False, allow_blank=True, max_length=10_000)
    audience = Word(Audience)
    audience_team_ids = Several(child=Uid(), required=False, max_length=200)


class DomainChange(Input):
    name = Text(max_length=200)
    description = Text(allow_blank=True, max_length=10_000)
    audience = Word(Audience)
    audience_team_ids = Several(child=Uid(), max_length=200)


class Domains(Resource):
    """Named areas of assets, each with its own audience, owners and stewards."""

    slug = "domains"
    output = DomainShown
    filters = DomainFilters

    def rows(self) -> Any:
        return queries.domains_visible_to(self.actor)

    @creates(DomainInput)
    def create(self, given: dict[str, Any]) -> Any:
        """Add a domain."""
        return commands.create_domain(actor=self.actor, **given)

    @changes(DomainChange)
    def partial_update(self, given: dict[str, Any], seen: int | None, id: UUID) -> Any:
        """Change what is given."""
        return commands.change_domain(actor=self.actor, domain_id=id, seen_version=seen, **given)


class PersonShown(Shown):
    organization_id = serializers.UUIDField(source="organization.uid")
    name = serializers.CharField()
    email = serializers.CharField()
    status = Word(PersonStatus)
    relation = Word(Relation)
    contract_ends_on = serializers.DateField(allow_null=True)
    cleared_rank = serializers.IntegerField(allow_null=True)
    works_from = serializers.CharField(help_text="Country the person works from, ISO 3166-1.")
    employer_ref = serializers.CharField(help_text="Number of the party they work for, such as PY-0001.")
    undertaking_on = serializers.DateField(
        allow_null=True, help_text="When confidentiality was last undertaken."
    )
    trained_on = serializers.DateField(
        allow_null=True, help_text="When data protection was last learned about."
    )
    manager_id = serializers.UUIDField(source="manager.uid", allow_null=True, default=None)


class PersonFilters(Filters):
    q = serializers.CharField(source="name__icontains", required=False, max_length=200)
    status = Word(PersonStatus, required=False)
    relation = Word(Relation, required=False)


class PersonInput(Input):
    """A person signs in by single sign-on; passwords are not set through the API."""

    organization_id = Uid()
    name = Text(max_length=200)
    username = Text(max_length=150)
    relation = Word(Relation)
    email = serializers.EmailField(required=False, allow_blank=True, max_length=254)
    contract_ends_on = Day(required=False, allow_null=True)
    cleared_rank = Whole(required=False, allow_null=True, min_value=0, max_value=HIGHEST_RANK)
    works_from = Text(required=False, allow_blank=True, max_length=2)
    employer_ref = Text(required=False, allow_blank=True, max_length=20)
    undertaking_on = Day(required=False, allow_null=True)
    trained_on = Day(required=False, allow_null=True)
    manager_id = Uid(required=False, allow_null=True, help_text="The line manager.")


class PersonChange(Input):
    status = Word(PersonStatus)
    relation = Word(Relation)
    contract_ends_on = Day()
    cleared_rank = Whole(min_value=0, max_value=HIGHEST_RANK)
    works_from = Text(allow_blank=True, max_length=2)
    employer_ref = Text(allow_blank=True, max_length=20)
    undertaking_on = Day(allow_null=True)
    trained_on = Day(allow_null=True)
    manager_id = Uid(allow_null=True, help_text="The line manager.")


class Leaving(Input):
    reason = Text(max_length=2000)
    seen_impact = SeenImpact()


class People(Resource):
    """Human beings. Everybody sees themselves; with a role, the people of the organization."""

    slug = "people"
    output = PersonShown
    filters = PersonFilters

    def rows(self) -> Any:
        return queries.people_visible_to(self.actor)

    @creates(PersonInput)
    def create(self, given: dict[str, Any]) -> Any:
        """Register a person and the account they sign in with."""
        return commands.register_person(actor=self.actor, **given)

    @changes(PersonChange)
    def partial_update(self, given: dict[str, Any], seen: int | None, id: UUID) -> Any:
        """Change what is given. A person who is not active can do nothing from then on."""
        return commands.change_person(actor=self.actor, person_id=id, seen_version=seen, **given)

    @performs(Leaving)
    def off_board(self, given: dict[str, Any], id: UUID) -> Any:
        """The person leaves: all they hold ends at once, and for good."""
        return commands.off_board_person(actor=self.actor, person_id=id, **given)


class AccountShown(Shown):
    person_id = serializers.UUIDField(source="person.uid")
    organization_id = serializers.UUIDField(source="organization.uid")
    username = serializers.CharField()
    kind = serializers.CharField()
    description = serializers.CharField()
    is_active = serializers.BooleanField()
    unanswered_since = serializers.DateTimeField(
        allow_null=True, help_text="Of a service account: since when nobody can answer for it."
    )


class AccountInput(Input):
    username = Text(max_length=150)


class PersonAccounts(Resource):
    """The accounts a person acts through, and the service accounts the person answers for."""

    slug = "person-accounts"
    output = AccountShown
    reads = False

    def rows(self) -> Any:
        person = queries.people_visible_to(self.actor).one(self.kwargs["person_id"])
        return queries.accounts_visible_to(self.actor).filter(person=person)

    @creates(AccountInput)
    def create(self, given: dict[str, Any], person_id: UUID) -> Any:
        """Give the person another account to sign in with."""
        return commands.add_account(actor=self.actor, person_id=person_id, **given)

    @performs()
    def disable(self, given: dict[str, Any], person_id: UUID, id: UUID) -> Any:
        """Stop one account, with its sessions and tokens."""
        return commands.disable_account(actor=self.actor, account_id=self.one(id).uid)

    @performs()
    def enable(self, given: dict[str, Any], person_id: UUID, id: UUID) -> Any:
        """Let the account be used again."""
        return commands.enable_account(actor=self.actor, account_id=self.one(id).uid)


class ServiceAccountInput(Input):
    person_id = Uid(help_text="The human who answers for it.")
    username = Text(max_length=150)
    description = Text(max_length=300)


class HandOver(Input):
    person_id = Uid(help_text="Who answers for it from now on.")


class ServiceAccounts(Resource):
    """Accounts of programs, each with a human who answers for it."""

    slug = "service-accounts"
    output = AccountShown

    def rows(self) -> Any:
        return queries.service_accounts_visible_to(self.actor)

    @creates(ServiceAccountInput)
    def create(self, given: dict[str, Any]) -> Any:
        """Make an account for a program."""
        return commands.create_service_account(actor=self.actor, **given)

    @performs(HandOver)
    def hand_over(self, given: dict[str, Any], id: UUID) -> Any:
        """Somebody else answers for the program; its tokens are revoked."""
        return commands.hand_over_service_account(actor=self.actor, account_id=id, **given)


class RoleHeld(Output):
    role = Word(Role)
    organization_id = serializers.UUIDField(source="organization")
    domain_id = serializers.UUIDField(source="domain", allow_null=True)


class SelfShown(Output):
    account = AccountShown()
    person = PersonShown(source="account.person")
    roles = RoleHeld(many=True)
    scopes = Several(child=Word(TokenScope), allow_null=True, help_text="Null: a sign-in.")


class Me(Resource):
    """Who calls, with what."""

    slug = "me"
    output = SelfShown

    def who(self, request: Request) -> Response:
        """The account and person behind this request, the roles held now, the token's scopes."""
        return self.shown(queries.self_of(self.actor, at=database_now()), Contract(status=200))


urlpatterns = [
    *addresses("organizations", Organizations),
    *addresses("domains", Domains),
    *addresses("people", People),
    *addresses("people/<uuid:person_id>/accounts", PersonAccounts),
    *addresses("service-accounts", ServiceAccounts),
    path("me", Me.as_view({"get": "who"}), name="me"),
]
