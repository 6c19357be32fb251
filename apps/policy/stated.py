"""Facts are checked when they are stated: a word out of its list or a value of another kind is refused.

Rules compare words and truth by `is`. A "none" that is only text, or a 0 in place of `False`, would slip past
them; so text becomes the word of the list here, and everything else of a wrong kind is an error.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Set
from dataclasses import dataclass, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints


class WronglyStated(ValueError):
    """A fact of the wrong kind; the message names it."""


@dataclass(frozen=True, kw_only=True)
class Stated:
    """A frozen value whose fields hold exactly what their annotations say.  Raises: WronglyStated."""

    def __post_init__(self) -> None:
        for name, kind in _kinds(type(self)).items():
            value = getattr(self, name)
            settled = _settled(kind, value, f"{type(self).__name__}.{name}")
            if settled is not value:
                object.__setattr__(self, name, settled)


_KINDS: dict[type, dict[str, Any]] = {}


def _kinds(cls: type) -> dict[str, Any]:
    if cls not in _KINDS:
        _KINDS[cls] = get_type_hints(cls)
    return _KINDS[cls]


@cache
def _parts(kind: Any) -> tuple[Any, tuple[Any, ...]]:
    return get_origin(kind), get_args(kind)


def _settled(kind: Any, value: Any, place: str) -> Any:
    if type(value) is kind:
        return value
    origin, parts = _parts(kind)
    if origin in (Union, types.UnionType):
        return _settled_union(parts, value, place)
    if origin is tuple and isinstance(value, (tuple, list)):
        return tuple(_settled(parts[0], item, place) for item in value)
    if origin is frozenset and isinstance(value, Set):
        return frozenset(_settled(parts[0], item, place) for item in value)
    if origin is not None and issubclass(origin, Mapping) and isinstance(value, Mapping):
        return {
            _settled(parts[0], key, place): _settled(parts[1], item, place) for key, item in value.items()
        }
    return _settled_scalar(kind, value, place)


def _settled_union(kinds: tuple[Any, ...], value: Any, place: str) -> Any:
    if type(value) in kinds:
        return value
    for kind in kinds:
        try:
            return _settled(kind, value, place)
        except WronglyStated:
            continue
    raise WronglyStated(f"{place} cannot be {value!r}.")


def _settled_scalar(kind: Any, value: Any, place: str) -> Any:
    if isinstance(kind, type) and issubclass(kind, Enum):
        try:
            return kind(value)
        except ValueError as fault:
            raise WronglyStated(f"{place} cannot be {value!r}.") from fault
    if kind is str and isinstance(value, str):
        return str(value)
    if is_dataclass(kind) and isinstance(value, kind):  # type: ignore[arg-type]
        return value
    raise WronglyStated(f"{place} cannot be {value!r}.")
