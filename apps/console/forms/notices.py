"""How one hears of what one is told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.console.forms.house import HouseForm
from apps.notifications.queries import MailMode, Preference

LANGUAGE = "language"


class MailForm(HouseForm):
    """A choice for each kind that may be chosen, and the language of all."""

    def __init__(self, *given: Any, preferences: Iterable[Preference], **options: Any) -> None:
        super().__init__(*given, **options)
        language = settings.LANGUAGE_CODE
        for preference in preferences:
            language = preference.language
            if not preference.is_mandatory:
                self.fields[preference.kind.value] = forms.ChoiceField(
                    label=preference.kind.label,
                    choices=MailMode.choices,
                    widget=forms.RadioSelect,
                    initial=preference.mode.value,
                )
        self.fields[LANGUAGE] = forms.ChoiceField(
            label=_("Language of the mail"), choices=settings.LANGUAGES, initial=language
        )
