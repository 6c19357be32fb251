"""Settings of this browser."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.console.forms.house import HouseForm
from apps.console.settings import OFF

ON = "on"


class SettingsForm(HouseForm):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    shortcuts = forms.ChoiceField(
        label=_("Single-key shortcuts"),
        help_text=_("Such as j and k in the inbox. Switch them off if you speak to your computer."),
        widget=forms.RadioSelect,
        choices=[(ON, _("on")), (OFF, _("off"))],
    )
