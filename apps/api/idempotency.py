"""Repeating a creating request creates nothing: the first answer is given again.

The whole handling is one transaction whose first statement inserts the key. A second request with the key
waits on the unique index until the first has committed, and then finds its answer. A refusal takes the key
away again, but commits: the trail keeps what was refused.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api import errors
from apps.api.errors import Refused, refused
from apps.api.files import PIECE
from apps.api.models import IdempotencyKey
from apps.kernel.errors import LakewardenError

REFUSALS = (LakewardenError, APIException, Refused, Http404, PermissionDenied)
KEY = re.compile(r"[\x21-\x7e]{1,128}")
KEPT_HEADERS = ("Location", "ETag")
KEPT_FOR = "24 hours"

_CLAIM = """
INSERT INTO api_idempotencykey (account_id, key, digest, headers, expires_at)
VALUES (%s, %s, %s, '{}', clock_timestamp() + %s::interval)
ON CONFLICT (account_id, key) DO UPDATE
SET digest = excluded.digest, status = NULL, body = NULL, headers = '{}', expires_at = excluded.expires_at
WHERE api_idempotencykey.expires_at <= clock_timestamp()
RETURNING id
"""


@dataclass(frozen=True, kw_only=True)
class Once:
    """How one creating request is served at most once. `keeps_answer` is off where it holds a secret; `file`
    is the body where that lies on disk."""

    request: Request
    refuse: Callable[[Exception], HttpResponseBase]
    keeps_answer: bool
    file: BinaryIO | None = None

    def answer(self, serve: Callable[[], Response]) -> HttpResponseBase:
        key = self.request.headers.get("Idempotency-Key")
        if key is None:
            return serve()
        if not KEY.fullmatch(key):
            raise refused(400, errors.IDEMPOTENCY_KEY_MALFORMED)
        with transaction.atomic():
            claimed = self._claim(key)
            if claimed is None:
                return self._replay(key)
            return self._serve(serve, claimed)

    def _claim(self, key: str) -> int | None:
        """The row, if the key is ours to serve."""
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, [self.request.user.pk, key, self._digest(), KEPT_FOR])
            row = cursor.fetchone()
        return int(row[0]) if row else None

    def _serve(self, serve: Callable[[], Response], claimed: int) -> HttpResponseBase:
        row = IdempotencyKey.objects.filter(pk=claimed)
        try:
            response = serve()
        except REFUSALS as refusal:
            row.delete()
            return self.refuse(refusal)
        row.update(
            status=response.status_code,
            body=JSONRenderer().render(response.data).decode() if self.keeps_answer else None,
            headers={name: response.headers[name] for name in KEPT_HEADERS if name in response.headers},
        )
        return response

    def _replay(self, key: str) -> HttpResponseBase:
        row = IdempotencyKey.objects.get(account=self.request.user.pk, key=key)
        if row.digest != self._digest():
            raise refused(409, errors.IDEMPOTENCY_KEY_REUSED)
        if row.body is None:
            raise refused(409, errors.SHOWN_ONCE, location=row.headers.get("Location", ""))
        return HttpResponse(
            row.body,
            status=row.status,
            content_type="application/json",
            headers={**row.headers, "Idempotency-Replayed": "true"},
        )

    def _digest(self) -> str:
        request = self.request._request
        found = hashlib.sha256(f"{request.method}\n{request.get_full_path()}\n".encode())
        if self.file is None:
            found.update(request.body)
        else:
            self.file.seek(0)
            while piece := self.file.read(PIECE):
                found.update(piece)
        return found.hexdigest()
