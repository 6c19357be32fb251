"""Purposes, and the kinds of purposes there are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.addresses import addresses
from apps.api.endpoints.classification import DeprecationInput, TermFilters, TermInput
from apps.api.fields import (
    Codes,
    Day,
    Filters,
    Flag,
    Input,
    Output,
    SeenImpact,
    Several,
    Shown,
    Text,
    Uid,
    Whole,
    Word,
)
from apps.api.reasons import ReasonShown
from apps.api.resource import Contract, Resource, changes, creates, performs
from apps.compliance import commands, queries
from apps.compliance.commands import ConceptDraft, PurposeContent
from apps.compliance.queries import (
    Art9Condition,
    Art10Basis,
    Art89Safeguard,
    BiometricUse,
    Evidence,
    LawfulBasis,
    Presumption,
    PurposeStanding,
    PurposeState,
    RecordStatus,
    read,
)

LARGEST_NUMBER = 2**31 - 1


class ConceptShown(Shown):
    scheme = serializers.CharField()
    code = serializers.CharField()
    iri = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    definition = serializers.CharField()
    parent_codes = Codes(source="parents")


class PurposeConcepts(Resource):
    """The kinds of purposes, as far as they are in use."""

    slug = "purpose-concepts"
    output = ConceptShown
    filters = TermFilters
    order = ("code",)
    reads = False

    def rows(self) -> Any:
        return queries.concepts_in_use(self.actor)

    @creates(TermInput)
    def create(self, given: dict[str, Any]) -> Any:
        """Put a kind of purpose of one's own below those there are."""
        return commands.add_concept(actor=self.actor, draft=ConceptDraft(**given))

    @performs(DeprecationInput)
    def deprecate(self, given: dict[str, Any], id: UUID) -> Any:
        """Take a kind of purpose out of use. Records that name it stay."""
        return commands.deprecate_concept(actor=self.actor, purpose_concept_id=id, **given)


class PurposeShown(Output):
    """`name`, `concept_code` and `lawful_basis` are of the approved version, else of the newest one seen."""

    id = serializers.UUIDField(source="uid")
    created_at = serializers.DateTimeField()
    ref = serializers.CharField()
    organization_id = serializers.UUIDField(source="organization.uid")
    name = serializers.CharField()
    concept_code = serializers.CharField()
    lawful_basis = Word(LawfulBasis, allow_null=True)
    state = Word(PurposeState)
    standing = Word(PurposeStanding)
    standing_reason = serializers.CharField()


