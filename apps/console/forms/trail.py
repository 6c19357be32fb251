"""Which entries of the trail are wanted: asked by address, so that an answer can be passed on."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.access.queries import TrailFormat, TrailWanted
from apps.console.forms.house import HouseForm
from apps.console.trail import OUTCOMES, name_choices

LONGEST_SEARCH = 200
WRONG_FORMAT = _("Choose one of the two formats.")
WRONG_DAY = _("Write the day as year, month, day: 2027-03-31.")


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        required=False,
        error_messages={"invalid": WRONG_DAY},
    )


class TrailForm(forms.Form):
    """`from` and `to` are words of Python and cannot stand below as names; both days are included."""

    use_required_attribute = False

    who = forms.CharField(
        label=_("Who"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        max_length=LONGEST_SEARCH,
        required=False,
    )
    what = forms.ChoiceField(
        label=_("What happened"),
        required=False,
        error_messages={"invalid_choice": _("Choose one of the events in the list.")},
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[("", _("Done and refused")), *((code, word.text) for code, word in OUTCOMES.items())],
        required=False,
        error_messages={"invalid_choice": _("Choose one of the outcomes in the list.")},
    )
    about = forms.UUIDField(
        label=_("About the object with the id"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        required=False,
        error_messages={"invalid": _("An id has 32 digits and letters, as in the address of its page.")},
    )

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["what"].choices = name_choices()  # type: ignore[attr-defined]
        self.fields["from"] = _day(_("From"))
        self.fields["to"] = _day(_("To"))
        self.order_fields(["who", "what", "outcome", "from", "to", "about"])

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        first, last = given.get("from"), given.get("to")
        if first and last and last < first:
            self.add_error("to", _("The last day lies before the first."))
        for name in {"from", "to"} & set(self.errors):
            # A control for days shows nothing that is no day; what was typed would be lost.
            self.fields[name].widget.attrs["type"] = "text"
        return given

    def wanted(self) -> TrailWanted:
        given = self.cleaned_data
        return TrailWanted(
            of_who=given["who"],
            of_event=given["what"],
            of_outcome=given["outcome"],
            of_object=given["about"],
            since=given["from"] and _begin(given["from"]),
            until=given["to"] and _begin(given["to"] + timedelta(days=1)),
        )


class TakeTrailForm(HouseForm):
    """Two buttons; what is taken is what the page shows."""

    format = forms.ChoiceField(
        choices=[(each.value, each.name) for each in TrailFormat],
        widget=forms.HiddenInput,
        error_messages={"required": WRONG_FORMAT, "invalid_choice": WRONG_FORMAT},
    )


def _begin(day: Any) -> datetime:
    """Of a day in the zone of the organization."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())
