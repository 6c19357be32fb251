"""Versions of assets with their columns, in two queries, however many versions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from apps.catalog.models import AssetVersion, Column
from apps.catalog.queries import InputKeys
from apps.classification.facts import ColumnStanding, column_facts, column_standings
from apps.classification.models import WHOLE_VERSION
from apps.compliance.facts.activities import (
    UseOfPeople,
    needed_columns,
    people_facts,
    recipients_of,
    use_of_people,
)
from apps.compliance.facts.agreements import agreed_with, agreement_facts
from apps.compliance.facts.assessments import PurposeKeys, assessments_of, compatibility_facts
from apps.compliance.facts.biometry import biometric_kinds
from apps.compliance.facts.impact import impact_facts, impact_of, open_breach
from apps.compliance.facts.naming import Kept, kept, records_naming
from apps.compliance.facts.register import Party
from apps.compliance.facts.rows import left_out, reaching, row_facts
from apps.compliance.facts.standing import (
    consent_facts,
    has_pseudonymised_view,
    hold_facts,
    is_direct_identifier,
    is_sheet_late,
    pin_facts,
    retention_end,
    revealed,
    sheets_of,
)
from apps.compliance.lifecycle.data_sheets import DataSheetContent
from apps.compliance.lifecycle.derived import Admitted
from apps.compliance.models import ActivityVersion, DataOrigin, PermittedPurpose, Purpose, PurposeVersion
from apps.kernel.questions import Question, among, each_given
from apps.policy.facts import (
    NO_LIMIT,
    ActivityFacts,
    AssetFacts,
    Clearance,
    ColumnFacts,
    CompatibilityFacts,
    Identifiability,
    LawfulBasis,
    Until,
)
from apps.policy.purposes import Parents


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What was read with the versions, and is not about one of them alone.

    `operators` run the places where the data lie, as numbers of parties, and `allowed` are the uids of those
    who may; `recipients` are given the data by the activities; with the parties `agreed` there are agreements
    in force. `revealed` are special categories that the data reveal when linked.
    """

    operators: frozenset[str]
    allowed: frozenset[str]
    recipients: tuple[Party, ...]
    agreed: frozenset[str]
    revealed: frozenset[str] | None
    use: UseOfPeople


Gathered = tuple[tuple[AssetFacts, ...], tuple[CompatibilityFacts, ...], Beside]
Wanted = tuple[AssetVersion, Collection[str]]
"""A version, and the columns of it that are asked for; none named: all."""

ALL_COLUMNS, EVERY = "", "*"
NOTHING_ABOVE: Parents = {}
"""Of no purpose is known what lies above it, so that nothing made from other data is used for it."""


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
    concept: str = "",
    parents: Parents = NOTHING_ABOVE,
    standings: Mapping[tuple[int, str], ColumnStanding] | None = None,
) -> Gathered:
    """`asset_facts`, with what was assessed about these assets and the purpose and what else was read with
    them, in the same queries. `concept` is that of the purpose, for agreements that name it and for what a
    version was made from, with all that lies above it in `parents`."""
    keys = [version.pk for version, _ in wanted]
    on = at.date()
    versions = _versions(keys, purpose, on=on)
    standings = column_standings(keys) if standings is None else standings
    asked = _Asked(purpose=purpose, concept=concept, parents=parents, on=on, standings=standings)
    rows = [versions[version.pk] for version, _ in wanted]
    for row in rows:
        row.records = [each for each in map(kept, row.naming) if each.concerns(row.uid)]
    assets = tuple(_asset(row, tuple(names), asked) for row, (_, names) in zip(rows, wanted, strict=True))
    assessments = compatibility_facts((row.assessments for row in rows), on=on)
    return assets, assessments, _beside(rows, assets, on)


@dataclass(frozen=True, kw_only=True)
class _Asked:
    purpose: Purpose
    concept: str
    parents: Parents
    on: date
    standings: Mapping[tuple[int, str], ColumnStanding]


