"""A program that calls the API with a token."""

from __future__ import annotations

import json
from typing import Any

from django.http.response import HttpResponseBase
from django.test import Client

V1 = "/api/v1/"


class Caller:
    """`call.get("assets", kind="model")`, `call.post("assets", {...}, If_Match=...)`; paths are below v1."""

    def __init__(self, token: str | None = None, *, client: Client | None = None) -> None:
        self.client = client or Client(raise_request_exception=False)
        self.token = token

    def get(self, path: str, /, *, headers: dict[str, str] | None = None, **query: object) -> Any:
        return self.send("GET", path, query=query, headers=headers)

    def post(self, path: str, body: object = None, /, **headers: str) -> Any:
        return self.send("POST", path, body, headers=headers)

    def patch(self, path: str, body: object, /, **headers: str) -> Any:
        return self.send("PATCH", path, body, headers=headers)

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        query: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        content_type: str = "application/json",
    ) -> HttpResponseBase:
        sent = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        response: HttpResponseBase = self.client.generic(
            method,
            path if path.startswith(("/", "http")) else V1 + path,
            raw,
            content_type=content_type,
            headers=sent,
            query_params=query or None,
        )
        return response
