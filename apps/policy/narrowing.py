"""What approvers take away from what was asked. There is no way to say more, so none can widen anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from apps.policy import snapshot


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """`assets`, `columns` ("asset/column") and `actions` are dropped; access ends by `ends_at` at the latest.

    Assets are named by their uid.
    """

    assets: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()
    ends_at: datetime | None = None

    @property
    def is_nothing(self) -> bool:
        return self == Narrowing()

    def joined(self, other: Narrowing) -> Narrowing:
        """Both: what remains is the intersection of what either leaves."""
        ends = [end for end in (self.ends_at, other.ends_at) if end is not None]
        return Narrowing(
            assets=self.assets | other.assets,
            columns=self.columns | other.columns,
            actions=self.actions | other.actions,
            ends_at=min(ends, default=None),
        )

    def actions_left(self, asked: Iterable[str]) -> list[str]:
        return [action for action in asked if action not in self.actions]

    def columns_left(self, asset: str, asked: Sequence[str], known: Sequence[str]) -> list[str] | None:
        """Of the columns asked for (none named: all `known` ones); `None` where nothing of the asset is left.

        An empty list still means all of them.
        """
        dropped = {column for column in asked or known if f"{asset}/{column}" in self.columns}
        if asset in self.assets:
            return None
        if not dropped:
            return list(asked)
        return [column for column in asked or known if column not in dropped] or None

    def end_left(self, asked: datetime) -> datetime:
        return asked if self.ends_at is None else min(asked, self.ends_at)

    def as_json(self) -> dict[str, object]:
        """Empty where nothing is taken away."""
        stated: dict[str, object] = {} if self.is_nothing else snapshot.to_json(self)
        return stated

    @classmethod
    def from_json(cls, stated: Mapping[str, object]) -> Narrowing:
        """Raises: SnapshotUnreadable."""
        return snapshot.from_json(cls, stated) if stated else cls()


def intersection(narrowings: Iterable[Narrowing]) -> Narrowing:
    return reduce(Narrowing.joined, narrowings, Narrowing())
