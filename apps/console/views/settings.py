"""Settings of this browser: the language, and whether single keys act."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext, override
from django.views.decorators.debug import sensitive_variables

from apps.accounts import commands
from apps.console.forms.settings import ON, PasswordForm, SettingsForm
from apps.console.page import Page
from apps.console.settings import OFF, SHORTCUTS, has_shortcuts, keep


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
