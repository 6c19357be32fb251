"""What is answered where no view could: problem details for programs, pages that need nothing for people."""

from __future__ import annotations

import sys

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.views import defaults

from apps.api import errors
from apps.api.errors import refused
from apps.api.problems import problem, refusal_of

FOR_PROGRAMS = ("/api/", "/oauth/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if not _is_for_programs(request):
        is_too_long = isinstance(exception, RequestDataTooBig)
        return HttpResponse(_page("400.html", request, is_too_long=is_too_long), status=400)
    return problem(request, refusal_of(exception) or refused(400, errors.VALUE_REFUSED))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if not _is_for_programs(request):
        return defaults.permission_denied(request, exception)
    return problem(request, refused(403, errors.FORBIDDEN))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if not _is_for_programs(request):
        return defaults.page_not_found(request, exception)
    return problem(request, refused(404, errors.URL_UNKNOWN))


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Also for faults outside the views: a session that cannot be read is the database that is down."""
    fault = sys.exc_info()[1]
    refusal = refusal_of(fault) if isinstance(fault, Exception) else None
    if _is_for_programs(request):
        return problem(request, refusal or refused(500, errors.INTERNAL))
    if refusal is None or refusal.status != 503:
        return HttpResponse(_page("500.html", request), status=500)
    return HttpResponse(_page("503.html", request), status=503, headers=refusal.headers)


def _page(template: str, request: HttpRequest, **more: object) -> str:
    """Without the request, whose account would be looked up in a database that may be what is down."""
    return render_to_string(template, {"reference": getattr(request, "request_id", ""), **more})


def _is_for_programs(request: HttpRequest) -> bool:
    return request.path_info.startswith(FOR_PROGRAMS)
