"""Emergency access, and what was said of it afterwards."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.access import commands, queries
from apps.access.commands import GlassDraft
from apps.access.queries import GlassVerdict
from apps.api.addresses import addresses
from apps.api.fields import Flag, Input, Several, Shown, Text, Uid, Whole
from apps.api.resource import Resource, creates, performs
from apps.policy.emergency import LONGEST_HOURS


class BreakGlassShown(Shown):
    person_id = serializers.UUIDField(source="person.uid")
    grant_id = serializers.UUIDField(source="grant.uid")
    asset_id = serializers.UUIDField(source="grant.asset.uid")
    not_after = serializers.DateTimeField(source="grant.not_after")
    reason = serializers.CharField()
    incident_ref = serializers.CharField()
    is_life_at_stake = serializers.BooleanField()
    review_due_at = serializers.DateTimeField()
    sanctioned_at = serializers.DateTimeField(allow_null=True)
    verdict = serializers.ChoiceField(choices=[*GlassVerdict.choices, ("", "")])
    reviewer_id = serializers.UUIDField(source="reviewer.uid", allow_null=True, default=None)
    reviewed_at = serializers.DateTimeField(allow_null=True)


class BreakGlassInput(Input):
    asset_id = Uid()
    purpose_id = Uid()
    actions = Several(child=Text(max_length=20), max_length=20)
    hours = Whole(min_value=1, max_value=LONGEST_HOURS)
    reason = Text(max_length=10_000)
    incident_ref = Text(required=False, allow_blank=True, max_length=100)
    is_life_at_stake = Flag(required=False, help_text="Then the incident may be named within 24 hours.")
    cannot_consent = Flag(required=False, help_text="Those the data are about cannot consent.")


class IncidentInput(Input):
    incident_ref = Text(max_length=100)


class ReviewInput(Input):
    is_justified = Flag()
    comment = Text(max_length=10_000)


class BreakGlass(Resource):
    """Emergency access: for hours, by who is on call and has just confirmed it by a second factor.

    A token cannot confirm that; this takes a session.
    """

    slug = "break-glass"
    output = BreakGlassShown

    def rows(self) -> Any:
        return queries.glass_visible_to(self.actor)

    @creates(BreakGlassInput)
    def create(self, given: dict[str, Any]) -> Any:
        """Break the glass. A block or a referral is lifted, a denial never."""
        return commands.break_glass(actor=self.actor, draft=GlassDraft(**given))

    @performs(IncidentInput)
    def incident(self, given: dict[str, Any], id: UUID) -> Any:
        """Name the incident afterwards."""
        return commands.name_incident(actor=self.actor, break_glass_id=id, **given)

    @performs(ReviewInput)
    def review(self, given: dict[str, Any], id: UUID) -> Any:
        """Say whether it was justified; not one's own."""
        return commands.review_break_glass(actor=self.actor, break_glass_id=id, **given)


urlpatterns = addresses("break-glass", BreakGlass)
