"""What a record says, field by field: asked here, and shown from the same description.

A form of a kind of record names its `sections`, and the article each field rests on; the page of the record,
its versions and their differences are drawn from them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from apps.compliance.queries import (
    Presumption,
)
from apps.console import legal
from apps.console.forms.house import LONGEST_TEXT, HouseForm, OnceForm
from apps.console.forms.rows import Rows, at_row
from apps.console.legal import Term, term
from apps.kernel.errors import LakewardenError, RuleBroken
from apps.policy.reason import Reason

MOST_FOUND = 20
EMPTY: tuple[Any, ...] = (None, "", [], False, Presumption.NONE)
"""What an untouched field holds."""


@dataclass(frozen=True, kw_only=True)
class Section:
    """Fields under one heading. `is_seldom`: folded away while nothing stands in it."""

    id: str
    title: Any
    names: tuple[str, ...]
    lead: Any = ""
    is_seldom: bool = False


@dataclass(frozen=True, kw_only=True)
class Part:
    """A section with its fields, each with the article it rests on."""

    section: Section
    fields: list[tuple[forms.BoundField, str]]
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of what a field says; `url` leads to what is named."""

    text: Any
    note: Any = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Names:
    """How things that a content names by uid or code are called, as far as the reader may see them."""

    lines: Mapping[UUID | str, Line]

    def of(self, key: UUID | str) -> Line:
        return self.lines.get(key) or Line(text=_("one you may not see") if isinstance(key, UUID) else key)


Show = Callable[[Any, Names], list[Line]]


class Options(forms.MultipleChoiceField):
    shape = "options"
    widget = forms.CheckboxSelectMultiple


class Option(forms.ChoiceField):
    shape = "options"
    widget = forms.RadioSelect


class Check(forms.BooleanField):
    shape = "check"


class Picks(forms.MultipleChoiceField):
    """Some of many: what is chosen, and what a search found."""

    shape = "picks"
    widget = forms.CheckboxSelectMultiple


def text(value: str, names: Names) -> list[Line]:
    return [Line(text=value)] if value else []


def day(value: date | None, names: Names) -> list[Line]:
    return [Line(text=date_format(value, "j M Y"))] if value else []


def flag(value: bool | None, names: Names) -> list[Line]:
    return [] if value is None else [Line(text=_("yes") if value else _("no"))]


def true(value: bool, names: Names) -> list[Line]:
    return [Line(text=_("yes"))] if value else []


def named(value: Iterable[UUID], names: Names) -> list[Line]:
    return sorted((names.of(uid) for uid in value), key=lambda line: str(line.text))


def line(found: Term) -> Line:
    return Line(text=found.name, note=found.article)


def code(terms: dict[str, Term]) -> Show:
    return lambda value, names: [line(term(terms, value))] if value else []


def codes(terms: dict[str, Term]) -> Show:
    return lambda value, names: [line(term(terms, code)) for code in sorted(value)]


def long_text(label: Any, help_text: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3, "placeholder": " "})
    return forms.CharField(
        label=label, help_text=help_text, widget=widget, required=False, max_length=LONGEST_TEXT
    )


def short_text(label: Any, help_text: Any, **options: Any) -> forms.CharField:
    """One line; the blank placeholder tells the style sheet whether something stands in it."""
    made: dict[str, Any] = {"required": False, "max_length": 300, **options}
    widget = forms.TextInput(attrs={"placeholder": " "})
    return forms.CharField(label=label, help_text=help_text, widget=widget, **made)


def a_day(label: Any, help_text: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as year, month, day: 2027-03-31.")},
    )


