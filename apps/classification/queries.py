"""Reads of classes, categories and classifications."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery, prefetch_related_objects
from django.db.models.functions import JSONObject

from apps.catalog.models import AssetVersion, Column
from apps.classification.lifecycle import ClassificationStatus
from apps.classification.models import (
    WHOLE_VERSION,
    Classification,
    ClassificationSource,
    DataCategory,
    SensitivityClass,
    SpecialKind,
    StageRole,
)
from apps.kernel.actor import Actor
from apps.policy.vocabulary import Identifiability

_SHOWN = ("version__asset", "sensitivity_class", "classified_by", "decided_by")


@dataclass(frozen=True, kw_only=True)
class EffectiveClass:
    """The highest class over the columns of a version; `unclassified` names those nobody spoke of."""

    sensitivity_class: SensitivityClass | None
    unclassified: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        return self.sensitivity_class is not None and not self.unclassified


def ladder(actor: Actor) -> QuerySet[SensitivityClass]:
    """All classes, from the lowest."""
    return SensitivityClass.objects.visible_to(actor).order_by("rank")


def categories_in_use(actor: Actor) -> QuerySet[DataCategory]:
    return DataCategory.objects.visible_to(actor).in_use().prefetch_related("parents")


def current_classifications(actor: Actor, version: AssetVersion) -> QuerySet[Classification]:
    """What holds for the columns of a version, with what is proposed instead under `beside`. One query,
    columns by name."""
    found = Classification.objects.visible_to(actor).current().filter(version=version)
    beside = _beside(ClassificationStatus.PROPOSED)
    return found.select_related(*_SHOWN).annotate(beside=beside).order_by("column_name")


def history(actor: Actor, version: AssetVersion, column: str) -> QuerySet[Classification]:
    """Everything ever said about a column of a version, the newest first."""
    found = Classification.objects.visible_to(actor).filter(version=version, column_name=column)
    return found.select_related("sensitivity_class", "classified_by", "decided_by").order_by("-id")


def open_proposals(actor: Actor) -> QuerySet[Classification]:
    """Proposals to lower a classification that wait for a second person, with what holds meanwhile under
    `beside`. One query, the oldest first."""
    found = Classification.objects.visible_to(actor).proposed()
    beside = _beside(ClassificationStatus.CURRENT)
    return found.select_related(*_SHOWN).annotate(beside=beside).order_by("id")


def with_names(rows: Sequence[Classification]) -> Sequence[Classification]:
    """The same rows, with what showing them takes. A flat number of queries."""
    prefetch_related_objects(rows, *_SHOWN)
    return rows


def _beside(status: ClassificationStatus) -> Subquery:
    """The other saying about the same column, of which there is at most one, in a few words."""
    other = Classification.objects.filter(
        version=OuterRef("version"), column_name=OuterRef("column_name"), status=status
    )
    in_words = JSONObject(
        id="uid",
        sensitivity_class_code="sensitivity_class__code",
        rank="sensitivity_class__rank",
        category_codes="category_codes",
        identifiability="identifiability",
        reason="reason",
        classified_by_id="classified_by__uid",
    )
    return Subquery(other.values_list(in_words))


def unclassified_columns(version: AssetVersion) -> tuple[str, ...]:
    """Columns about which nothing holds, in their order; "*" for a version without columns."""
    return effective_class(version).unclassified


def effective_class(version: AssetVersion) -> EffectiveClass:
    return effective_classes([version])[version.pk]


def effective_classes(versions: Iterable[AssetVersion]) -> Mapping[int, EffectiveClass]:
    """By the key of the version. Two queries, however many versions."""
    keys = [version.pk for version in versions]
    columns: dict[int, list[str]] = {key: [] for key in keys}
    named = Column.objects.filter(version__in=keys).order_by("version_id", "position")
    for key, name in named.values_list("version_id", "name"):
        columns[key].append(name)
    highest: dict[int, SensitivityClass] = {}
    said: dict[int, set[str]] = {key: set() for key in keys}
    rows = Classification.objects.current().filter(version__in=keys).select_related("sensitivity_class")
    for row in rows:
        said[row.version_id].add(row.column_name)
        other = highest.get(row.version_id)
        if other is None or other.rank < row.sensitivity_class.rank:
            highest[row.version_id] = row.sensitivity_class
    return {
        key: EffectiveClass(
            sensitivity_class=highest.get(key),
            unclassified=tuple(name for name in columns[key] or [WHOLE_VERSION] if name not in said[key]),
        )
        for key in keys
    }


__all__ = [
    "ClassificationSource",
    "ClassificationStatus",
    "EffectiveClass",
    "Identifiability",
    "SpecialKind",
    "StageRole",
    "categories_in_use",
    "current_classifications",
    "effective_class",
    "effective_classes",
    "history",
    "ladder",
    "open_proposals",
    "unclassified_columns",
    "with_names",
]
