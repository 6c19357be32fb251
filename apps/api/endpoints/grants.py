"""Grants, and asking for more of one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.access import commands, queries
from apps.access.queries import (
    GrantMode,
    GrantState,
    SubjectKind,
)
from apps.api.addresses import addresses
from apps.api.endpoints.access import RequestShown
from apps.api.fields import Day, Filters, Flag, Input, SeenImpact, Several, Shown, Text, Uid, Word
from apps.api.resource import Resource, performs
from apps.credentials.commands import cut_grant, extend_as_used, halt_grant


class GrantShown(Shown):
    state = Word(GrantState)
    request_id = serializers.UUIDField(source="revision.request.uid")
    decision_id = serializers.UUIDField(source="decision.uid")
    asset_id = serializers.UUIDField(source="asset.uid")
    version_id = serializers.UUIDField(source="version.uid")
    purpose_id = serializers.UUIDField(source="purpose.uid")
    subject_kind = Word(SubjectKind)
    person_id = serializers.UUIDField(source="person.uid")
    service_account_id = serializers.UUIDField(source="service_account.uid", allow_null=True)
    project_id = serializers.UUIDField(source="project.uid", allow_null=True, default=None)
    actions = Several(child=serializers.CharField())
    columns = Several(child=serializers.CharField())
    mode = Word(GrantMode)
    obligations = Several(child=serializers.DictField())
    limiting_factor = serializers.CharField()
    max_lease_minutes = serializers.IntegerField(allow_null=True)
    not_before = serializers.DateTimeField()
    not_after = serializers.DateTimeField(help_text="Exclusive.")
    ended_at = serializers.DateTimeField(allow_null=True)


class GrantFilters(Filters):
    state = Word(GrantState, required=False)
    asset = Uid(source="asset__uid", required=False)
    request = Uid(source="revision__request__uid", required=False)


class RevokeInput(Input):
    comment = Text(max_length=10_000)


class EndInput(RevokeInput):
    seen_impact = SeenImpact(
        help_text="The digest of the impact that was looked at; 412 where it has changed."
    )


class SuspendInput(RevokeInput):
    is_for_cause = Flag(required=False, help_text="Then only another person lets it go on.")


class Grants(Resource):
    """Time-bound rights of a subject to actions on an asset for one purpose."""

    slug = "grants"
    output = GrantShown
    filters = GrantFilters

    def rows(self) -> Any:
        return queries.grants_visible_to(self.actor)

    @performs(EndInput)
    def revoke(self, given: dict[str, Any], id: UUID) -> Any:
        """End the grant and cut its keys; the leases say when each is really dead."""
        return cut_grant(actor=self.actor, grant_id=id, **given)

    @performs(SuspendInput)
    def suspend(self, given: dict[str, Any], id: UUID) -> Any:
        """Hold the grant back and cut its keys."""
        return halt_grant(actor=self.actor, grant_id=id, **given)

    @performs(RevokeInput)
    def resume(self, given: dict[str, Any], id: UUID) -> Any:
        """Let it go on, where policy, asked anew, still lets it; keys taken before stay dead."""
        return commands.resume_grant(actor=self.actor, grant_id=id, **given)

    @performs()
    def give_back(self, given: dict[str, Any], id: UUID) -> Any:
        """End one's own grant."""
        return commands.give_back_grant(actor=self.actor, grant_id=id)


class ExtendInput(Input):
    ends_on = Day(required=False, help_text="The last day; as long again as before, if not said.")
    justification = Text(required=False, allow_blank=True, max_length=10_000)
    by_use = Flag(required=False, help_text="Leave out actions that no key was taken for; true, if not said.")


class Extensions(Resource):
    """Requests that would carry a grant on."""

    slug = "access-requests"
    output = RequestShown
    lists = False
    reads = False

    @performs(ExtendInput, status=201, is_creating=True)
    def extend(self, given: dict[str, Any], id: UUID) -> Any:
        """Draft a request for what was used of it, from its end on. Sending it is the next step."""
        return extend_as_used(actor=self.actor, grant_id=id, **given)


urlpatterns = [
    *addresses("grants", Grants),
    *addresses("grants", Extensions),
]
