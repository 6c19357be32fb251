"""One shape for all records of compliance: a kind names its reads, its commands, its form and its words.

What a kind can do is its table of acts. The screens in views/records.py are the same for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from apps.compliance.queries import Findings, Outlook, Period
from apps.console.forms.record import Names, RecordForm
from apps.kernel.actor import Actor
from apps.kernel.contributions import Impact

LONGEST_SEARCH = 200
MOST_COUNTED = 100
"""Of what rests on a record, no more than this many are read."""


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something one may do with a record as a whole. `asks`: a page of its own shows first what it would
    change. `is_possible` is a courtesy; the command decides."""

    slug: str
    verb: Any
    icon: str
    command: Callable[..., Any]
    is_possible: Callable[[Any, Outlook], bool]
    told: Any
    title: Any = ""
    lead: Any = ""
    asks: bool = True
    has_reason: bool = False
    is_harsh: bool = False
    impact: Callable[..., Impact] | None = None
    """What it would reach, where that is bound to what the reader saw."""
    rests: Callable[[Actor, Any, Any], Rests] | None = None
    """What rests on the record besides; where it is left out, what the kind says."""
    form: type[Any] | None = None
    """Asks for more than a reason; what is filled in goes to the command as `said`."""
    is_theirs: Callable[[Actor, Any], bool] | None = None
    """Whose it is, where others than those who approve may do it."""


@dataclass(frozen=True, kw_only=True)
class Rests:
    """What rests on a record: live grants, open requests, other records, each with the name of its kind, and
    label sets that were brought under it."""

    grants: list[Any]
    requests: list[Any]
    activities: list[Any]
    records: list[tuple[Any, Any]] = field(default_factory=list)
    purposes: list[Any] = field(default_factory=list)
    label_sets: list[Any] = field(default_factory=list)
    most: int = MOST_COUNTED

    @property
    def is_nothing(self) -> bool:
        others = self.records or self.purposes or self.label_sets
        return not (self.grants or self.requests or self.activities or others)


@dataclass(frozen=True, kw_only=True)
class RecordKind:
    """`slug` stands in addresses, and is the section of the rail. `id_name` is how commands call the record.

    `sentence` is the template that sums a version up; `aspect` is what lists say besides its state, in the
    template `aspect_part`. Every command takes `actor` and the record's id.
    """

    slug: str
    one: Any
    many: Any
    new: Any
    lead: Any
    empty: Any
    icon: str
    id_name: str
    sentence: str
    aspect: Any
    aspect_part: str
    states: tuple[str, ...]
    rows: Callable[..., Any]
    record: Callable[[Actor, UUID], tuple[Any, tuple[Any, ...]]]
    to_review: Callable[[Actor], Any]
    outlook: Callable[[Actor, Any, tuple[Any, ...]], Outlook]
    content: Callable[[Any], Any]
    names: Callable[[Actor, Iterable[Any], Iterable[Any]], Names]
    rests: Callable[[Actor, Any, Any], Rests]
    form: type[RecordForm]
    choices: Callable[[Actor, Any, dict[str, Any]], dict[str, Any]]
    draft: Callable[..., Any]
    edit: Callable[..., Any]
    submit: Callable[..., Any]
    approve: Callable[..., Any]
    send_back: Callable[..., Any]
    turn_down: Callable[..., Any]
    acts: tuple[Act, ...] = field(default=())
    steps: Callable[[Any], list[Any]] = lambda record: []
    """What was done with the record in the cycle of its kind."""
    period: Callable[[Any, Iterable[Any]], Period] = lambda record, versions: Period()
    """By when the law wants the next step of that cycle."""
    stage: Callable[[Any], str] = lambda record: ""
    """Where the record stands in that cycle."""
    measure: Callable[[Any], Any] = lambda version: None
    """How much of what the law asks for a version says, where that is counted."""
    clearances: tuple[str, ...] = ()
    """By which a list is narrowed, where records are cleared at all."""
    section: str = ""
    """Of the rail, where it is another than the kind itself."""
    look: Callable[..., Findings] | None = None
    """What would be found of a content, where that can be told while somebody writes."""

    @property
    def home(self) -> str:
        return f"console:{self.slug}"

    @property
    def identity(self) -> str:
        """How versions call their record."""
        return self.id_name.removesuffix("_id").removeprefix("processing_")


def in_force(versions: tuple[Any, ...]) -> Any:
    """The version that counts: the approved one, else the newest."""
    return next((each for each in versions if each.record_status == "approved"), versions[0])
