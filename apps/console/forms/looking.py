"""What can be said of a record while it is written: what does not fit is told at once, beside its field; what
is only missing yet is listed, until somebody tried to send it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext

from apps.compliance.queries import Findings
from apps.console.forms.record import RecordForm
from apps.console.forms.rows import Rows, place_of
from apps.policy.reason import Reason


@dataclass(frozen=True, kw_only=True)
class Place:
    """Of an answer. `control` is the id of where it is given."""

    control: str
    text: Any


@dataclass(frozen=True, kw_only=True)
class Looked:
    """Where something does not fit, where somebody should look again, and what is not answered yet."""

    wrong: list[Place]
    doubts: list[Place]
    missing: list[Place]


def look(form: RecordForm, judged: Callable[[Any], Findings]) -> Looked:
    """Errors and doubts land on the form. Nothing that was typed is changed."""
    is_tried = bool(form.data.get("tried"))
    unread = _without_unanswered(form, is_tried=is_tried)
    content = form.content_so_far()
    found = judged(content)
    missing: list[Place] = []
    unanswered: set[str] = set()
    for reason in found.obstacles:
        name = form.field_of(reason)
        if name in unread or name not in form.fields:
            continue
        if _is_unanswered(content, reason.field):
            missing.append(_missing(form, name, reason))
            unanswered.add(name)
            if not is_tried:
                continue
        form.add_error(name, form.told(form.worded(reason), name))
    form.doubts = _doubts(form, found.doubts, unread)
    wrong = [name for name in form.errors if not (is_tried and name in unanswered)]
    return Looked(wrong=_fields(form, wrong), doubts=_fields(form, form.doubts), missing=missing)


def _fields(form: RecordForm, names: Iterable[str]) -> list[Place]:
    return [Place(control=form[name].auto_id, text=form[name].label) for name in form.fields if name in names]


def _without_unanswered(form: RecordForm, *, is_tried: bool) -> frozenset[str]:
    """Nobody is blamed for what they did not come to yet. Answers with the fields that cannot be read."""
    for name, errors in list(form.errors.items()):
        errors.data[:] = [each for each in errors.as_data() if is_tried or each.code != "required"]
        if not errors:
            del form.errors[name]
    return frozenset(form.errors)


def _is_unanswered(content: Any, place: str) -> bool:
    value = content
    for step in place.split("."):
        value = value[int(step)] if step.isdigit() else getattr(value, step, None)
    return value is None or value in ("", (), frozenset())


def _missing(form: RecordForm, name: str, reason: Reason) -> Place:
    field = form[name]
    place = place_of(told) if isinstance(told := form.told(reason, name), forms.ValidationError) else None
    if place is None or not isinstance(field.field, Rows):
        return Place(control=field.auto_id, text=field.label)
    number, column = _shown_at(form, name, place[0]), place[1]
    label = next(each.label for each in field.field.columns if each.name == column)
    told = {"table": field.label, "number": number, "column": label}
    text = gettext("%(table)s, row %(number)s: %(column)s") % told
    return Place(control=f"{field.auto_id}_{number}_{column}", text=text)


def _shown_at(form: RecordForm, name: str, number: int) -> int:
    """The place of a filled row among all that were sent, counted from 1."""
    filled = form.fields[name].widget.filled(form.data, name)
    return int(filled[number]) + 1 if number < len(filled) else number + 1


def _doubts(form: RecordForm, reasons: tuple[Reason, ...], unread: frozenset[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for reason in reasons:
        name = form.field_of(reason)
        if name in form.fields and name not in unread:
            told = form.told(form.worded(reason), name)
            texts = told.messages if isinstance(told, forms.ValidationError) else [told]
            found.setdefault(name, []).extend(texts)
    return found
