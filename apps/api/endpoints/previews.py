"""What a request would lead to, before it is sent."""

from __future__ import annotations

from rest_framework import serializers

from apps.access.queries import (
    Way,
    WayOffered,
)
from apps.api.fields import Output, Several, Word
from apps.api.reasons import ReasonShown
from apps.policy.conditions import ConditionCheck, ConditionKind
from apps.policy.counterfactual import EditKind
from apps.policy.decision import Effect


class PreviewStageShown(Output):
    name = serializers.CharField(source="stage.name")
    roles = Several(source="stage.roles", child=serializers.CharField())
    is_opinion = serializers.BooleanField(source="stage.is_opinion")
    eligible = serializers.IntegerField(
        allow_null=True,
        help_text="How many people could decide today, by every test; of several roles, for the scarcest.",
    )
    is_fillable = serializers.BooleanField(help_text="Also beside the other stages: nobody fills two.")


class AssetOutcomeShown(Output):
    """What would happen if this asset were asked for alone."""

    asset_id = serializers.UUIDField(source="item.asset.uid")
    effect = Word(Effect, source="decision.effect")
    may_be_submitted = serializers.BooleanField(source="decision.may_be_submitted")
    ends_at = serializers.DateTimeField(source="decision.ends_at")
    limiting_factor = serializers.CharField(source="decision.limiting_factor")
    reasons = ReasonShown(source="decision.reasons", many=True)


class EditShown(Output):
    kind = Word(EditKind)
    what = Several(child=serializers.CharField(), help_text="Columns, an action, days, a country, or an id.")


class OfferShown(Output):
    """Something else to ask for, and what would happen then."""

    edits = EditShown(source="offer.edits", many=True)
    effect = Word(Effect, source="offer.decision.effect")
    stages = serializers.SerializerMethodField()
    usual_seconds = serializers.SerializerMethodField()

    def get_stages(self, row: WayOffered) -> list[str]:
        return [stage.name for stage in row.offer.decision.stages]

    def get_usual_seconds(self, row: WayOffered) -> int | None:
        return None if row.usual is None else int(row.usual.total_seconds())


class WayShown(Output):
    """How long it usually takes by the own history (null: none yet), and shorter ways, the shortest first."""

    usual_seconds = serializers.SerializerMethodField()
    usual_seconds_by_stage = serializers.SerializerMethodField()
    offers = OfferShown(many=True)

    def get_usual_seconds(self, row: Way) -> int | None:
        return None if row.usual is None else int(row.usual.total_seconds())

    def get_usual_seconds_by_stage(self, row: Way) -> dict[str, int]:
        return {name: int(span.total_seconds()) for name, span in row.waits.items()}


class ConditionAheadShown(Output):
    code = serializers.CharField()
    kind = Word(ConditionKind)
    text = serializers.CharField()
    check = Word(ConditionCheck)
    due_days = serializers.IntegerField(allow_null=True)


class PreviewShown(Output):
    effect = Word(Effect, source="answer.decision.effect")
    may_be_submitted = serializers.BooleanField(source="answer.decision.may_be_submitted")
    ends_at = serializers.DateTimeField(source="answer.decision.ends_at")
    limiting_factor = serializers.CharField(source="answer.decision.limiting_factor")
    max_lease_minutes = serializers.IntegerField(source="answer.decision.max_lease_minutes", allow_null=True)
    droppable_columns = Several(source="answer.decision.droppable_columns", child=serializers.CharField())
    reasons = ReasonShown(source="answer.decision.reasons", many=True)
    conditions = ConditionAheadShown(source="answer.decision.conditions", many=True)
    stages = PreviewStageShown(many=True)
    per_asset = AssetOutcomeShown(many=True, help_text="Empty where one asset alone is asked for.")
    way = WayShown(allow_null=True)
    keyless = ReasonShown(many=True, help_text="Why the grant would give no key, whoever decides.")
