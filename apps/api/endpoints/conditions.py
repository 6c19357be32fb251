"""What grants are bound to: before they begin, while they last, and after they have ended."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.access import commands, queries
from apps.access.lifecycle import ConditionStatus
from apps.access.queries import Turn
from apps.api.addresses import addresses
from apps.api.fields import Filters, Input, Shown, Text, Word
from apps.api.resource import Resource, performs
from apps.policy.conditions import ConditionCheck, ConditionKind


class ConditionShown(Shown):
    request_id = serializers.UUIDField(source="request.uid")
    grant_id = serializers.UUIDField(source="grant.uid", allow_null=True, default=None)
    code = serializers.CharField()
    kind = Word(ConditionKind)
    text = serializers.CharField()
    check = Word(ConditionCheck, source="check_by")
    status = Word(ConditionStatus)
    due_at = serializers.DateTimeField(allow_null=True)
    turn = Word(Turn, allow_null=True, help_text="Who does something next.")
    evidence = serializers.CharField(help_text="Shown in this round.")
    evidence_by = serializers.UUIDField(source="evidence_by.uid", allow_null=True, default=None)
    checker_id = serializers.UUIDField(source="checker.uid", allow_null=True, default=None)
    checked_at = serializers.DateTimeField(allow_null=True)


class ConfirmationShown(Shown):
    evidence = serializers.CharField()
    evidence_by = serializers.UUIDField(source="evidence_by.uid", allow_null=True, default=None)
    checker_id = serializers.UUIDField(source="checker.uid", allow_null=True, default=None)
    due_at = serializers.DateTimeField(allow_null=True, help_text="By when it was to be confirmed.")


class ConditionFilters(Filters):
    status = Word(ConditionStatus, required=False)
    kind = Word(ConditionKind, required=False)


class EvidenceInput(Input):
    evidence = Text(max_length=10_000)


class ConfirmationInput(Input):
    evidence = Text(
        required=False,
        allow_blank=True,
        max_length=10_000,
        help_text="Where none was shown, or other.",
    )


class Conditions(Resource):
    """Conditions of requests and grants."""

    slug = "conditions"
    output = ConditionShown
    filters = ConditionFilters

    def rows(self) -> Any:
        return queries.conditions_visible_to(self.actor)

    @performs(EvidenceInput)
    def show_evidence(self, given: dict[str, Any], id: UUID) -> Any:
        """Say what shows that it is met; somebody else confirms it."""
        return commands.show_evidence(actor=self.actor, condition_id=id, **given)

    @performs(ConfirmationInput)
    def satisfy(self, given: dict[str, Any], id: UUID) -> Any:
        """Confirm that it is met."""
        return commands.satisfy_condition(actor=self.actor, condition_id=id, **given)


class Confirmations(Resource):
    """Each time a condition was confirmed, and by what evidence."""

    slug = "condition-confirmations"
    output = ConfirmationShown
    reads = False

    def rows(self) -> Any:
        return queries.confirmations_of(self.actor, self.kwargs["condition_id"])


class RequestConditions(Resource):
    """The conditions of a request: before its grants, and of its grants."""

    slug = "access-request-conditions"
    output = ConditionShown
    reads = False

    def rows(self) -> Any:
        return queries.conditions_of_request(self.actor, self.kwargs["request_id"])


class GrantConditions(Resource):
    """The conditions of a grant."""

    slug = "grant-conditions"
    output = ConditionShown
    reads = False

    def rows(self) -> Any:
        return queries.conditions_of_grant(self.actor, self.kwargs["grant_id"])


urlpatterns = [
    *addresses("access-requests/<uuid:request_id>/conditions", RequestConditions),
    *addresses("grants/<uuid:grant_id>/conditions", GrantConditions),
    *addresses("conditions", Conditions),
    *addresses("conditions/<uuid:condition_id>/confirmations", Confirmations),
]
