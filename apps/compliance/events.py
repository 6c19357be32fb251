"""What happened to records, permitted purposes and origins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from apps.kernel.events import Event, Personal


@dataclass(frozen=True, kw_only=True)
class PurposeDrafted(Event, name="compliance.purpose.drafted", about="purpose_id"):
    """A purpose was begun, or a new version of an approved one."""

    purpose_id: UUID
    ref: str
    number: int
    concept: str


@dataclass(frozen=True, kw_only=True)
class PurposeEdited(Event, name="compliance.purpose.edited", about="purpose_id"):
    purpose_id: UUID
    number: int
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PurposeSubmitted(Event, name="compliance.purpose.submitted", about="purpose_id"):
    """`content_sha256` is of the canonical JSON of what was submitted."""

    purpose_id: UUID
    number: int
    content_sha256: str


@dataclass(frozen=True, kw_only=True)
class PurposeReturned(Event, name="compliance.purpose.returned", about="purpose_id"):
    purpose_id: UUID
    number: int
    reason: Personal


@dataclass(frozen=True, kw_only=True)
class PurposeApproved(Event, name="compliance.purpose.approved", about="purpose_id"):
    purpose_id: UUID
    number: int
    supersedes: int | None
    content_sha256: str


@dataclass(frozen=True, kw_only=True)
class PurposeRetired(Event, name="compliance.purpose.retired", about="purpose_id"):
    purpose_id: UUID
    number: int


@dataclass(frozen=True, kw_only=True)
class PurposeSuspended(Event, name="compliance.purpose.suspended", about="purpose_id"):
    purpose_id: UUID
    reason: Personal


@dataclass(frozen=True, kw_only=True)
class PurposeResumed(Event, name="compliance.purpose.resumed", about="purpose_id"):
    purpose_id: UUID


@dataclass(frozen=True, kw_only=True)
class PurposeWithdrawn(Event, name="compliance.purpose.withdrawn", about="purpose_id"):
    purpose_id: UUID
    reason: Personal


@dataclass(frozen=True, kw_only=True)
class ActivityDrafted(Event, name="compliance.activity.drafted", about="activity_id"):
    """An activity was begun, or a new version of an approved one."""

    activity_id: UUID
    ref: str
    number: int


@dataclass(frozen=True, kw_only=True)
class ActivityEdited(Event, name="compliance.activity.edited", about="activity_id"):
    activity_id: UUID
    number: int
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ActivitySubmitted(Event, name="compliance.activity.submitted", about="activity_id"):
    activity_id: UUID
    number: int
    content_sha256: str


@dataclass(frozen=True, kw_only=True)
class ActivityReturned(Event, name="compliance.activity.returned", about="activity_id"):
    activity_id: UUID
    number: int
    reason: Personal


@dataclass(frozen=True, kw_only=True)
class ActivityApproved(Event, name="compliance.activity.approved", about="activity_id"):
    activity_id: UUID
    number: int
    supersedes: int | None
    content_sha256: str
    clearance: str
    clearance_reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ActivityRetired(Event, name="compliance.activity.retired", about="activity_id"):
    activity_id: UUID
    number: int


@dataclass(frozen=True, kw_only=True)
class ClearanceChanged(Event, name="compliance.activity.clearance_changed", about="activity_id"):
    activity_id: UUID
    number: int
    before: str
    after: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RecordDrafted(Event, name="compliance.record.drafted", about="legal_record_id"):
    """A record of a declared kind was begun, or a new version of an approved one."""

    legal_record_id: UUID
    record_kind: str
    ref: str
    number: int


@dataclass(frozen=True, kw_only=True)
class RecordEdited(Event, name="compliance.record.edited", about="legal_record_id"):
    legal_record_id: UUID
    record_kind: str
    number: int
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RecordSubmitted(Event, name="compliance.record.submitted", about="legal_record_id"):
    legal_record_id: UUID
    record_kind: str
    number: int
    content_sha256: str


@dataclass(frozen=True, kw_only=True)
class RecordReturned(Event, name="compliance.record.returned", about="legal_record_id"):
    legal_record_id: UUID
    record_kind: str
    number: int
    reason: Personal


@dataclass(frozen=True, kw_only=True)
class RecordApproved(Event, name="compliance.record.approved", about="legal_record_id"):
    """`missing` are the codes of what a thing that takes place already still lacks."""

    legal_record_id: UUID
    record_kind: str
    number: int
    supersedes: int | None
    content_sha256: str
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RecordRetired(Event, name="compliance.record.retired", about="legal_record_id"):
    legal_record_id: UUID
    record_kind: str
    number: int


@dataclass(frozen=True, kw_only=True)
class RecordStepTaken(Event, name="compliance.record.step_taken", about="legal_record_id"):
    """A record went from one stage of its kind to another."""

    legal_record_id: UUID
    record_kind: str
    step: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class RecordExported(Event, name="compliance.record.exported", about="legal_record_id"):
    """A report on it left the house; `content_sha256` is of the file."""

    legal_record_id: UUID
    record_kind: str
    number: int
    report: str
    content_sha256: str


@dataclass(frozen=True, kw_only=True)
class ListingExported(Event, name="compliance.organization.listing_exported", about="organization_id"):
    organization_id: UUID
    report: str
    row_count: int
    content_sha256: str


@dataclass(frozen=True, kw_only=True)
class PurposePermitted(Event, name="compliance.version.purpose_permitted", about="version_id"):
    """`columns` empty: all of them."""

    asset_id: UUID
    version_id: UUID
    concept: str
    columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PurposeForbidden(Event, name="compliance.version.purpose_forbidden", about="version_id"):
    asset_id: UUID
    version_id: UUID
    concept: str
    columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OriginStated(Event, name="compliance.version.origin_stated", about="version_id"):
    asset_id: UUID
    version_id: UUID
    original_basis: str | None
    original_purpose: str | None
    research_area: str | None
    retention_ends_on: str | None
    agreement_ref: str
    agreement_ends_on: str | None
    source: Personal


@dataclass(frozen=True, kw_only=True)
class PermissionsInherited(Event, name="compliance.version.permissions_inherited", about="version_id"):
    """A new version began with the permitted purposes and the origin of the version before."""

    asset_id: UUID
    version_id: UUID
    from_version_id: UUID
    permissions: int
    has_origin: bool


@dataclass(frozen=True, kw_only=True)
class RegisterExported(Event, name="compliance.register.exported", about="organization_id"):
    """The register of Art. 30 was given out, as it stood on a day; `sha256` is of the file."""

    organization_id: UUID
    articles: str
    format: str
    as_of: date
    records: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class RegisterRestored(Event, name="compliance.register.restored", about="organization_id"):
    """A whole register was taken over with its signatures; `sha256` is of the document."""

    organization_id: UUID
    activities: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class RegisterBrought(Event, name="compliance.import.brought", about="register_import_id"):
    """The file of a register was read; nothing became a record yet."""

    register_import_id: UUID
    lines: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class ColumnsMapped(Event, name="compliance.import.mapped", about="register_import_id"):
    register_import_id: UUID
    kept_as: Personal


@dataclass(frozen=True, kw_only=True)
class RegisterImported(Event, name="compliance.import.done", about="register_import_id"):
    """Every row of the file became a draft."""

    register_import_id: UUID
    drafts: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class ImportDiscarded(Event, name="compliance.import.discarded", about="register_import_id"):
    register_import_id: UUID


@dataclass(frozen=True, kw_only=True)
class OccurrenceDrafted(Event, name="compliance.occurrence.drafted", about="occurrence_id"):
    occurrence_id: UUID
    ref: str
    happening: str
    source_id: UUID | None
    versions: tuple[UUID, ...]
    said: Personal


@dataclass(frozen=True, kw_only=True)
class OccurrenceTookEffect(Event, name="compliance.occurrence.took_effect", about="occurrence_id"):
    """How many versions it reaches, how many of them are of models, and what has to be done."""

    occurrence_id: UUID
    ref: str
    happening: str
    versions: int
    models: int
    duties: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OccurrenceExtended(Event, name="compliance.occurrence.extended", about="occurrence_id"):
    """Further versions were made from those it is about."""

    occurrence_id: UUID
    ref: str
    versions: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class OccurrenceLifted(Event, name="compliance.occurrence.lifted", about="occurrence_id"):
    occurrence_id: UUID
    ref: str
    happening: str
    reason: Personal


@dataclass(frozen=True, kw_only=True)
class OccurrenceDiscarded(Event, name="compliance.occurrence.discarded", about="occurrence_id"):
    occurrence_id: UUID
    ref: str
    reason: Personal


@dataclass(frozen=True, kw_only=True)
class RowsLeftOut(Event, name="compliance.version.rows_left_out", about="version_id"):
    """Somebody vouches that the version leaves out the rows of all occurrences up to this number."""

    asset_id: UUID
    version_id: UUID
    up_to: int
    evidence: Personal


@dataclass(frozen=True, kw_only=True)
class DutyAssigned(Event, name="compliance.duty.assigned", about="duty_id"):
    duty_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class DutyFreed(Event, name="compliance.duty.freed", about="duty_id"):
    duty_id: UUID
    occurrence_id: UUID
    code: str


@dataclass(frozen=True, kw_only=True)
class DutyFinished(Event, name="compliance.duty.finished", about="duty_id"):
    duty_id: UUID
    occurrence_id: UUID
    code: str
    evidence: Personal


@dataclass(frozen=True, kw_only=True)
class ModelAssessed(Event, name="compliance.model.assessed", about="model_assessment_id"):
    model_assessment_id: UUID
    asset_id: UUID
    version_id: UUID
    occurrence_id: UUID
    outcome: str
    why: Personal


@dataclass(frozen=True, kw_only=True)
class ConceptAdded(Event, name="compliance.concept.added", about="purpose_concept_id"):
    """A kind of purpose of one's own, below those that ship."""

    purpose_concept_id: UUID
    code: str
    parents: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ConceptDeprecated(Event, name="compliance.concept.deprecated", about="purpose_concept_id"):
    purpose_concept_id: UUID
    code: str
    replaced_by: str | None
