"""YAML or JSON to plain values, each with its line; without anchors, tags, or the guesses of YAML 1.1."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

LARGEST_TEXT = 100_000
MOST_PARTS = 20_000
DEEPEST = 12

Place = tuple[str | int, ...]


class TextUnreadable(ValueError):
    """The text is no such document. `line` counts from one, `problem` is a phrase for people."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")
        self.line = line
        self.problem = problem


@dataclass(frozen=True, kw_only=True)
class Document:
    """`lines` holds the line of every part by its place, such as `("rules", 0, "when")`."""

    value: Any
    lines: dict[Place, int]

    def line_of(self, place: Place) -> int:
        """Of the part, or of the nearest one around it that stands in the text."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


@dataclass(kw_only=True)
class _Open:
    """A list or mapping that has begun and not ended; `key` waits for its value."""

    held: Any
    place: Place
    key: str | None = None
    own: dict[str, int] = field(default_factory=dict)

    @property
    def at(self) -> Place:
        return (*self.place, len(self.held) if isinstance(self.held, list) else str(self.key))


def read_text(text: str) -> Document:
    """Scalars are text but for whole numbers, `true`, `false` and `null`, written plainly.

    So a country stays `NO`, and a version `1.10`. JSON is read as the YAML it is.
    Raises: TextUnreadable.
    """
    if len(text.encode(errors="replace")) > LARGEST_TEXT:
        raise TextUnreadable(1, f"it is longer than {LARGEST_TEXT} bytes")
    if text.lstrip().startswith("{"):
        text = text.replace("\t", "  ")
    try:
        return _built(text)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        raise TextUnreadable(mark.line + 1 if mark else 1, str(fault.problem or fault.context)) from fault
    except yaml.reader.ReaderError as fault:
        line = text.count("\n", 0, fault.position) + 1
        raise TextUnreadable(line, "it contains a character that may not stand here") from fault


def _built(text: str) -> Document:
    lines: dict[Place, int] = {}
    open_parts: list[_Open] = []
    whole: list[Any] = []
    for number, event in enumerate(yaml.parse(text, Loader=yaml.SafeLoader)):
        line = event.start_mark.line + 1 if event.start_mark else 1
        _check(event, line, number, len(open_parts), is_second=bool(whole) and not open_parts)
        if isinstance(event, yaml.CollectionEndEvent):
            open_parts.pop()
        elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            around = open_parts[-1] if open_parts else None
            if around is not None and isinstance(around.held, dict) and around.key is None:
                around.key = _key(event, line, around)
                continue
            place: Place = around.at if around else ()
            lines[place] = _line_of_key(around, line)
            value = _scalar(event) if isinstance(event, yaml.ScalarEvent) else _empty(event)
            _put(value, around, whole)
            if isinstance(event, yaml.CollectionStartEvent):
                open_parts.append(_Open(held=value, place=place))
    if not whole:
        raise TextUnreadable(1, "it is empty")
    return Document(value=whole[0], lines=lines)


def _check(event: yaml.Event, line: int, number: int, depth: int, *, is_second: bool) -> None:
    if number > MOST_PARTS:
        raise TextUnreadable(line, f"it has more than {MOST_PARTS} parts")
    if depth > DEEPEST:
        raise TextUnreadable(line, f"it is nested deeper than {DEEPEST} levels")
    if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
        raise TextUnreadable(line, "anchors and aliases are not allowed; write the part out")
    if getattr(event, "tag", None) not in {None, "!"}:
        raise TextUnreadable(line, "tags are not allowed; write plain values")
    if is_second and isinstance(event, yaml.DocumentStartEvent):
        raise TextUnreadable(line, "a second document begins; one is allowed")


def _key(event: yaml.Event, line: int, around: _Open) -> str:
    if not isinstance(event, yaml.ScalarEvent):
        raise TextUnreadable(line, "a name must be text")
    if event.value in around.own:
        raise TextUnreadable(line, f"«{event.value}» stands here a second time")
    around.own[event.value] = line
    return str(event.value)


def _line_of_key(around: _Open | None, line: int) -> int:
    """A value is found where its name stands, also when it begins a line later."""
    return around.own[around.key] if around is not None and around.key is not None else line


def _empty(event: yaml.Event) -> Any:
    return [] if isinstance(event, yaml.SequenceStartEvent) else {}


def _put(value: Any, around: _Open | None, whole: list[Any]) -> None:
    if around is None:
        whole.append(value)
    elif around.key is None:
        around.held.append(value)
    else:
        around.held[around.key] = value
        around.key = None


def _scalar(event: yaml.ScalarEvent) -> Any:
    if not event.implicit[0]:  # quoted
        return event.value
    if event.value in {"", "~", "null"}:
        return None
    if event.value in {"true", "false"}:
        return event.value == "true"
    if re.fullmatch(r"-?[0-9]{1,9}", event.value):
        return int(event.value)
    return event.value
