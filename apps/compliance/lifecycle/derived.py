"""What a version that was made from others is at least: the join over all of them. No database here.

It is never laxer than what it was made from: the highest class, every category, and only those purposes that
each of them admits. What is not known of one of them is not known of the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from apps.policy.purposes import Parents, permits


@dataclass(frozen=True, kw_only=True)
class Admitted:
    """Purposes permitted for every column. On consent there is no descent, but below a research area that the
    consent itself names (rec. 33)."""

    codes: frozenset[str]
    is_on_consent: bool
    research_area: str = ""

    def admits(self, code: str, parents: Parents) -> bool:
        if not self.is_on_consent:
            return permits(self.codes, code, parents)
        return code in self.codes or permits(self.codes & {self.research_area}, code, parents)


@dataclass(frozen=True, kw_only=True)
class Nature:
    """What a version is: `class_rank` None, that of a column is not known; `purposes` are those admitted by
    every column, `None` where nothing was ever stated."""

    class_rank: int | None
    categories: frozenset[str] = frozenset()
    special_kinds: frozenset[str] = frozenset()
    is_criminal: bool | None = False
    is_personal: bool | None = False
    purposes: frozenset[str] | None = None


def joined(own: Nature, inputs: Iterable[Nature]) -> Nature:
    """Of what was made from `inputs`. An input about which no purpose was ever stated admits none."""
    made_of = tuple(inputs)
    everything = (own, *made_of)
    stated = [nature.purposes or frozenset() for nature in made_of]
    if own.purposes is not None or not made_of:
        stated.append(own.purposes or frozenset())
    ranks = [nature.class_rank for nature in everything]
    known = [rank for rank in ranks if rank is not None]
    return Nature(
        class_rank=max(known) if len(known) == len(ranks) else None,
        categories=frozenset[str]().union(*(nature.categories for nature in everything)),
        special_kinds=frozenset[str]().union(*(nature.special_kinds for nature in everything)),
        is_criminal=_any(nature.is_criminal for nature in everything),
        is_personal=_any(nature.is_personal for nature in everything),
        purposes=frozenset.intersection(*stated),
    )


def _any(answers: Iterable[bool | None]) -> bool | None:
    """Yes beats not known, and not known beats no."""
    given = set(answers)
    return True if True in given else None if None in given else False


def is_no_laxer(one: Nature, other: Nature) -> bool:
    """Whether `one` is at least as strict as `other` in every respect."""
    order = {False: 0, None: 1, True: 2}
    return (
        (one.class_rank is None or (other.class_rank is not None and one.class_rank >= other.class_rank))
        and one.categories >= other.categories
        and one.special_kinds >= other.special_kinds
        and order[one.is_criminal] >= order[other.is_criminal]
        and order[one.is_personal] >= order[other.is_personal]
        and (one.purposes or frozenset()) <= (other.purposes or frozenset())
    )


def admitted_by_all(columns: Iterable[Admitted], parents: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Every kind of purpose that each column admits."""
    asked = tuple(columns)
    return frozenset(code for code in parents if all(column.admits(code, parents) for column in asked))
