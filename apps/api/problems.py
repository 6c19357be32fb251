"""Refusals and faults as RFC 9457 problem details: the one place where they become HTTP."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions

from apps.api import errors
from apps.api.errors import Refused, refused
from apps.api.fields import MOST_TOLD
from apps.api.reasons import ReasonShown
from apps.kernel.errors import (
    Conflict,
    InvalidInput,
    InvalidState,
    LakewardenError,
    NotFound,
    NotPermitted,
    PreconditionMissing,
    ProviderFailure,
    RuleBroken,
    StaleVersion,
)
from apps.kernel.texts import sentence
from apps.policy.reason import Reason

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = "5"

# The first family that fits; subclasses stand before their bases.
STATUS_OF: tuple[tuple[type[LakewardenError], int], ...] = (
    (RuleBroken, 422),
    (InvalidInput, 400),
    (NotPermitted, 403),
    (NotFound, 404),
    (StaleVersion, 412),
    (PreconditionMissing, 428),
    (InvalidState, 409),
    (Conflict, 409),
)
_ONCE_MORE = {"23505", "23P01", "40001", "40P01"}
"""SQLSTATE of unique and exclusion violations, serialization failures and deadlocks."""


def exception_handler(fault: Exception, context: dict[str, Any]) -> JsonResponse | None:
    """DRF's EXCEPTION_HANDLER. None lets what nobody foresaw become a 500 with a log entry."""
    refusal = refusal_of(fault)
    if refusal is None:
        return None
    return problem(context["request"]._request, refusal, shown=getattr(fault, "shown", None))


def problem(
    request: HttpRequest, refusal: Refused, *, shown: dict[str, object] | None = None
) -> JsonResponse:
    """JSON whatever the view would have rendered; `shown` holds further members."""
    return JsonResponse(
        {**body_of(request, refusal), **(shown or {})},
        status=refusal.status,
        headers={"Cache-Control": "no-store", **refusal.headers},
        content_type=MEDIA_TYPE,
    )


def body_of(request: HttpRequest, refusal: Refused) -> dict[str, object]:
    code = refusal.reasons[0].code
    return {
        "type": f"urn:lakewarden:problem:{code.lower()}",
        "title": HTTPStatus(refusal.status).phrase,
        "status": refusal.status,
        "code": code,
        "detail": " ".join(sentence(reason) for reason in refusal.reasons),
        "reasons": [ReasonShown().to_representation(reason) for reason in refusal.reasons],
        "instance": request.path,
        "request_id": getattr(request, "request_id", ""),
    }


def refusal_of(fault: Exception) -> Refused | None:
    """What a fault means to the caller."""
    match fault:
        case Refused():
            return fault
        case LakewardenError():
            return _of_the_house(fault)
        case exceptions.APIException():
            return _of_the_framework(fault)
        case Http404():
            return refused(404, errors.URL_UNKNOWN)
        case PermissionDenied():
            return refused(403, errors.FORBIDDEN)
        case RequestDataTooBig():
            limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
            return refused(413, errors.BODY_TOO_LARGE, limit=limit)
    return _of_the_database(fault)


def _of_the_house(fault: LakewardenError) -> Refused:
    if isinstance(fault, ProviderFailure):
        if fault.is_transient:
            return Refused(503, *fault.reasons, headers={"Retry-After": RETRY_AFTER_SECONDS})
        return Refused(502, *fault.reasons)
    for family, status in STATUS_OF:
        if isinstance(fault, family):
            return Refused(status, *fault.reasons)
    raise LookupError(f"{type(fault).__name__} belongs to no family.") from fault


def _of_the_database(fault: Exception) -> Refused | None:
    state = getattr(fault.__cause__, "sqlstate", None)
    if isinstance(fault, IntegrityError | OperationalError) and state in _ONCE_MORE:
        return refused(409, errors.TAKEN_MEANWHILE)
    if isinstance(fault, DataError):
        return refused(400, errors.VALUE_REFUSED)
    if isinstance(fault, OperationalError | InterfaceError):
        reason = Reason(code=errors.TEMPORARILY_UNAVAILABLE)
        return Refused(503, reason, headers={"Retry-After": RETRY_AFTER_SECONDS})
    return None


def _of_the_framework(fault: exceptions.APIException) -> Refused:
    headers = {}
    if header := getattr(fault, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if wait := getattr(fault, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    return Refused(fault.status_code, *_reasons_of(fault), headers=headers)


def _reasons_of(fault: exceptions.APIException) -> Sequence[Reason]:
    match fault:
        case exceptions.ValidationError():
            told = itertools.islice(_field_reasons(fault.detail), MOST_TOLD)
            return list(told) or [Reason(code=errors.VALUE_REFUSED)]
        case exceptions.AuthenticationFailed():
            return [Reason(code=errors.TOKEN_NOT_ACCEPTED)]
        case exceptions.NotAuthenticated():
            return [Reason(code=errors.NOT_AUTHENTICATED)]
        case exceptions.PermissionDenied():
            is_csrf = str(fault.detail).startswith("CSRF")
            return [Reason(code=errors.CSRF_FAILED if is_csrf else errors.FORBIDDEN)]
        case exceptions.NotFound():
            return [Reason(code=errors.URL_UNKNOWN)]
        case exceptions.NotAcceptable():
            return [Reason(code=errors.NOT_ACCEPTABLE)]
        case exceptions.UnsupportedMediaType():
            return [Reason(code=errors.UNSUPPORTED_MEDIA_TYPE, facts={"type": str(fault.args[0])})]
        case exceptions.Throttled():
            return [Reason(code=errors.THROTTLED)]
        case exceptions.ParseError():
            return [Reason(code=errors.JSON_MALFORMED, facts={"fault": str(fault.detail)})]
    return [Reason(code=errors.INTERNAL)]


def _field_reasons(detail: Any, path: tuple[str, ...] = ()) -> Iterator[Reason]:
    """One reason for each message, under the path of its field: `columns.0.name`."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _field_reasons(inner, path if name == "non_field_errors" else (*path, str(name)))
    elif isinstance(detail, list):
        for position, inner in enumerate(detail):
            is_message = isinstance(inner, exceptions.ErrorDetail)
            yield from _field_reasons(inner, path if is_message else (*path, str(position)))
    else:
        field = ".".join(path)
        if detail.code == "unknown":
            yield Reason(code=errors.FIELD_UNKNOWN, field=field, facts={"known": str(detail)})
        else:
            facts = {"message": str(detail), "check": str(detail.code)}
            yield Reason(code=errors.FIELD_INVALID, field=field, facts=facts)
