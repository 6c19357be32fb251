"""Reads about labels and their policies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, Func, JSONField, OuterRef, Q
from django.utils import timezone

from apps.accounts.authorization import authorize, may, may_each
from apps.accounts.models import Organization
from apps.accounts.operations import Operation
from apps.catalog.facts import asset_resource
from apps.catalog.models import Asset, AssetKind, AssetVersion
from apps.compliance.lifecycle.judging import is_overdue
from apps.compliance.lifecycle.labeling import (
    GOVERNING,
    LABELING_POLICIES,
    LabelingPolicyContent,
    PolicyStage,
)
from apps.compliance.models import Duty, LegalRecord, LegalRecordVersion
from apps.kernel.actor import Actor
from apps.kernel.clock import database_now
from apps.kernel.errors import NotFound, invalid_state, rule_broken
from apps.kernel.models import HouseQuerySet
from apps.labeling.errors import NO_DATASET, POLICY_NOT_GOVERNING, POLICY_NOT_IN_FORCE
from apps.labeling.lifecycle import ImportState
from apps.labeling.models import (
    Annotator,
    AnnotatorPause,
    ItemErasure,
    ItemManifest,
    LabelImport,
    LabelSet,
    LabelSetReview,
    ModelRelease,
    RedactionCheck,
)
from apps.labeling.roster.keeping import demand_keeping, may_keep_roster
from apps.labeling.roster.standing import AnnotatorRole
from apps.policy.reason import Reason

__all__ = [
    "WHILE",
    "AnnotatorRole",
    "Counted",
    "ItemSheet",
    "PolicyInForce",
    "ToLabel",
    "annotators_visible_to",
    "demand_keeping",
    "is_labeled_under",
    "item_erasures_visible_to",
    "item_lists_visible_to",
    "item_sheet",
    "label_imports_visible_to",
    "label_sets_in_brief",
    "label_sets_named",
    "label_sets_visible_to",
    "labeling_policy",
    "may_be_brought_again",
    "may_bring",
    "may_keep_roster",
    "newest_label_sets",
    "pauses_shown",
    "policy_cited",
    "policy_in_force",
    "policy_measuring",
    "redaction_checks_visible_to",
    "release_states",
    "releases_visible_to",
    "reviews_visible_to",
    "version_to_label",
]

WHILE = (PolicyStage.ACTIVE, PolicyStage.CLOSED)
"""Labels are brought while people label, or after the last of them was given."""
LABELED_UNDER = (PolicyStage.ACTIVE, PolicyStage.PAUSED, PolicyStage.CLOSED)
"""Stages at which people label or labeled under it."""
MOST_NEWEST = 5
MOST_JOINED = 50


def is_labeled_under() -> Any:
    """Of versions of labeling policies: whether people label or labeled under the policy. Labels that were
    brought under it do not go away where it is tried out anew."""
    brought = LabelSet.objects.filter(policy__legal_record=OuterRef("legal_record"))
    is_it = Q(legal_record__stage__in=LABELED_UNDER) | Exists(brought)
    return ExpressionWrapper(is_it, BooleanField())


@dataclass(frozen=True, kw_only=True)
class PolicyInForce:
    """`number` is the version that labels cite."""

    ref: str
    number: int
    record_id: UUID
    version_id: int
    content: LabelingPolicyContent


def policy_in_force(*, actor: Actor, organization: Organization, ref: str, on: date) -> PolicyInForce:
    """Raises: NotFound, also where it is past its review and the grace after it; InvalidState where it was
    not tried out and approved, or is paused."""
    versions = LegalRecordVersion.objects.visible_to(actor).in_force(on).select_related("legal_record")
    found = versions.filter(
        legal_record__organization=organization,
        legal_record__kind=LABELING_POLICIES.slug,
        legal_record__ref__iexact=ref,
    ).first()
    due = found.review_due_on if found else None
    if found is None or (due is not None and is_overdue(due, on)):
        raise NotFound(Reason(code=POLICY_NOT_IN_FORCE, facts={"ref": ref[:40]}))
    if found.legal_record.stage not in GOVERNING:
        raise invalid_state(POLICY_NOT_GOVERNING, ref=found.legal_record.ref, stage=found.legal_record.stage)
    return PolicyInForce(
        ref=found.legal_record.ref,
        number=found.number,
        record_id=found.legal_record.uid,
        version_id=found.pk,
        content=found.said,
    )


def policy_cited(label_set: LabelSet) -> PolicyInForce:
    """The version under which the labels were brought, whatever became of it since."""
    version = label_set.policy
    return PolicyInForce(
        ref=version.legal_record.ref,
        number=version.number,
        record_id=version.legal_record.uid,
        version_id=version.pk,
        content=version.said,
    )


def policy_measuring(label_set: LabelSet, *, on: date) -> PolicyInForce:
    """The version that is in force that day; where none is, the one that the labels cite."""
    cited = label_set.policy
    version = LegalRecordVersion.objects.in_force(on).filter(legal_record=cited.legal_record_id).first()
    if version is None or version.pk == cited.pk:
        return policy_cited(label_set)
    version.legal_record = cited.legal_record
    return PolicyInForce(
        ref=cited.legal_record.ref,
        number=version.number,
        record_id=cited.legal_record.uid,
        version_id=version.pk,
        content=version.said,
    )


def label_sets_visible_to(actor: Actor) -> HouseQuerySet[LabelSet]:
    """The newest first, with all that is shown of them."""
    about = ("version__asset", "asset_version__asset", "policy__legal_record", "together_with")
    rows = LabelSet.objects.visible_to(actor).with_verdict().with_measure(timezone.now().date())
    return rows.select_related(*about, "brought_by", "names_forgotten").order_by("-pk")


def label_imports_visible_to(actor: Actor) -> HouseQuerySet[LabelImport]:
    """The newest first, with all that is shown of them."""
    shown = ("version__asset", "policy__legal_record", "brought_by__person", "label_set", "together_with")
    return LabelImport.objects.visible_to(actor).select_related(*shown).order_by("-pk")


@dataclass(frozen=True, kw_only=True)
class ToLabel:
    """A version for which labels may be brought; `policies` govern labels of its dataset now. A file may be
    added to the `label_sets`, the newest first."""

    version: AssetVersion
    policies: tuple[LegalRecordVersion, ...]
    label_sets: tuple[LabelSet, ...] = ()


def version_to_label(actor: Actor, version_id: UUID) -> ToLabel:
    """Raises: NotFound, NotPermitted, RuleBroken (no dataset)."""
    versions = AssetVersion.objects.visible_to(actor).select_related("asset__organization", "asset__domain")
    version = versions.one(version_id)
    authorize(actor=actor, operation=Operation.BRING_LABELS, resource=asset_resource(version.asset))
    if version.asset.kind != AssetKind.DATASET:
        raise rule_broken(NO_DATASET)
    today = database_now().date()
    in_force = LegalRecordVersion.objects.visible_to(actor).in_force(today).select_related("legal_record")
    found = in_force.filter(
        legal_record__organization=version.asset.organization_id,
        legal_record__kind=LABELING_POLICIES.slug,
        legal_record__stage__in=WHILE,
        content__datasets__contains=[str(version.asset.uid)],
    )
    due = [each for each in found.order_by("legal_record__ref") if not _is_over(each, today)]
    naming = [each.pk for each in due if each.said.are_raw_kept is True]
    named = label_sets_in_brief(actor).filter(version=version, names_forgotten__isnull=True)
    joined = named.filter(policy__in=naming) if naming else ()
    return ToLabel(version=version, policies=tuple(due), label_sets=tuple(joined[:MOST_JOINED]))


def may_bring(actor: Actor, made: LabelImport) -> bool:
    """Whether the actor may bring labels of the dataset."""
    held = may_each(
        actor=actor, operations=(Operation.BRING_LABELS,), resource=asset_resource(made.version.asset)
    )
    return Operation.BRING_LABELS in held


def may_be_brought_again(made: LabelImport) -> bool:
    """Whether its bytes are still there, to be read once more without what was faulty."""
    return made.state == ImportState.REFUSED and made.kept_until is not None


def _is_over(version: LegalRecordVersion, on: date) -> bool:
    return version.review_due_on is not None and is_overdue(version.review_due_on, on)


def annotators_visible_to(actor: Actor) -> HouseQuerySet[Annotator]:
    """The newest first, with all that is shown of them."""
    shown = ("policy__organization", "person", "contract")
    rows = Annotator.objects.visible_to(actor).with_pause()
    return rows.select_related(*shown).order_by("-pk")


def pauses_shown(actor: Actor, label_set: LabelSet) -> tuple[AnnotatorPause, ...]:
    """Who was paused because of a set, as far as one may see their rows."""
    rows = AnnotatorPause.objects.visible_to(actor).filter(label_set=label_set)
    return tuple(rows.order_by("pk")[:MOST_SHOWN])


def labeling_policy(actor: Actor, legal_record_id: UUID) -> LegalRecord:
    """Raises: NotFound."""
    found: LegalRecord = (
        LegalRecord.objects.visible_to(actor)
        .filter(kind=LABELING_POLICIES.slug)
        .select_related("organization")
        .one(legal_record_id)
    )
    return found


def label_sets_in_brief(actor: Actor) -> HouseQuerySet[LabelSet]:
    """The same for lists: without what was found and measured."""
    return label_sets_visible_to(actor).defer("findings", "figures")


def newest_label_sets(actor: Actor, asset: Asset) -> list[LabelSet]:
    """Of all versions of a dataset, or those that are this asset; so many as its page has room for."""
    is_its = Q(asset_version__asset=asset) if asset.kind == AssetKind.LABEL_SET else Q(version__asset=asset)
    return list(label_sets_in_brief(actor).filter(is_its)[:MOST_NEWEST])


def label_sets_named(actor: Actor, versions: Iterable[AssetVersion]) -> dict[int, LabelSet]:
    """Among what versions were made from, by the version of the asset that they are. One query."""
    named = {used.input_id for version in versions for used in version.inputs.all()}
    found = label_sets_in_brief(actor).filter(asset_version__in=named)
    return {row.asset_version_id: row for row in found if row.asset_version_id}


def release_states(actor: Actor, versions: Iterable[AssetVersion]) -> dict[int, str]:
    """Of versions of a model, by version; nothing of one that was never released. One query."""
    rows = ModelRelease.objects.visible_to(actor).filter(version__in=list(versions)).order_by("pk")
    return {row.version_id: row.state for row in rows}


class _BySplit(Func):
    """How many items of the list of this key are in which split, within another statement."""

    template = """(SELECT coalesce(jsonb_object_agg(split, n), '{}') FROM (
        SELECT split, count(*) AS n FROM labeling_datasetitem
        WHERE manifest_id = %(expressions)s AND split <> '' GROUP BY split) AS counted)"""
    output_field = JSONField()


class _ByGroup(Func):
    """The same by the name of a grouping, and by its groups."""

    template = """(SELECT coalesce(jsonb_object_agg(grouping_name, counts), '{}') FROM (
        SELECT grouping_name, jsonb_object_agg(value, n) AS counts FROM (
            SELECT said.key AS grouping_name, said.value, count(*) AS n
            FROM labeling_datasetitem i, jsonb_each_text(i.groups) AS said
            WHERE i.manifest_id = %(expressions)s GROUP BY said.key, said.value
        ) AS counted GROUP BY grouping_name) AS together)"""
    output_field = JSONField()


def item_lists_visible_to(actor: Actor) -> HouseQuerySet[ItemManifest]:
    """The newest first; `left`: how many items were not erased, `by_split` and `by_group`: how many where."""
    rows = ItemManifest.objects.visible_to(actor).select_related("version__asset", "brought_by")
    counted = rows.annotate(left=Count("rows"), by_split=_BySplit(F("pk")), by_group=_ByGroup(F("pk")))
    return counted.order_by("-pk")


def redaction_checks_visible_to(actor: Actor) -> HouseQuerySet[RedactionCheck]:
    """The newest first."""
    rows = RedactionCheck.objects.visible_to(actor).select_related("version__asset", "checked_by")
    return rows.order_by("-pk")


def item_erasures_visible_to(actor: Actor) -> HouseQuerySet[ItemErasure]:
    """The newest first."""
    rows = ItemErasure.objects.visible_to(actor).select_related("version__asset", "duty", "erased_by")
    return rows.order_by("-pk")


def reviews_visible_to(actor: Actor) -> HouseQuerySet[LabelSetReview]:
    """The newest first."""
    shown = ("label_set__policy", "policy")
    return LabelSetReview.objects.visible_to(actor).select_related(*shown).order_by("-pk")


MOST_COUNTS = 60
MOST_SHOWN = 10


@dataclass(frozen=True, kw_only=True)
class Counted:
    """`by` is the name of a grouping; empty for splits."""

    by: str
    group: str
    items: int


@dataclass(frozen=True, kw_only=True)
class ItemSheet:
    """What is known of the items of a version, and what the actor may do about them."""

    version: AssetVersion
    items: Any
    checks: tuple[RedactionCheck, ...]
    erasures: tuple[ItemErasure, ...]
    duties: tuple[Duty, ...]
    may_bring: bool
    may_check: bool
    may_erase: bool

    @property
    def _counts(self) -> list[Counted]:
        by = {"": self.items.by_split, **self.items.by_group} if self.items else {}
        return [
            Counted(by=name, group=group, items=count)
            for name, counts in sorted(by.items())
            for group, count in sorted(counts.items())
        ]

    @property
    def counts(self) -> list[Counted]:
        return self._counts[:MOST_COUNTS]

    @property
    def more_counts(self) -> int:
        return max(0, len(self._counts) - MOST_COUNTS)


def item_sheet(actor: Actor, version_id: UUID) -> ItemSheet:
    """Raises: NotFound, also of a version of no dataset."""
    versions = AssetVersion.objects.visible_to(actor).filter(asset__kind=AssetKind.DATASET)
    version = versions.select_related("asset").one(version_id)
    resource = asset_resource(version.asset)
    duties = Duty.objects.visible_to(actor).filter(
        Q(asset=version.asset) | Q(asset__isnull=True, occurrence__affected__version__asset=version.asset)
    )
    may_erase = may(actor=actor, operation=Operation.ERASE_ITEMS, resource=resource)
    return ItemSheet(
        version=version,
        items=item_lists_visible_to(actor).filter(version=version).first(),
        checks=tuple(redaction_checks_visible_to(actor).filter(version=version)[:MOST_SHOWN]),
        erasures=tuple(item_erasures_visible_to(actor).filter(reached__version=version)[:MOST_SHOWN]),
        duties=tuple(duties.order_by("-pk").distinct()[:MOST_SHOWN]) if may_erase else (),
        may_bring=may(actor=actor, operation=Operation.BRING_ITEMS, resource=resource),
        may_check=may(actor=actor, operation=Operation.CHECK_REDACTION, resource=resource),
        may_erase=may_erase,
    )


def releases_visible_to(actor: Actor) -> HouseQuerySet[ModelRelease]:
    """The newest first, with all that is shown of them."""
    shown = ("version__asset", "released_by", "withdrawn_by")
    return ModelRelease.objects.visible_to(actor).select_related(*shown).order_by("-pk")
