"""Files that leave the house by a browser."""

from __future__ import annotations

from typing import IO, Any, Protocol

from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from apps.compliance import commands, queries
from apps.kernel.actor import Actor

REPORTS = {
    "report": _("Report (PDF)"),
    "notification": _("Draft for the authority (PDF)"),
    "notification-text": _("Draft for the authority (text)"),
}


def reports_on(actor: Actor, record: Any) -> list[tuple[str, Any]]:
    """What the reader may take out of the record."""
    known = commands.REPORTS.get(getattr(record, "kind", ""), {})
    if not known or not queries.may_export_record(actor, record):
        return []
    return [(code, REPORTS[code]) for code in known]


class Taken(Protocol):
    """A file that was made and recorded."""

    @property
    def file(self) -> IO[bytes]: ...
    @property
    def name(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def size(self) -> int: ...


def sent(taken: Taken) -> FileResponse:
    """Part by part. To be saved, never shown: whatever stands in it runs nowhere."""
    response = FileResponse(
        taken.file, as_attachment=True, filename=taken.name, content_type=taken.media_type
    )
    response.headers["Content-Length"] = str(taken.size)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def download(content: bytes, *, name: str, media_type: str) -> HttpResponse:
    """To be saved and never shown: whatever it is, it runs nowhere."""
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
