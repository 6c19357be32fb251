"""The organization: its public holidays, and how to reach it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.console.forms.people import SeenForm


class OrganizationForm(SeenForm):
    calendar = forms.CharField(
        label=_("Public holidays of"),
        help_text=_(
            "ISO code of a country, perhaps with a part of it, such as NO or DE-BY. On them nobody works, "
            "and no deadline runs. Leave it empty to count Monday to Friday."
        ),
        max_length=6,
        required=False,
    )
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    undo_minutes = forms.IntegerField(
        label=_("Undo window, in minutes"),
        help_text=_("What people approve begins so much later, and can be revoked before. None: 0."),
        min_value=0,
        max_value=24 * 60,
        required=False,
    )
    contact = forms.CharField(label=_("Contact"), max_length=200, required=False)
