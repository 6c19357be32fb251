"""Contents as JSON, and back: what was sent is read line by line, and every wrong line is named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, TypeVar
from uuid import UUID

from apps.compliance.lifecycle.declaration import (
    LONGEST,
    MOST_NAMED,
    MOST_ROWS,
    Content,
    Kind,
    Shape,
    Spec,
    is_empty,
    specs_of,
)
from apps.kernel.errors import InvalidInput
from apps.policy import snapshot
from apps.policy.reason import Reason, declare

T = TypeVar("T")

FIELD_UNKNOWN = declare(
    "RECORD_FIELD_UNKNOWN",
    "This kind of record has no field «%(given)s».",
    "Fields there are: %(known)s.",
)
VALUE_MALFORMED = declare(
    "RECORD_VALUE_MALFORMED", "«%(given)s» is not what stands in this field.", "Expected: %(expected)s."
)
TOO_LONG = declare("RECORD_VALUE_TOO_LONG", "The text is too long.", "At most %(longest)s letters.")
TOO_MANY = declare("RECORD_VALUES_TOO_MANY", "There are too many entries.", "At most %(most)s.")

_SHOWN = 60
"""Of a malformed value, no more than this is told back."""


class _Wrong(Exception):
    """What was expected."""


def read(content: type[T], given: Mapping[str, Any], place: str = "") -> T:
    """Raises: InvalidInput, naming every line that is unknown or malformed."""
    wrong: list[Reason] = []
    values = dict(_values(content, given, place, wrong))
    if wrong:
        raise InvalidInput(*wrong)
    return content(**values)


def read_kept(content: type[Content], kept: Mapping[str, Any]) -> Any:
    """What a version holds, whatever fields there were when it was written."""
    return read(content, content.said_now(kept))


def _values(
    content: type[Any], given: Mapping[str, Any], place: str, wrong: list[Reason]
) -> Iterator[tuple[str, Any]]:
    specs = specs_of(content)
    for name, value in given.items():
        at = f"{place}{name}"
        if name not in specs:
            facts = {"given": str(name)[:_SHOWN], "known": ", ".join(specs)}
            wrong.append(Reason(code=FIELD_UNKNOWN, field=at, facts=facts))
        elif value is not None:
            try:
                yield name, _value(specs[name], value, at, wrong)
            except _Wrong as fault:
                facts = {"given": str(value)[:_SHOWN], "expected": str(fault)}
                wrong.append(Reason(code=VALUE_MALFORMED, rule="V-23", field=at, facts=facts))


def _value(spec: Spec, value: Any, at: str, wrong: list[Reason]) -> Any:
    if spec.shape in _LISTS:
        members = _list(value, MOST_ROWS if spec.shape is Shape.ROWS else MOST_NAMED, at, wrong)
        if spec.shape is Shape.MANY:
            return frozenset(_word(spec, member) for member in members)
        if spec.shape is Shape.SOME:
            return tuple(dict.fromkeys(_uid(spec, member) for member in members))
        return tuple(_row(spec, member, f"{at}.{number}.", wrong) for number, member in enumerate(members))
    if spec.shape in LONGEST:
        return _text(spec, value, at, wrong)
    return _READERS[spec.shape](spec, value)


_LISTS = (Shape.MANY, Shape.SOME, Shape.ROWS)


def _list(value: Any, most: int, at: str, wrong: list[Reason]) -> list[Any]:
    if not isinstance(value, list):
        raise _Wrong("a list")
    if len(value) > most:
        wrong.append(Reason(code=TOO_MANY, field=at, facts={"most": most}))
        return []
    return value


def _row(spec: Spec, value: Any, place: str, wrong: list[Reason]) -> Any:
    if not isinstance(value, Mapping) or spec.row is None:
        raise _Wrong("a list of objects")
    values = dict(_values(spec.row, value, place, wrong))
    return spec.row(**values)


def _text(spec: Spec, value: Any, at: str, wrong: list[Reason]) -> str:
    if not isinstance(value, str):
        raise _Wrong("a text")
    if spec.shape is Shape.COUNTRY and value and not re.fullmatch(r"[A-Z]{2}", value):
        raise _Wrong("the two letters of ISO 3166-1, for example US")
    longest = spec.longest or LONGEST[spec.shape]
    if len(value) > longest:
        wrong.append(Reason(code=TOO_LONG, field=at, facts={"longest": longest}))
        return ""
    return value.strip() if spec.shape is not Shape.TEXT else value


def _word(spec: Spec, value: Any) -> Any:
    words = [str(word.value) for word in spec.words or ()]
    if not isinstance(value, str) or value not in words or spec.words is None:
        raise _Wrong(f"one of {', '.join(words)}")
    return spec.words(value)


def _uid(spec: Spec, value: Any) -> UUID:
    try:
        return UUID(value if isinstance(value, str) else "")
    except ValueError as fault:
        raise _Wrong("an id") from fault


def _day(spec: Spec, value: Any) -> date:
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as fault:
        raise _Wrong("a day, YYYY-MM-DD") from fault


def _moment(spec: Spec, value: Any) -> datetime:
    try:
        at = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as fault:
        raise _Wrong("a moment with its offset, YYYY-MM-DDThh:mm:ssZ") from fault
    if at.utcoffset() is None:
        raise _Wrong("a moment with its offset, such as Z")
    return at


def _flag(spec: Spec, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Wrong("true, false, or nothing where it is not stated")
    return value


def _count(spec: Spec, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53:
        raise _Wrong("a whole number, 0 or more")
    return value


_READERS: dict[Shape, Callable[[Spec, Any], Any]] = {
    Shape.CHOICE: _word,
    Shape.DAY: _day,
    Shape.MOMENT: _moment,
    Shape.FLAG: _flag,
    Shape.COUNT: _count,
    Shape.ONE: _uid,
}


def written(content: Any) -> dict[str, Any]:
    """As JSON; what is empty is left out, so that a field added later changes no hash."""
    values = ((name, getattr(content, name)) for name in specs_of(type(content)))
    return {name: _plain(value) for name, value in values if not is_empty(value)}


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return str(value.value)
        case bool() | int() | str():
            return value
        case UUID():
            return str(value)
        case datetime():
            return snapshot.moment(value)
        case date():
            return value.isoformat()
        case frozenset():
            return sorted(_plain(member) for member in value)
        case tuple():
            return [_plain(member) for member in value]
    return written(value)


def content_sha256(kind: Kind, content: Any) -> str:
    """Of the canonical JSON (RFC 8785): what exactly was submitted and approved."""
    return snapshot.sha256_of({"kind": kind.slug, "content": written(content)})
