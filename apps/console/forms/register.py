"""Exports of the register: whose duties, in which format, as of which day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.compliance.queries import RECORDS_OF_A_PART, Articles, Format
from apps.console.forms.house import HouseForm

ARTICLES = (
    (Articles.CONTROLLER.value, _("Controller: Art. 30(1) GDPR")),
    (Articles.PROCESSOR.value, _("Processor: Art. 30(2) GDPR, a row for every controller")),
)
FORMATS = (
    (Format.PDF.value, _("PDF, to be read and filed")),
    (Format.XLSX.value, _("Workbook, with sheets for purposes, data, recipients, transfers and retention")),
    (Format.CSV.value, _("CSV, for other programs")),
    (Format.COMPLETENESS.value, _("What is missing, as CSV")),
    (Format.JSON.value, _("JSON, with everything it rests on: it can be restored from it")),
    (Format.JSONLD.value, _("JSON-LD, in the terms of the Data Privacy Vocabulary")),
)


class ExportForm(HouseForm):
    articles = forms.ChoiceField(
        label=_("Register of a"),
        choices=ARTICLES,
        initial=Articles.CONTROLLER.value,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two registers.")},
    )
    format = forms.ChoiceField(
        label=_("Format"),
        help_text=_("PDF of more than %(most)s records is a ZIP of several parts.")
        % {"most": RECORDS_OF_A_PART},
        choices=FORMATS,
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
