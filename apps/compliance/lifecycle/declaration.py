"""How a kind of record is declared: what it says, field by field, and what it must say.

A kind is one module beside this one: a frozen dataclass of content whose fields carry their description, the
closed lists of the law with their official names, the checks, and where it has one a cycle of its own. Input,
API, forms, pages and hashes follow from that. No database here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.cycle import Cycle
from apps.policy.reason import Reason, Value, declare


class Choice(StrEnum):
    """A word of a closed list, with the name the law gives it, its article, and one plain sentence."""

    label: Any
    article: str
    sentence: Any

    def __new__(cls, value: str, label: Any = "", article: str = "", sentence: Any = "") -> Choice:
        made = str.__new__(cls, value)
        made._value_ = value
        made.label, made.article, made.sentence = label, article, sentence
        return made


class Shape(StrEnum):
    """What a field holds. A flag may also be unset; `one` and `some` name other things by uid."""

    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    MANY = "many"
    DAY = "day"
    MOMENT = "moment"
    FLAG = "flag"
    COUNT = "count"
    COUNTRY = "country"
    CONCEPT = "concept"
    ONE = "one"
    SOME = "some"
    ROWS = "rows"


Needed = Callable[[Any], bool]
LONGEST = {Shape.LINE: 300, Shape.TEXT: 20_000, Shape.CONCEPT: 80, Shape.COUNTRY: 2}
MOST_NAMED = 500
MOST_ROWS = 100


@dataclass(frozen=True, kw_only=True)
class Spec:
    """A field: `article` is the law it rests on, `rule` the validation that asks for it. `of` says what a
    reference names: "purpose", "activity", "asset", "version" of an asset, or the slug of a kind of record.
    `row` is the dataclass of a table's rows. `needed` says whether it may stay empty; it is asked of the
    whole content. `otherwise` is what holds where it does."""

    shape: Shape
    label: Any
    help: Any = ""
    article: str = ""
    rule: str = ""
    words: type[StrEnum] | None = None
    of: str = ""
    row: type[Any] | None = None
    needed: Needed | bool = False
    longest: int = 0
    otherwise: str = ""
    is_filled_in: bool = False
    """By the portal itself: nobody is asked for it."""

    def is_needed(self, content: Any) -> bool:
        return self.needed if isinstance(self.needed, bool) else self.needed(content)

    @property
    def is_conditional(self) -> bool:
        return not isinstance(self.needed, bool)


def _declared(spec: Spec, empty: Any) -> Any:
    return field(default=empty, metadata={"spec": spec})


def line(label: Any, help: Any = "", **more: Any) -> Any:
    return _declared(Spec(shape=Shape.LINE, label=label, help=help, **more), "")


def text(label: Any, help: Any = "", **more: Any) -> Any:
    return _declared(Spec(shape=Shape.TEXT, label=label, help=help, **more), "")


def choice(
    words: type[StrEnum], label: Any, help: Any = "", *, empty: StrEnum | None = None, **more: Any
) -> Any:
    return _declared(Spec(shape=Shape.CHOICE, label=label, help=help, words=words, **more), empty)


def many(words: type[StrEnum], label: Any, help: Any = "", **more: Any) -> Any:
    return _declared(Spec(shape=Shape.MANY, label=label, help=help, words=words, **more), frozenset())


def day(label: Any, help: Any = "", **more: Any) -> Any:
    return _declared(Spec(shape=Shape.DAY, label=label, help=help, **more), None)


def moment(label: Any, help: Any = "", **more: Any) -> Any:
    return _declared(Spec(shape=Shape.MOMENT, label=label, help=help, **more), None)


def flag(label: Any, help: Any = "", **more: Any) -> Any:
    """Yes, no, or not stated."""
    return _declared(Spec(shape=Shape.FLAG, label=label, help=help, **more), None)


def count(label: Any, help: Any = "", **more: Any) -> Any:
    return _declared(Spec(shape=Shape.COUNT, label=label, help=help, **more), None)


def country(label: Any, help: Any = "", **more: Any) -> Any:
    """ISO 3166-1 alpha-2."""
    return _declared(Spec(shape=Shape.COUNTRY, label=label, help=help, **more), "")


def concept(label: Any, help: Any = "", **more: Any) -> Any:
    """A code of the hierarchy of purposes."""
    return _declared(Spec(shape=Shape.CONCEPT, label=label, help=help, **more), "")


def one(of: str, label: Any, help: Any = "", **more: Any) -> Any:
    return _declared(Spec(shape=Shape.ONE, label=label, help=help, of=of, **more), None)


def some(of: str, label: Any, help: Any = "", **more: Any) -> Any:
    return _declared(Spec(shape=Shape.SOME, label=label, help=help, of=of, **more), ())


def rows(row: type[Any], label: Any, help: Any = "", **more: Any) -> Any:
    return _declared(Spec(shape=Shape.ROWS, label=label, help=help, row=row, **more), ())


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What shows that a record says the truth: where it is kept, and a hash that tells it from others."""

    what: str = line(_("What it is"), needed=True)
    where: str = line(_("Where it is"), _("An address, or a reference of a record."), needed=True)
    sha256: str = line(_("Hash"), _("Of the file, by SHA-256. It may be left out."), longest=64)