def _beside(rows: Sequence[Any], assets: Sequence[AssetFacts], on: date) -> Beside:
    lakes = [row.location.lake for row in rows if row.location is not None]
    sheets = [sheets_of(row.records, on) for row in rows]
    reveal = [revealed(each) for each in sheets]
    known = [kinds for kinds in reveal if kinds is not None]
    return Beside(
        operators=frozenset(lake.operator_ref for lake in lakes if lake.operator_ref),
        allowed=frozenset(str(uid) for each in sheets for sheet in each for uid in sheet.operators),
        recipients=tuple(recipients_of(each for row in rows for each in row.activities)),
        agreed=frozenset().union(*(agreed_with(row.records, on) for row in rows)),
        revealed=frozenset().union(*known) if len(known) == len(reveal) else None,
        use=use_of_people(
            [each for row in rows for each in row.activities],
            [each for asset in assets for each in asset.activities],
        ),
    )


def _asset(version: Any, asked: tuple[str, ...], about: _Asked) -> AssetFacts:
    origin = version.origin or {}
    names = asked or tuple(version.column_names) or (WHOLE_VERSION,)
    held = {name: about.standings.get((version.pk, name)) for name in names}
    records: Sequence[Kept] = version.records
    sheets = sheets_of(records, about.on)
    columns = tuple(_columns(version, held, sheets, about))
    activities = tuple(_activity(each) for each in version.activities)
    agreement_ends_on = _day(origin.get("agreement_ends_on")) if origin.get("agreement") else NO_LIMIT
    is_pin_needed = is_sheet_late(records, about.on) or not all(is_about_nobody(each) for each in columns)
    return AssetFacts(
        uid=str(version.asset.uid),
        kind=version.asset.kind,
        version=str(version.number),
        columns=columns,
        original_basis=LawfulBasis(origin["basis"]) if origin.get("basis") else None,
        original_purpose=origin.get("purpose"),
        has_anonymity_assessment=_has_assessment(held.values()),
        activities=activities,
        retention_ends_on=retention_end(records, _day(origin.get("retention_ends_on")), about.on),
        agreement_ends_on=agreement_ends_on,
        research_area=origin.get("research_area"),
        described_by=_describers(version, held.values()),
        people=people_facts(version.activities, activities, sheets),
        consent=consent_facts(records, about.on),
        rows=row_facts(version, records, sheets, about.on),
        hold=hold_facts(records, about.on),
        pin=pin_facts(sheets, is_needed=is_pin_needed),
        agreements=agreement_facts(
            records,
            about.purpose,
            about.concept,
            named=origin.get("agreement") or "",
            ends_on=agreement_ends_on,
            on=about.on,
        ),
        open_breach=open_breach(records),
        has_pseudonymised_view=has_pseudonymised_view(sheets),
    )


def _columns(
    version: Any,
    held: Mapping[str, ColumnStanding | None],
    sheets: Sequence[DataSheetContent],
    about: _Asked,
) -> Iterator[ColumnFacts]:
    permitted = _by_column(version.permitted)
    needed = needed_columns(version.activities)
    for name, standing in held.items():
        facts = column_facts(name, standing, _permitted(version, _of_column(permitted, name), about))
        biometric = biometric_kinds(facts.categories, version.biometric_use)
        yield replace(
            facts,
            special_kinds=facts.special_kinds | biometric,
            is_necessary=None if needed is None else name in needed or EVERY in needed,
            is_direct_identifier=is_direct_identifier(sheets, name),
        )


def _permitted(version: Any, own: frozenset[str], about: _Asked) -> frozenset[str]:
    """With what the version was made from: a purpose that one of these does not admit is not permitted here,
    and where nothing was ever stated of the version itself, they alone say what is."""
    if not version.made_of:
        return own
    if not all(_admits(each, about) for each in version.made_of):
        return own - about.parents.keys() - {about.concept}
    return own if version.permitted else frozenset({about.concept})


def _admits(stated: Mapping[str, Any], about: _Asked) -> bool:
    """Whether every column of an input admits the purpose that is asked about."""
    permitted = _by_column(stated["permitted"])
    return all(
        Admitted(
            codes=_of_column(permitted, name),
            is_on_consent=stated["basis"] in (LawfulBasis.CONSENT, None),
            research_area=stated["area"] or "",
        ).admits(about.concept, about.parents)
        for name in stated["columns"] or [WHOLE_VERSION]
    )


