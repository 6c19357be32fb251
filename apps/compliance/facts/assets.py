"""Versions of assets with their columns, in six queries, however many versions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from apps.catalog.models import AssetVersion, Column
from apps.classification.facts import ColumnStanding, column_facts, column_standings
from apps.classification.models import WHOLE_VERSION
from apps.compliance.models import ActivityVersion, DataOrigin, PermittedPurpose, Purpose
from apps.policy.facts import (
    NO_LIMIT,
    ActivityFacts,
    AssetFacts,
    Clearance,
    Identifiability,
    LawfulBasis,
    Until,
)

Wanted = tuple[AssetVersion, Collection[str]]
"""A version, and the columns of it that are asked for; none named: all."""

ALL_COLUMNS = ""


def asset_facts(wanted: Sequence[Wanted], purpose: Purpose, *, at: datetime) -> tuple[AssetFacts, ...]:
    """The versions in the order asked for, with the activities that name the purpose and are in effect `at`.

    Six queries, however many versions and columns.
    """
    keys = [version.pk for version, _ in wanted]
    versions = _versions_with_origin(keys)
    columns = _columns(keys)
    standings = column_standings(keys)
    permitted = _permitted(keys)
    activities = _activities({version.asset_id for version, _ in wanted}, purpose, on=at.date())
    return tuple(
        _asset(
            versions[version.pk],
            tuple(names) or tuple(columns.get(version.pk, [WHOLE_VERSION])),
            standings,
            permitted.get(version.pk, {}),
            activities.get(version.asset_id, ()),
        )
        for version, names in wanted
    )


def _asset(
    version: Any,
    names: Iterable[str],
    standings: Mapping[tuple[int, str], ColumnStanding],
    permitted: Mapping[str, frozenset[str]],
    activities: Sequence[ActivityFacts],
) -> AssetFacts:
    origin = version.origin or {}
    everywhere = permitted.get(ALL_COLUMNS, frozenset())
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
        activities=tuple(activities),
        retention_ends_on=_day(origin.get("retention_ends_on")),
        agreement_ends_on=_day(origin.get("agreement_ends_on")) if origin.get("agreement") else NO_LIMIT,
        research_area=origin.get("research_area"),
        described_by=_describers(version, held.values()),
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


def _versions_with_origin(keys: Collection[int]) -> Mapping[int, Any]:
    origin = DataOrigin.objects.current().filter(version=OuterRef("pk"))
    stated = JSONObject(
        basis="original_basis",
        purpose="original_purpose__code",
        research_area="research_area__code",
        retention_ends_on="retention_ends_on",
        agreement="agreement_ref",
        agreement_ends_on="agreement_ends_on",
    )
    found = AssetVersion.objects.filter(pk__in=keys).select_related("asset", "registered_by")
    return found.annotate(origin=Subquery(origin.values_list(stated))).in_bulk()


def _columns(keys: Collection[int]) -> Mapping[int, list[str]]:
    named: dict[int, list[str]] = {}
    rows = Column.objects.filter(version__in=keys).order_by("version_id", "position")
    for key, name in rows.values_list("version_id", "name"):
        named.setdefault(key, []).append(name)
    return named


def _permitted(keys: Collection[int]) -> Mapping[int, Mapping[str, frozenset[str]]]:
    """Codes by version and column; those for all columns under the empty name."""
    found: dict[int, dict[str, frozenset[str]]] = {}
    rows = PermittedPurpose.objects.in_force().filter(version__in=keys)
    for key, column, code in rows.values_list("version_id", "column_name", "concept__code"):
        by_column = found.setdefault(key, {})
        by_column[column] = by_column.get(column, frozenset()) | {code}
    return found


def _activities(
    asset_keys: Collection[int], purpose: Purpose, *, on: date
) -> Mapping[int, tuple[ActivityFacts, ...]]:
    """Approved activities for the purpose that have taken effect, by asset."""
    purposes = ActivityVersion.purposes.through.objects.filter(
        activityversion=OuterRef("activityversion")
    ).values("purpose__uid")
    rows = ActivityVersion.assets.through.objects.filter(
        asset__in=asset_keys,
        activityversion__record_status="approved",
        activityversion__effective_from__lte=on,
        activityversion__purposes=purpose,
    ).values_list(
        "asset",
        "activityversion__activity__ref",
        "activityversion__number",
        "activityversion__clearance",
        ArraySubquery(purposes),
    )
    found: dict[int, tuple[ActivityFacts, ...]] = {}
    for asset, ref, number, clearance, uids in rows:
        facts = ActivityFacts(
            ref=ref,
            version=str(number),
            purposes=frozenset(str(uid) for uid in uids),
            clearance=Clearance(clearance),
        )
        found[asset] = (*found.get(asset, ()), facts)
    return found
