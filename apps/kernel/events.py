"""What happened, as frozen facts: ids, not objects. The trail stores them; subscribers hear of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Annotated, Any, ClassVar, get_origin, get_type_hints
from uuid import UUID

_PERSONAL = object()
Personal = Annotated[str, _PERSONAL]
"""A text that may hold personal data: the trail keeps it apart, under a salt that erasure can drop."""

Plain = str | int | bool | None | list["Plain"] | dict[str, "Plain"]


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of everything that can happen.

    A subclass is given the stored `name` (never renamed) and `about`, the field holding the uid of the
    thing it happened to.
    """

    name: ClassVar[str] = ""
    about: ClassVar[str] = ""

    def __init_subclass__(cls, *, name: str, about: str, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        if name in _EVENTS:
            raise ValueError(f"Two events are called {name}.")
        cls.name, cls.about = name, about
        _EVENTS[name] = cls

    @property
    def subject_uid(self) -> UUID:
        uid: UUID = getattr(self, self.about)
        return uid

    def public(self) -> dict[str, Plain]:
        """The fields without personal data, as JSON can hold them."""
        personal = personal_fields(type(self))
        return {f.name: plain(getattr(self, f.name)) for f in fields(self) if f.name not in personal}

    def personal(self) -> dict[str, str]:
        """The fields that may hold personal data and are not empty."""
        values = {name: str(getattr(self, name)) for name in sorted(personal_fields(type(self)))}
        return {name: value for name, value in values.items() if value}


_EVENTS: dict[str, type[Event]] = {}
_PERSONAL_FIELDS: dict[str, frozenset[str]] = {}
Subscriber = Callable[[UUID], None]
_SUBSCRIBERS: dict[str, dict[str, Subscriber]] = {}
_OF_ENTRIES: set[str] = set()


def declared_events() -> dict[str, type[Event]]:
    return dict(_EVENTS)


def personal_fields(event: type[Event]) -> frozenset[str]:
    if event.name not in _PERSONAL_FIELDS:
        hints = get_type_hints(event, include_extras=True)
        _PERSONAL_FIELDS[event.name] = frozenset(
            name
            for name, hint in hints.items()
            if get_origin(hint) is Annotated and _PERSONAL in hint.__metadata__
        )
    return _PERSONAL_FIELDS[event.name]


def plain(value: object) -> Plain:
    """A value as canonical JSON can hold it.  Raises: TypeError for anything not on the allow-list."""
    match value:
        case None | bool() | int():
            return value
        case Enum():
            return plain(value.value)
        case str():
            return value
        case UUID():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case timedelta():
            return int(value.total_seconds())
        case tuple() | list():
            return [plain(member) for member in value]
        case frozenset() | set():
            return sorted((plain(member) for member in value), key=str)
        case dict():
            return {str(key): plain(member) for key, member in value.items()}
    raise TypeError(f"An event cannot hold a {type(value).__name__}.")


def subscribe(event: type[Event], subscriber: Subscriber) -> None:
    """Call `subscriber(uid of the thing)` in a worker after the change has been committed."""
    name = f"{subscriber.__module__}.{subscriber.__qualname__}"
    _SUBSCRIBERS.setdefault(event.name, {})[name] = subscriber


def subscribe_to_entry(event: type[Event], subscriber: Subscriber) -> None:
    """`subscribe` for who must know what was recorded: calls `subscriber(uid of the trail's entry)`."""
    subscribe(event, subscriber)
    _OF_ENTRIES.add(f"{subscriber.__module__}.{subscriber.__qualname__}")


def wants_entry(subscriber_name: str) -> bool:
    return subscriber_name in _OF_ENTRIES


def subscribers_of(event_name: str) -> dict[str, Subscriber]:
    return dict(_SUBSCRIBERS.get(event_name, {}))


def every_subscription() -> Iterator[tuple[str, str]]:
    for event_name, subscribers in _SUBSCRIBERS.items():
        for name in subscribers:
            yield event_name, name
