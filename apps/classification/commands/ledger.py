"""How sayings about columns are put down: the row that held is superseded, a new one is added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import F

from apps.catalog.models import AssetVersion
from apps.classification import lifecycle
from apps.classification.lifecycle import ClassificationStatus, Saying
from apps.classification.models import WHOLE_VERSION, Classification, ClassificationSource, DataCategory
from apps.policy.vocabulary import Identifiability


def columns_of(version: AssetVersion) -> dict[str, str]:
    """The types of the columns by name; a version without columns has one, named "*"."""
    return dict(version.columns.values_list("name", "data_type")) or {WHOLE_VERSION: ""}


def current_rows(version: AssetVersion) -> dict[str, Classification]:
    rows = Classification.objects.current().filter(version=version).select_related("sensitivity_class")
    return {row.column_name: row for row in rows}


def personal_codes() -> frozenset[str]:
    """Every category that is about people, in use or not."""
    return frozenset(DataCategory.objects.filter(is_personal=True).values_list("code", flat=True))


def saying_of(row: Classification, personal: frozenset[str]) -> Saying:
    codes = frozenset(row.category_codes)
    return Saying(
        rank=row.sensitivity_class.rank,
        categories=codes,
        personal=codes & personal,
        identifiability=Identifiability(row.identifiability),
    )


def supersede(version: AssetVersion, columns: Iterable[str], *statuses: str, at: datetime) -> None:
    """What held, or was proposed, for these columns is now history."""
    for status in statuses:
        lifecycle.move(status, ClassificationStatus.SUPERSEDED)
    held = Classification.objects.filter(version=version, column_name__in=list(columns), status__in=statuses)
    held.update(status=ClassificationStatus.SUPERSEDED, decided_at=at, row_version=F("row_version") + 1)


def put_down(version: AssetVersion, rows: Sequence[Classification], *, at: datetime) -> None:
    """Add rows; where one takes effect at once, what held before is superseded. Open proposals always are."""
    columns = {row.column_name for row in rows}
    taking_effect = {row.column_name for row in rows if row.status == ClassificationStatus.CURRENT}
    supersede(version, columns, ClassificationStatus.PROPOSED, at=at)
    supersede(version, taking_effect, ClassificationStatus.CURRENT, at=at)
    Classification.objects.bulk_create(rows)


def heir(
    row: Classification, version: AssetVersion, source: ClassificationSource, *, at: datetime
) -> Classification:
    """Whoever vouched for the column before still does."""
    return Classification(
        version=version,
        column_name=row.column_name,
        sensitivity_class=row.sensitivity_class,
        category_codes=row.category_codes,
        identifiability=row.identifiability,
        source=source,
        reason=row.reason,
        assessment_ref=row.assessment_ref,
        classified_by_id=row.classified_by_id or row.decided_by_id,
        is_confirmed=row.is_confirmed,
        inherited_from=row,
        status=ClassificationStatus.CURRENT,
        created_at=at,
    )


def in_words(rows: Iterable[Classification]) -> dict[str, str]:
    """For the trail: "class / identifiability / categories" by column."""
    return {
        row.column_name: " / ".join(
            (row.sensitivity_class.code, row.identifiability, ", ".join(row.category_codes))
        )
        for row in rows
    }


def reasons_in_words(rows: Iterable[Classification]) -> str:
    return "\n".join(f"{row.column_name}: {row.reason}" for row in rows if row.reason)
