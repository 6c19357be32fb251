"""Classes and classifications as the policy floor reads them.

What counts is never laxer than what a version was made from: the highest class, every category of all of it.
Where the house itself made a version and knows which columns went into which, it counts column by column.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from graphlib import TopologicalSorter
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
    Window,
)
from django.db.models.functions import JSONObject, RowNumber

from apps.accounts.authorization import Resource
from apps.accounts.queries import role_holders
from apps.accounts.roles import Role
from apps.catalog.models import Asset, Column, VersionInput
from apps.catalog.queries import KeysWithInputs
from apps.classification.models import Classification, DataCategory, LadderChange, SensitivityClass
from apps.kernel.actor import Actor
from apps.kernel.questions import KEYS, Given, Question, among
from apps.policy.facts import NO_LIMIT, ColumnFacts, HandlingFacts, Identifiability


def ladder_of(actor: Actor, about: SensitivityClass | None = None) -> Resource:
    """The ladder is the installation's; an office reaches as far as one's organization."""
    return Resource(
        kind="sensitivity class",
        uid=about.uid if about else None,
        organization_id=actor.organization_id or 0,
    )


def bound_organizations() -> frozenset[int]:
    """Those with data, which the ladder binds. An organization that is only a party of records has none."""
    return frozenset(Asset.objects.order_by().values_list("organization_id", flat=True).distinct())


@dataclass(frozen=True, kw_only=True)
class Lacking:
    """Who has yet to agree to a change of the ladder; a second person, where it is laxer."""

    organizations: frozenset[int]
    second_person: bool

    @property
    def is_anybody(self) -> bool:
        return bool(self.organizations) or self.second_person


def lacking_of(change: LadderChange, *, at: datetime) -> Lacking:
    """A yes counts while whoever said it holds the office."""
    agreed = set(change.consents.values_list("person_id", "organization_id"))
    held = role_holders(
        {Role.COMPLIANCE_OFFICER}, organization_ids={organization for _, organization in agreed}, at=at
    )
    counted = agreed & set(held.filter(domain=None).values_list("person_id", "organization_id"))
    wanted = bound_organizations() | {change.organization_id}
    return Lacking(
        organizations=wanted - {organization for _, organization in counted},
        second_person=change.is_laxer and len({person for person, _ in counted}) < 2,
    )


@dataclass(frozen=True, kw_only=True)
class ColumnStanding:
    """What holds for a column of a version, all but the purposes it is permitted for.

    `None`: it was made from something that nobody has classified.
    """

    class_rank: int | None
    categories: frozenset[str]
    special_kinds: frozenset[str]
    is_criminal: bool | None
    is_personal: bool | None
    identifiability: Identifiability
    is_confirmed: bool
    has_assessment: bool
    said_by: frozenset[str]

    @property
    def is_anonymised(self) -> bool:
        """Under an assessment, so that what it was made from makes it no more personal (GDPR rec. 26)."""
        return self.identifiability is Identifiability.ANONYMISED and self.has_assessment


Standings = Mapping[tuple[int, str], ColumnStanding]


def handling_facts() -> tuple[HandlingFacts, ...]:
    """The whole ladder of this installation. One query."""
    return tuple(
        HandlingFacts(
            rank=each.rank,
            code=each.code,
            max_grant_days=NO_LIMIT if each.max_grant_days is None else each.max_grant_days,
            max_lease_minutes=NO_LIMIT if each.max_lease_minutes is None else each.max_lease_minutes,
            stages=tuple(each.stages),
            needs_step_up=each.needs_step_up,
            is_auto_ok_allowed=each.is_auto_ok_allowed,
        )
        for each in _LADDER.rows()
    )


_LADDER: Question[SensitivityClass] = Question(lambda: SensitivityClass.objects.order_by("rank"))


def column_standings(version_keys: Collection[int]) -> Standings:
    """What holds, by version and column. One query, however many versions and however long their lineage."""
    rows = _STANDINGS.rows(versions=list(version_keys))
    return {(row.version_id, row.column_name): standing for row, standing in standing_rows(rows)}


def said_standings(version_keys: Collection[int]) -> Standings:
    """What was said of the versions themselves, whatever they were made from. One query."""
    rows = _said().filter(version__in=version_keys)
    return {(row.version_id, row.column_name): _standing(row) for row in rows}


def rows_to_stand_on(*, also: QuerySet[Any, Any] | None = None, **noted: Any) -> QuerySet[Any, Any]:
    """What a question asks whose rows `standing_rows` makes something of: those of the `versions` that are
    given, also of those of a further query, and of everything they were made from, with what is `noted` of
    each."""
    versions = Given("versions", KEYS)
    wanted = Q(among("version_id", versions))
    if also is not None:
        wanted |= Q(version__in=also)
    place = Window(RowNumber(), partition_by=F("version"), order_by=F("id").asc())
    rows: Any = _said().filter(among("version_id", KeysWithInputs(versions, also)))
    rows = rows.annotate(is_wanted=ExpressionWrapper(wanted, BooleanField()), place=place, **noted)
    found: QuerySet[Any, Any] = rows.annotate(of_version=Case(When(place=1, then=_OF_VERSION)))
    return found


_STANDINGS: Question[Any] = Question(rows_to_stand_on)


def standing_rows(rows: Iterable[Any]) -> list[tuple[Any, ColumnStanding]]:
    """Those of the versions that were asked about, each with what holds by it and by what lies behind it."""
    found = [(row, _standing(row)) for row in rows]
    wholes = _wholes(found)
    return [
        (row, _joined(standing, wholes.behind(row.version_id, row.column_name)))
        for row, standing in found
        if row.is_wanted
    ]


def column_facts(
    name: str, standing: ColumnStanding | None, permitted_purposes: frozenset[str]
) -> ColumnFacts:
    """A column nobody spoke of is stated as not known in every respect."""
    if standing is None:
        return ColumnFacts(
            name=name,
            class_rank=None,
            categories=frozenset(),
            special_kinds=frozenset(),
            is_criminal=None,
            is_personal=None,
            identifiability=None,
            is_confirmed=False,
            permitted_purposes=permitted_purposes,
        )
    return ColumnFacts(
        name=name,
        class_rank=standing.class_rank,
        categories=standing.categories,
        special_kinds=standing.special_kinds,
        is_criminal=standing.is_criminal,
        is_personal=standing.is_personal,
        identifiability=standing.identifiability,
        is_confirmed=standing.is_confirmed,
        permitted_purposes=permitted_purposes,
    )


# Said and joined

_COLUMNS = Column.objects.filter(version=OuterRef("version")).order_by().values("version")
_OF_VERSION = JSONObject(
    columns=Subquery(_COLUMNS.annotate(number=Count("pk")).values("number")),
    inputs=ArraySubquery(
        VersionInput.objects.filter(version=OuterRef("version")).values_list(
            JSONObject(input="input", carried="carried")
        )
    ),
)
"""Read once for each version, with the first of its rows."""


_SHOWN = ("sensitivity_class", "classified_by", "decided_by")


@cache
def _said() -> QuerySet[Classification, Any]:
    """Put together once: whoever asks narrows it down, which copies it."""
    named = DataCategory.objects.filter(_is_among(F("code"), OuterRef("category_codes")))
    in_words = JSONObject(special_kind="special_kind", is_criminal="is_criminal", is_personal="is_personal")
    rows: Any = Classification.objects.current().annotate(named=ArraySubquery(named.values_list(in_words)))
    found: QuerySet[Classification, Any] = rows.select_related(*_SHOWN)
    return found


@dataclass(frozen=True, kw_only=True)
class _Whole:
    """All columns of a version together, with everything it was made from."""

    class_rank: int | None = None
    categories: frozenset[str] = frozenset()
    special_kinds: frozenset[str] = frozenset()
    is_criminal: bool | None = None
    is_personal: bool | None = None


UNKNOWN = _Whole()


class _Wholes(dict[int, _Whole]):
    """By version, with the `inputs` of each and the columns that were joined already."""

    def __init__(self, inputs: Mapping[int, Sequence[Mapping[str, Any]]]) -> None:
        super().__init__()
        self.inputs = inputs
        self.columns: dict[tuple[int, str], ColumnStanding] = {}

    def in_order(self) -> Iterable[int]:
        """What an input is comes before what was made from it; the database lets no circle in."""
        edges = {version: [each["input"] for each in inputs] for version, inputs in self.inputs.items()}
        return TopologicalSorter(edges).static_order()

    def behind(self, version: int, column: str) -> list[_Whole]:
        """What went into a column: of each input those columns that are known to, otherwise all of it."""
        return [self._carried(each, column) for each in self.inputs[version]]

    def _carried(self, edge: Mapping[str, Any], column: str) -> _Whole:
        carried = edge["carried"]
        if carried is None or not carried.get(column):
            return self[edge["input"]]
        found = [self.columns.get((edge["input"], name)) for name in carried[column]]
        said = [each for each in found if each is not None]
        return _whole(said, is_complete=len(said) == len(found))


def _wholes(found: Sequence[tuple[Any, ColumnStanding]]) -> _Wholes:
    """Of an input of which nobody has classified anything there is no row."""
    of_version = {row.version_id: row.of_version for row, _ in found if row.of_version}
    said: dict[int, dict[str, ColumnStanding]] = {}
    for row, standing in found:
        said.setdefault(row.version_id, {})[row.column_name] = standing
    wholes = _Wholes({version: each["inputs"] for version, each in of_version.items()})
    for version in wholes.in_order():
        if version not in said:
            wholes[version] = UNKNOWN
            continue
        columns = {
            name: _joined(standing, wholes.behind(version, name)) for name, standing in said[version].items()
        }
        wholes.columns.update({(version, name): standing for name, standing in columns.items()})
        is_complete = len(columns) >= (of_version[version]["columns"] or 1)
        wholes[version] = _whole(list(columns.values()), is_complete=is_complete)
    return wholes


def _whole(columns: Sequence[ColumnStanding], *, is_complete: bool) -> _Whole:
    unsaid = () if is_complete else (None,)
    return _Whole(
        class_rank=_highest(column.class_rank for column in columns) if is_complete else None,
        categories=frozenset[str]().union(*(column.categories for column in columns)),
        special_kinds=frozenset[str]().union(*(column.special_kinds for column in columns)),
        is_criminal=_any((*(column.is_criminal for column in columns), *unsaid)),
        is_personal=_any((*(column.is_personal for column in columns), *unsaid)),
    )


def _joined(own: ColumnStanding, behind: Sequence[_Whole]) -> ColumnStanding:
    """The column with what went into it."""
    if not behind:
        return own
    personal = (own.is_personal, *(() if own.is_anonymised else (each.is_personal for each in behind)))
    return replace(
        own,
        class_rank=_highest((own.class_rank, *(each.class_rank for each in behind))),
        categories=own.categories.union(*(each.categories for each in behind)),
        special_kinds=own.special_kinds.union(*(each.special_kinds for each in behind)),
        is_criminal=_any((own.is_criminal, *(each.is_criminal for each in behind))),
        is_personal=_any(personal),
    )


def _highest(ranks: Iterable[int | None]) -> int | None:
    """Not known where one of them is not."""
    found = list(ranks)
    known = [rank for rank in found if rank is not None]
    return max(known) if len(known) == len(found) else None


def _any(answers: Iterable[bool | None]) -> bool | None:
    """Yes beats not known, and not known beats no."""
    given = set(answers)
    return True if True in given else None if None in given else False


def _is_among(code: F, codes: OuterRef) -> Func:
    return Func(code, codes, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField())


def _standing(row: Any) -> ColumnStanding:
    named = row.named
    if len(named) != len(row.category_codes):  # what is not known must not pass for harmless
        raise LookupError(f"A category among {row.category_codes} is not in the taxonomy.")
    return ColumnStanding(
        class_rank=row.sensitivity_class.rank,
        categories=frozenset(row.category_codes),
        special_kinds=frozenset(each["special_kind"] for each in named if each["special_kind"]),
        is_criminal=any(each["is_criminal"] for each in named),
        is_personal=_is_personal(row, any(each["is_personal"] for each in named)),
        identifiability=Identifiability(row.identifiability),
        is_confirmed=row.is_confirmed,
        has_assessment=bool(row.assessment_ref),
        said_by=frozenset(str(who.uid) for who in (row.classified_by, row.decided_by) if who is not None),
    )


def _is_personal(row: Classification, is_named_personal: bool) -> bool:
    """Anonymised under an assessment: the categories tell what the data once were (GDPR rec. 26)."""
    if row.identifiability == Identifiability.NOT_PERSONAL:
        return is_named_personal
    return row.identifiability != Identifiability.ANONYMISED or not row.assessment_ref
