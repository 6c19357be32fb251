"""The OpenAPI document, read from the same contracts that the handlers obey."""

from __future__ import annotations

from functools import cache
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

from apps.api.fields import Filters
from apps.api.files import FILE_TYPE
from apps.api.problems import MEDIA_TYPE
from apps.api.reasons import ReasonShown
from apps.api.resource import Contract, Page, Resource


class Problem(serializers.Serializer[Any]):
    """RFC 9457 problem details. `code` is stable; `detail`, `sentence` and `remedy` are translated."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    reasons = ReasonShown(many=True)
    instance = serializers.CharField()
    request_id = serializers.CharField()
    current = serializers.DictField(required=False, help_text="412: the thing as it is now.")
    changes = serializers.DictField(
        required=False, help_text="412 on a verdict: what became another since it was read."
    )


class Bearer(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "apps.api.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "lkw_…"}


class AsItStands(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "apps.api.authentication.TokenAsItStands"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "apiKey", "in": "header", "name": "Authorization"}


class Session(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "apps.api.authentication.SessionWithCsrf"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        from django.conf import settings

        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag of what was read."
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Repeating a request with its key creates nothing and gives the first answer, for 24 hours.",
)
ETAG = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200, 201], description="For If-Match."
)
EVERYWHERE = {
    400: "Malformed.",
    401: "Nobody is signed in.",
    403: "Not permitted.",
    404: "Absent or hidden.",
    405: "Not possible here.",
    503: "A part is down; see Retry-After.",
}
ON_WRITES = {
    409: "The state forbids it, or it is there already.",
    413: "Too large.",
    415: "Of another media type.",
    422: "A rule of the domain.",
}
ON_LOOKING = {412: "The impact is another one by now.", 428: "The impact was not named."}
ON_FILES = {411: "The length is missing."}
ON_CHANGES = {412: "Changed since it was read; `current` shows it.", 428: "If-Match is missing."}


class HouseSchema(AutoSchema):
    """Describes a `Resource` by its contracts; anything else as drf-spectacular would."""

    @property
    def resource(self) -> Resource | None:
        return self.view if isinstance(self.view, Resource) else None

    @property
    def contract(self) -> Contract:
        assert self.resource is not None
        return self.resource.contract_of(self.action)

    @property
    def action(self) -> str:
        return str(getattr(self.view, "action", ""))

    def _is_list_view(self, serializer: Any = None) -> bool:
        return False

    def get_operation_id(self) -> str:
        if self.resource is None:
            return str(super().get_operation_id())
        return f"{self.resource.slug}_{self.action}".replace("-", "_")

    def get_tags(self) -> list[str]:
        return [self.resource.slug] if self.resource else list(super().get_tags())

    def get_description(self) -> str:  # type: ignore[override]
        said = getattr(self.view, self.action).__doc__ if self.resource else ""
        return said or (type(self.view).__doc__ or "").strip()

    def get_request_serializer(self) -> Any:
        if self.resource is None or self.method in {"GET", "DELETE"}:
            return None
        if self.contract.largest_file:
            return {FILE_TYPE: OpenApiTypes.BINARY}
        if self.contract.input is None:
            return None
        return self.contract.input(partial=self.contract.is_change)

    def get_override_parameters(self) -> list[Any]:
        if self.resource is None:
            return []
        found: list[Any] = []
        if self.contract.is_list:
            found.append(Page)
        if self.resource.takes_filters and self.resource.filters is not Filters:
            found.append(self.resource.filters)
        if self.contract.names_version:
            found.append(IF_MATCH)
        if self.contract.is_creating:
            found.append(IDEMPOTENCY_KEY)
        return [*found, ETAG] if self._has_etag() else found

    def get_response_serializers(self) -> Any:
        if self.resource is None:
            return {}
        contract, output = self.contract, self.contract.output or self.resource.output
        if contract.status == 204:
            good: Any = OpenApiResponse(description="Done.")
        elif contract.is_file:
            good = OpenApiResponse(OpenApiTypes.BINARY, description="A file, as an attachment.")
        elif contract.is_list:
            good = _page_of(output)
        else:
            good = output
        said = dict(EVERYWHERE)
        said |= ON_WRITES if self.method != "GET" else {}
        said |= ON_FILES if contract.largest_file else {}
        said |= ON_LOOKING if contract.input and "seen_impact" in contract.input().fields else {}
        said |= ON_CHANGES if contract.names_version else {}
        problems = {
            (status, MEDIA_TYPE): OpenApiResponse(Problem, description=text)
            for status, text in sorted(said.items())
        }
        return {contract.status: good, **problems}

    def _has_etag(self) -> bool:
        assert self.resource is not None
        output = self.contract.output or self.resource.output
        return "row_version" in output().fields and not self.contract.is_list


@cache
def _page_of(output: type[serializers.Serializer[Any]]) -> Any:
    return inline_serializer(
        name=f"{output.__name__}Page",
        fields={
            "results": output(many=True),
            "next": serializers.CharField(allow_null=True),
            "previous": serializers.CharField(allow_null=True),
        },
    )
