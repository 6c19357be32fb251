"""Settings of this browser."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.console.forms.house import HouseForm
from apps.console.settings import OFF

ON = "on"
LONGEST_PASSWORD = 200


class SettingsForm(HouseForm):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    shortcuts = forms.ChoiceField(
        label=_("Single-key shortcuts"),
        help_text=_("Such as j and k in the inbox. Switch them off if you speak to your computer."),
        widget=forms.RadioSelect,
        choices=[(ON, _("on")), (OFF, _("off"))],
    )


class PasswordForm(HouseForm):
    """The present password and twice the new one; a mistyped one would lock its owner out."""

    current = forms.CharField(
        label=_("Present password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Type your present password.")},
    )
    password = forms.CharField(
        label=_("New password"),
        help_text=_("At least twelve characters, and none that is well known or like your name."),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Type the new password.")},
    )
    again = forms.CharField(
        label=_("New password, once more"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Type the new password once more.")},
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("password") and given.get("again") and given["password"] != given["again"]:
            self.add_error("again", _("This is not the same. Type it once more."))
        return given
