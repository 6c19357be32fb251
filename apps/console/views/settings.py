"""Settings of this browser: the language, and whether single keys act."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext, override

from apps.console.forms.settings import ON, SettingsForm
from apps.console.page import Page
from apps.console.settings import OFF, SHORTCUTS, has_shortcuts, keep


class Settings(Page):
    section = "settings"
    template = "console/settings.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        now = {"language": get_language(), "shortcuts": ON if has_shortcuts(request) else OFF}
        return self.show({"form": SettingsForm(initial=now)})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SettingsForm(request.POST)
        if not form.is_valid():
            return self.show({"form": form}, status=400)
        response = redirect("console:settings")
        keep(response, request, settings.LANGUAGE_COOKIE_NAME, form.cleaned_data["language"])
        keep(response, request, SHORTCUTS, form.cleaned_data["shortcuts"])
        with override(form.cleaned_data["language"]):
            messages.success(request, gettext("Your settings are kept in this browser."))
        return response
