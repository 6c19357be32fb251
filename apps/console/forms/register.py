"""Exports of the register: whose duties, in which format, as of which day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.compliance.queries import RECORDS_OF_A_PART, Articles, Format
from apps.console.forms.house import HouseForm
from apps.console.legal import Term, choices

ARTICLES = {
    Articles.CONTROLLER.value: Term(
        name=_("Controller"), sentence=_("What you process for your own purposes."), article="Art. 30(1) GDPR"
    ),
    Articles.PROCESSOR.value: Term(
        name=_("Processor"),
        sentence=_("What you process for others, with a row for every controller."),
        article="Art. 30(2) GDPR",
    ),
}
FORMATS = {
    Format.PDF.value: Term(
        name="PDF",
        sentence=_("To be read and filed; more than %(most)s records come as a ZIP of parts.")
        % {"most": RECORDS_OF_A_PART},
    ),
    Format.XLSX.value: Term(
        name=_("Workbook"),
        sentence=_("With sheets for purposes, data, recipients, transfers and retention."),
    ),
    Format.CSV.value: Term(name="CSV", sentence=_("One table, for other programs.")),
    Format.COMPLETENESS.value: Term(
        name=_("What is missing"), sentence=_("As CSV: each gap with the article that asks for it.")
    ),
    Format.JSON.value: Term(
        name="JSON", sentence=_("With everything the records rest on: they can be restored from it.")
    ),
    Format.JSONLD.value: Term(
        name="JSON-LD", sentence=_("In the terms of the Data Privacy Vocabulary, for linking.")
    ),
}


class ExportForm(HouseForm):
    articles = forms.ChoiceField(
        label=_("Register of a"),
        choices=choices(ARTICLES),
        initial=Articles.CONTROLLER.value,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two registers.")},
    )
    format = forms.ChoiceField(
        label=_("Format"),
        choices=choices(FORMATS),
        initial=Format.PDF.value,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a format.")},
    )
    as_of = forms.DateField(
        label=_("As of"),
        help_text=_("The records as they held on that day. Drafts never do; blocked processing does."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={
            "required": _("Choose a day."),
            "invalid": _("Write the day as year, month, day: 2027-03-31."),
        },
    )

    def __init__(self, *given: Any, **options: Any) -> None:
        options["initial"] = {"as_of": timezone.localdate(), **(options.get("initial") or {})}
        super().__init__(*given, **options)

    def wanted(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "articles": Articles(given["articles"]),
            "format": Format(given["format"]),
            "as_of": given["as_of"],
        }
