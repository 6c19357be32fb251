"""Pages go over the wire as gzip. Files are WhiteNoise's business, compressed when collected."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressPages(GZipMiddleware):
    """HTML that may be kept, and nothing else.

    Against guessing secrets from the length of what was compressed (BREACH): the token of every form is
    masked anew for each page, Django adds random padding, cookies are not sent along from other sites, and
    answers that nobody may keep, such as the page with a key, stay as they are. Answers of the API do too:
    they carry keys, and entity tags that compression would weaken.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if not is_page or "no-store" in response.headers.get("Cache-Control", ""):
            return response
        return super().process_response(request, response)
