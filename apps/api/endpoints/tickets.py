"""Ticket systems, and what they said about the ticket of a request."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.access import commands, queries
from apps.access.queries import TicketStanding
from apps.api.addresses import addresses
from apps.api.fields import Flag, Input, Output, Shown, Text, Uid, Word
from apps.api.resource import Resource, changes, creates, performs

LONGEST_URL = 2000


class TicketSystemShown(Shown):
    """`origin` is all that is shown of the address: the rest of it may be a secret."""

    organization_id = serializers.UUIDField(source="organization.uid")
    name = serializers.CharField()
    origin = serializers.CharField()
    tells_assets = serializers.BooleanField()
    is_active = serializers.BooleanField()
    disabled_at = serializers.DateTimeField(allow_null=True)


class TicketSystemOnce(Output):
    """`secret` signs the questions; shown in this answer and nowhere else."""

    system = TicketSystemShown()
    secret = serializers.CharField()


class TicketSystemInput(Input):
    organization_id = Uid()
    name = Text(max_length=60, help_text="As rules name it; it stays.")
    url = Text(max_length=LONGEST_URL)
    tells_assets = Flag(required=False, help_text="Whether it may know which assets are asked for.")


class TicketSystemChange(Input):
    url = Text(max_length=LONGEST_URL)
    tells_assets = Flag()


class TicketCheckShown(Shown):
    system = serializers.CharField(source="system.name")
    standing = Word(TicketStanding)
    attempts = serializers.IntegerField()
    asked_at = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    is_pending = serializers.BooleanField(help_text="Its yes was asked for anew, and not given anew.")
    next_at = serializers.DateTimeField(allow_null=True, help_text="When it is asked next.")
    status_code = serializers.IntegerField(allow_null=True)
    fault = serializers.CharField()


class TicketSystems(Resource):
    """Systems that are asked about tickets where a rule wants it. For administrators."""

    slug = "ticket-systems"
    output = TicketSystemShown

    def rows(self) -> Any:
        return queries.ticket_systems_visible_to(self.actor)

    def uid_of(self, row: Any) -> UUID:
        uid: UUID = row.system.uid
        return uid

    @creates(TicketSystemInput, output=TicketSystemOnce, keeps_answer=False)
    def create(self, given: dict[str, Any]) -> Any:
        """Connect one. Its secret is in this answer and nowhere else; a replay is answered 409."""
        return commands.connect_ticket_system(actor=self.actor, **given)

    @changes(TicketSystemChange)
    def partial_update(self, given: dict[str, Any], seen: int | None, id: UUID) -> Any:
        """Change what is given."""
        return commands.change_ticket_system(
            actor=self.actor, ticket_system_id=id, seen_version=seen, **given
        )

    @performs(output=TicketSystemOnce)
    def renew_secret(self, given: dict[str, Any], id: UUID) -> Any:
        """Sign with another secret from now on; it is in this answer and nowhere else."""
        return commands.renew_ticket_secret(actor=self.actor, ticket_system_id=id)

    @performs()
    def disable(self, given: dict[str, Any], id: UUID) -> Any:
        """Ask it nothing more."""
        return commands.disable_ticket_system(actor=self.actor, ticket_system_id=id)

    @performs()
    def enable(self, given: dict[str, Any], id: UUID) -> Any:
        """Ask it again, first about what waits."""
        return commands.enable_ticket_system(actor=self.actor, ticket_system_id=id)


class TicketChecks(Resource):
    """Which systems were asked about the ticket of a request, and what each said."""

    slug = "access-request-ticket-checks"
    output = TicketCheckShown
    reads = False

    def rows(self) -> Any:
        return queries.ticket_checks_of(self.actor, self.kwargs["request_id"])


urlpatterns = [
    *addresses("ticket-systems", TicketSystems),
    *addresses("access-requests/<uuid:request_id>/ticket-checks", TicketChecks),
]
