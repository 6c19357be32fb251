"""A body that is a file: it is looked at before a byte of it is read, goes to disk in pieces, and is never
held whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import BinaryIO

from django.http import UnreadablePostError
from rest_framework.request import Request

from apps.api import errors
from apps.api.errors import refused

FILE_TYPE = "application/octet-stream"
PIECE = 1 << 18


def check_file(request: Request, largest: int) -> None:
    """By what its headers say.  Raises: Refused."""
    kind = request.content_type.partition(";")[0].strip().lower()
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if kind != FILE_TYPE or encoding != "identity":
        raise refused(415, errors.NO_FILE, type=f"{kind}, {encoding}" if encoding != "identity" else kind)
    if not request.META.get("CONTENT_LENGTH"):
        raise refused(411, errors.LENGTH_MISSING)
    if (size := _length(request)) > largest:
        raise refused(413, errors.FILE_TOO_LARGE, size=size, limit=largest)


@contextmanager
def spooled(request: Request) -> Iterator[BinaryIO]:
    """The whole body, as a file on disk.  Raises: Refused, where the connection broke off."""
    size = _length(request)
    with TemporaryFile() as file:
        try:
            while piece := request._request.read(PIECE):
                file.write(piece)
        except UnreadablePostError as broken:
            raise refused(400, errors.BODY_CUT_OFF, came=file.tell(), said=size) from broken
        if file.tell() != size:
            raise refused(400, errors.BODY_CUT_OFF, came=file.tell(), said=size)
        file.seek(0)
        yield file


def _length(request: Request) -> int:
    """What is no number was refused by the web server."""
    return int(request.META["CONTENT_LENGTH"])
