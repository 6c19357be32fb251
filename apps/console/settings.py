"""What somebody set for this browser alone: it changes how pages look and answer, never what they say."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

SHORTCUTS = "shortcuts"
OFF = "off"
YEAR = 365 * 24 * 3600


def has_shortcuts(request: HttpRequest) -> bool:
    """Single keys act on pages, unless switched off (WCAG 2.1.4)."""
    return request.COOKIES.get(SHORTCUTS) != OFF


def keep(response: HttpResponse, request: HttpRequest, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, secure=request.is_secure(), httponly=True, samesite="Lax")