EVIDENCE_OF_A_RECORD: dict[str, Any] = {
    "label": _("What shows it"),
    "help": _("Contracts, minutes, runs, letters: what they are and where they are kept."),
    "article": "Art. 5(2), 24(1) GDPR",
}


@dataclass(frozen=True, kw_only=True)
class Content:
    """What every record says. `effective_to` is the first day on which it no longer holds."""

    name: str = line(_("Name"), _("So that others find it and know what it is about."), longest=200)
    effective_from: date | None = day(_("Holds from"), _("Empty means: from today."))
    effective_to: date | None = day(
        _("Holds until"), _("The first day on which it no longer holds. Empty means: no end.")
    )
    next_review: date | None = day(
        _("Next review"), _("Empty means: as late as it may be."), article="Art. 5(2), 24(1) GDPR"
    )
    answered_by: str = line(
        _("Who answers for it"),
        _("By name or by office. Empty means: whoever sent it for review."),
        article="Art. 5(2) GDPR",
        longest=200,
    )
    evidence: tuple[Evidence, ...] = rows(Evidence, **EVIDENCE_OF_A_RECORD)

    @classmethod
    def said_now(cls, kept: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a version holds that was kept under an earlier declaration, in the fields of today."""
        return kept


COMMON = frozenset(each.name for each in fields(Content))


_SPECS: dict[type[Any], Mapping[str, Spec]] = {}


def specs_of(content: type[Any]) -> Mapping[str, Spec]:
    """The fields of a content, or of a row of a table, in their order."""
    if content not in _SPECS:
        _SPECS[content] = {each.name: _spec(each) for each in fields(content)}
    return _SPECS[content]


def _spec(declared: Field[Any]) -> Spec:
    if declared.default is MISSING:
        raise TypeError(f"The field {declared.name} has no empty value.")
    found: Spec = declared.metadata["spec"]
    return found


def is_empty(value: Any) -> bool:
    """Nothing was said. `False` and 0 are answers."""
    return value is None or value == "" or value == () or value == frozenset()


@dataclass(frozen=True, kw_only=True)
class Group:
    """Fields under one heading. `is_seldom`: folded away while nothing stands in it."""

    id: str
    title: Any
    names: tuple[str, ...]
    lead: Any = ""
    is_seldom: bool = False


TIME = Group(
    id="time",
    title=_("How long it holds"),
    names=("effective_from", "effective_to", "next_review", "answered_by"),
    lead=_("A record is looked at again within a year, and within half a year where the risk is high."),
)
EVIDENCE = Group(
    id="evidence",
    title=_("What shows it"),
    names=("evidence",),
    lead=_("The files stay where they are; with its hash, nobody exchanges one."),
    is_seldom=True,
)


@dataclass(frozen=True, kw_only=True)
class Referred:
    """What another record says, as far as a check asks: `content` is of the version in force on the day."""

    kind: str
    ref: str
    name: str = ""
    number: int = 0
    content: Any = None
    approved_on: date | None = None
    first_approved_on: date | None = None
    stage: str = ""
    is_overdue: bool = False

    @property
    def is_in_force(self) -> bool:
        return self.content is not None


@dataclass(frozen=True, kw_only=True)
class Around:
    """What a check may look at besides the content: the day, and what the content names, by uid."""

    today: date
    named: Mapping[UUID, Referred] = field(default_factory=dict)

    def of(self, uid: UUID | None) -> Referred | None:
        return self.named.get(uid) if uid else None


Check = Callable[[Any, Around], Iterable[Reason]]


def nothing(content: Any, around: Around) -> Iterator[Reason]:
    return iter(())


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of record. `slug` stands in addresses and in the rows, and never changes; `prefix` begins its
    references. `aspect` is the field that lists show besides the state.

    `faults` [E] and `gaps` [C] keep a version from being approved; where `is_running` says that the thing
    takes place already, gaps do not. `warnings` [W] are for whoever reviews it. A kind that is not `is_open`
    is read by those who work on records alone.
    """

    slug: str
    prefix: str
    one: Any
    many: Any
    new: Any
    lead: Any
    empty: Any
    icon: str
    content: type[Content]
    groups: tuple[Group, ...]
    aspect: str
    article: str = ""
    faults: Check = nothing
    gaps: Check = nothing
    warnings: Check = nothing
    is_running: Callable[[Any], bool] = lambda content: False
    is_high_risk: Callable[[Any], bool] = lambda content: False
    is_open: bool = True
    cycle: Cycle | None = None

    def __post_init__(self) -> None:
        named = [name for group in self.groups for name in group.names]
        if sorted(named) != sorted(specs_of(self.content)):
            raise ValueError(f"The groups of {self.slug} do not hold each field once.")

    @property
    def specs(self) -> Mapping[str, Spec]:
        return specs_of(self.content)

    def months_to_review(self, content: Any) -> int:
        return 6 if self.is_high_risk(content) else 12


FIELD_MISSING = declare(
    "RECORD_FIELD_MISSING",
    "%(field)s is not filled in, and the record cannot do without it.",
    "Fill it in. The text beside the field says what is meant.",
)
FIELD_NEEDED_HERE = declare(
    "RECORD_FIELD_NEEDED_HERE",
    "%(field)s is not filled in, and what the record says elsewhere asks for it.",
    "Fill it in, or change what asks for it.",
)
PERIOD_REVERSED = declare(
    "RECORD_PERIOD_REVERSED",
    "The record would end on %(effective_to)s, before it begins on %(effective_from)s.",
    "Choose a later end.",
)
REVIEW_TOO_LATE = declare(
    "RECORD_REVIEW_TOO_LATE",
    "The next review on %(next_review)s is more than %(months)s months away.",
    "Choose an earlier day, or leave it empty.",
)


def unfilled(kind: Kind, content: Any) -> Iterator[Reason]:
    """Fields that are needed and empty, each with its article; in rows of tables, too."""
    yield from _unfilled(content, kind.specs, "")


def unfilled_in(said: Any, place: str = "") -> Iterator[Reason]:
    """Of what a step asks for."""
    yield from _unfilled(said, specs_of(type(said)), place)


def _unfilled(content: Any, specs: Mapping[str, Spec], place: str) -> Iterator[Reason]:
    for name, spec in specs.items():
        value, field_name = getattr(content, name), f"{place}{name}"
        if is_empty(value) and spec.is_needed(content):
            code = FIELD_NEEDED_HERE if spec.is_conditional else FIELD_MISSING
            yield found(code, field_name, spec.rule, *articles(spec), field=field_name)
        if spec.shape is Shape.ROWS and spec.row is not None:
            for number, row in enumerate(value):
                yield from _unfilled(row, specs_of(spec.row), f"{field_name}.{number}.")


def articles(spec: Spec) -> tuple[str, ...]:
    """With the act before the article, as findings name it."""
    for act in ("GDPR", "AI Act"):
        if spec.article.endswith(f" {act}"):
            return (f"{act} {spec.article.removesuffix(f' {act}')}",)
    return (spec.article,) if spec.article else ()


def found(code: str, at: str, rule: str, *law: str, **facts: Value) -> Reason:
    """A finding about the field `at`."""
    return Reason(code=code, rule=rule, articles=law, field=at, facts=facts)
