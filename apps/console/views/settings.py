"""Settings of this browser: the language, and whether single keys act."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from apps.accounts import commands
from apps.console.forms.settings import ON, PasswordForm, SettingsForm
from apps.console.page import Page
from apps.console.settings import OFF, SHORTCUTS, has_shortcuts, keep

PLACES = (
    (
        "console:notification-settings",
        "bell",
        _("What you are mailed about"),
        _("At once, once a day, or not at all."),
    ),
    ("console:away", "away", _("Out of office"), _("A colleague with the same role answers in your place.")),
    ("console:conflicts", "law", _("Conflicts of interest"), _("Say about what you should not decide.")),
    ("console:tokens", "token", _("API tokens"), _("With a token, a program of yours uses the portal.")),
    ("console:password", "lock", _("Password"), _("Only you should know it.")),
    (
        "mfa_index",
        "shield",
        _("Second factor"),
        _("Something you have, besides the password. Emergency access needs it."),
    ),
)
"""What is set on pages of their own: address, icon, name, what it is for."""


class Password(Page):
    """One's own password. This session goes on; the others end."""

    section = "settings"
    template = "console/password.html"

    @sensitive_variables()
    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show({"form": PasswordForm()})

    @sensitive_variables()
    def post(self, request: HttpRequest) -> HttpResponse:
        form, changed = PasswordForm(request.POST), None
        account: Any = request.user

        def change(given: dict[str, Any]) -> None:
            nonlocal changed
            changed = commands.change_password(
                actor=self.actor,
                account_id=account.uid,
                current=given["current"],
                password=given["password"],
            )

        if not form.carries(change) or changed is None:
            return self.show({"form": form}, status=form.status)
        update_session_auth_hash(request, changed)
        messages.success(request, gettext("Your password is changed. Your other sessions and tokens ended."))
        return redirect("console:home")


class Settings(Page):
    section = "settings"
    template = "console/settings.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        now = {"language": get_language(), "shortcuts": ON if has_shortcuts(request) else OFF}
        return self._shown(SettingsForm(initial=now))

    def _shown(self, form: SettingsForm, *, status: int = 200) -> HttpResponse:
        places = [
            {"url": reverse(name), "icon": icon, "text": text, "about": about}
            for name, icon, text, about in PLACES
        ]
        return self.show({"form": form, "places": places}, status=status)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SettingsForm(request.POST)
        if not form.is_valid():
            return self._shown(form, status=400)
        response = redirect("console:settings")
        keep(response, request, settings.LANGUAGE_COOKIE_NAME, form.cleaned_data["language"])
        keep(response, request, SHORTCUTS, form.cleaned_data["shortcuts"])
        with override(form.cleaned_data["language"]):
            messages.success(request, gettext("Your settings are kept in this browser."))
        return response
