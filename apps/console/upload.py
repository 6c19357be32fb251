"""How much a browser may send at once."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.urls import Resolver404, resolve

MEGABYTE = 1024 * 1024
LARGEST_BODY = 16 * MEGABYTE
"""Beyond what any file may have, so that the form itself can still say that one is too large."""
LARGEST_LABELS = 401 * MEGABYTE
"""Files of labels alone are so large; nobody sends one who has not signed in."""
FOR_LABELS = "bring-labels"


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
        largest = self._largest()
        if content_length > largest:
            raise RequestDataTooBig(f"A body of {content_length} bytes; at most {largest} are taken.")
        super().handle_raw_input(input_data, META, content_length, boundary, encoding)

    def _largest(self) -> int:
        request = self.request
        if request is None or not request.user.is_authenticated:
            return LARGEST_BODY
        try:
            is_for_labels = resolve(request.path_info).url_name == FOR_LABELS
        except Resolver404:
            return LARGEST_BODY
        return LARGEST_LABELS if is_for_labels else LARGEST_BODY
