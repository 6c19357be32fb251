"""The organization: its public holidays, and how to reach it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.console.forms.people import SeenForm

YES_OR_NO = [("", _("Not stated")), ("True", _("Yes")), ("False", _("No"))]


def is_yes(word: str) -> bool:
    return word == "True"


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
    unanswered_days = forms.IntegerField(
        label=_("Programs without anybody who answers, in days"),
        help_text=_("So long they go on; then they are stopped until somebody takes them over."),
        min_value=0,
        max_value=90,
        required=False,
    )
    is_public_authority = forms.TypedChoiceField(
        label=_("Is it a public authority?"),
        help_text=_("One that exercises public powers cannot rely on every exception for transfers."),
        choices=YES_OR_NO,
        coerce=is_yes,
        empty_value=None,
        required=False,
    )
    is_under_gdpr = forms.TypedChoiceField(
        label=_("Is it bound by the GDPR?"),
        help_text=_("Within the European Economic Area it is. Elsewhere, say so."),
        choices=YES_OR_NO,
        coerce=is_yes,
        empty_value=None,
        required=False,
    )
    contact = forms.CharField(label=_("Contact"), max_length=200, required=False)
