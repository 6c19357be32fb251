"""The socket of the demo lake: HTTP/1.1 on 127.0.0.1, one thread for each connection."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from portal.embedded.lake.faults import Fault, bad_request
from portal.embedded.lake.gate import Gate
from portal.embedded.lake.message import Request, Response, refusal

ADDRESS = "127.0.0.1"
LARGEST_BODY = 256 * 1024 * 1024
IDLE_SECONDS = 60
# A header that decides something must not be readable in two ways.
_ONCE = frozenset({"authorization", "content-length", "host", "range", "transfer-encoding"})


class LakeServer(ThreadingHTTPServer):
    """Serves one gate. Bound to the loopback address, which is not a setting."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, gate: Gate) -> None:
        self.gate = gate
        super().__init__((ADDRESS, port), _Handler)

    @property
    def endpoint(self) -> str:
        return f"http://{ADDRESS}:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news; anything else is told by type, never by content."""
        kind = sys.exc_info()[0]
        if kind is None or not issubclass(kind, ConnectionError | TimeoutError):
            sys.stderr.write(f"demo lake: a request failed with {kind.__name__ if kind else 'nothing'}\n")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "LakewardenDemoLake"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = IDLE_SECONDS
    server: LakeServer

    def serve(self) -> None:
        try:
            response = self.server.gate.answer(self._read(), now=datetime.now(UTC))
        except Fault as fault:
            self.close_connection = True  # the body may still be on its way
            response = refusal(fault, service="s3", request_id="-")
        self._write(response)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = serve  # noqa: N815 - names given by http.server

    def handle_expect_100(self) -> bool:
        """Buffered output would keep a client waiting for the leave to send its body."""
        is_going_on = super().handle_expect_100()
        self.wfile.flush()
        return is_going_on

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: request lines of presigned addresses carry tokens; the audit file has what may be told."""

    def _read(self) -> Request:
        headers: dict[str, str] = {}
        for name, value in self.headers.items():
            lower = name.lower()
            if lower in headers and (lower in _ONCE or lower.startswith("x-amz-")):
                raise bad_request("InvalidRequest", "A header is given twice.")
            headers[lower] = f"{headers[lower]},{value}" if lower in headers else value
        if headers.get("host") not in {
            f"{ADDRESS}:{self.server.server_port}",
            f"localhost:{self.server.server_port}",
        }:
            raise bad_request("InvalidRequest", "This lake is addressed by path, not by host name.")
        target, _, query = self.path.partition("?")
        if not target.startswith("/"):
            raise bad_request("InvalidURI", "The address is malformed.")
        body = self._body(headers)
        return Request(method=self.command, target=target, raw_query=query, headers=headers, body=body)

    def _body(self, headers: dict[str, str]) -> bytes:
        if "transfer-encoding" in headers:
            if headers["transfer-encoding"].lower() != "chunked" or "content-length" in headers:
                raise bad_request("InvalidRequest", "The transfer encoding is not supported.")
            return self._chunked_body()
        text = headers.get("content-length", "0")
        if not re.fullmatch(r"[0-9]{1,12}", text, re.ASCII):
            raise bad_request("InvalidRequest", "The length is malformed.")
        return self._bytes(int(text), 0)

    def _chunked_body(self) -> bytes:
        body = bytearray()
        while True:
            size = self.rfile.readline(1024).split(b";")[0].strip()
            if not re.fullmatch(rb"[0-9a-fA-F]{1,8}", size):
                raise bad_request("InvalidRequest", "A chunk is malformed.")
            body += self._bytes(int(size, 16), len(body))
            if int(size, 16) == 0:
                while self.rfile.readline(8192).strip():
                    continue
                return bytes(body)
            self.rfile.readline(8)

    def _bytes(self, size: int, already: int) -> bytes:
        if size + already > LARGEST_BODY:
            raise Fault("EntityTooLarge", 413, "The body is larger than the demo lake takes.")
        content = self.rfile.read(size)
        if len(content) != size:
            raise bad_request("IncompleteBody", "The body ended early.")
        return content

    def _write(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        has_body = response.status not in (204, 304)
        if has_body:
            self.send_header("Content-Length", str(len(response.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if has_body and self.command != "HEAD":
            self.wfile.write(response.body)
        self.wfile.flush()
