"""Whether there are people enough for the slots: everybody fills one at most, of two linked only one does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set

Pools = Sequence[frozenset[str]]
"""For each slot in the order of the route, the persons who may fill it."""


def unfillable(pools: Pools, linked: Iterable[frozenset[str]] = ()) -> frozenset[int]:
    """The places of slots that stay empty, where earlier slots are filled first.

    `linked` are pairs of persons of whom only one may fill a slot of the same request.
    """
    partners = _partners(linked)
    kept: list[frozenset[str]] = []
    left_out = set()
    for place, pool in enumerate(pools):
        if _can_seat(sorted([*kept, pool], key=len), frozenset(), partners):
            kept.append(pool)
        else:
            left_out.add(place)
    return frozenset(left_out)


def _can_seat(pools: Pools, out: Set[str], partners: Mapping[str, frozenset[str]]) -> bool:
    """Trying the slot with the fewest people first; where people are many the first try fits."""
    if not pools:
        return True
    if any(not (pool - out) for pool in pools):
        return False
    return any(
        _can_seat(pools[1:], frozenset({*out, person, *partners.get(person, ())}), partners)
        for person in sorted(pools[0] - out)
    )


def _partners(linked: Iterable[frozenset[str]]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for pair in linked:
        for person in pair:
            found.setdefault(person, set()).update(pair - {person})
    return {person: frozenset(others) for person, others in found.items()}
