"""For which kinds of purposes data may be used, and where they come from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.compliance.commands import Origin
from apps.compliance.queries import LawfulBasis
from apps.console import legal
from apps.console.forms.house import HouseForm, OnceForm
from apps.console.forms.record import a_day, short_text

Concepts = Iterable[tuple[str, str]]
"""Codes of kinds of purposes in use, with their names."""


class VersionField(forms.UUIDField):
    """The version that was looked at: what is sent is said of that one, also where a newer one came since."""

    widget = forms.HiddenInput
    default_error_messages = {"required": _("Open the page again: it has lost its version.")}


class PermitForm(OnceForm):
    version_id = VersionField()
    concept_code = forms.ChoiceField(
        label=_("Kind of purpose"),
        help_text=_(
            "What lies below it is permitted, too, where all of its parents are. Data that rest on consent "
            "are used for exactly this."
        ),
        error_messages={
            "required": _("Choose the kind of purpose."),
            "invalid_choice": _("Choose one of the kinds of purpose in use."),
        },
    )
    columns = forms.CharField(
        label=_("Only for these columns"),
        help_text=_("One name on each line. Empty means: for all columns."),
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        required=False,
        strip=False,
        max_length=100_000,
    )

    def __init__(self, *given: Any, concepts: Concepts, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["concept_code"].choices = [("", _("Choose a kind")), *concepts]  # type: ignore[attr-defined]

    def clean_columns(self) -> list[str]:
        return [line for line in self.cleaned_data["columns"].splitlines() if line.strip()]


class ForbidForm(HouseForm):
    """Sent by the button beside the permission; no column named: all."""

    version_id = VersionField()
    concept_code = forms.CharField(widget=forms.HiddenInput, max_length=80)
    column = forms.CharField(widget=forms.HiddenInput, required=False, strip=False, max_length=200)


class OriginForm(HouseForm):
    version_id = VersionField()
    original_basis = forms.ChoiceField(
        label=_("Lawful basis of the collection"),
        help_text=_("What is not known counts as consent, which is the strictest."),
        required=False,
    )
    original_purpose_code = forms.ChoiceField(
        label=_("What the data were collected for"),
        help_text=_("Another use has to be compatible with it."),
        required=False,
    )
    research_area_code = forms.ChoiceField(
        label=_("Area of research that the consent names"),
        help_text=_("Only for consent to an area of research; what lies below the area is covered, too."),
        required=False,
    )
    source = short_text(_("Source"), _("Who gave the data, or where they were observed."))
    retention_ends_on = a_day(
        _("Kept until"), _("The first day on which the data may no longer be kept. Access ends before.")
    )
    agreement_ref = short_text(
        _("Agreement the data came under"), _("Empty means: there is none."), max_length=200
    )
    agreement_ends_on = a_day(_("End of that agreement"), _("The first day on which it no longer holds."))

    def __init__(self, *given: Any, concepts: Concepts, **options: Any) -> None:
        super().__init__(*given, **options)
        bases = [(code, f"{term.name} · {term.article}") for code, term in legal.LAWFUL_BASES.items()]
        kinds = [("", _("Not known")), *concepts]
        fields: Any = self.fields
        fields["original_basis"].choices = [("", _("Not known")), *bases]
        fields["original_purpose_code"].choices = kinds
        fields["research_area_code"].choices = [("", _("None")), *concepts]

    @staticmethod
    def initial_of(origin: Any) -> dict[str, Any]:
        if origin is None:
            return {}
        purpose, area = origin.original_purpose, origin.research_area
        return {
            "original_basis": origin.original_basis or "",
            "original_purpose_code": purpose.code if purpose else "",
            "research_area_code": area.code if area else "",
            "source": origin.source,
            "retention_ends_on": origin.retention_ends_on,
            "agreement_ref": origin.agreement_ref,
            "agreement_ends_on": origin.agreement_ends_on,
        }

    def origin(self) -> Origin:
        given = self.cleaned_data
        basis = given["original_basis"]
        return Origin(
            original_basis=LawfulBasis(basis) if basis else None,
            original_purpose_code=given["original_purpose_code"] or None,
            research_area_code=given["research_area_code"] or None,
            source=given["source"],
            retention_ends_on=given["retention_ends_on"],
            agreement_ref=given["agreement_ref"],
            agreement_ends_on=given["agreement_ends_on"],
        )
