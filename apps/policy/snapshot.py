"""Frozen values to canonical JSON and back, without loss, so that a stored decision can be replayed.

Sets become sorted lists, times UTC with microseconds, enums their word. Reading is strict: an unknown or a
missing key is refused, for a snapshot that lost a fact must not be replayed as if the fact were absent. Only
facts marked `later` may be missing, and are then unknown.
"""

from __future__ import annotations

import hashlib
import json
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import rfc8785

T = TypeVar("T")

LATER = types.MappingProxyType({"is_later": True})
"""Marks a fact that older snapshots lack. Unknown (`None`) it is not written, so that their hash stays."""

MOST_EXACT = 2**53 - 1

OF_LAW = types.MappingProxyType({"is_later": True, "is_of_law": True})
"""Marks a later fact that only rules of the law read: it counts by what they make of it."""


class SnapshotUnreadable(ValueError):
    """The JSON is not a snapshot of this type; the message names the place."""


def canonical_bytes(value: object) -> bytes:
    """The one byte form of a JSON value (RFC 8785)."""
    return rfc8785.dumps(value)  # type: ignore[arg-type]


def sha256_of(value: object) -> str:
    """Hex digest of the canonical bytes of a JSON value."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def sha256_of_snapshot(stated: object) -> str:
    """Hex digest of the canonical bytes of what `to_json` made.

    There are no fractions in it. Where all of it is ASCII too, the encoder of the standard library writes the
    same bytes, many times faster (RFC 8785 orders names by UTF-16, which is the order of ASCII).
    """
    text = json.dumps(stated, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest() if text.isascii() else sha256_of(stated)


def moment(at: datetime) -> str:
    """UTC with microseconds, the only spelling of a time in a snapshot."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def in_order(items: Iterable[Any]) -> list[Any]:
    """JSON values in the one order of a snapshot: words by their letters, anything else by its bytes."""
    found = list(items)
    if len(found) < 2:
        return found
    return sorted(found, key=None if all(isinstance(item, str) for item in found) else canonical_bytes)


def to_json(value: Any, *, with_law: bool = True) -> Any:
    """JSON form of a value; on demand without the facts of the law.

    Raises: TypeError for a type no fact may have.
    """
    if value is None or type(value) in (str, bool):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return _exact(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (frozenset, set)):
        return in_order(to_json(item, with_law=with_law) for item in value)
    if isinstance(value, (tuple, list)):
        return [to_json(item, with_law=with_law) for item in value]
    if isinstance(value, Mapping):
        return {str(to_json(key)): to_json(item, with_law=with_law) for key, item in sorted(value.items())}
    if is_dataclass(value) and not isinstance(value, type):
        return {
            name: to_json(found, with_law=with_law)
            for name, is_later in _written(type(value), with_law)
            if (found := getattr(value, name)) is not None or not is_later
        }
    raise TypeError(f"{type(value).__name__} has no place in a snapshot.")


def _exact(value: int) -> int:
    """JSON keeps whole numbers up to 2^53 - 1 and no others (RFC 8785)."""
    if abs(value) > MOST_EXACT:
        raise ValueError(f"{value} is too large for a snapshot.")
    return value


@cache
def _written(kind: type, with_law: bool) -> tuple[tuple[str, bool], ...]:
    """Names of the facts that are written, and of each whether it is left out where it is not known."""
    return tuple(
        (part.name, bool(part.metadata.get("is_later")))
        for part in fields(kind)
        if with_law or not part.metadata.get("is_of_law")
    )


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def from_json(kind: type[T], value: object) -> T:
    """The value of type `kind` whose JSON form this is.  Raises: SnapshotUnreadable."""
    result: T = _read(kind, value, "")
    return result


def _read(kind: Any, value: Any, path: str) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _read_union(get_args(kind), value, path)
    if origin is tuple:
        return tuple(
            _read(get_args(kind)[0], item, f"{path}[{n}]") for n, item in enumerate(_list(value, path))
        )
    if origin is frozenset:
        return frozenset(
            _read(get_args(kind)[0], item, f"{path}[{n}]") for n, item in enumerate(_list(value, path))
        )
    if origin is not None and issubclass(origin, Mapping):
        of = get_args(kind)[1]
        return {key: _read(of, item, f"{path}.{key}") for key, item in _dict(value, path).items()}
    if is_dataclass(kind):
        return _read_dataclass(kind, _dict(value, path), path)
    return _read_scalar(kind, value, path)


def _read_union(kinds: tuple[Any, ...], value: Any, path: str) -> Any:
    if value is None and type(None) in kinds:
        return None
    words = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Enum)]
    others = [kind for kind in kinds if kind not in words and kind is not type(None)]
    for kind in (*words, *others):
        try:
            return _read(kind, value, path)
        except SnapshotUnreadable:
            continue
    raise SnapshotUnreadable(f"{path or 'snapshot'}: {value!r} is none of the kinds that may stand here.")


def _read_dataclass(kind: Any, value: Mapping[str, Any], path: str) -> Any:
    names = [part.name for part in fields(kind)]
    older = {part.name: None for part in fields(kind) if part.metadata.get("is_later")}
    value = {**older, **value}
    for name in value:
        if name not in names:
            raise SnapshotUnreadable(f"{path}.{name}: unknown fact.")
    for name in names:
        if name not in value:
            raise SnapshotUnreadable(f"{path}.{name}: this fact is missing.")
    hints = _hints(kind)
    return kind(**{name: _read(hints[name], value[name], f"{path}.{name}") for name in names})


def _read_scalar(kind: Any, value: Any, path: str) -> Any:
    readers: dict[Any, Callable[[str], Any]] = {date: date.fromisoformat, datetime: datetime.fromisoformat}
    is_word = isinstance(kind, type) and issubclass(kind, Enum)
    if is_word or (kind in readers and isinstance(value, str)):
        try:
            return kind(value) if is_word else readers[kind](value)
        except ValueError as fault:
            raise SnapshotUnreadable(f"{path}: {fault}") from fault
    if type(value) is not kind:
        raise SnapshotUnreadable(f"{path}: expected {getattr(kind, '__name__', kind)}, found {value!r}.")
    return value


def _list(value: Any, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise SnapshotUnreadable(f"{path}: expected a list, found {value!r}.")
    return value


def _dict(value: Any, path: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise SnapshotUnreadable(f"{path}: expected an object, found {value!r}.")
    return value
