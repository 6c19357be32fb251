"""How much a browser may send at once."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import TemporaryFileUploadHandler

LARGEST_BODY = 16 * 1024 * 1024
"""Beyond what any file may have, so that the form itself can still say that one is too large."""


class BoundedUpload(TemporaryFileUploadHandler):
    """Files are spooled to disk, and a body that is too large is refused before a byte of it is kept."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        if content_length > LARGEST_BODY:
            raise RequestDataTooBig(f"A body of {content_length} bytes; at most {LARGEST_BODY} are taken.")
        super().handle_raw_input(input_data, META, content_length, boundary, encoding)
