"""What is proposed for the ladder of classes, and who has yet to agree."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.addresses import addresses
from apps.api.endpoints.classification import (
    HandlingInput,
    SensitivityClassInput,
    SensitivityClassShown,
    handling_of,
)
from apps.api.fields import Filters, Input, Output, Several, Shown, Text, Word
from apps.api.resource import Contract, Resource, creates, performs
from apps.classification import commands, queries
from apps.classification.commands import DEMANDS
from apps.classification.queries import LadderChangeState, StageRole


class WantedShown(Output):
    """What the class would demand; of a new one also where it would stand, and what it is called."""

    rank = serializers.IntegerField(required=False)
    label = serializers.CharField(required=False)  # type: ignore[assignment]
    definition = serializers.CharField(required=False)
    max_grant_days = serializers.IntegerField(allow_null=True, help_text="Null: no limit.")
    max_lease_minutes = serializers.IntegerField(allow_null=True, help_text="Null: no limit.")
    stages = Several(child=Word(StageRole))
    needs_step_up = serializers.BooleanField()
    is_auto_ok_allowed = serializers.BooleanField()
    is_break_glass_allowed = serializers.BooleanField()


class LadderChangeShown(Shown):
    code = serializers.CharField(help_text="Of the class.")
    sensitivity_class_id = serializers.UUIDField(
        source="sensitivity_class.uid",
        default=None,
        allow_null=True,
        help_text="Null: one that is not there.",
    )
    wanted = WantedShown(source="document")
    is_laxer = serializers.BooleanField(help_text="Two people decide it.")
    state = Word(LadderChangeState)
    closed_at = serializers.DateTimeField(allow_null=True)
    rejection_reason = serializers.CharField()


class AwaitedShown(Output):
    is_own = serializers.BooleanField(help_text="An officer of one's own organization.")
    others = serializers.IntegerField(help_text="How many other organizations.")
    second_person = serializers.BooleanField(help_text="Another officer, for it is laxer.")


class LadderChangeDetailShown(LadderChangeShown):
    awaited = AwaitedShown(help_text="Who has yet to agree.")


class LadderChangeFilters(Filters):
    state = Word(LadderChangeState, required=False)


class RefusalInput(Input):
    reason = Text(allow_blank=True, max_length=10_000)


class LadderChanges(Resource):
    """Changes of the ladder: each holds once an officer of every organization with data has agreed."""

    slug = "ladder-changes"
    output = LadderChangeShown
    filters = LadderChangeFilters

    def rows(self) -> Any:
        return queries.ladder_changes(self.actor)

    def contract_of(self, action: str) -> Contract:
        if action == "retrieve":
            return Contract(status=200, output=LadderChangeDetailShown)
        return super().contract_of(action)

    def retrieve(self, request: Request, id: UUID, **path: Any) -> Response:
        found = self.one(id)
        found.awaited = queries.awaited(self.actor, found, at=timezone.now())
        return self.shown(found, self.contract_of("retrieve"))

    @creates(SensitivityClassInput)
    def create(self, given: dict[str, Any]) -> Any:
        """Propose a class that is not there. Where nobody else has to agree, it is there at once."""
        handling = handling_of({name: given.pop(name) for name in DEMANDS if name in given})
        return commands.propose_class(actor=self.actor, handling=handling, **given)

    @performs()
    def agree(self, given: dict[str, Any], id: UUID) -> Any:
        """Say yes for one's organization. The last yes that is needed puts it in force."""
        return commands.agree_to_ladder_change(actor=self.actor, ladder_change_id=id)

    @performs(RefusalInput)
    def reject(self, given: dict[str, Any], id: UUID) -> Any:
        """Say no for one's organization, and why. The ladder stays."""
        return commands.reject_ladder_change(actor=self.actor, ladder_change_id=id, **given)

    @performs()
    def withdraw(self, given: dict[str, Any], id: UUID) -> Any:
        """Take back what one proposed."""
        return commands.withdraw_ladder_change(actor=self.actor, ladder_change_id=id)


class Proposing(Resource):
    """What a class should demand, where others have to agree."""

    slug = "sensitivity-classes"
    output = SensitivityClassShown
    lists = False
    reads = False

    def rows(self) -> Any:
        return queries.ladder(self.actor)

    def contract_of_current(self, change: Contract) -> Contract:
        return Contract(status=200)

    @performs(HandlingInput, output=LadderChangeShown, names_version=True)
    def propose(self, given: dict[str, Any], seen: int | None, id: UUID) -> Any:
        """Propose what the class should demand. Where nobody else has to agree, it does at once."""
        return commands.propose_handling(
            actor=self.actor, sensitivity_class_id=id, handling=handling_of(given), seen_version=seen
        )


urlpatterns = [
    *addresses("ladder-changes", LadderChanges),
    *addresses("sensitivity-classes", Proposing),
]
