"""What every page is made of: somebody signed in, one command or query, one template.

Faults of the house become pages here, and nowhere else: hidden is absent (404), visible but not theirs is
403 with what it takes, and a refused form is shown again with what was typed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from allauth.account.internal.flows.reauthentication import suspend_request
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.dateparse import parse_datetime
from django.views import View
from django_htmx.http import HttpResponseClientRedirect

from apps.accounts.freshness import STEP_UP_NEEDED, has_second_factor, proofs_of
from apps.accounts.queries import actor_of
from apps.console.navigation import rail_of
from apps.console.status import status_of
from apps.console.tabs import tabs_of
from apps.kernel.actor import Actor
from apps.kernel.errors import LakewardenError

NOT_TYPED = frozenset({"csrfmiddlewaretoken", "key", "password"})
"""Fields of a form that nobody would miss, or that nobody may see."""


class Page(View):
    """A page for people who have signed in.

    `section` marks the entry of the navigation it belongs to. `parts` names the partials of its template that
    can be renewed alone; each stands in an element with the same id.
    """

    section: ClassVar[str] = ""
    template: ClassVar[str] = ""
    parts: ClassVar[frozenset[str]] = frozenset()
    http_method_names = ["get", "head", "post"]
    actor: Actor

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_the_door(request)
        account: Any = request.user
        request_id = str(getattr(request, "request_id", ""))
        self.actor = actor_of(account, request_id=request_id, **proofs_of(request))
        with timezone.override(ZoneInfo(account.organization.time_zone)):
            try:
                response = super().dispatch(request, *args, **kwargs)
            except LakewardenError as fault:
                if fault.code == STEP_UP_NEEDED:
                    return _prove_first(request)
                response = self.refused(fault)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    @property
    def part(self) -> str:
        """The name of the part that alone was asked for; empty for the whole page."""
        htmx = getattr(self.request, "htmx", None)
        target = htmx.target if htmx else None
        return target if target in self.parts else ""

    def show(self, context: dict[str, Any], *, status: int = 200, template: str = "") -> HttpResponse:
        """The page, or the one part of it that was asked for. Rendered at once: no query hides in it."""
        template = template or self.template
        if self.part and template == self.template:
            # Renewing a part is no event of its own: what is wrong is told in it, not by its status.
            template, frame, status = f"{template}#{self.part}", {}, 200
        else:
            at = self.request.resolver_match.url_name if self.request.resolver_match else ""
            frame = {
                "rail": rail_of(self.actor, section=self.section),
                "tabs": tabs_of(self.actor, section=self.section, at=at or ""),
            }
        response = render(self.request, template, {**frame, "actor": self.actor, **context}, status=status)
        patch_vary_headers(response, ["HX-Request", "HX-Target"])
        return response

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
    htmx: Any = getattr(request, "htmx", None)
    if request.method in {"GET", "HEAD"}:
        if htmx:
            # the browser itself goes there, and not what asked for a part of the page
            led = redirect_to_login(htmx.current_url_abs_path or reverse("console:home"), door)
            return HttpResponseClientRedirect(led.url)
        return redirect_to_login(request.get_full_path(), door)
    typed = [text for name in request.POST for text in request.POST.getlist(name) if name not in NOT_TYPED]
    back = redirect_to_login(request.path, door).url
    kept = {"typed": [text for text in typed if _is_worth_keeping(text)], "door": back}
    response = render(request, "signed_out.html", kept, status=403)
    response.headers["Cache-Control"] = "no-store"
    return response


def _prove_first(request: HttpRequest) -> HttpResponseBase:
    """To where they confirm that it is them, and back; what they sent is kept and carried out then."""
    account: Any = request.user
    has_one = has_second_factor(account.pk)
    way: HttpResponseBase = suspend_request(
        request, reverse("mfa_reauthenticate" if has_one else "account_reauthenticate")
    )
    return way


def _is_worth_keeping(text: str) -> bool:
    """What was only chosen is quickly chosen again; what was written is not."""
    return " " in text.strip() or "\n" in text.strip()


def moment_of(text: str) -> datetime | None:
    """A moment typed into an address; what is none, or has no zone, is nothing."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.utcoffset() is not None else None


def uid_of(text: str) -> UUID | None:
    """An id typed into an address; what is none selects nothing."""
    try:
        return UUID(text)
    except ValueError:
        return None
