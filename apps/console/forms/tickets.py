"""Ticket systems: the forms that connect and change one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.console.forms.house import HouseForm, OnceForm


def _tells() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("It may know which assets are asked for"),
        help_text=_("Their ids are sent with the ticket and the id of the request; never a name."),
        required=False,
    )


class NewTicketSystemForm(OnceForm):
    name = forms.CharField(
        label=_("Name"),
        help_text=_("As rules name it, such as JIRA. It stays."),
        max_length=60,
        error_messages={"required": _("Give it the name by which rules name it.")},
    )
    url = forms.CharField(
        label=_("Address"),
        help_text=_("Begins with https://."),
        max_length=2000,
        error_messages={"required": _("Give the address that is asked.")},
    )
    tells_assets = _tells()


class ChangeTicketSystemForm(HouseForm):
    """An address left empty stays as it is: it is never shown again."""

    row_version = forms.IntegerField(widget=forms.HiddenInput)
    url = forms.CharField(
        label=_("New address"),
        help_text=_("Leave it empty to keep the present one."),
        max_length=2000,
        required=False,
    )
    tells_assets = _tells()

    def changes(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        given["seen_version"] = given.pop("row_version")
        return {name: value for name, value in given.items() if value != ""}
