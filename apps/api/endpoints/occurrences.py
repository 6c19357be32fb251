"""What happened to data under the law, what it reaches, and what has to be done about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access import commands as access_commands
from apps.access import queries as access_queries
from apps.api.addresses import addresses
from apps.api.endpoints.compliance import ImpactShown
from apps.api.fields import Country, Filters, Flag, Input, Output, SeenImpact, Several, Shown, Text, Uid, Word
from apps.api.reasons import ReasonShown
from apps.api.resource import Contract, Resource, creates, performs
from apps.compliance import commands, queries
from apps.compliance.commands import OccurrenceDraft
from apps.compliance.queries import Happening, ModelOutcome, ModelVerdict, OccurrenceState, Owner

LONG = 10_000


class AffectedVersionShown(Output):
    version_id = serializers.UUIDField(source="version.uid")
    asset_id = serializers.UUIDField(source="version.asset.uid")
    through_id = serializers.UUIDField(
        source="through.uid", allow_null=True, default=None, help_text="Null: it is named itself."
    )
    closing = serializers.CharField(help_text="Why it gives nothing; empty: it still may.")


class OccurrenceShown(Shown):
    ref = serializers.CharField()
    organization_id = serializers.UUIDField(source="organization.uid")
    happening = Word(Happening)
    state = Word(OccurrenceState)
    source_id = serializers.UUIDField(source="source.uid", allow_null=True, default=None)
    said = serializers.CharField()
    country = serializers.CharField()
    has_other_ground = serializers.BooleanField(allow_null=True)
    took_effect_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_reason = serializers.CharField()
    list_number = serializers.IntegerField(allow_null=True)
    affected = AffectedVersionShown(
        many=True, source="affected.all", help_text="Of a draft, those that it names."
    )


class OccurrenceInput(Input):
    organization_id = Uid()
    happening = Word(Happening)
    said = Text(max_length=LONG, help_text="What happened, without the names of people.")
    source_id = Uid(required=False, allow_null=True, help_text="The record that it rests on.")
    version_ids = Several(
        child=Uid(),
        required=False,
        max_length=500,
        help_text="All that the source is about, if none is named.",
    )
    country = Country(required=False)
    has_other_ground = Flag(required=False, allow_null=True)


class EffectInput(Input):
    seen_impact = SeenImpact()


class OccurrenceEndInput(Input):
    reason = Text(max_length=LONG)


class OccurrenceFilters(Filters):
    state = Word(OccurrenceState, required=False)
    happening = Word(Happening, required=False)


class Occurrences(Resource):
    """What happened to data: withdrawals, erasures, objections and the like. Hidden from whoever keeps no
    records."""

    slug = "occurrences"
    output = OccurrenceShown
    filters = OccurrenceFilters

    def rows(self) -> Any:
        return queries.occurrences_visible_to(self.actor)

    @creates(OccurrenceInput)
    def create(self, given: dict[str, Any]) -> Any:
        """Write down what happened. A draft has no effect."""
        organization_id = given.pop("organization_id")
        draft = OccurrenceDraft(**given)
        made = commands.draft_occurrence(actor=self.actor, organization_id=organization_id, draft=draft)
        return self.one(made.uid)

    @performs(EffectInput)
    def put_in_effect(self, given: dict[str, Any], id: UUID) -> Any:
        """Let it have its effects: versions are closed, access and keys end, models are assessed."""
        commands.put_in_effect(actor=self.actor, occurrence_id=id, **given)
        return self.one(id)

    @performs(OccurrenceEndInput)
    def lift(self, given: dict[str, Any], id: UUID) -> Any:
        """It holds no more."""
        commands.lift_occurrence(actor=self.actor, occurrence_id=id, **given)
        return self.one(id)

    @performs(OccurrenceEndInput)
    def discard(self, given: dict[str, Any], id: UUID) -> Any:
        """Give up a draft."""
        commands.discard_occurrence(actor=self.actor, occurrence_id=id, **given)
        return self.one(id)


class OccurrenceImpact(Resource):
    """What an occurrence would reach."""

    slug = "occurrence-impact"
    output = ImpactShown

    def ask(self, request: Request, id: UUID) -> Response:
        """The versions, live grants and working keys that it would reach. Writes nothing."""
        found = commands.impact_of_taking_effect(actor=self.actor, occurrence_id=id)
        return self.shown(found, Contract(status=200))


class HolderShown(Output):
    grant_id = serializers.UUIDField(source="grant.uid")
    asset_id = serializers.UUIDField(source="grant.asset.uid")
    person_id = serializers.UUIDField(source="grant.person.uid")
    organization_id = serializers.UUIDField(source="organization.uid")
    purpose_id = serializers.UUIDField(source="grant.purpose.uid")
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    was_told = serializers.SerializerMethodField()
    attested_at = serializers.DateTimeField(source="recall.attested_at", allow_null=True, default=None)

    def get_was_told(self, recipient: Any) -> bool:
        return recipient.recall is not None


class RecipientsShown(Output):
    recipients = HolderShown(many=True)


class Recipients(Resource):
    """Who was given the data (GDPR Art. 19)."""

    slug = "occurrence-recipients"
    output = RecipientsShown

    def ask(self, request: Request, id: UUID) -> Response:
        """Everybody who has or had a grant on a version that the occurrence reaches."""
        occurrence = queries.occurrences_visible_to(self.actor).one(id)
        found = {"recipients": access_queries.recipients_of(occurrence)}
        return self.shown(found, Contract(status=200))


class DutyShown(Shown):
    code = serializers.CharField()
    title = serializers.CharField()
    owner = Word(Owner)
    person_id = serializers.UUIDField(source="person.uid", allow_null=True, default=None)
    due_on = serializers.DateField()
    occurrence_id = serializers.UUIDField(source="occurrence.uid")
    asset_id = serializers.UUIDField(source="asset.uid", allow_null=True, default=None)
    done_at = serializers.DateTimeField(allow_null=True)
    done_by_id = serializers.UUIDField(source="done_by.uid", allow_null=True, default=None)
    evidence = serializers.CharField()
    begun_at = serializers.DateTimeField(allow_null=True, help_text="Of a deletion that is under way.")
    failed_at = serializers.DateTimeField(allow_null=True)
    failure = serializers.CharField(help_text="Why the deletion failed; empty unless it did.")


class DutyFailureInput(Input):
    why = Text(max_length=LONG)


class DutyEvidenceInput(Input):
    evidence = Text(max_length=LONG)


class AssigneeInput(Input):
    person_id = Uid()


class Duties(Resource):
    """What somebody has to do by a day: the own ones, and for those who keep records, all."""

    slug = "duties"
    output = DutyShown
    order = ("due_on", "pk")

    def rows(self) -> Any:
        return queries.duties_visible_to(self.actor)

    @performs(DutyEvidenceInput)
    def finish(self, given: dict[str, Any], id: UUID) -> Any:
        """Show that it is done."""
        return commands.finish_duty(actor=self.actor, duty_id=id, **given)

    @performs()
    def begin(self, given: dict[str, Any], id: UUID) -> Any:
        """Say that the deletion is under way, also after one that failed."""
        return commands.begin_duty(actor=self.actor, duty_id=id)

    @performs(DutyFailureInput)
    def fail(self, given: dict[str, Any], id: UUID) -> Any:
        """Say that the deletion did not succeed, and why. It stays to be done."""
        return commands.fail_duty(actor=self.actor, duty_id=id, **given)

    @performs(AssigneeInput)
    def assign(self, given: dict[str, Any], id: UUID) -> Any:
        """Name who does it."""
        return commands.assign_duty(actor=self.actor, duty_id=id, **given)


class ModelAssessmentShown(Shown):
    version_id = serializers.UUIDField(source="version.uid")
    asset_id = serializers.UUIDField(source="version.asset.uid")
    occurrence_id = serializers.UUIDField(source="occurrence.uid")
    is_suspending = serializers.BooleanField()
    due_on = serializers.DateField()
    is_extractable = serializers.BooleanField(allow_null=True)
    other_ground = serializers.CharField()
    anonymity_ref = serializers.CharField()
    outcome = serializers.CharField(help_text="Empty while nobody has decided.")
    why = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_by_id = serializers.UUIDField(source="decided_by.uid", allow_null=True, default=None)


class ModelVerdictInput(Input):
    is_extractable = Flag(required=False, allow_null=True, help_text="Can people's data be got out of it?")
    other_ground = Text(required=False, allow_blank=True, max_length=LONG)
    anonymity_ref = Text(required=False, allow_blank=True, max_length=200)
    outcome = Word(ModelOutcome)
    why = Text(max_length=LONG)


class ModelAssessments(Resource):
    """What becomes of models that learned from data which were taken back."""

    slug = "model-assessments"
    output = ModelAssessmentShown
    order = ("due_on", "pk")

    def rows(self) -> Any:
        return queries.model_assessments_visible_to(self.actor)

    @performs(ModelVerdictInput)
    def decide(self, given: dict[str, Any], id: UUID) -> Any:
        """Say what becomes of the version, and why."""
        verdict = ModelVerdict(**{"is_extractable": None, "other_ground": "", "anonymity_ref": "", **given})
        return commands.assess_model(actor=self.actor, model_assessment_id=id, verdict=verdict)


class RecallShown(Shown):
    grant_id = serializers.UUIDField(source="grant.uid")
    asset_id = serializers.UUIDField(source="grant.asset.uid")
    happening = Word(Happening, source="occurrence.happening")
    due_on = serializers.DateField(allow_null=True, help_text="Null: there is nothing to attest.")
    attested_at = serializers.DateTimeField(allow_null=True)
    attestation = serializers.CharField()


class AttestationInput(Input):
    attestation = Text(max_length=LONG)


class Recalls(Resource):
    """What whoever had access was told, and what they said of their copies."""

    slug = "recalls"
    output = RecallShown

    def rows(self) -> Any:
        return access_queries.recalls_visible_to(self.actor)

    @performs(AttestationInput)
    def attest(self, given: dict[str, Any], id: UUID) -> Any:
        """Say that copies are deleted."""
        return access_commands.attest_recall(actor=self.actor, recall_id=id, **given)


class RowsShown(Output):
    version_id = serializers.UUIDField(source="uid")
    is_closed = serializers.SerializerMethodField()
    why_closed = ReasonShown(many=True)
    flags = serializers.SerializerMethodField(help_text="Why rows must not be read.")
    newest_list = serializers.IntegerField(help_text="0: nothing has to be left out.")
    applied_list = serializers.IntegerField()

    def get_is_closed(self, held: Any) -> bool:
        return bool(held.why_closed)

    def get_flags(self, held: Any) -> list[str]:
        return sorted(held.flags)


class RowsOfVersion(Resource):
    """How a version stands: why it gives nothing, and which rows it has to leave out."""

    slug = "asset-versions"
    output = RowsShown
    lists = False
    reads = False

    def rows_held(self, request: Request, id: UUID) -> Response:
        """What closes the version, and up to which list it leaves rows out."""
        return self.shown(queries.rows_held(self.actor, id), Contract(status=200))

    @performs(DutyEvidenceInput)
    def leave_rows_out(self, given: dict[str, Any], id: UUID) -> Any:
        """Vouch that the version leaves out every row that must not be read today."""
        commands.leave_rows_out(actor=self.actor, asset_version_id=id, **given)
        return queries.rows_held(self.actor, id)


urlpatterns = [
    path(
        "occurrences/<uuid:id>/impact",
        OccurrenceImpact.as_view({"get": "ask"}),
        name="occurrence-impact",
    ),
    path(
        "occurrences/<uuid:id>/recipients",
        Recipients.as_view({"get": "ask"}),
        name="occurrence-recipients",
    ),
    path(
        "asset-versions/<uuid:id>/rows",
        RowsOfVersion.as_view({"get": "rows_held"}),
        name="asset-versions-rows",
    ),
    *addresses("asset-versions", RowsOfVersion),
    *addresses("occurrences", Occurrences),
    *addresses("duties", Duties),
    *addresses("model-assessments", ModelAssessments),
    *addresses("recalls", Recalls),
]
