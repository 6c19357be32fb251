"""What every endpoint is made of: a resource, and the handlers that call one command or query each.

A handler takes what the strict input yielded and returns a row; status, headers, transaction of the
idempotency key, and the OpenAPI document follow from its contract.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, ClassVar
from uuid import UUID

from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch, reverse
from rest_framework import serializers
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from apps.accounts.roles import TokenScope
from apps.api import errors
from apps.api.errors import refused
from apps.api.fields import Filters, Input, Nothing, Output
from apps.api.files import check_file, spooled
from apps.api.idempotency import Once
from apps.api.paging import DEFAULT_LIMIT, LARGEST_LIMIT, Pager
from apps.api.parsing import StrictJSONParser, check_text
from apps.api.preconditions import etag, seen_version
from apps.kernel.actor import Actor
from apps.kernel.errors import StaleVersion

Handler = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class Contract:
    """What a handler takes and gives. `output` None means what the resource shows; `None` input: no body.

    `names_version`: If-Match says what was read, as for every change. `largest_file`: the body is a file of
    so many bytes at most, and what else is needed stands in the query.
    """

    status: int
    input: type[Input] | None = None
    output: type[Output] | None = None
    is_list: bool = False
    is_creating: bool = False
    is_change: bool = False
    names_version: bool = False
    keeps_answer: bool = True
    on_collection: bool = False
    is_file: bool = False
    largest_file: int = 0


class JsonOnly(BaseContentNegotiation):
    """Whatever is asked for, answers are JSON (RFC 9110, 12.4.1 allows it)."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class Page(Filters):
    """How much of a list, and from where."""

    cursor = serializers.CharField(required=False, max_length=1000, help_text="Follow `next` as it is.")
    limit = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST_LIMIT, default=DEFAULT_LIMIT
    )


class Resource(ViewSet):
    """A kind of thing at one address. `slug` is in URL names and the OpenAPI document.

    `rows` says which there are for this actor; `query` holds the filters as given and checked. `scope` is
    what a token needs for reading it.
    """

    slug: ClassVar[str]
    output: ClassVar[type[Output]]
    filters: ClassVar[type[Filters]] = Filters
    order: ClassVar[tuple[str, ...]] = ("-pk",)
    lists: ClassVar[bool] = True
    reads: ClassVar[bool] = True
    scope: ClassVar[TokenScope] = TokenScope.READ

    parser_classes = (StrictJSONParser,)
    content_negotiation_class = JsonOnly
    http_method_names = ["get", "head", "post", "patch"]
    query: dict[str, Any]

    @property
    def actor(self) -> Actor:
        actor: Actor = self.request._request.actor  # type: ignore[attr-defined]
        return actor

    def rows(self) -> Any:
        """A QuerySet of a `queries` module that the actor may see; or frozen rows with a `uid`."""
        raise NotImplementedError

    def one(self, id: UUID) -> Any:
        """Raises: NotFound."""
        return self.rows().one(id)

    def edited(self, row: Any) -> Any:
        """The row whose version ETag and If-Match tell: a record is edited in its newest version."""
        return row

    def filtered(self, rows: Any) -> Any:
        return rows.filter(**self.query) if self.query else rows

    def contract_of(self, action: str) -> Contract:
        """Also read by the schema generator."""
        if action == "list":
            return Contract(status=200, is_list=True)
        found: Contract | None = getattr(getattr(self, action), "contract", None)
        return found or Contract(status=200)

    def contract_of_current(self, change: Contract) -> Contract:
        """How the thing is shown to who wanted to change an older one: as the change would have shown it."""
        return replace(change, is_creating=False)

    def list(self, request: Request, **path: Any) -> Response:
        pager = Pager(
            request=request,
            order=self.order,
            limit=self.query.pop("limit", DEFAULT_LIMIT),
            cursor=self.query.pop("cursor", None),
        )
        page = pager.page(self.filtered(self.rows()))
        results = self.output(page.rows, many=True, context={"actor": self.actor}).data
        return Response({"results": results, "next": page.next, "previous": page.previous})

    def retrieve(self, request: Request, id: UUID, **path: Any) -> Response:
        return self.shown(self.one(id), Contract(status=200))

    def shown(self, row: Any, contract: Contract) -> Response:
        if row is None:
            return Response(status=204)
        output = contract.output or self.output
        response = Response(output(row, context={"actor": self.actor}).data, status=contract.status)
        if hasattr(row, "row_version"):
            response.headers["ETag"] = etag(self.edited(row))
        if contract.is_creating and (location := self._location(row)):
            response.headers["Location"] = location
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self._check_body(request)
        if self.action and request.method != "OPTIONS":
            self.query = self._query_given(request)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response.headers.setdefault("Cache-Control", "no-store")
        return super().finalize_response(request, response, *args, **kwargs)

    def _check_body(self, request: Request) -> None:
        """Raises: Refused, UnsupportedMediaType, before anything is done."""
        if request.method == "POST" and self.action and self.contract_of(self.action).largest_file:
            check_file(request, self.contract_of(self.action).largest_file)
        elif request.method not in SAFE_METHODS and request.META.get("CONTENT_LENGTH") not in {None, "", "0"}:
            if request.content_type.partition(";")[0].strip().lower() != "application/json":
                raise UnsupportedMediaType(request.content_type)
            request._request.body  # noqa: B018 - too large a body is refused here

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        possible = ", ".join(self.allowed_methods)
        raise refused(405, errors.METHOD_NOT_ALLOWED, method=str(request.method), possible=possible)

    def _query_given(self, request: Request) -> dict[str, Any]:
        """Checked filters.  Raises: Refused, naming what is unknown or given twice."""
        takes = self.filters() if self.takes_filters else Filters()
        paging = Page().fields if self.contract_of(self.action or "").is_list else {}
        known = {**takes.fields, **paging}
        for name, values in request.query_params.lists():
            check_text(name, "")
            if name not in known:
                words = ", ".join(sorted(known)) or "none"
                raise refused(400, errors.PARAMETER_UNKNOWN, field=name, known=words)
            if len(values) > 1:
                raise refused(400, errors.PARAMETER_TWICE, field=name)
            check_text(values[0], name)
        query: dict[str, Any] = {}
        for part in (takes, Page()) if paging else (takes,):
            given = {k: v for k, v in request.query_params.items() if k in part.fields}
            checked = type(part)(data=given)
            checked.is_valid(raise_exception=True)
            query |= checked.validated_data
        return query

    @property
    def takes_filters(self) -> bool:
        """Also read by the schema generator."""
        return self.action == "list" or self.contract_of(self.action or "").largest_file > 0

    def uid_of(self, row: Any) -> UUID:
        """Where to find what a creating request made."""
        uid: UUID = row.uid
        return uid

    def _location(self, row: Any) -> str | None:
        try:
            return reverse(f"api:{self.slug}-detail", args=[self.uid_of(row)])
        except NoReverseMatch:
            return None


