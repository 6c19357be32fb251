"""What somebody holds already: what two harmless grants tell together, one request does not show."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import OuterRef, Q, QuerySet, UUIDField
from django.db.models.functions import JSONObject

from apps.access.lifecycle import LIVE_GRANT
from apps.access.models import Grant
from apps.accounts.models import Person, Project, ProjectMember
from apps.classification.facts import ColumnStanding, rows_to_stand_on, standing_rows
from apps.classification.models import WHOLE_VERSION
from apps.compliance.facts import activities_for, screened_points
from apps.kernel.questions import Given, Question, among
from apps.policy.facts import AssetFacts, ColumnFacts, Identifiability, JointFacts
from apps.policy.law_words import ScreeningPoint

NOT_ABOUT_PEOPLE = frozenset({Identifiability.NOT_PERSONAL, Identifiability.ANONYMISED})


@dataclass(frozen=True, kw_only=True)
class Holding:
    """One asset of which the person, a service account they answer for, the project or a member holds a live
    grant."""

    asset: str
    columns: tuple[tuple[str, ColumnStanding], ...]

    @property
    def personal(self) -> tuple[tuple[str, ColumnStanding], ...]:
        """Columns about people."""
        return tuple((name, each) for name, each in self.columns if each.is_personal is not False)


def standings_and_holdings(
    version_keys: Collection[int], holder: Person | Project, *, at: datetime
) -> tuple[Mapping[tuple[int, str], ColumnStanding], tuple[Holding, ...]]:
    """What holds for the columns of the versions, and what the holder has already. One query for both.

    Of a person also what projects hold that they belong to now; of a project also what each member holds.
    """
    by_project = isinstance(holder, Project)
    rows = _SAID_AND_HELD.rows(by_project, versions=list(version_keys), holder=holder.pk, at=at)
    standings: dict[tuple[int, str], ColumnStanding] = {}
    columns: dict[str, list[tuple[str, ColumnStanding]]] = {}
    for row, standing in standing_rows(rows):
        standings[row.version_id, row.column_name] = standing
        for grant in row.held:
            if not grant["columns"] or row.column_name in grant["columns"]:
                columns.setdefault(str(grant["asset"]), []).append((row.column_name, standing))
    holdings = (Holding(asset=uid, columns=tuple(columns[uid])) for uid in sorted(columns))
    return standings, tuple(holdings)


def _said_and_held(by_project: bool) -> QuerySet[Any, Any]:
    live = _live(by_project)
    granted = live.filter(version=OuterRef("version")).order_by("pk")
    held = ArraySubquery(granted.values_list(JSONObject(asset="asset__uid", columns="columns")))
    return rows_to_stand_on(also=live.values("version"), held=held)


_SAID_AND_HELD: Question[Any] = Question(_said_and_held)


def _live(by_project: bool) -> QuerySet[Grant]:
    """Of the `holder` and the moment `at` that are given."""
    holder, at = Given("holder"), Given("at")
    return Grant.objects.filter(_held_by(holder, by_project, at), state__in=LIVE_GRANT, not_after__gt=at)


def _held_by(holder: Given, by_project: bool, at: Given) -> Q:
    in_force = ProjectMember.objects.in_force(at).filter(project__ends_at__gt=at)
    if by_project:
        members = in_force.filter(project=holder).values("person")
        theirs = Q(person__in=members, project__isnull=True)
        return (
            Q(project=holder) | theirs | Q(project__in=in_force.filter(person__in=members).values("project"))
        )
    belongs = in_force.filter(person=holder)
    return Q(person=holder, project__isnull=True) | Q(project__in=belongs.values("project"))


def joint_facts(
    assets: Sequence[AssetFacts],
    held: Sequence[Holding],
    *,
    holder: Person | Project,
    revealed: frozenset[str] | None,
    at: datetime,
) -> JointFacts:
    """Of everything held now and what is asked for; an asset counts once.

    `revealed` is what the data asked for reveal when linked; what is held is sensitive or not by its columns.
    One query, where something about people is held.
    """
    asked = [column for asset in assets for column in asset.columns]
    said: list[ColumnFacts | ColumnStanding] = [*asked]
    said += [standing for each in held for _, standing in each.columns]
    special_kinds = frozenset[str]().union(*(each.special_kinds for each in said))
    personal = {each.asset for each in held if each.personal}
    personal |= {asset.uid for asset in assets if any(_is_about_people(column) for column in asset.columns)}
    return JointFacts(
        personal_assets=len(personal),
        categories=frozenset().union(*(each.categories for each in said)),
        special_kinds=special_kinds,
        screened=_screened(held, holder, at=at),
        inferred_kinds=None if revealed is None else revealed | special_kinds,
    )


def _screened(
    held: Sequence[Holding], holder: Person | Project, *, at: datetime
) -> frozenset[ScreeningPoint] | None:
    """What the screenings answer with yes under which the holder was given data about people. Not known
    where one of these was given without a screening."""
    personal = {each.asset for each in held if each.personal}
    if not personal:
        return frozenset()
    points: set[ScreeningPoint] = set()
    given = {"holder": holder.pk, "at": at, "assets": sorted(personal)}
    for stated in _UNDER.rows(isinstance(holder, Project), at.date(), **given):
        found = screened_points(stated)
        if found is None:
            return None
        points |= found
    return frozenset(points)


def _under(by_project: bool, on: date) -> QuerySet[Any, Any]:
    of_assets = among("asset__uid", Given("assets", ArrayField(UUIDField())))
    given = _live(by_project).filter(of_assets).order_by("asset", "purpose").distinct("asset", "purpose")
    under = ArraySubquery(activities_for("asset", "purpose", on=on))
    return given.annotate(under=under).values_list("under", flat=True)


_UNDER: Question[Any] = Question(_under)


def _is_about_people(column: ColumnFacts) -> bool:
    return column.is_personal is not False or column.identifiability not in NOT_ABOUT_PEOPLE


def is_linked(assets: Sequence[AssetFacts], held: Sequence[Holding]) -> bool:
    """Whether something held about people can be joined with something asked for.

    Two columns are a key where they are called the same, or are of the same kind of data.
    """
    asked = {asset.uid: asset.columns for asset in assets}
    return any(
        _is_key(name, standing, column)
        for each in held
        for name, standing in each.personal
        for uid, columns in asked.items()
        if uid != each.asset
        for column in columns
    )


def _is_key(name: str, standing: ColumnStanding, column: ColumnFacts) -> bool:
    of_one_kind = bool(standing.categories & column.categories)
    is_same_name = name != WHOLE_VERSION and name.casefold() == column.name.casefold()
    return of_one_kind or is_same_name
