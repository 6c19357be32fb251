"""Where messages go: the forms that make and change a webhook."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.console.forms.house import HouseForm, OnceForm
from apps.console.trail_words import AREAS, EVENTS
from apps.notifications.queries import Channel, told_to_programs

PARTS = (
    ("access.request.", _("Requests")),
    ("access.grant.", _("Grants")),
    ("access.condition.", _("Conditions")),
    ("access.glass.", _("Emergency access")),
    ("access.policy_", _("Rulebook")),
    *((f"{area}.", title) for area, title in AREAS.items() if area != "access"),
)


def _events_by_area() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """What programs may be told, under the heading people look for it under."""
    told = [name for name in EVENTS if name in told_to_programs()]
    parts = [(title, [name for name in told if name.startswith(area)]) for area, title in PARTS]
    return [(title, [(name, EVENTS[name]) for name in names]) for title, names in parts if names]


def _events() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Of what it is told"),
        help_text=_("Rooms are told of requests and grants only, and never the name of an asset."),
        widget=forms.CheckboxSelectMultiple,
        choices=_events_by_area(),
        error_messages={"required": _("Choose at least one.")},
    )


def _name() -> forms.CharField:
    return forms.CharField(
        label=_("What it is for"), max_length=120, error_messages={"required": _("Give it a name.")}
    )


def _room() -> forms.CharField:
    return forms.CharField(
        label=_("Room"),
        help_text=_("Only for a bot of Slack: the id of the channel it writes in, such as C0123456789."),
        max_length=120,
        required=False,
    )


class NewWebhookForm(OnceForm):
    name = _name()
    channel = forms.TypedChoiceField(
        label=_("How it is told"), widget=forms.RadioSelect, choices=Channel.choices, coerce=Channel
    )
    url = forms.CharField(
        label=_("Address"),
        help_text=_("Begins with https://. For a bot of Slack: https://slack.com/api"),
        max_length=2000,
        error_messages={"required": _("Give the address that messages go to.")},
    )
    token = forms.CharField(
        label=_("Token"),
        help_text=_("Only for a bot of Slack; begins with xoxb-. Kept sealed and never shown again."),
        max_length=500,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    room = _room()
    events = _events()


class ChangeWebhookForm(HouseForm):
    """An address or token left empty stays as it is: neither is ever shown again."""

    row_version = forms.IntegerField(widget=forms.HiddenInput)
    name = _name()
    url = forms.CharField(
        label=_("New address"),
        help_text=_("Leave it empty to keep the present one."),
        max_length=2000,
        required=False,
    )
    token = forms.CharField(
        label=_("New token"),
        help_text=_("Only for a bot of Slack. Leave it empty to keep the present one."),
        max_length=500,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    room = _room()
    events = _events()

    def changes(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        given["seen_version"] = given.pop("row_version")
        return {name: value for name, value in given.items() if value or name == "room"}
