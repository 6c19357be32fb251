"""Forms of declared kinds of records, made from their declarations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.compliance.queries import COMMON, Cycle, Kind, Shape, Spec, Step, read, specs_of, written
from apps.console.forms.house import LONGEST_TEXT
from apps.console.forms.record import (
    Line,
    Names,
    Option,
    Options,
    Picks,
    RecordForm,
    Section,
    a_day,
    long_text,
    short_text,
)
from apps.console.forms.rows import Column, Rows
from apps.console.forms.shown import show_of, terms_of
from apps.console.legal import Term, choices
from apps.console.page import uid_of
from apps.policy.reason import Reason

NOT_STATED = Term(name=_("Not stated"))
YES_OR_NO = (("yes", Term(name=_("Yes"))), ("no", Term(name=_("No"))))
LONGEST_CELL = {Shape.LINE: 300, Shape.TEXT: LONGEST_TEXT}
LONGEST_COUNT = 16
SHORT_LIST = 8
"""A choice of more words than this is a drop-down."""


class LegalForm(RecordForm):
    """`declared` is the kind; everything else follows from it."""

    declared: ClassVar[Kind]

    def __init__(
        self,
        *given: Any,
        picks: Mapping[str, list[tuple[str, Any]]] | None = None,
        concepts: Iterable[tuple[str, Any]] = (),
        **options: Any,
    ) -> None:
        super().__init__(*given, **options)
        for name, found in (picks or {}).items():
            self.fields[name].choices = found  # type: ignore[attr-defined]
        for name, spec in self.declared.specs.items():
            if spec.shape is Shape.CONCEPT:
                self.fields[name].choices = [("", _("Choose a kind")), *concepts]  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, content: Any) -> dict[str, Any]:
        return {name: typed_of(spec, getattr(content, name)) for name, spec in cls.declared.specs.items()}

    def content(self) -> Any:
        given = self.cleaned_data
        return self.declared.content(
            **{name: said_of(spec, given.get(name)) for name, spec in self.declared.specs.items()}
        )

    def content_so_far(self) -> Any:
        """What can be read of what was typed; the rest is empty."""
        given = self.cleaned_data
        read = {name: spec for name, spec in self.declared.specs.items() if name in given}
        return self.declared.content(**{name: said_of(spec, given[name]) for name, spec in read.items()})


def typed_of(spec: Spec, value: Any) -> Any:
    """A value, as the control of its field holds it."""
    if spec.shape is Shape.FLAG:
        return _TYPED_FLAGS[value]
    if spec.shape is Shape.MANY:
        return sorted(value)
    if spec.shape is Shape.SOME:
        return [str(uid) for uid in value]
    if spec.shape is Shape.ONE:
        return str(value) if value else ""
    if spec.shape is Shape.ROWS and spec.row:
        return [{name: _cell(getattr(row, name)) for name in specs_of(spec.row)} for row in value]
    return value


def _cell(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return _TYPED_FLAGS[value]
    return str(getattr(value, "value", value))


_TYPED_FLAGS = {None: "", True: "yes", False: "no"}


def said_of(spec: Spec, value: Any) -> Any:
    """What a field was filled with, as the content holds it."""
    match spec.shape:
        case Shape.CHOICE:
            return spec.words(value) if value and spec.words else None
        case Shape.MANY:
            return frozenset(spec.words(word) for word in value) if spec.words else frozenset()
        case Shape.FLAG:
            return {"yes": True, "no": False}.get(value)
        case Shape.ONE:
            return UUID(value) if value else None
        case Shape.SOME:
            return tuple(dict.fromkeys(UUID(uid) for uid in value))
        case Shape.COUNTRY:
            return value.upper()
    return value


def form_of(kind: Kind) -> type[LegalForm]:
    specs = kind.specs
    made: dict[str, Any] = {name: field_of(name, spec) for name, spec in specs.items()}
    attributes = {
        "declared": kind,
        "sections": tuple(
            Section(id=each.id, title=each.title, names=each.names, lead=each.lead, is_seldom=each.is_seldom)
            for each in kind.groups
        ),
        "articles": {name: spec.article for name, spec in specs.items() if spec.article},
        "shows": {name: show_of(spec) for name, spec in specs.items()},
        "always": frozenset(name for name, spec in specs.items() if spec.needed is True),
        "picked": tuple(name for name, spec in specs.items() if spec.shape in (Shape.ONE, Shape.SOME)),
    }
    return type(f"{kind.prefix}Form", (LegalForm,), {**made, **attributes})


class StepForm(RecordForm):
    """What a step of a cycle asks for."""

    asked: ClassVar[type[Any]]
    picked: ClassVar[tuple[str, ...]] = ()

    def content(self) -> Any:
        given = self.cleaned_data
        return self.asked(
            **{
                name: said_of(spec, given.get(name))
                for name, spec in specs_of(self.asked).items()
                if not spec.is_filled_in
            }
        )

    def said(self) -> dict[str, Any]:
        return written(self.content())

    def field_of(self, reason: Reason) -> str:
        return reason.field.removeprefix("said.")


def step_form_of(kind: Kind, step: Step) -> type[StepForm]:
    specs = {name: spec for name, spec in specs_of(step.said).items() if not spec.is_filled_in}
    made: dict[str, Any] = {name: _FIELDS[spec.shape](spec) for name, spec in specs.items()}
    attributes = {
        "asked": step.said,
        "sections": (Section(id="said", title=step.verb, names=tuple(specs)),),
        "articles": {name: spec.article for name, spec in specs.items() if spec.article},
    }
    return type(f"{kind.prefix}StepForm", (StepForm,), {**made, **attributes})


@dataclass(frozen=True, kw_only=True)
class SaidFact:
    label: Any
    lines: list[Line]


def said_in_step(step: Any, cycle: Cycle) -> list[SaidFact]:
    """As the log of a record shows it."""
    asked = next((each.said for each in cycle.steps if each.slug == step.step), None)
    if asked is None:
        return []
    said, names = read(asked, step.said), Names(lines={})
    shown = ((spec, show_of(spec)(getattr(said, name), names)) for name, spec in specs_of(asked).items())
    return [SaidFact(label=spec.label, lines=lines) for spec, lines in shown if lines]


def field_of(name: str, spec: Spec) -> forms.Field:
    if name == "name":
        return forms.CharField(
            label=spec.label,
            help_text=spec.help,
            max_length=200,
            error_messages={"required": _("Give the record a name.")},
        )
    return _FIELDS[spec.shape](spec)


def _choice(spec: Spec) -> forms.Field:
    terms = terms_of(spec)
    options: dict[str, Any] = {"label": spec.label, "help_text": spec.help, "required": False}
    if len(terms) > SHORT_LIST:
        return forms.ChoiceField(choices=[("", _("Not stated")), *choices(terms)], **options)
    return Option(choices=[*choices(terms), ("", NOT_STATED)], **options)


def _many(spec: Spec) -> forms.Field:
    return Options(label=spec.label, help_text=spec.help, required=False, choices=choices(terms_of(spec)))


def _flag(spec: Spec) -> forms.Field:
    return forms.ChoiceField(
        label=spec.label,
        help_text=spec.help,
        choices=[("", _("Not stated")), ("yes", _("Yes")), ("no", _("No"))],
        required=False,
    )


def _moment(spec: Spec) -> forms.Field:
    return forms.DateTimeField(
        label=spec.label,
        help_text=spec.help,
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        error_messages={"invalid": _("Write day and time: 2027-03-31 14:30.")},
    )


def _count(spec: Spec) -> forms.Field:
    return forms.IntegerField(
        label=spec.label, help_text=spec.help, required=False, min_value=0, max_value=2**53 - 1
    )


def _country(spec: Spec) -> forms.Field:
    return forms.RegexField(
        r"^[A-Za-z]{2}$",
        label=spec.label,
        help_text=spec.help,
        required=False,
        max_length=2,
        error_messages={"invalid": _("Use the two letters of ISO 3166-1, for example US.")},
    )


def _concept(spec: Spec) -> forms.Field:
    return forms.ChoiceField(
        label=spec.label,
        help_text=spec.help,
        required=False,
        error_messages={"invalid_choice": _("Choose one of the kinds of purpose in use.")},
    )


def _one(spec: Spec) -> forms.Field:
    return forms.ChoiceField(
        label=spec.label,
        help_text=spec.help,
        required=False,
        error_messages={"invalid_choice": _("Choose one that you may see.")},
    )


def _some(spec: Spec) -> forms.Field:
    return Picks(
        label=spec.label,
        help_text=spec.help,
        required=False,
        error_messages={"invalid_choice": _("Choose some that you may see.")},
    )


def _table(spec: Spec) -> forms.Field:
    columns = tuple(
        Column(
            name=name,
            label=told.label,
            help=told.help,
            options=_options_of(told),
            is_short=told.shape is Shape.COUNTRY,
            is_long=told.shape is Shape.TEXT,
            longest=told.longest or LONGEST_CELL.get(told.shape, 300),
        )
        for name, told in specs_of(spec.row or object).items()
    )
    return Rows(label=spec.label, help_text=spec.help, columns=columns, read=_row_reader(spec))


def _options_of(spec: Spec) -> tuple[tuple[str, Term], ...]:
    if spec.shape is Shape.FLAG:
        return YES_OR_NO
    return tuple(choices(terms_of(spec))) if spec.words else ()


def _row_reader(spec: Spec) -> Callable[[dict[str, str]], Any]:
    def read_row(cells: dict[str, str]) -> Any:
        row, said, wrong = spec.row or object, {}, {}
        for name, told in specs_of(row).items():
            try:
                said[name] = _cell_said(told, cells[name])
            except forms.ValidationError as fault:
                wrong[name] = fault
        if wrong:
            raise forms.ValidationError(wrong)
        return row(**said)

    return read_row


def _cell_said(spec: Spec, typed: str) -> Any:
    """Raises: ValidationError. What is too long is refused where it would be kept, not cut."""
    if spec.shape in (Shape.CHOICE, Shape.FLAG):
        words = [word.value for word in spec.words or ()] or ["yes", "no"]
        if typed and typed not in words:
            raise forms.ValidationError(_("Choose one of the words of the list."))
        return said_of(spec, typed)
    if spec.shape is Shape.COUNT:
        if typed and not (typed.isascii() and typed.isdigit() and len(typed) < LONGEST_COUNT):
            raise forms.ValidationError(_("Give a whole number, 0 or more."))
        return int(typed) if typed else None
    if spec.shape is Shape.ONE:
        return UUID(typed) if uid_of(typed) else None
    if spec.shape is Shape.COUNTRY:
        if typed and not (len(typed) == 2 and typed.isascii() and typed.isalpha()):
            raise forms.ValidationError(_("Use the two letters of ISO 3166-1, for example US."))
        return typed.upper()
    if spec.shape is Shape.DAY:
        if not typed:
            return None
        try:
            return datetime.strptime(typed, "%Y-%m-%d").date()
        except ValueError as fault:
            raise forms.ValidationError(_("Write the day as year, month, day: 2027-03-31.")) from fault
    return typed


_FIELDS: dict[Shape, Callable[[Spec], forms.Field]] = {
    Shape.LINE: lambda spec: short_text(spec.label, spec.help),
    Shape.TEXT: lambda spec: long_text(spec.label, spec.help),
    Shape.CHOICE: _choice,
    Shape.MANY: _many,
    Shape.DAY: lambda spec: a_day(spec.label, spec.help),
    Shape.MOMENT: _moment,
    Shape.FLAG: _flag,
    Shape.COUNT: _count,
    Shape.COUNTRY: _country,
    Shape.CONCEPT: _concept,
    Shape.ONE: _one,
    Shape.SOME: _some,
    Shape.ROWS: _table,
}


__all__ = [
    "COMMON",
    "LONGEST_TEXT",
    "LegalForm",
    "field_of",
    "form_of",
    "said_of",
    "show_of",
    "terms_of",
    "typed_of",
]
