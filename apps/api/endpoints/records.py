"""Records of declared kinds, each at its own address; what each says follows its declaration."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import path, register_converter, reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.addresses import addresses
from apps.api.endpoints.compliance import ReasonInput, RecordVersionShown, SeenInput
from apps.api.fields import Day, Filters, Input, Output, Text, Uid, Word
from apps.api.reasons import ReasonShown
from apps.api.resource import Contract, Resource, changes, creates, performs
from apps.compliance import commands, queries
from apps.compliance.queries import (
    Kind,
    Particulars,
    RecordStatus,
    Shape,
    Spec,
    Step,
    read,
    specs_of,
    written,
)


class LegalRecordShown(Output):
    """`name` and `state` are of the approved version, else of the newest one seen."""

    id = serializers.UUIDField(source="uid")
    created_at = serializers.DateTimeField()
    ref = serializers.CharField()
    kind = serializers.CharField()
    organization_id = serializers.UUIDField(source="organization.uid")
    name = serializers.CharField()
    state = Word(RecordStatus)
    stage = serializers.SerializerMethodField(
        help_text="Where it stands in the cycle of its kind; of a transfer, as its days say; else empty."
    )

    def get_stage(self, row: Any) -> str:
        return queries.stage_of_record(row)


class LegalVersionShown(RecordVersionShown):
    content = serializers.DictField(
        help_text="What it says, by the fields of its kind; what is empty is left out."
    )
    content_sha256 = serializers.CharField()
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(allow_null=True, help_text="The first day too late.")
    review_due_on = serializers.DateField(allow_null=True, help_text="Of the version in force.")


class StepShown(Output):
    """A step that was taken."""

    number = serializers.IntegerField()
    step = serializers.CharField()
    stage_before = serializers.CharField()
    stage_after = serializers.CharField()
    said = serializers.DictField()
    taken_by_id = serializers.UUIDField(source="taken_by.uid", allow_null=True)
    taken_at = serializers.DateTimeField(source="created_at")


class StoppedShown(Output):
    """A clock of the law that stands."""

    since = serializers.DateField()
    article = serializers.CharField()
    would_end = serializers.DateField(allow_null=True, help_text="By when, if it went on today.")


class LegalDetailShown(Output):
    id = serializers.UUIDField(source="uid")
    row_version = serializers.IntegerField(help_text="Of the newest version.")
    record = LegalRecordShown()
    versions = LegalVersionShown(many=True, help_text="Those one may see, the newest first.")
    steps = StepShown(many=True, help_text="What was done, the first step first.")
    due = serializers.SerializerMethodField(help_text="By when the law wants the next step: day or moment.")
    stopped = StoppedShown(allow_null=True, help_text="Where that clock stands.")
    missing = ReasonShown(many=True, help_text="What keeps the newest version from being approved.")
    warnings = ReasonShown(many=True, help_text="What a reviewer of the newest version should look at.")

    def get_due(self, sheet: Any) -> str | None:
        return sheet.due.isoformat() if sheet.due else None


class LegalChange(Input):
    content = serializers.DictField(help_text="Fields by name, as `record-kinds` describes them.")


class LegalInput(LegalChange):
    organization_id = Uid()


class StepInput(Input):
    step = Text(max_length=40)
    said = serializers.DictField(required=False, help_text="The fields that the step asks for.")


class LegalFilters(Filters):
    state = Word(RecordStatus, required=False)
    q = serializers.CharField(
        source="name__icontains", required=False, max_length=200, help_text="Part of the name."
    )
    as_of = Day(required=False, help_text="Those in force on that day, in the version that was.")


class LegalRecords(Resource):
    """Records of one kind. Approved versions stay; changes are drafts beside them."""

    slug = "records"
    output = LegalRecordShown
    filters = LegalFilters

    @property
    def kind(self) -> Kind:
        """Raises: NotFound."""
        return queries.kind_of(self.kwargs["kind"])

    @property
    def takes_filters(self) -> bool:
        return self.action in {"list", "retrieve"}

    def rows(self) -> Any:
        return queries.legal_records(self.actor, self.kind.slug, as_of=self.query.pop("as_of", None))

    def one(self, id: UUID) -> Any:
        return queries.legal_sheet(self.actor, self.kind.slug, id, as_of=self.query.get("as_of"))

    def edited(self, row: Any) -> Any:
        return row.newest

    def contract_of(self, action: str) -> Contract:
        if action == "retrieve":
            return Contract(status=200, output=LegalDetailShown)
        return super().contract_of(action)

    def retrieve(self, request: Request, id: UUID, **path: Any) -> Response:
        return self.shown(self.one(id), self.contract_of("retrieve"))

    def _location(self, row: Any) -> str | None:
        return reverse("api:records-detail", args=[self.kind.slug, row.uid])

    def _read(self, given: Any, before: Any = None) -> Any:
        """`before` are the values to change; a `null` clears a field.  Raises: InvalidInput."""
        return read(self.kind.content, {**(before or {}), **given}, "content.")

    @creates(LegalInput, output=LegalDetailShown)
    def create(self, given: dict[str, Any], kind: str) -> Any:
        """Begin a record, as a draft."""
        drafted = commands.draft_record(
            actor=self.actor,
            organization_id=given["organization_id"],
            kind=self.kind.slug,
            content=self._read(given["content"]),
        )
        return self.one(drafted.legal_record.uid)

    @changes(LegalChange, output=LegalDetailShown)
    def partial_update(self, given: dict[str, Any], seen: int | None, id: UUID, kind: str) -> Any:
        """Change what is given in the draft; where none is open, begin one from the newest version."""
        content = self._read(given["content"], written(self.one(id).newest.said))
        commands.edit_record(actor=self.actor, legal_record_id=id, content=content, seen_version=seen)
        return self.one(id)

    @performs(SeenInput, output=LegalDetailShown)
    def submit(self, given: dict[str, Any], id: UUID, kind: str) -> Any:
        """Put the draft before another person."""
        self.one(id)
        commands.submit_record(actor=self.actor, legal_record_id=id, **given)
        return self.one(id)

    @performs(ReasonInput, output=LegalDetailShown)
    def return_(self, given: dict[str, Any], id: UUID, kind: str) -> Any:
        """Give the version in review back to its writers, with a reason."""
        self.one(id)
        commands.return_record(actor=self.actor, legal_record_id=id, **given)
        return self.one(id)

    @performs(ReasonInput, output=LegalDetailShown)
    def reject(self, given: dict[str, Any], id: UUID, kind: str) -> Any:
        """Say no to the version in review for good, as another person than its writers."""
        self.one(id)
        commands.reject_record(actor=self.actor, legal_record_id=id, **given)
        return self.one(id)

    @performs(SeenInput, output=LegalDetailShown)
    def approve(self, given: dict[str, Any], id: UUID, kind: str) -> Any:
        """Sign off the version in review, as another person than its writers."""
        self.one(id)
        commands.approve_record(actor=self.actor, legal_record_id=id, **given)
        return self.one(id)

    @performs(output=LegalDetailShown)
    def retire(self, given: dict[str, Any], id: UUID, kind: str) -> Any:
        """End an approved record that no longer holds."""
        self.one(id)
        commands.retire_record(actor=self.actor, legal_record_id=id)
        return self.one(id)

    @performs(StepInput, output=LegalDetailShown)
    def step(self, given: dict[str, Any], id: UUID, kind: str) -> Any:
        """Take the record one step further in the cycle of its kind."""
        self.one(id)
        commands.take_step(actor=self.actor, legal_record_id=id, **given)
        return self.one(id)


class WordShown(Output):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    article = serializers.CharField(allow_blank=True)


class SpecShown(Output):
    """`is_needed`: always, or `sometimes` where it depends on the rest. `of`: what a reference names."""

    name = serializers.CharField()
    shape = Word(Shape)
    label = serializers.CharField()  # type: ignore[assignment]
    help = serializers.CharField(allow_blank=True)
    article = serializers.CharField(allow_blank=True)
    rule = serializers.CharField(allow_blank=True)
    of = serializers.CharField(allow_blank=True)
    is_needed = serializers.ChoiceField(choices=["always", "sometimes", "never"])
    words = WordShown(many=True)
    columns = serializers.ListField(child=serializers.DictField(), help_text="Of a table: as fields.")


class StepOfKindShown(Output):
    slug = serializers.CharField()
    before = serializers.ListField(child=serializers.CharField())
    leads_to = serializers.ListField(child=serializers.CharField())
    taken_by = serializers.CharField(source="taker")
    asks = SpecShown(many=True)


class KindShown(Output):
    slug = serializers.CharField()
    prefix = serializers.CharField()
    name = serializers.CharField()
    lead = serializers.CharField()
    article = serializers.CharField(allow_blank=True)
    fields_of_content = SpecShown(many=True)
    steps = StepOfKindShown(many=True, help_text="Of its cycle, where it has one.")


class KindsShown(Output):
    kinds = KindShown(many=True)
    particulars = SpecShown(many=True, help_text="Of a processing activity: fields of its own.")


class RecordKinds(Resource):
    """Which kinds of records there are, and what each says, field by field."""

    slug = "record-kinds"
    output = KindsShown

    def ask(self, request: Request) -> Response:
        """All kinds, with their fields."""
        kinds = [_kind(kind) for kind in queries.KINDS.values()]
        particulars = [_spec(name, spec) for name, spec in specs_of(Particulars).items()]
        return self.shown({"kinds": kinds, "particulars": particulars}, Contract(status=200))


def _kind(kind: Kind) -> dict[str, Any]:
    return {
        "slug": kind.slug,
        "prefix": kind.prefix,
        "name": kind.one,
        "lead": kind.lead,
        "article": kind.article,
        "fields_of_content": [_spec(name, spec) for name, spec in kind.specs.items()],
        "steps": [_step(step) for step in kind.cycle.steps] if kind.cycle else [],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "slug": step.slug,
        "before": step.before,
        "leads_to": step.leads_to,
        "taker": step.taker.value,
        "asks": [_spec(name, spec) for name, spec in specs_of(step.said).items() if not spec.is_filled_in],
    }


def _spec(name: str, spec: Spec) -> dict[str, Any]:
    words = [
        {
            "code": word.value,
            "label": getattr(word, "label", word.value),
            "article": getattr(word, "article", ""),
        }
        for word in spec.words or ()
    ]
    columns = specs_of(spec.row) if spec.row else {}
    return {
        "name": name,
        "shape": spec.shape,
        "label": spec.label,
        "help": spec.help,
        "article": spec.article,
        "rule": spec.rule,
        "of": spec.of,
        "is_needed": "sometimes" if spec.is_conditional else "always" if spec.needed else "never",
        "words": words,
        "columns": [
            {"name": each, "shape": told.shape.value, "label": str(told.label)}
            for each, told in columns.items()
        ],
    }


class RecordKindConverter:
    """A kind of record in an address."""

    regex = "|".join(queries.KINDS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, slug: str) -> str:
        return slug


register_converter(RecordKindConverter, "record-kind")

urlpatterns = [
    path("record-kinds", RecordKinds.as_view({"get": "ask"}), name="record-kinds"),
    *addresses("<record-kind:kind>", LegalRecords),
]
