"""Terms of one's own, and terms that fall out of use."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.classification.queries import SpecialKind
from apps.console.forms.house import HouseForm, OnceForm


class TermForm(OnceForm):
    code = forms.CharField(
        label=_("Code"),
        help_text=_("Such as WellOwner. It never changes."),
        max_length=60,
        error_messages={"required": _("Write a code.")},
    )
    label = forms.CharField(
        label=_("Name"), max_length=120, error_messages={"required": _("Write the name that people read.")}
    )
    definition = forms.CharField(
        label=_("What it means"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2_000,
        error_messages={"required": _("Say what it means, in a sentence.")},
    )
    parent_codes = forms.CharField(
        label=_("Below"),
        help_text=_("Codes of terms in use, separated by commas: the narrowest that fit."),
        max_length=400,
        error_messages={"required": _("Name the term that it lies below.")},
    )

    def clean_parent_codes(self) -> list[str]:
        return [code.strip() for code in self.cleaned_data["parent_codes"].split(",") if code.strip()]


class CategoryForm(TermForm):
    special_kind = forms.TypedChoiceField(
        label=_("Special category"),
        help_text=_("GDPR Art. 9(1). Below a special term it is special anyway."),
        coerce=SpecialKind,
        choices=[("", _("none, or that of the term above")), *SpecialKind.choices],
        required=False,
        empty_value=None,
    )
    is_criminal = forms.BooleanField(label=_("About offences (GDPR Art. 10)"), required=False)


class OutOfUseForm(HouseForm):
    term = forms.CharField(
        label=_("Code of the term"), max_length=80, error_messages={"required": _("Name the term.")}
    )
    replaced_by_code = forms.CharField(
        label=_("What takes its place"), help_text=_("May stay empty."), required=False, max_length=80
    )

    def field_of(self, reason: Any) -> str:
        return reason.field if reason.field in self.fields else "term"
