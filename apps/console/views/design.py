"""The living page of the design system."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.console import design, icons, wording
from apps.console.forms.house import CommentForm
from apps.console.forms.record import Check, Option, Options
from apps.console.forms.rows import Column, Rows
from apps.console.legal import ART9_CONDITIONS, LAWFUL_BASES, choices
from apps.console.navigation import Entry
from apps.console.page import Page
from apps.console.pictures import bars_of
from apps.console.ranges import Measure, heat_of, ranges_of
from apps.console.reached import Group, Reached, Row
from apps.console.tabs import Tabs
from apps.policy.decision import Effect
from apps.policy.reason import Reason


class Sample(forms.Form):
    """One of each kind of field."""

    name = forms.CharField(label="Name", help_text="As it shall stand in the catalog.", required=False)
    about = forms.CharField(label="About", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("dataset", "Dataset"), ("model", "Model")])
    number = forms.IntegerField(label="Rows", help_text="About how many.")
    day = forms.DateField(label="Review on", widget=forms.DateInput(attrs={"type": "date"}))
    days = forms.ChoiceField(
        label="Duration",
        widget=forms.RadioSelect,
        choices=[("7", "7 days"), ("30", "30 days"), ("90", "90 days")],
        initial="30",
    )
    actions = forms.MultipleChoiceField(
        label="Actions",
        widget=forms.CheckboxSelectMultiple,
        choices=[("read", "Read"), ("train", "Train")],
        initial=["read"],
    )
    told = forms.MultipleChoiceField(
        label="Told of",
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("Requests", [("sent", "Request sent"), ("approved", "Request approved")]),
            ("Grants", [("ended", "Grant ended")]),
        ],
        initial=["sent"],
    )


class Explained(forms.Form):
    """Choices with a sentence each, what follows them, and rows to write into."""

    basis = Option(label="Lawful basis", choices=choices(LAWFUL_BASES), initial="6(1)(b)")
    contract_ref = forms.CharField(label="Contract", help_text="Shown with the basis “Contract” only.")
    conditions = Options(label="Conditions", choices=choices(ART9_CONDITIONS)[:2])
    is_shared = Check(label="It leaves the organization", help_text="Also where only a processor sees it.")
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
        now = timezone.now()
        context = {
            "sections": design.SECTIONS,
            "colors": {group: names.split() for group, names in design.COLORS.items()},
            "sizes": design.SIZES,
            "spaces": design.SPACES,
            "others": design.OTHERS,
            "icons": sorted(icons.SHAPES),
            "words": [wording.REQUEST_STATES.values(), wording.LEASE_STATES.values()],
            "classes": [
                wording.ranked_word(label, rank)
                for rank, label in enumerate(("Open", "Internal", "Confidential", "Restricted"))
            ],
            "sample": Sample(),
            "explained": Explained(auto_id="explained_%s"),
            "faulty": faulty,
            "preview": _preview(now),
            "reached": _reached(now),
            "bars": bars_of([("Data owner", 12, "info"), ("Privacy", 7, "warning"), ("Security", 0, "info")]),
            "ranges": ranges_of(
                [
                    Measure(name="Annotator 1", value=0.95, lower=0.91, upper=0.97),
                    Measure(name="Annotator 2", value=0.82, lower=0.74, upper=0.88),
                    Measure(name="Annotator 3", value=None),
                ],
                needed=0.9,
            ),
            "heat": heat_of(
                {"labels": ["sandstone", "shale", "coal"], "counts": [[80, 9, 1], [9, 60, 0], [1, 0, 4]]}
            ),
            "tabs": _tabs(),
            "pages": {"first": "from=beginning", "next": "from=here"},
            "now": now,
        }
        return self.show(context)


def _tabs() -> Tabs:
    names = (("People", "people"), ("Service accounts", "service"))
    entries = (Entry(text=name, icon=icon, url="#ways", is_current=name == "People") for name, icon in names)
    return Tabs(title="People or programs", entries=(*entries,))


def _preview(now: Any) -> SimpleNamespace:
    """What an answer of the policy would look like."""
    reason = Reason(code="VERSION_MISSING", rule="house.duration", articles=("Art. 5(1)(e) GDPR",))
    decision = SimpleNamespace(
        effect=Effect.REFER,
        ends_at=now,
        limiting_factor="requested_end",
        max_lease_minutes=60,
        deciding_reasons=[reason],
        droppable_columns=[],
        reasons=[reason, reason],
    )
    stage = SimpleNamespace(name="owner", is_opinion=False, roles=["data_owner"])
    stages = [SimpleNamespace(stage=stage, eligible=2, is_fillable=True)]
    return SimpleNamespace(answer=SimpleNamespace(decision=decision), stages=stages, keyless=())


def _reached(now: Any) -> Reached:
    """What an act would reach, one of it hidden from the reader."""
    row = Row(kind="grant", page=None, name="Well logs", who="Scientist", number=0, until=now)
    return Reached(digest="", groups=(Group(kind="grant", number=2, rows=(row,)),))
