"""The living page of the design system."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.console import icons, wording
from apps.console.forms.house import CommentForm
from apps.console.forms.record import Column, Option, Rows
from apps.console.legal import LAWFUL_BASES, choices
from apps.console.page import Page


class Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="As it shall stand in the catalog.", required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("dataset", "Dataset"), ("model", "Model")])
    days = forms.ChoiceField(
        label="Duration",
        widget=forms.RadioSelect,
        choices=[("7", "7 days"), ("30", "30 days"), ("90", "90 days")],
        initial="30",
    )


class Options(forms.Form):
    basis = Option(label="Lawful basis", choices=choices(LAWFUL_BASES), initial="6(1)(b)")
    recipients = Rows(
        label="Recipients",
        columns=(Column(name="kind", label="What it is"), Column(name="party", label="Name")),
        read=dict,
    )


class Design(Page):
    section = "design"
    template = "console/design.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        faulty = CommentForm({"comment": ""}, auto_id="faulty_%s")
        context = {
            "icons": sorted(icons.SHAPES),
            "words": {
                "request": list(wording.REQUEST_STATES.values()),
                "lease": list(wording.LEASE_STATES.values()),
            },
            "classes": [
                wording.ranked_word(label, rank)
                for rank, label in enumerate(("Open", "Internal", "Confidential", "Restricted"))
            ],
            "sample": Sample(),
            "options": Options(auto_id="options_%s"),
            "faulty": faulty,
            "now": timezone.now(),
        }
        return self.show(context)
