"""Asking for a prepared view: what becomes of each column, and which rows remain."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.console import wording
from apps.console.forms.house import LONGEST_TEXT, HouseForm, OnceForm
from apps.kernel.errors import LakewardenError
from apps.kernel.texts import remedy, sentence
from apps.policy.reason import Reason
from apps.preparing.commands import Span, StepDraft, StepKind

ABOUT_COLUMN = re.compile(r"columns\.(?P<place>\d+)\..+")
SPANS = frozenset({"month", "year"})
WHOLE = re.compile(r"[0-9]{1,6}", re.ASCII)


@dataclass(kw_only=True)
class Row:
    """A column with what stands in its fields, and what is wrong with that."""

    place: int
    name: str
    data_type: str
    saying: Any
    step: str = "drop"
    number: str = ""
    errors: list[str] = field(default_factory=list)
    part = "step"
    """Of its fields the one that a fault leads to."""

    def asked(self) -> StepDraft:
        """As the command takes it. What is no number is left out, and it asks for one."""
        number = int(self.number) if WHOLE.fullmatch(self.number) else None
        return StepDraft(
            column=self.name,
            step=StepKind.PERIOD if self.step in SPANS else StepKind(self.step),
            width=self.number,
            span=Span(self.step) if self.step in SPANS else None,
            letters=number,
            count=number,
        )


def rows_of(columns: Iterable[Any]) -> list[Row]:
    return [
        Row(place=each.position, name=each.name, data_type=each.data_type, saying=each.saying)
        for each in columns
    ]


class PrepareForm(OnceForm):
    """The fields of a column are read from its row."""

    name = forms.CharField(
        label=_("Name of the view"),
        help_text=_("The dataset that will be registered is called so."),
        max_length=200,
        error_messages={"required": _("Give the view a name.")},
    )
    rows = forms.CharField(
        label=_("Rows that remain"),
        help_text=_(
            "Empty: all of them. Otherwise comparisons joined by AND and OR, such as: country = 'DE' AND"
            " (age >= 18 OR consent IS NOT NULL). A row of which a compared value is missing stays out."
        ),
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        required=False,
        max_length=2000,
    )

    def __init__(self, *given: Any, columns: list[Row], **options: Any) -> None:
        super().__init__(*given, **options)
        self.columns = columns
        if self.is_bound:
            for row in columns:
                typed = str(self.data.get(f"c{row.place}-step", "drop"))
                row.step = typed if typed in wording.VIEW_STEPS else "drop"
                row.number = str(self.data.get(f"c{row.place}-number", "")).replace("\0", "").strip()

    def take(self, fault: LakewardenError) -> tuple[Reason, ...]:
        rest = []
        for reason in fault.reasons:
            about = ABOUT_COLUMN.fullmatch(reason.field)
            if about:
                row = self.columns[int(about["place"])]
                row.errors.append(" ".join((sentence(reason), remedy(reason))).strip())
            elif reason.field in self.fields:
                self.add_error(reason.field, " ".join((sentence(reason), remedy(reason))).strip())
            else:
                rest.append(reason)
        if any(row.errors for row in self.columns):
            self.add_error(None, gettext("Nothing was asked for: some columns need more."))
        return tuple(rest)

    @property
    def faulty(self) -> list[Row]:
        return [row for row in self.columns if row.errors]


class DecideViewForm(HouseForm):
    """What is done about a view: by a second person, or by who looks after the data."""

    do = forms.ChoiceField(
        choices=[(each, each) for each in ("confirm", "reject", "retry", "withdraw")],
        error_messages={"required": _("Choose what to do."), "invalid_choice": _("Choose what to do.")},
    )
    comment = forms.CharField(
        label=_("What should be otherwise"),
        help_text=_("Needed to turn it down. Whoever asked for the view reads it."),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=LONGEST_TEXT,
    )
