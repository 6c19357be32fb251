"""Requests and answers, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote_to_bytes

from portal.embedded.lake import markup
from portal.embedded.lake.faults import Fault, bad_request


@dataclass(frozen=True, kw_only=True)
class Request:
    """One HTTP request. `target` is the raw path without query, `headers` have lower-case names."""

    method: str
    target: str
    raw_query: str
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def path(self) -> str:
        return _decoded(self.target)

    @cached_property
    def query(self) -> dict[str, str]:
        """Decoded parameters. A name given twice is refused: two readers could read two things."""
        found: dict[str, str] = {}
        for part in filter(None, self.raw_query.split("&")):
            name, _, value = part.partition("=")
            name = _decoded(name)
            if name in found:
                raise bad_request("InvalidArgument", "A query parameter is given twice.")
            found[name] = _decoded(value)
        return found


@dataclass(frozen=True, kw_only=True)
class Response:
    """One answer; the server adds length, date and request id."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def xml_response(root: markup.Element, *, status: int = 200) -> Response:
    return Response(status=status, headers={"Content-Type": "application/xml"}, body=markup.document(root))


def refusal(fault: Fault, *, service: str, request_id: str) -> Response:
    """The error document in the form of the service that was asked."""
    inner = markup.element("Error", Code=fault.code, Message=fault.message)
    if service == "s3":
        inner.append(markup.element("RequestId", request_id))
        return xml_response(inner, status=fault.status)
    root = markup.element("ErrorResponse")
    root.append(inner)
    root.append(markup.element("RequestId", request_id))
    return xml_response(root, status=fault.status)


def _decoded(text: str) -> str:
    try:
        return unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError:
        raise bad_request("InvalidURI", "The address is not UTF-8.") from None
