"""Releasing a version of a model, and taking that back."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.console.forms.house import LONGEST_TEXT, HouseForm


class ReleaseForm(HouseForm):
    do = forms.ChoiceField(
        choices=[(each, each) for each in ("release", "withdraw")],
        error_messages={"required": _("Choose what to do."), "invalid_choice": _("Choose what to do.")},
    )
    release = forms.UUIDField(required=False)
    why = forms.CharField(
        label=_("Why it is withdrawn"),
        help_text=_("Whoever uses the model reads it."),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=LONGEST_TEXT,
    )
