"""What every page is made of: somebody signed in, one command or query, one template.

Faults of the house become pages here, and nowhere else: hidden is absent (404), visible but not theirs is
403 with what it takes, and a refused form is shown again with what was typed.
"""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils import timezone
from django.views import View

from apps.accounts.queries import actor_of
from apps.console.navigation import rail_of
from apps.kernel.actor import Actor
from apps.kernel.errors import (
    Conflict,
    InvalidInput,
    InvalidState,
    LakewardenError,
    NotFound,
    NotPermitted,
    ProviderFailure,
    RuleBroken,
    StaleVersion,
)

# The first family that fits; subclasses stand before their bases.
STATUS_OF: tuple[tuple[type[LakewardenError], int], ...] = (
    (RuleBroken, 422),
    (InvalidInput, 400),
    (NotPermitted, 403),
    (NotFound, 404),
    (StaleVersion, 412),
    (InvalidState, 409),
    (Conflict, 409),
    (ProviderFailure, 503),
)

TYPED = ("justification", "reason", "comment")
"""Fields of free text; what was only chosen is quickly chosen again."""


def status_of(fault: LakewardenError) -> int:
    return next(status for family, status in STATUS_OF if isinstance(fault, family))


class Page(View):
    """A page for people who have signed in. `section` marks the entry of the navigation it belongs to."""

    section: ClassVar[str] = ""
    template: ClassVar[str] = ""
    http_method_names = ["get", "head", "post"]
    actor: Actor

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_the_door(request)
        account: Any = request.user
        self.actor = actor_of(account, request_id=str(getattr(request, "request_id", "")))
        with timezone.override(ZoneInfo(account.organization.time_zone)):
            try:
                response = super().dispatch(request, *args, **kwargs)
            except LakewardenError as fault:
                response = self.refused(fault)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def show(self, context: dict[str, Any], *, status: int = 200, template: str = "") -> HttpResponse:
        """Rendered at once, so that no query hides in a template that is rendered later."""
        rail = rail_of(self.actor, section=self.section)
        everywhere = {"rail": rail, "actor": self.actor}
        return render(self.request, template or self.template, {**everywhere, **context}, status=status)

    def refused(self, fault: LakewardenError) -> HttpResponse:
        """A page of its own; forms catch what they can show beside the fields."""
        status = status_of(fault)
        template = {403: "403.html", 404: "404.html"}.get(status, "console/refused.html")
        # Whatever hid the thing, the page is the same for absent and hidden: it tells no kind and no id.
        reasons = () if status == 404 else fault.reasons
        context = {"layout": "base.html", "reasons": reasons, "status": status}
        return self.show(context, status=status, template=template)


def _to_the_door(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in and back. Where somebody was signed out while typing, what they typed is shown first."""
    door = str(reverse_lazy("account_login"))
    if request.method in {"GET", "HEAD"}:
        return redirect_to_login(request.get_full_path(), door)
    typed = [text for name in TYPED for text in request.POST.getlist(name)]
    back = redirect_to_login(request.path, door).url
    kept = {"typed": [text for text in typed if text.strip()], "door": back}
    response = render(request, "signed_out.html", kept, status=403)
    response.headers["Cache-Control"] = "no-store"
    return response


def uid_of(text: str) -> UUID | None:
    """An id typed into an address; what is none selects nothing."""
    try:
        return UUID(text)
    except ValueError:
        return None
