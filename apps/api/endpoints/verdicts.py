"""What those who decide a request say, and what they are told where it is another by now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from apps.access import commands
from apps.access.commands import ConditionDraft, NarrowingDraft, Terms
from apps.access.narrowing import LONGEST_DUE_DAYS
from apps.access.queries import RejectionCode
from apps.api.fields import Day, Input, Output, Several, Text, Uid, Whole, Word
from apps.api.reasons import ReasonShown
from apps.policy.conditions import ConditionKind
from apps.policy.decision import Effect

MOST_ASSETS = 50
MOST_COLUMNS = 5000
MOST_CONDITIONS = 20


class VerdictInput(Input):
    """Names the revision and the evaluation that were read."""

    revision_sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")
    decision_id = Uid()
    reason = Text(required=False, allow_blank=True, max_length=10_000)
    on_behalf_of = Uid(required=False, allow_null=True, help_text="For whom you answer, by a delegation.")


class RejectedInput(VerdictInput):
    rejection_code = Word(RejectionCode)


class RecusalInput(Input):
    reason = Text(max_length=10_000)


class ReassignInput(Input):
    slot_id = Uid()
    person_id = Uid()
    reason = Text(max_length=10_000)


class NarrowingInput(Input):
    """What is taken away of what was asked; nothing can be added."""

    assets = Several(child=Uid(), required=False, max_length=MOST_ASSETS)
    columns = Several(
        child=Text(max_length=240),
        required=False,
        max_length=MOST_COLUMNS,
        help_text='As "asset id/column".',
    )
    actions = Several(child=Text(max_length=20), required=False, max_length=20)
    ends_on = Day(required=False, allow_null=True, help_text="An earlier last day.")


class ConditionInput(Input):
    kind = Word(ConditionKind, help_text="before it begins, while it lasts (during), or after it has ended")
    text = Text(max_length=1000)
    due_days = Whole(required=False, allow_null=True, min_value=1, max_value=LONGEST_DUE_DAYS)


class ApprovalInput(VerdictInput):
    narrowing = NarrowingInput(required=False)
    conditions = Several(child=ConditionInput(), required=False, max_length=MOST_CONDITIONS)


class FieldChangeShown(Output):
    """A field of the request, named as in a draft."""

    field = serializers.CharField()
    before = serializers.ListField(child=serializers.CharField())
    after = serializers.ListField(child=serializers.CharField())


class EvaluationChangeShown(Output):
    before = Word(Effect)
    after = Word(Effect)
    gone = ReasonShown(many=True)
    new = ReasonShown(many=True)


class ChangesShown(Output):
    """Since what a verdict named was read. No evaluation where the revision is another."""

    revision_sha256 = serializers.CharField(help_text="Of the revision that holds now.")
    decision_id = serializers.UUIDField(help_text="Of the evaluation that holds now.")
    amended = FieldChangeShown(many=True)
    evaluation = EvaluationChangeShown(allow_null=True)


class ChosenInput(Input):
    """Names the revision and the evaluation that were read."""

    request_id = Uid()
    revision_sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")
    decision_id = Uid()


class TogetherInput(Input):
    items = Several(child=ChosenInput(), min_length=1, max_length=commands.MOST_TOGETHER)
    reason = Text(required=False, allow_blank=True, max_length=10_000)


class VerdictOutcomeShown(Output):
    request_id = serializers.UUIDField()
    is_approved = serializers.SerializerMethodField()
    reasons = ReasonShown(many=True, help_text="Why not; empty where the approval is on record.")

    def get_is_approved(self, outcome: commands.Outcome) -> bool:
        return not outcome.reasons


class VerdictOutcomesShown(Output):
    outcomes = VerdictOutcomeShown(many=True)


def terms_of(narrowing: dict[str, Any], conditions: Sequence[dict[str, Any]]) -> Terms:
    return Terms(
        narrowing=NarrowingDraft(**narrowing),
        conditions=[ConditionDraft(**condition) for condition in conditions],
    )
