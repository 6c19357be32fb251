"""The record of processing activities (GDPR Art. 30)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.addresses import addresses
from apps.api.endpoints.compliance import ReasonInput, RecordVersionShown, SeenInput
from apps.api.fields import Country, Day, Filters, Flag, Input, Output, Several, Text, Uid, Uids, Word, many
from apps.api.resource import Contract, Resource, changes, creates, performs
from apps.compliance import commands, queries
from apps.compliance.commands import ActivityContent, Particulars, Recipient, Transfer
from apps.compliance.queries import (
    Clearance,
    DataSubjectCategory,
    RecipientKind,
    RecordStatus,
    Role,
    SecurityMeasure,
    TransferMechanism,
    read,
    written,
)

MOST_NAMED = 500
PARTICULARS = "Fields by name, as `record-kinds` describes them under `particulars`."


class ActivityShown(Output):
    """`name`, `state` and `clearance` are of the approved version, else of the newest one seen."""

    id = serializers.UUIDField(source="uid")
    created_at = serializers.DateTimeField()
    ref = serializers.CharField()
    organization_id = serializers.UUIDField(source="organization.uid")
    name = serializers.CharField()
    state = Word(RecordStatus)
    clearance = Word(Clearance, help_text="Whether the processing may run.")


class RecipientShown(Output):
    kind = Word(RecipientKind)
    party = serializers.CharField()
    country = serializers.CharField(default="", help_text="ISO 3166-1 alpha-2.")
    party_id = serializers.UUIDField(default=None, help_text="Of the record of a party.")


class TransferShown(Output):
    country = serializers.CharField()
    importer = serializers.CharField()
    mechanism = Word(TransferMechanism, allow_null=True)
    instrument_ref = serializers.CharField()


class MissingShown(Output):
    """A finding of the last time the clearance was derived, as it was then."""

    code = serializers.CharField()
    rule = serializers.CharField()
    articles = Several(child=serializers.CharField())
    facts = serializers.DictField()
    field = serializers.CharField()


class ElementShown(Output):
    field = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    article = serializers.CharField()


class CompletenessShown(Output):
    asked = serializers.IntegerField()
    said = serializers.IntegerField()
    missing = ElementShown(many=True, help_text="What stands in the register as missing.")


class RemedyShown(Output):
    plan = serializers.CharField()
    owner = serializers.CharField()
    due = serializers.DateField()


class ActivityVersionShown(RecordVersionShown):
    name = serializers.CharField()
    description = serializers.CharField()
    role = Word(Role)
    controller_id = serializers.UUIDField(source="controller.uid")
    art26_arrangement = serializers.CharField()
    purpose_ids = Uids(source="purposes", help_text="Those one may see.")
    asset_ids = Uids(source="assets", help_text="Those one may see.")
    data_subject_categories = Several(child=Word(DataSubjectCategory))
    recipients = RecipientShown(many=True)
    no_recipients_confirmed = serializers.BooleanField()
    transfers = TransferShown(many=True)
    no_transfers_confirmed = serializers.BooleanField()
    security_measures = Several(child=Word(SecurityMeasure))
    is_running = serializers.BooleanField()
    effective_from = serializers.DateField()
    particulars = serializers.DictField(help_text=PARTICULARS)
    clearance = Word(Clearance)
    clearance_reasons = MissingShown(many=True)
    completeness = serializers.SerializerMethodField(help_text="How much of what the law asks for it says.")
    remedy = RemedyShown(allow_null=True, help_text="Who puts right what keeps it blocked, and by when.")

    @extend_schema_field(CompletenessShown)
    def get_completeness(self, version: Any) -> Any:
        return CompletenessShown(queries.completeness_of(version)).data


class ActivityDetailShown(Output):
    id = serializers.UUIDField(source="uid")
    row_version = serializers.IntegerField(help_text="Of the newest version.")
    activity = ActivityShown()
    versions = ActivityVersionShown(many=True, help_text="Those one may see, the newest first.")


class RecipientInput(Input):
    kind = Word(RecipientKind)
    party = Text(required=False, allow_blank=True, max_length=300)
    country = Country(required=False, allow_blank=True)
    party_id = Uid(required=False, allow_null=True, help_text="Of a record of a party.")


class TransferInput(Input):
    country = Country()
    importer = Text(max_length=300)
    mechanism = Word(TransferMechanism, required=False, allow_null=True)
    instrument_ref = Text(required=False, allow_blank=True, max_length=300)


class ActivityChange(Input):
    name = Text(max_length=200)
    description = Text(required=False, allow_blank=True, max_length=20_000)
    role = Word(Role, required=False)
    controller_id = Uid(required=False, allow_null=True, help_text="The organization itself, if left out.")
    art26_arrangement = Text(required=False, allow_blank=True, max_length=300)
    purpose_ids = Several(child=Uid(), required=False, max_length=MOST_NAMED)
    asset_ids = Several(child=Uid(), required=False, max_length=MOST_NAMED)
    data_subject_categories = Several(child=Word(DataSubjectCategory), required=False, max_length=MOST_NAMED)
    recipients = many(RecipientInput, at_most=MOST_NAMED)
    no_recipients_confirmed = Flag(required=False)
    transfers = many(TransferInput, at_most=MOST_NAMED)
    no_transfers_confirmed = Flag(required=False)
    security_measures = Several(child=Word(SecurityMeasure), required=False, max_length=MOST_NAMED)
    is_running = Flag(required=False, help_text="It takes place already, and is recorded as it is.")
    effective_from = Day(required=False, allow_null=True)
    particulars = serializers.DictField(required=False, help_text=PARTICULARS)


class ActivityInput(ActivityChange):
    organization_id = Uid()


class ActivityFilters(Filters):
    state = Word(RecordStatus, required=False)
    clearance = Word(Clearance, required=False)
    q = serializers.CharField(
        source="name__icontains", required=False, max_length=200, help_text="Part of the name."
    )
    as_of = Day(required=False, help_text="Those in force on that day, in the version that was.")


class ProcessingActivities(Resource):
    """What is done with personal data, for which purposes, with whom, and whether it may run."""

    slug = "processing-activities"
    output = ActivityShown
    filters = ActivityFilters

    def rows(self) -> Any:
        return queries.activities(self.actor, as_of=self.query.pop("as_of", None))

    def one(self, id: UUID) -> Any:
        return queries.activity_sheet(self.actor, id)

    def edited(self, row: Any) -> Any:
        return row.newest

    def contract_of(self, action: str) -> Contract:
        if action == "retrieve":
            return Contract(status=200, output=ActivityDetailShown)
        return super().contract_of(action)

    def retrieve(self, request: Request, id: UUID, **path: Any) -> Response:
        return self.shown(self.one(id), self.contract_of("retrieve"))

    @creates(ActivityInput, output=ActivityDetailShown)
    def create(self, given: dict[str, Any]) -> Any:
        """Begin an entry of the record, as a draft."""
        organization_id = given.pop("organization_id")
        content = ActivityContent(**_said(given, {}))
        drafted = commands.draft_activity(actor=self.actor, organization_id=organization_id, content=content)
        return self.one(drafted.activity.uid)

    @changes(ActivityChange, output=ActivityDetailShown)
    def partial_update(self, given: dict[str, Any], seen: int | None, id: UUID) -> Any:
        """Change what is given in the draft; where none is open, begin one from the newest version."""
        before = queries.activity_content(self.one(id).newest)
        content = replace(before, **_said(given, written(before.particulars)))
        commands.edit_activity(
            actor=self.actor, processing_activity_id=id, content=content, seen_version=seen
        )
        return self.one(id)

    @performs(SeenInput, output=ActivityDetailShown)
    def submit(self, given: dict[str, Any], id: UUID) -> Any:
        """Put the draft before another person."""
        commands.submit_activity(actor=self.actor, processing_activity_id=id, **given)
        return self.one(id)

    @performs(ReasonInput, output=ActivityDetailShown)
    def return_(self, given: dict[str, Any], id: UUID) -> Any:
        """Give the version in review back to its writers, with a reason."""
        commands.return_activity(actor=self.actor, processing_activity_id=id, **given)
        return self.one(id)

    @performs(ReasonInput, output=ActivityDetailShown)
    def reject(self, given: dict[str, Any], id: UUID) -> Any:
        """Say no to the version in review for good, as another person than its writers."""
        commands.reject_activity(actor=self.actor, processing_activity_id=id, **given)
        return self.one(id)

    @performs(SeenInput, output=ActivityDetailShown)
    def approve(self, given: dict[str, Any], id: UUID) -> Any:
        """Sign off the version in review, as another person than its writers."""
        commands.approve_activity(actor=self.actor, processing_activity_id=id, **given)
        return self.one(id)

    @performs(output=ActivityDetailShown)
    def reassess(self, given: dict[str, Any], id: UUID) -> Any:
        """Derive anew whether the approved activity may run."""
        commands.reassess_activity(actor=self.actor, processing_activity_id=id)
        return self.one(id)

    @performs(output=ActivityDetailShown)
    def retire(self, given: dict[str, Any], id: UUID) -> Any:
        """End an approved activity: the processing has stopped."""
        commands.retire_activity(actor=self.actor, processing_activity_id=id)
        return self.one(id)


AS_KEPT: dict[str, Callable[[list[Any]], Any]] = {
    "purpose_ids": tuple,
    "asset_ids": tuple,
    "data_subject_categories": frozenset,
    "security_measures": frozenset,
    "recipients": lambda rows: tuple(Recipient(**row) for row in rows),
    "transfers": lambda rows: tuple(Transfer(**row) for row in rows),
}


def _said(given: dict[str, Any], particulars: dict[str, Any]) -> dict[str, Any]:
    """`particulars` are those to change; a `null` clears one.  Raises: InvalidInput."""
    said = {name: AS_KEPT[name](value) if name in AS_KEPT else value for name, value in given.items()}
    if "particulars" in said:
        said["particulars"] = read(Particulars, {**particulars, **said["particulars"]}, "particulars.")
    return said


urlpatterns = addresses("processing-activities", ProcessingActivities)