def creates(
    input: type[Input], *, output: type[Output] | None = None, keeps_answer: bool = True
) -> Callable[[Handler], Handler]:
    """POST to the list: `handler(self, given, **path)` returns the new row. 201, Idempotency-Key."""
    return _handler(
        Contract(status=201, input=input, output=output, is_creating=True, keeps_answer=keeps_answer)
    )


def takes_file(largest: int) -> Callable[[Handler], Handler]:
    """POST of a file to the list, which is read later: `handler(self, given, **path)` returns the row.
    `given` holds what the query says and the bytes as `content`. 202, Idempotency-Key."""
    return _handler(Contract(status=202, is_creating=True, largest_file=largest))


def changes(input: type[Input], *, output: type[Output] | None = None) -> Callable[[Handler], Handler]:
    """PATCH: `handler(self, given, seen, id)` returns the row. If-Match; 412 shows the current row."""
    return _handler(Contract(status=200, input=input, output=output, is_change=True, names_version=True))


def performs(
    input: type[Input] = Nothing,
    *,
    output: type[Output] | None = None,
    is_creating: bool = False,
    on_collection: bool = False,
    names_version: bool = False,
    status: int = 200,
) -> Callable[[Handler], Handler]:
    """POST to a verb, `…/{id}/verb`: `handler(self, given, id)` returns the row, or None for a 204.

    With `names_version` it takes If-Match and `seen`, like a change.
    """
    taken = None if input is Nothing else input
    return _handler(
        Contract(
            status=status,
            input=taken,
            output=output,
            is_creating=is_creating,
            on_collection=on_collection,
            names_version=names_version,
        )
    )


def _handler(contract: Contract) -> Callable[[Handler], Handler]:
    def decorate(function: Handler) -> Handler:
        @wraps(function)
        def handle(self: Resource, request: Request, **path: Any) -> HttpResponseBase:
            if contract.largest_file:
                with spooled(request) as content:
                    return _answer(self, function, contract, {**self.query, "content": content}, **path)
            given = _given(contract, request)
            if contract.names_version:
                return _change(self, function, contract, given, **path)
            return _answer(self, function, contract, given, **path)

        handle.contract = contract  # type: ignore[attr-defined]
        return handle

    return decorate


def _answer(
    view: Resource, function: Handler, contract: Contract, given: dict[str, Any], **path: Any
) -> HttpResponseBase:
    def serve() -> Response:
        return view.shown(function(view, given, **path), contract)

    if not contract.is_creating:
        return serve()
    once = Once(
        request=view.request,
        refuse=view.handle_exception,
        keeps_answer=contract.keeps_answer,
        file=given["content"] if contract.largest_file else None,
    )
    return once.answer(serve)


def _given(contract: Contract, request: Request) -> dict[str, Any]:
    """The arguments of the command.  Raises: ValidationError; Refused where a change names nothing."""
    body = (contract.input or Nothing)(data=request.data, partial=contract.is_change)
    body.is_valid(raise_exception=True)
    given: dict[str, Any] = dict(body.validated_data)
    if contract.is_change and not given:
        raise refused(400, errors.NOTHING_TO_CHANGE, known=", ".join(sorted(body.fields)))
    return given


def _change(
    view: Resource, function: Handler, contract: Contract, given: dict[str, Any], id: UUID, **path: Any
) -> Response:
    edited = view.edited(view.one(id))
    seen = seen_version(view.request, edited.uid, edited.row_version)
    try:
        return view.shown(function(view, given, seen=seen, id=id, **path), contract)
    except StaleVersion as stale:
        current = view.shown(view.one(id), view.contract_of_current(contract))
        stale.shown = {"current": current.data}  # type: ignore[attr-defined]
        raise