def is_about_nobody(column: ColumnFacts) -> bool:
    """Confirmed, and nothing that was found says otherwise."""
    is_stated = column.is_confirmed and column.is_personal is False and column.is_criminal is False
    return is_stated and column.identifiability is Identifiability.NOT_PERSONAL and not column.special_kinds


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
    about = PurposeKeys(pk=purpose.pk, uid=purpose.uid, organization_id=purpose.organization_id)
    return {row.pk: row for row in _VERSIONS.rows(about, on, len(keys), versions=list(keys))}


def _versions_for(purpose: PurposeKeys, on: date, count: int) -> QuerySet[Any]:
    origin = DataOrigin.objects.current().filter(version=OuterRef("pk"))
    stated = JSONObject(
        basis="original_basis",
        purpose="original_purpose__code",
        research_area="research_area__code",
        retention_ends_on="retention_ends_on",
        agreement="agreement_ref",
        agreement_ends_on="agreement_ends_on",
    )
    said = PurposeVersion.objects.filter(purpose=purpose.pk, record_status="approved")
    columns = Column.objects.filter(version=OuterRef("pk")).order_by("position")
    permitted = PermittedPurpose.objects.in_force().filter(version=OuterRef("pk"))
    concept = JSONObject(column="column_name", code="concept__code")
    related = ("asset", "registered_by", "location__lake")
    wanted = AssetVersion.objects.filter(pk__in=each_given("versions", count))
    return wanted.select_related(*related).annotate(
        origin=Subquery(origin.values_list(stated)),
        column_names=ArraySubquery(columns.values("name")),
        permitted=ArraySubquery(permitted.values_list(concept)),
        made_of=ArraySubquery(_inputs(columns, permitted, concept, origin)),
        activities=ArraySubquery(_activities(purpose, on=on)),
        assessments=ArraySubquery(assessments_of(purpose, on=on)),
        naming=ArraySubquery(records_naming("asset__uid")),
        biometric_use=Subquery(said.values("biometric_use")[:1]),
        reaching=ArraySubquery(reaching("pk")),
        left_out=Subquery(left_out("pk")),
    )


_VERSIONS: Question[Any] = Question(_versions_for)
"""Put together once a day for a purpose."""


def _inputs(columns: Any, permitted: Any, concept: JSONObject, origin: Any) -> QuerySet[Any]:
    """Of everything that the outer version was made from: what decides which purposes it admits."""
    stated = JSONObject(
        columns=ArraySubquery(columns.values("name")),
        permitted=ArraySubquery(permitted.values_list(concept)),
        basis=Subquery(origin.values("original_basis")),
        area=Subquery(origin.values("research_area__code")),
    )
    found = AssetVersion.objects.filter(among("pk", InputKeys(OuterRef("pk"))))
    return found.order_by("pk").values_list(stated)


def _of_column(permitted: Mapping[str, frozenset[str]], name: str) -> frozenset[str]:
    return permitted.get(ALL_COLUMNS, frozenset()) | permitted.get(name, frozenset())


def _by_column(permitted: Iterable[Mapping[str, str]]) -> Mapping[str, frozenset[str]]:
    """Codes by column; those for all columns under the empty name."""
    found: dict[str, frozenset[str]] = {}
    for each in permitted:
        found[each["column"]] = found.get(each["column"], frozenset()) | {each["code"]}
    return found


def _activities(purpose: PurposeKeys, *, on: date) -> QuerySet[Any]:
    """Approved activities for the purpose that have taken effect and cover the asset of the version."""
    purposes = ActivityVersion.purposes.through.objects.filter(
        activityversion=OuterRef("activityversion")
    ).values("purpose__uid")
    found = ActivityVersion.assets.through.objects.filter(
        asset=OuterRef("asset"),
        activityversion__record_status="approved",
        activityversion__effective_from__lte=on,
        activityversion__purposes=purpose.pk,
    )
    stated = JSONObject(
        ref="activityversion__activity__ref",
        number="activityversion__number",
        clearance="activityversion__clearance",
        purposes=ArraySubquery(purposes),
        subjects="activityversion__data_subject_categories",
        recipients="activityversion__recipients",
        particulars="activityversion__particulars",
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
