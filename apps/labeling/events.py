"""What happened to sets of labels."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from apps.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ImportQueued(Event, name="labeling.import.queued", about="label_import_id"):
    """A file of labels was brought: it is read as soon as somebody is free."""

    label_import_id: UUID
    version_id: UUID
    legal_record_id: UUID
    file_sha256: str
    size: int
    leave_out_faults: bool
    is_gold: bool = False
    all_items_seen: bool = False
    together_with_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ImportDone(Event, name="labeling.import.done", about="label_import_id"):
    label_import_id: UUID
    label_set_id: UUID


@dataclass(frozen=True, kw_only=True)
class ImportRefused(Event, name="labeling.import.refused", about="label_import_id"):
    """Nothing of the file was kept. `fault` is the code of the first reason."""

    label_import_id: UUID
    fault: str


@dataclass(frozen=True, kw_only=True)
class LabelsBrought(Event, name="labeling.label_set.brought", about="label_set_id"):
    """`verdict` is what the labels are good for. `together_with_id`: the set whose labels it holds, too."""

    label_set_id: UUID
    version_id: UUID
    legal_record_id: UUID
    file_sha256: str
    annotations: int
    verdict: str
    is_gold: bool = False
    all_items_seen: bool = False
    together_with_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class LabelNamesForgotten(Event, name="labeling.label_set.names_forgotten", about="label_set_id"):
    """Who gave which label is kept no longer, by a retention schedule that was over on `due_on`."""

    label_set_id: UUID
    legal_record_id: UUID
    due_on: str


@dataclass(frozen=True, kw_only=True)
class AnnotatorEntered(Event, name="labeling.annotator.entered", about="annotator_id"):
    """Somebody may label under a policy."""

    annotator_id: UUID
    legal_record_id: UUID
    code: str
    annotator_role: str


@dataclass(frozen=True, kw_only=True)
class AnnotatorChanged(Event, name="labeling.annotator.changed", about="annotator_id"):
    """`earlier_id` is the row that ended with it."""

    annotator_id: UUID
    legal_record_id: UUID
    earlier_id: UUID
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AnnotatorEnded(Event, name="labeling.annotator.ended", about="annotator_id"):
    annotator_id: UUID
    legal_record_id: UUID
    code: str


@dataclass(frozen=True, kw_only=True)
class AnnotatorPaused(Event, name="labeling.annotator.paused", about="annotator_id"):
    """The portal's own act; `codes` are those of what L10 found in the set."""

    annotator_id: UUID
    legal_record_id: UUID
    label_set_id: UUID
    code: str
    codes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AnnotatorPauseLifted(Event, name="labeling.annotator.pause_lifted", about="annotator_id"):
    annotator_id: UUID
    legal_record_id: UUID
    code: str
    why: str


@dataclass(frozen=True, kw_only=True)
class ItemsBrought(Event, name="labeling.items.brought", about="item_manifest_id"):
    """Which items a version has. Their names stand nowhere in the trail."""

    item_manifest_id: UUID
    version_id: UUID
    file_sha256: str
    items: int


@dataclass(frozen=True, kw_only=True)
class LabelReportExported(Event, name="labeling.report.exported", about="label_set_id"):
    """`content_sha256` is of the file that left, and `verdict` what it said."""

    label_set_id: UUID
    version_id: UUID
    verdict: str
    content_sha256: str


@dataclass(frozen=True, kw_only=True)
class ItemsErased(Event, name="labeling.items.erased", about="item_erasure_id"):
    """How much was erased. What it was stands nowhere. `none_here`: nothing of whom the duty is about was
    there, as whoever looked says."""

    item_erasure_id: UUID
    version_id: UUID
    duty_id: UUID | None
    items: int
    annotations: int
    label_sets: int
    none_here: bool = False


@dataclass(frozen=True, kw_only=True)
class RedactionChecked(Event, name="labeling.redaction.checked", about="redaction_check_id"):
    redaction_check_id: UUID
    version_id: UUID
    seeds: int
    seeds_found: int
    audited: int
    direct_identifiers: int


@dataclass(frozen=True, kw_only=True)
class LabelSetReviewed(Event, name="labeling.label_set.reviewed", about="label_set_id"):
    """It was measured anew, by the version of its policy of that number."""

    label_set_id: UUID
    verdict: str
    policy_version: int


@dataclass(frozen=True, kw_only=True)
class ModelReleased(Event, name="labeling.release.given", about="release_id"):
    release_id: UUID
    asset_id: UUID
    version_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReleaseWithdrawn(Event, name="labeling.release.withdrawn", about="release_id"):
    release_id: UUID
    asset_id: UUID
    version_id: UUID
    why: str


@dataclass(frozen=True, kw_only=True)
class ReleaseFell(Event, name="labeling.release.fell", about="release_id"):
    """A condition is no longer met; `codes` are those of what stands against it."""

    release_id: UUID
    asset_id: UUID
    version_id: UUID
    codes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReleaseStands(Event, name="labeling.release.stands", about="release_id"):
    """Its conditions are all met again."""

    release_id: UUID
    asset_id: UUID
    version_id: UUID


@dataclass(frozen=True, kw_only=True)
class PilotMeasured(Event, name="labeling.pilot.measured", about="pilot_id"):
    """Labels of a pilot were measured by version `number` of the policy. `reached` is the lower bound of the
    agreement, and empty where that is undefined."""

    pilot_id: UUID
    legal_record_id: UUID
    number: int
    file_sha256: str
    items: int
    reached: str
