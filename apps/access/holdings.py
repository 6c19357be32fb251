"""What somebody holds already: what two harmless grants tell together, one request does not show."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.access.lifecycle import LIVE_GRANT
from apps.access.models import Grant
from apps.accounts.models import Person
from apps.classification.facts import ColumnStanding, column_standings
from apps.classification.models import WHOLE_VERSION
from apps.policy.facts import AssetFacts, ColumnFacts, Identifiability, JointFacts

NOT_ABOUT_PEOPLE = frozenset({Identifiability.NOT_PERSONAL, Identifiability.ANONYMISED})


@dataclass(frozen=True, kw_only=True)
class Holding:
    """One asset of which the person, or a service account they answer for, holds a live grant."""

    asset: str
    columns: tuple[tuple[str, ColumnStanding | None], ...]

    @property
    def personal(self) -> tuple[tuple[str, ColumnStanding | None], ...]:
        """Columns about people; one of which nobody has said anything counts as one."""
        return tuple((name, each) for name, each in self.columns if each is None or each.is_personal)


def holdings_of(person: Person, *, at: datetime) -> tuple[Holding, ...]:
    """Two queries, however many grants."""
    live = Grant.objects.filter(person=person, state__in=LIVE_GRANT, not_after__gt=at)
    rows = list(live.order_by("pk").values_list("asset__uid", "version", "columns"))
    standings = column_standings(live.values("version"))
    return tuple(_holding(str(asset), version, columns, standings) for asset, version, columns in rows)


def _holding(
    asset: str, version: int, columns: Sequence[str], standings: Mapping[tuple[int, str], ColumnStanding]
) -> Holding:
    said = {name: standing for (key, name), standing in standings.items() if key == version}
    names: Collection[str] = columns or said.keys()
    return Holding(asset=asset, columns=tuple((name, said.get(name)) for name in sorted(names)))


def joint_facts(assets: Sequence[AssetFacts], held: Sequence[Holding]) -> JointFacts:
    """Of everything held now and what is asked for; an asset counts once."""
    asked = [column for asset in assets for column in asset.columns]
    said: list[ColumnFacts | ColumnStanding] = [*asked]
    said += [standing for each in held for _, standing in each.columns if standing is not None]
    personal = {each.asset for each in held if each.personal}
    personal |= {asset.uid for asset in assets if any(_is_about_people(column) for column in asset.columns)}
    return JointFacts(
        personal_assets=len(personal),
        categories=frozenset().union(*(each.categories for each in said)),
        special_kinds=frozenset().union(*(each.special_kinds for each in said)),
    )


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


def _is_key(name: str, standing: ColumnStanding | None, column: ColumnFacts) -> bool:
    of_one_kind = standing is not None and bool(standing.categories & column.categories)
    is_same_name = name != WHOLE_VERSION and name.casefold() == column.name.casefold()
    return of_one_kind or is_same_name
