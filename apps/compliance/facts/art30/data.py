"""What the data of activities are: their newest versions, and what was said about their columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count

from apps.catalog.models import AssetVersion, Column
from apps.classification.models import WHOLE_VERSION, Classification, DataCategory, SpecialKind
from apps.compliance.exports.entry import Category
from apps.policy.facts import Identifiability


@dataclass(frozen=True, kw_only=True)
class Data:
    """Of an asset. `is_classified`: something was said about every column."""

    number: int
    categories: frozenset[str]
    is_classified: bool


@dataclass
class _Said:
    columns: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)


def taxonomy() -> Mapping[str, Category]:
    """Of personal data alone. One query."""
    return {
        each.code: Category(
            code=each.code,
            label=each.label,
            iri=each.iri if each.iri.startswith("https://w3id.org/dpv") else "",
            special=_capital(SpecialKind(each.special_kind).label) if each.special_kind else "",
            is_criminal=each.is_criminal,
        )
        for each in DataCategory.objects.filter(is_personal=True)
    }


def data_of(assets: Collection[int], *, before: datetime) -> Mapping[int, Data]:
    """The newest version of each asset by then, as it is classified now. Three queries."""
    newest = (
        AssetVersion.objects.filter(asset__in=assets, created_at__lt=before)
        .order_by("asset_id", "-number")
        .distinct("asset_id")
    )
    versions = {pk: (asset, number) for pk, asset, number in newest.values_list("pk", "asset_id", "number")}
    said: dict[int, _Said] = {}
    spoken = Classification.objects.current().filter(version__in=versions)
    for key, column, codes, identifiability, assessment in spoken.values_list(
        "version_id", "column_name", "category_codes", "identifiability", "assessment_ref"
    ):
        told = said.setdefault(key, _Said())
        told.columns.add(column)
        if identifiability != Identifiability.ANONYMISED or not assessment:
            told.codes.update(codes)
    counted = Column.objects.filter(version__in=versions).values("version").annotate(many=Count("pk"))
    columns = dict(counted.values_list("version_id", "many"))
    return {
        asset: Data(
            number=number,
            categories=frozenset(said[key].codes) if key in said else frozenset(),
            is_classified=key in said
            and (WHOLE_VERSION in said[key].columns or len(said[key].columns) >= columns.get(key, 1)),
        )
        for key, (asset, number) in versions.items()
    }


def _capital(label: object) -> str:
    text = str(label)
    return text[:1].upper() + text[1:]
