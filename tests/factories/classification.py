"""Classifications to test with. Plain calls of commands."""

from __future__ import annotations

from apps.catalog.models import AssetVersion
from apps.classification.commands import Classified, ColumnClassification, classify
from apps.kernel.actor import Actor
from apps.policy.vocabulary import Identifiability
from tests.factories.impacts import CLASSIFYING, looked_at


def saying(column: str | None = "value", **given: object) -> ColumnClassification:
    """An e-mail address, internal; other columns and versions by what is given."""
    made: dict[str, object] = {
        "column": column,
        "sensitivity_class_code": "internal",
        "category_codes": ("EmailAddress",),
        "identifiability": Identifiability.IDENTIFIED,
    }
    return ColumnClassification(**{**made, **given})  # type: ignore[arg-type]


def about_nobody(column: str | None = "value", **given: object) -> ColumnClassification:
    made: dict[str, object] = {
        "sensitivity_class_code": "open",
        "category_codes": ("GeologicalMeasurement",),
        "identifiability": Identifiability.NOT_PERSONAL,
        "reason": "Readings of rock.",
    }
    return saying(column, **{**made, **given})


def classified(version: AssetVersion, steward: Actor, *items: ColumnClassification) -> Classified:
    """With nothing named: every column is about nobody and open."""
    names: list[str | None] = [*version.columns.values_list("name", flat=True)] or [None]
    said = items or tuple(about_nobody(name) for name in names)
    seen = looked_at(CLASSIFYING, version.asset.uid)
    return classify(actor=steward, asset_version_id=version.uid, items=said, seen_impact=seen)
