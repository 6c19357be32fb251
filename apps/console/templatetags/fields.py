"""Where something is wrong with a form: at a field, or at a row of a table in it."""

from __future__ import annotations

from django import forms, template
from django.utils.translation import gettext

from apps.console.forms.rows import errors_of, rows_of, told_in_place
from apps.console.templatetags.console import is_group

register = template.Library()


@register.filter
def first_control(field: forms.BoundField) -> str:
    """The id of what a message about the field leads to."""
    choices = iter(field) if is_group(field) else iter(())
    return str(next((choice.id_for_label for choice in choices), field.auto_id))


register.filter("rows_of", rows_of)
register.filter("told_in_place", told_in_place)


@register.filter
def whole_errors(field: forms.BoundField) -> list[str]:
    """Of a table to write into: those that are about no single row."""
    return [text for place, text in errors_of(field) if place is None]


@register.filter
def error_links(field: forms.BoundField) -> list[tuple[str, str]]:
    """What is wrong with a field, each with the id of the control that mends it."""
    links = []
    for place, text in errors_of(field):
        if place is None:
            links.append((first_control(field), text))
        else:
            number, column = place[0] + 1, place[1] or field.field.columns[0].name  # type: ignore[attr-defined]
            told = gettext("Row %(number)s: %(text)s") % {"number": number, "text": text}
            links.append((f"{field.auto_id}_{number}_{column}", told))
    return links


@register.filter
def doubts_of(field: forms.BoundField) -> list[str]:
    """What whoever reviews it should look at."""
    found: list[str] = getattr(field.form, "doubts", {}).get(field.name, [])
    return found
