"""What comes before anything else in a session: a password of one's own, and the second factor itself before
it is managed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from apps.accounts.freshness import FRESH, has_second_factor, proofs_of
from apps.kernel.clock import database_now

API, FACTORS = "/api/", "/accounts/2fa/"
PROVING = (FACTORS, f"{FACTORS}authenticate/", f"{FACTORS}reauthenticate/")


class FirstThings:
    """Middleware. The API refuses by itself; what is asked of nobody in particular goes on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(API):
            return self.get_response(request)
        return self._asked_first(request) or self.get_response(request)

    def _asked_first(self, request: HttpRequest) -> HttpResponse | None:
        account: Any = request.user
        if not account.is_authenticated:
            return None
        if account.must_change_password:
            own = reverse("console:password")
            return None if request.path in {own, reverse("account_logout")} else redirect(own)
        if request.path.startswith(FACTORS) and request.path not in PROVING:
            return _proved_by_factor(request, account)
        return None


def _proved_by_factor(request: HttpRequest, account: Any) -> HttpResponse | None:
    """A second factor shows its codes, and is taken away, only to who has just used it."""
    proved_at = proofs_of(request).get("second_factor_at")
    if proved_at is not None and database_now() - proved_at <= FRESH:
        return None
    if not has_second_factor(account.pk):
        return None
    return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': request.path})}")
