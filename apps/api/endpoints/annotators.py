"""The rosters of labeling policies: who labels under them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.api.addresses import addresses
from apps.api.fields import Country, Day, Filters, Flag, Input, Shown, Text, Uid, Whole, Word
from apps.api.resource import Resource, creates, performs
from apps.labeling import commands
from apps.labeling.commands import AnnotatorDraft
from apps.labeling.queries import AnnotatorRole, annotators_visible_to

HIGHEST_RANK = 32_767


class Share(serializers.FloatField):
    """A JSON number from 0 to 1."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=1, **options)

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return float(super().to_internal_value(data))


class AnnotatorShown(Shown):
    policy_id = serializers.UUIDField(source="policy.uid")
    policy_ref = serializers.CharField(source="policy.ref")
    code = serializers.CharField(help_text="The number that the labeling tool gave, or a pseudonym.")
    role = Word(AnnotatorRole)
    person_id = serializers.UUIDField(source="person.uid", allow_null=True)
    group = serializers.CharField()
    cleared_rank = serializers.IntegerField(allow_null=True)
    trained_on = serializers.DateField(allow_null=True)
    test_score = serializers.FloatField(allow_null=True)
    undertaking_on = serializers.DateField(allow_null=True)
    country = serializers.CharField(help_text="From which they label (ISO 3166-1 alpha-2).")
    no_conflict_on = serializers.DateField(
        allow_null=True, help_text="When they declared that they are none of those who must not label."
    )
    contract_id = serializers.UUIDField(source="contract.uid", allow_null=True)
    opted_in_hard = serializers.BooleanField()
    hours_a_day = serializers.IntegerField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True, help_text="Empty while they label.")
    paused_since = serializers.DateTimeField(
        allow_null=True, help_text="Because of what L10 found in a label set; empty where they may label."
    )


class AnnotatorChange(Input):
    """Who they are and their number remain."""

    role = Word(AnnotatorRole, required=False)
    group = Text(required=False, allow_blank=True, max_length=80)
    cleared_rank = Whole(required=False, allow_null=True, min_value=0, max_value=HIGHEST_RANK)
    trained_on = Day(required=False, allow_null=True)
    test_score = Share(required=False, allow_null=True, help_text="Of the entrance test, from 0 to 1.")
    undertaking_on = Day(required=False, allow_null=True)
    country = Country(
        required=False, allow_blank=True, help_text="Of people of the house it is known from where they work."
    )
    no_conflict_on = Day(required=False, allow_null=True)
    contract_id = Uid(required=False, allow_null=True, help_text="The party that they work for.")
    opted_in_hard = Flag(required=False)
    hours_a_day = Whole(required=False, allow_null=True, min_value=0, max_value=24)


class AnnotatorInput(AnnotatorChange):
    code = Text(max_length=80)
    person_id = Uid(required=False, allow_null=True, help_text="Somebody of the house.")


class LiftInput(Input):
    why = Text(max_length=2000, help_text="What was done, such as a training.")


class Roster(Resource):
    """Entering who labels under a policy."""

    slug = "labeling-policy-annotators"
    output = AnnotatorShown
    lists = False
    reads = False

    @creates(AnnotatorInput)
    def create(self, given: dict[str, Any], policy_id: UUID) -> Any:
        """Let somebody label under the policy. Everything that they lack is told."""
        draft = AnnotatorDraft(**given)
        made = commands.enter_annotator(actor=self.actor, legal_record_id=policy_id, draft=draft)
        return annotators_visible_to(self.actor).one(made.uid)


class AnnotatorFilters(Filters):
    policy = Uid(source="policy__uid", required=False)
    person = Uid(source="person__uid", required=False)
    code = Text(required=False, max_length=80)
    is_current = Flag(source="ended_at__isnull", required=False)


class Annotators(Resource):
    """Those who label, under the policies that one keeps; and oneself."""

    slug = "annotators"
    output = AnnotatorShown
    filters = AnnotatorFilters

    def rows(self) -> Any:
        return annotators_visible_to(self.actor)

    @performs(AnnotatorChange)
    def change(self, given: dict[str, Any], id: UUID) -> Any:
        """Say anew what holds of them. The row that held until now ends and stays."""
        row = self.one(id)
        draft = AnnotatorDraft(code=row.code, **given)
        made = commands.change_annotator(actor=self.actor, annotator_id=id, draft=draft)
        return annotators_visible_to(self.actor).one(made.uid)

    @performs()
    def end(self, given: dict[str, Any], id: UUID) -> Any:
        """They label no more under the policy."""
        commands.end_annotator(actor=self.actor, annotator_id=id)
        return annotators_visible_to(self.actor).one(id)

    @performs(LiftInput)
    def lift(self, given: dict[str, Any], id: UUID) -> Any:
        """Lift their pause, with the reason. Whoever is paused does not lift it."""
        commands.lift_pause(actor=self.actor, annotator_id=id, **given)
        return annotators_visible_to(self.actor).one(id)


urlpatterns = [
    *addresses("labeling-policies/<uuid:policy_id>/annotators", Roster),
    *addresses("annotators", Annotators),
]
