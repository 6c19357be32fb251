"""Facts have one order, whatever the order in which they were collected."""

from __future__ import annotations

from collections.abc import Iterable


def unique(what: str, names: Iterable[object]) -> None:
    seen = list(names)
    if len(set(seen)) != len(seen):
        raise ValueError(f"{what} are named twice.")