class RecordVersionShown(Shown):
    """A version of a record: its number, how far it is, and who stands for it."""

    number = serializers.IntegerField()
    record_status = Word(RecordStatus)
    submitted_by_id = serializers.UUIDField(source="submitted_by.uid", allow_null=True)
    submitted_at = serializers.DateTimeField(allow_null=True)
    returned_reason = serializers.CharField()
    approved_by_id = serializers.UUIDField(source="approved_by.uid", allow_null=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    rejected_by_id = serializers.UUIDField(source="rejected_by.uid", allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class PurposeVersionShown(RecordVersionShown):
    name = serializers.CharField()
    concept_code = serializers.CharField(source="concept.code")
    description = serializers.CharField()
    lawful_basis = Word(LawfulBasis, allow_null=True)
    consent_ref = serializers.CharField()
    is_consent_explicit = serializers.BooleanField(allow_null=True)
    contract_ref = serializers.CharField()
    legal_provision = serializers.CharField()
    is_art23_law = serializers.BooleanField(allow_null=True)
    vital_interest_note = serializers.CharField()
    lia_ref = serializers.CharField()
    art9_conditions = Several(child=Word(Art9Condition))
    art9_law_ref = serializers.CharField()
    has_professional_secrecy = serializers.BooleanField()
    art89_safeguards = Several(child=Word(Art89Safeguard))
    art10_basis = Word(Art10Basis, allow_null=True)
    art10_law_ref = serializers.CharField()
    presumption = Word(Presumption)
    is_model_training = serializers.BooleanField()
    biometric_use = Word(BiometricUse, allow_null=True)
    evidence = serializers.ListField(
        child=serializers.DictField(), help_text="What shows it: `what`, `where`, `sha256`."
    )
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True, help_text="The first day too late.")


class PurposeDetailShown(Output):
    id = serializers.UUIDField(source="uid")
    row_version = serializers.IntegerField(help_text="Of the newest version.")
    purpose = PurposeShown()
    versions = PurposeVersionShown(many=True, help_text="Those one may see, the newest first.")
    warnings = ReasonShown(many=True, help_text="What a reviewer of the newest version should look at.")


class PurposeChange(Input):
    name = Text(max_length=200)
    concept_code = Text(max_length=80)
    description = Text(required=False, allow_blank=True, max_length=20_000)
    lawful_basis = Word(LawfulBasis, required=False, allow_null=True)
    consent_ref = Text(required=False, allow_blank=True, max_length=300)
    is_consent_explicit = Flag(required=False, allow_null=True)
    contract_ref = Text(required=False, allow_blank=True, max_length=300)
    legal_provision = Text(required=False, allow_blank=True, max_length=300)
    is_art23_law = Flag(required=False, allow_null=True)
    vital_interest_note = Text(required=False, allow_blank=True, max_length=20_000)
    lia_ref = Text(required=False, allow_blank=True, max_length=300)
    art9_conditions = Several(child=Word(Art9Condition), required=False, max_length=20)
    art9_law_ref = Text(required=False, allow_blank=True, max_length=300)
    has_professional_secrecy = Flag(required=False)
    art89_safeguards = Several(child=Word(Art89Safeguard), required=False, max_length=20)
    art10_basis = Word(Art10Basis, required=False, allow_null=True)
    art10_law_ref = Text(required=False, allow_blank=True, max_length=300)
    presumption = Word(Presumption, required=False)
    is_model_training = Flag(required=False)
    biometric_use = Word(
        BiometricUse,
        required=False,
        allow_null=True,
        help_text="Of traits of body or voice; special data where they tell who somebody is (Art. 4(14)).",
    )
    evidence = serializers.ListField(
        child=serializers.DictField(),
        required=False,
        max_length=100,
        help_text="What shows it, one by one: `what` it is, `where` it is kept, its `sha256`.",
    )
    valid_from = Day(required=False, allow_null=True)
    valid_to = Day(required=False, allow_null=True, help_text="The first day too late.")


class PurposeInput(PurposeChange):
    organization_id = Uid()


class SeenInput(Input):
    """Names what was read, so that what has changed since is refused (412)."""

    row_version = Whole(source="seen_version", required=False, min_value=1, max_value=LARGEST_NUMBER)


class ReasonInput(Input):
    reason = Text(allow_blank=True, max_length=10_000)


class PurposeFilters(Filters):
    state = Word(PurposeState, required=False)
    q = serializers.CharField(
        source="name__icontains", required=False, max_length=200, help_text="Part of the name."
    )
    ref = serializers.CharField(
        source="ref__iexact", required=False, max_length=20, help_text="The number, such as PU-0001."
    )


class EndingInput(ReasonInput):
    seen_impact = SeenImpact()


class Purposes(Resource):
    """Why data may be used, with the lawful basis. Approved versions stay; changes are drafts beside them."""

    slug = "purposes"
    output = PurposeShown
    filters = PurposeFilters

    def rows(self) -> Any:
        return queries.purposes(self.actor)

    def one(self, id: UUID) -> Any:
        return queries.purpose_sheet(self.actor, id)

    def edited(self, row: Any) -> Any:
        return row.newest

    def contract_of(self, action: str) -> Contract:
        if action == "retrieve":
            return Contract(status=200, output=PurposeDetailShown)
        return super().contract_of(action)

    def retrieve(self, request: Request, id: UUID, **path: Any) -> Response:
        return self.shown(self.one(id), self.contract_of("retrieve"))

    @creates(PurposeInput, output=PurposeDetailShown)
    def create(self, given: dict[str, Any]) -> Any:
        """Begin a purpose, as a draft."""
        organization_id = given.pop("organization_id")
        content = PurposeContent(**_sets(given))
        drafted = commands.draft_purpose(actor=self.actor, organization_id=organization_id, content=content)
        return self.one(drafted.purpose.uid)

    @changes(PurposeChange, output=PurposeDetailShown)
    def partial_update(self, given: dict[str, Any], seen: int | None, id: UUID) -> Any:
        """Change what is given in the draft; where none is open, begin one from the newest version."""
        content = replace(queries.purpose_content(self.one(id).newest), **_sets(given))
        commands.edit_purpose(actor=self.actor, purpose_id=id, content=content, seen_version=seen)
        return self.one(id)

    @performs(SeenInput, output=PurposeDetailShown)
    def submit(self, given: dict[str, Any], id: UUID) -> Any:
        """Put the draft before another person."""
        commands.submit_purpose(actor=self.actor, purpose_id=id, **given)
        return self.one(id)

    @performs(ReasonInput, output=PurposeDetailShown)
    def return_(self, given: dict[str, Any], id: UUID) -> Any:
        """Give the version in review back to its writers, with a reason."""
        commands.return_purpose(actor=self.actor, purpose_id=id, **given)
        return self.one(id)

    @performs(ReasonInput, output=PurposeDetailShown)
    def reject(self, given: dict[str, Any], id: UUID) -> Any:
        """Say no to the version in review for good, as another person than its writers."""
        commands.reject_purpose(actor=self.actor, purpose_id=id, **given)
        return self.one(id)

    @performs(SeenInput, output=PurposeDetailShown)
    def approve(self, given: dict[str, Any], id: UUID) -> Any:
        """Sign off the version in review, as another person than its writers."""
        commands.approve_purpose(actor=self.actor, purpose_id=id, **given)
        return self.one(id)

    @performs(output=PurposeDetailShown)
    def retire(self, given: dict[str, Any], id: UUID) -> Any:
        """End an approved purpose that is no longer used."""
        commands.retire_purpose(actor=self.actor, purpose_id=id)
        return self.one(id)

    @performs(EndingInput, output=PurposeDetailShown)
    def suspend(self, given: dict[str, Any], id: UUID) -> Any:
        """Stop relying on the purpose for now."""
        commands.suspend_purpose(actor=self.actor, purpose_id=id, **given)
        return self.one(id)

    @performs(output=PurposeDetailShown)
    def resume(self, given: dict[str, Any], id: UUID) -> Any:
        """Rely on a suspended purpose again."""
        commands.resume_purpose(actor=self.actor, purpose_id=id)
        return self.one(id)

    @performs(EndingInput, output=PurposeDetailShown)
    def withdraw(self, given: dict[str, Any], id: UUID) -> Any:
        """Give the purpose up for good."""
        commands.withdraw_purpose(actor=self.actor, purpose_id=id, **given)
        return self.one(id)


WORDS = frozenset({"art9_conditions", "art89_safeguards"})


def _sets(given: dict[str, Any]) -> dict[str, Any]:
    """Lists of words are sets; what shows a purpose is read line by line.  Raises: InvalidInput."""
    found: dict[str, Any] = {name: frozenset(value) for name, value in given.items() if name in WORDS}
    if "evidence" in given:
        told = enumerate(given["evidence"])
        found["evidence"] = tuple(read(Evidence, each, f"evidence.{number}.") for number, each in told)
    return {**given, **found}


class AffectedShown(Output):
    kind = serializers.CharField(help_text="grant, request, lease (a key) or version (made from the data)")
    id = serializers.UUIDField(source="uid")


class ImpactShown(Output):
    digest = serializers.CharField(
        help_text="Acting names it as `seen_impact`: 428 without it, 412 if it changed."
    )
    affected = AffectedShown(many=True)


class PurposeImpact(Resource):
    """What would stop with a purpose."""

    slug = "purpose-impact"
    output = ImpactShown

    def ask(self, request: Request, id: UUID) -> Response:
        """Everything that suspending or withdrawing the purpose would reach. Writes nothing."""
        found = commands.impact_of_ending(actor=self.actor, purpose_id=id)
        return self.shown(found, Contract(status=200))


urlpatterns = [
    path("purposes/<uuid:id>/impact", PurposeImpact.as_view({"get": "ask"}), name="purpose-impact"),
    *addresses("purpose-concepts", PurposeConcepts),
    *addresses("purposes", Purposes),
]