class RecordForm(OnceForm):
    """`row_version` is that of what was read when an existing record is edited."""

    row_version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    sections: ClassVar[tuple[Section, ...]] = ()
    articles: ClassVar[dict[str, str]] = {}
    shows: ClassVar[dict[str, Show]] = {}
    always: ClassVar[frozenset[str]] = frozenset()
    """Fields that are shown although nothing stands in them."""
    picked: ClassVar[tuple[str, ...]] = ("purpose_ids", "asset_ids")
    """Fields that choose some of many by a search."""

    @property
    def parts(self) -> list[Part]:
        return [_part(self, section) for section in self.sections]

    def content(self) -> Any:
        """What was typed, as the command takes it. Only of a valid form."""
        raise NotImplementedError

    @classmethod
    def initial_of(cls, content: Any) -> dict[str, Any]:
        return {field.name: getattr(content, field.name) for field in fields(content)}

    doubts: Mapping[str, list[str]] = {}
    """What whoever reviews it should look at, by field; nothing before it was looked for."""

    def take(self, fault: LakewardenError) -> tuple[Reason, ...]:
        return super().take(RuleBroken(*map(self.worded, fault.reasons)))

    def told(self, reason: Reason, field: str) -> Any:
        """With the rule and the law it rests on; what is about a row of a table is told at that row."""
        law = ", ".join(filter(None, (reason.rule, *reason.articles)))
        text = f"{super().told(reason, field)} ({law})" if law else super().told(reason, field)
        place = re.search(rf"\b{field}\.(\d+)(?:\.(\w+))?$", reason.field)
        if place and isinstance(self.fields[field], Rows):
            return at_row(int(place[1]), text, place[2] or "")
        return text

    def show_beside(self, reasons: Iterable[Reason]) -> tuple[Reason, ...]:
        """In a form that was not sent: what is still missing; answers with what no field can show."""
        self.full_clean()
        self.cleaned_data = {}
        return self.take(RuleBroken(*reasons))

    def content_so_far(self) -> Any:
        """What can be read of what was typed; the rest is empty."""
        raise NotImplementedError

    @classmethod
    def worded(cls, reason: Reason) -> Reason:
        """With the labels of fields in place of their names, and what the law calls its letters."""
        labels = {name: f"“{field.label}”" for name, field in cls.base_fields.items()}
        labels |= _labels_of_cells(cls.base_fields, reason.field)
        labels |= {
            code: f"“{term}”" for code, term in {**legal.LAWFUL_BASES, **legal.ART9_CONDITIONS}.items()
        }
        facts = {
            name: labels.get(value, value) if isinstance(value, str) else value
            for name, value in reason.facts.items()
        }
        return replace(reason, facts=facts)

    @classmethod
    def lines(cls, content: Any, name: str, names: Names) -> list[Line]:
        return cls.shows.get(name, text)(cls.value_of(content, name), names)

    @classmethod
    def value_of(cls, content: Any, name: str) -> Any:
        """What a content says in the field of that name."""
        return getattr(content, name)


def _labels_of_cells(fields: Mapping[str, forms.Field], place: str) -> dict[str, str]:
    """Of the cell that a reason is about, where it is about one."""
    name, _number, column = [*place.rsplit(".", 2), "", ""][:3]
    table = fields.get(name.rpartition(".")[2])
    found = {each.name: each.label for each in table.columns} if isinstance(table, Rows) else {}
    return {place: f"“{found[column]}”"} if column in found else {}


def _part(form: RecordForm, section: Section) -> Part:
    found = [form[name] for name in section.names]
    is_filled = any(field.errors or field.value() not in EMPTY for field in found)
    return Part(
        section=section,
        fields=[(field, form.articles.get(field.name, "")) for field in found],
        is_open=is_filled or not section.is_seldom,
    )


class ReasonForm(HouseForm):
    """For what is said with a reason, and for what is confirmed without one."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept in the trail, and read by those who work with the record."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=LONGEST_TEXT,
    )


class ActForm(ReasonForm):
    """Names what the act was shown to affect, where it was shown."""

    seen_impact = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class ReviewForm(ReasonForm):
    """Names the version that was read."""

    reason = forms.CharField(
        label=_("What has to change, or why not"),
        help_text=_(
            "The writers read it. Needed to return the version, or to reject it; an approval needs none."
        ),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=LONGEST_TEXT,
    )
    row_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class SeenForm(HouseForm):
    row_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
