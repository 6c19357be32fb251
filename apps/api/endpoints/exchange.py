"""`POST /oauth/token`: a token of a platform for an access token, by RFC 8693 (token exchange).

The one address that is answered to nobody: what is sent is what says who it is. Fields come in the body, each
once; errors are those of RFC 6749, section 5.2, with our reason beside them.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from allauth.core.ratelimit import consume
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.generic import View

from apps.accounts.workloads.errors import (
    EXCHANGE_FIELD,
    EXCHANGE_SCOPE,
    EXCHANGE_TOO_OFTEN,
    GRANT_TYPE_UNKNOWN,
)
from apps.accounts.workloads.exchange import exchange
from apps.accounts.workloads.tokens import shown
from apps.api import errors
from apps.api.authentication import request_id_of
from apps.api.errors import Refused, refused
from apps.api.problems import refusal_of
from apps.kernel.errors import LakewardenError
from apps.kernel.texts import remedy, sentence

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105
SUBJECT_TYPES = frozenset(
    {"urn:ietf:params:oauth:token-type:jwt", "urn:ietf:params:oauth:token-type:id_token"}
)
FORM = "application/x-www-form-urlencoded"
MINUTE = "60"
SAID_OTHERWISE = str.maketrans({"«": "'", "»": "'", '"': "'", "\\": "/"})
ERROR_OF = {
    GRANT_TYPE_UNKNOWN: "unsupported_grant_type",
    EXCHANGE_SCOPE: "invalid_scope",
    EXCHANGE_TOO_OFTEN: "temporarily_unavailable",
    errors.TEMPORARILY_UNAVAILABLE: "temporarily_unavailable",
}
"""What RFC 6749 calls it; everything else is `invalid_request`, as RFC 8693, section 2.2.2, has it."""


@method_decorator([csrf_exempt, sensitive_post_parameters("subject_token")], name="dispatch")
class TokenExchange(View):
    """A pipeline signs in."""

    http_method_names = ["post"]

    @sensitive_variables()
    def post(self, request: HttpRequest) -> HttpResponseBase:
        """In English: what RFC 6749 has said to programs is ASCII, whatever they read."""
        with override("en"):
            return self._answered(request)

    def _answered(self, request: HttpRequest) -> HttpResponseBase:
        try:
            if not consume(request, action="workload_refused", dry_run=True):
                raise refused(429, EXCHANGE_TOO_OFTEN)
            return _given(request)
        except (LakewardenError, Refused) as fault:
            refusal = refusal_of(fault)
            if refusal is None:
                raise
            consume(request, action="workload_refused")
            return _told(request, refusal)

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        refusal = refused(405, errors.METHOD_NOT_ALLOWED, method=str(request.method), possible="POST")
        return _told(request, refusal)


@sensitive_variables()
def _given(request: HttpRequest) -> HttpResponseBase:
    """Raises: Refused; and what `exchange` raises."""
    if request.content_type != FORM:
        raise refused(400, errors.UNSUPPORTED_MEDIA_TYPE, type=str(request.content_type))
    grant_type = _field(request, "grant_type", GRANT_TYPE)
    if grant_type != GRANT_TYPE:
        raise refused(400, GRANT_TYPE_UNKNOWN, grant_type=shown(grant_type), known=GRANT_TYPE)
    known = ", ".join(sorted(SUBJECT_TYPES))
    if _field(request, "subject_token_type", known) not in SUBJECT_TYPES:
        raise _wrong("subject_token_type", known)
    if _field(request, "requested_token_type", ACCESS_TOKEN, default=ACCESS_TOKEN) != ACCESS_TOKEN:
        raise _wrong("requested_token_type", ACCESS_TOKEN)
    if "actor_token" in request.POST:
        raise _wrong("actor_token", "nothing: nobody acts for somebody else")
    made = exchange(
        compact=_field(request, "subject_token", "a signed token"),
        scopes=_field(request, "scope", "words with spaces between", default="").split(),
        request_id=request_id_of(request),
    )
    life = made.token.expires_at - made.token.created_at
    body = {
        "access_token": made.secret,
        "issued_token_type": ACCESS_TOKEN,
        "token_type": "Bearer",
        "expires_in": int(life.total_seconds()),
        "scope": " ".join(made.token.scopes),
    }
    return _answer(body)


def _field(request: HttpRequest, name: str, known: str, *, default: str | None = None) -> str:
    values = request.POST.getlist(name) or ([] if default is None else [default])
    if len(values) != 1 or (default is None and not values[0]):
        raise _wrong(name, known)
    return str(values[0])


def _wrong(name: str, known: str) -> Refused:
    return refused(400, EXCHANGE_FIELD, field=name, field_name=name, known=known)


def _told(request: HttpRequest, refusal: Refused) -> HttpResponseBase:
    reason = refusal.reasons[0]
    said = f"{sentence(reason)} {remedy(reason)}".translate(SAID_OTHERWISE)
    body = {
        "error": ERROR_OF.get(reason.code, "invalid_request"),
        "error_description": said.encode("ascii", "replace").decode(),
        "code": reason.code,
        "request_id": request_id_of(request),
    }
    status = refusal.status if refusal.status in {405, 429, 503} else HTTPStatus.BAD_REQUEST
    if reason.code == EXCHANGE_TOO_OFTEN:
        status = HTTPStatus.TOO_MANY_REQUESTS
    answer = _answer(body, status=status)
    for name, value in refusal.headers.items():
        answer.headers[name] = value
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        answer.headers["Retry-After"] = MINUTE
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["Allow"] = "POST"
    return answer


def _answer(body: dict[str, Any], status: int = HTTPStatus.OK) -> HttpResponseBase:
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})


urlpatterns = [path("token", TokenExchange.as_view(), name="token-exchange")]
