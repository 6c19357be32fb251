"""Versions of assets with their columns, in two queries, however many versions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from apps.catalog.models import AssetVersion, Column
from apps.classification.facts import ColumnStanding, column_facts, column_standings
from apps.classification.models import WHOLE_VERSION
from apps.compliance.facts.assessments import assessments_of, compatibility_facts
from apps.compliance.facts.impact import breaches_of, impact_facts, impact_of, open_breach
from apps.compliance.models import ActivityVersion, DataOrigin, PermittedPurpose, Purpose
from apps.policy.facts import (
    NO_LIMIT,
    ActivityFacts,
    AssetFacts,
    Clearance,
    CompatibilityFacts,
    Identifiability,
    LawfulBasis,
    Until,
)

Wanted = tuple[AssetVersion, Collection[str]]
"""A version, and the columns of it that are asked for; none named: all."""

ALL_COLUMNS = ""


def asset_facts(
    wanted: Sequence[Wanted],
    purpose: Purpose,
    *,
    at: datetime,
    standings: Mapping[tuple[int, str], ColumnStanding] | None = None,
) -> tuple[AssetFacts, ...]:
    """The versions in the order asked for, with the activities that name the purpose and are in effect `at`.

    Two queries, however many versions and columns; one where the standings were read already.
    """
    return assessed_assets(wanted, purpose, at=at, standings=standings)[0]


def assessed_assets(
    wanted: Sequence[Wanted],
    purpose: Purpose,
    *,
    at: datetime,
    standings: Mapping[tuple[int, str], ColumnStanding] | None = None,
) -> tuple[tuple[AssetFacts, ...], tuple[CompatibilityFacts, ...]]:
    """`asset_facts`, and what was assessed about these assets and the purpose, in the same queries."""
    keys = [version.pk for version, _ in wanted]
    versions = _versions(keys, purpose, on=at.date())
    standings = column_standings(keys) if standings is None else standings
    assets = tuple(_asset(versions[version.pk], tuple(names), standings) for version, names in wanted)
    return assets, compatibility_facts((versions[key].assessments for key in keys), on=at.date())


def _asset(
    version: Any, asked: tuple[str, ...], standings: Mapping[tuple[int, str], ColumnStanding]
) -> AssetFacts:
    origin = version.origin or {}
    permitted = _by_column(version.permitted)
    everywhere = permitted.get(ALL_COLUMNS, frozenset())
    names = asked or tuple(version.column_names) or (WHOLE_VERSION,)
    held = {name: standings.get((version.pk, name)) for name in names}
    return AssetFacts(
        uid=str(version.asset.uid),
        kind=version.asset.kind,
        version=str(version.number),
        columns=tuple(
            column_facts(name, standing, everywhere | permitted.get(name, frozenset()))
            for name, standing in held.items()
        ),
        original_basis=LawfulBasis(origin["basis"]) if origin.get("basis") else None,
        original_purpose=origin.get("purpose"),
        has_anonymity_assessment=_has_assessment(held.values()),
        activities=tuple(_activity(each) for each in version.activities),
        retention_ends_on=_day(origin.get("retention_ends_on")),
        agreement_ends_on=_day(origin.get("agreement_ends_on")) if origin.get("agreement") else NO_LIMIT,
        research_area=origin.get("research_area"),
        described_by=_describers(version, held.values()),
        open_breach=open_breach(version.breaches),
    )


def _describers(version: Any, standings: Iterable[ColumnStanding | None]) -> frozenset[str]:
    registered = {str(version.registered_by.uid)} if version.registered_by else set()
    said = (standing.said_by for standing in standings if standing is not None)
    return frozenset(registered).union(*said)


def _has_assessment(standings: Iterable[ColumnStanding | None]) -> bool:
    """Every column said to be anonymised is so under an assessment, and there is one."""
    anonymised = [
        standing
        for standing in standings
        if standing is not None and standing.identifiability is Identifiability.ANONYMISED
    ]
    return bool(anonymised) and all(standing.has_assessment for standing in anonymised)


def _day(stated: str | None) -> Until:
    return date.fromisoformat(stated) if stated else None


def _versions(keys: Collection[int], purpose: Purpose, *, on: date) -> Mapping[int, Any]:
    """With their origin, the names of their columns, what is permitted, and activities for the purpose."""
    origin = DataOrigin.objects.current().filter(version=OuterRef("pk"))
    stated = JSONObject(
        basis="original_basis",
        purpose="original_purpose__code",
        research_area="research_area__code",
        retention_ends_on="retention_ends_on",
        agreement="agreement_ref",
        agreement_ends_on="agreement_ends_on",
    )
    columns = Column.objects.filter(version=OuterRef("pk")).order_by("position")
    permitted = PermittedPurpose.objects.in_force().filter(version=OuterRef("pk"))
    concept = JSONObject(column="column_name", code="concept__code")
    found = AssetVersion.objects.filter(pk__in=keys).select_related("asset", "registered_by")
    return found.annotate(
        origin=Subquery(origin.values_list(stated)),
        column_names=ArraySubquery(columns.values("name")),
        permitted=ArraySubquery(permitted.values_list(concept)),
        activities=ArraySubquery(_activities(purpose, on=on)),
        assessments=ArraySubquery(assessments_of(purpose, on=on)),
        breaches=ArraySubquery(breaches_of("asset__uid")),
    ).in_bulk()


def _by_column(permitted: Iterable[Mapping[str, str]]) -> Mapping[str, frozenset[str]]:
    """Codes by column; those for all columns under the empty name."""
    found: dict[str, frozenset[str]] = {}
    for each in permitted:
        found[each["column"]] = found.get(each["column"], frozenset()) | {each["code"]}
    return found


def _activities(purpose: Purpose, *, on: date) -> QuerySet[Any]:
    """Approved activities for the purpose that have taken effect and cover the asset of the version."""
    purposes = ActivityVersion.purposes.through.objects.filter(
        activityversion=OuterRef("activityversion")
    ).values("purpose__uid")
    found = ActivityVersion.assets.through.objects.filter(
        asset=OuterRef("asset"),
        activityversion__record_status="approved",
        activityversion__effective_from__lte=on,
        activityversion__purposes=purpose,
    )
    stated = JSONObject(
        ref="activityversion__activity__ref",
        number="activityversion__number",
        clearance="activityversion__clearance",
        purposes=ArraySubquery(purposes),
        impact=ArraySubquery(impact_of("activityversion__activity__uid")),
    )
    return found.order_by("activityversion__activity__ref", "pk").values_list(stated)


def _activity(stated: Mapping[str, Any]) -> ActivityFacts:
    screening, dpia = impact_facts(stated["impact"])
    return ActivityFacts(
        ref=stated["ref"],
        version=str(stated["number"]),
        purposes=frozenset(str(uid) for uid in stated["purposes"]),
        clearance=Clearance(stated["clearance"]),
        screening=screening,
        dpia=dpia,
    )
