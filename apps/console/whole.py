"""A whole page never lands inside another: a part was asked for, and something else had to be said."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

BEGINNING = b"<!doctype"


class WholePages:
    """Middleware, behind that of htmx. What has to be said takes the place of the page; where the portal
    itself failed, the page stays as it is, with what was typed: the next click tells."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        asks_for_a_part = bool(getattr(request, "htmx", None))
        if asks_for_a_part and not response.streaming and _is_whole(response.content):
            if response.status_code >= 500:
                response.headers["HX-Reswap"] = "none"
            else:
                response.headers["HX-Retarget"] = "body"
                response.headers["HX-Reswap"] = "innerHTML"
        return response


def _is_whole(content: bytes) -> bool:
    return content[:2000].lstrip()[: len(BEGINNING)].lower() == BEGINNING
