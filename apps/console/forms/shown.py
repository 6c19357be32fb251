"""What a field of a declared kind says, in words: closed lists, tables, and what is named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from apps.compliance.queries import Shape, Spec, specs_of
from apps.console import legal, wording
from apps.console.direction import together
from apps.console.forms.record import Line, Names, Show, code, codes, day, flag, named, text
from apps.console.legal import Term

TERMS: dict[str, dict[str, Term]] = {
    "Presumption": legal.PRESUMPTIONS,
    "Art89Safeguard": legal.ART89_SAFEGUARDS,
    "TransferMechanism": legal.TRANSFER_MECHANISMS,
    "DataSubjectCategory": legal.DATA_SUBJECTS,
    "SecurityMeasure": legal.SECURITY_MEASURES,
    "ObligationKind": {code: Term(name=name) for code, name in wording.OBLIGATIONS.items()},
}
"""Closed lists that other pages word already, by the name of the list."""


def terms_of(spec: Spec) -> dict[str, Term]:
    words: Iterable[Any] = spec.words or ()
    known = TERMS.get(spec.words.__name__, {}) if spec.words else {}
    return {word.value: known.get(word.value) or _term(word) for word in words}


def _term(word: Any) -> Term:
    label = getattr(word, "label", "") or word.value.replace("_", " ")
    return Term(name=label, article=getattr(word, "article", ""), sentence=getattr(word, "sentence", ""))


def show_of(spec: Spec) -> Show:
    show = _show_said(spec)
    if not spec.otherwise:
        return show
    assumed = [Line(text=spec.otherwise, note=_("as nothing else is said"))]
    return lambda value, names: show(value, names) or assumed


def _show_said(spec: Spec) -> Show:
    if spec.shape is Shape.CONCEPT or (spec.of and spec.shape is not Shape.SOME):
        return lambda value, names: [names.of(value)] if value else []
    match spec.shape:
        case Shape.CHOICE:
            return code(terms_of(spec))
        case Shape.MANY:
            return codes(terms_of(spec))
        case Shape.DAY:
            return day
        case Shape.FLAG:
            return flag
        case Shape.SOME:
            return named
        case Shape.MOMENT:
            return lambda value, names: (
                [Line(text=date_format(timezone.localtime(value), "j M Y, H:i"))] if value else []
            )
        case Shape.COUNT:
            return lambda value, names: [] if value is None else [Line(text=str(value))]
        case Shape.ROWS:
            return _show_rows(spec)
    return text


def _show_rows(spec: Spec) -> Show:
    columns = specs_of(spec.row or object)

    def lines(value: Any, names: Names) -> list[Line]:
        return [_row_line(row, columns, names) for row in value]

    return lines


def _told_in_row(spec: Spec, value: Any, names: Names) -> list[str]:
    """A bare yes or no says nothing among other words: a question is told where its answer is yes."""
    told = [str(line.text) for line in show_of(spec)(value, names)]
    if spec.shape is Shape.FLAG:
        return [f"{spec.label} {answer}" for answer in told if value]
    return told


def _row_line(row: Any, columns: Mapping[str, Spec], names: Names) -> Line:
    told = [each for name, spec in columns.items() for each in _told_in_row(spec, getattr(row, name), names)]
    return Line(text=told[0] if told else _("not stated"), note=together(told[1:], " · "))
