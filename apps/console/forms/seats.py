"""Stepping back from a decision, and leaving it to somebody by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.console.forms.house import LONGEST_TEXT, HouseForm


class RecusalForm(HouseForm):
    reason = forms.CharField(
        label=_("Why you step back"),
        help_text=_("Kept in the trail. Those who decide instead are not shown it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("Say why you step back.")},
    )


class HandOverForm(HouseForm):
    person_id = forms.TypedChoiceField(
        label=_("To whom"),
        help_text=_("Everybody who may give this verdict now."),
        coerce=UUID,
        error_messages={
            "required": _("Choose who is to give the verdict."),
            "invalid_choice": _("Choose one of the people offered; each of them may give the verdict."),
        },
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept in the trail."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("Say why somebody by name is to give it.")},
    )

    def __init__(self, *given: Any, colleagues: Iterable[Any], **options: Any) -> None:
        super().__init__(*given, **options)
        people = [(str(each.uid), each.name) for each in colleagues]
        self.fields["person_id"].choices = [("", _("Choose a person")), *people]  # type: ignore[attr-defined]
