"""In front of a real lake: passes on what it is asked, and holds one call for as long as a test wants.

A call is held before the lake hears of it, or when the lake has answered and nobody was told.
"""

from __future__ import annotations

import http.client
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.lab.demo_lake import DemoLake

HELD_AT_MOST = 60.0
CREDENTIAL = re.compile(r"Credential=([^/]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")
NOT_PASSED_ON = {"transfer-encoding", "connection", "content-length", "date", "server"}


@dataclass
class Hold:
    """`reached`: the call is held. `body` is what the lake answered, where it did."""

    call: str
    is_answered: bool
    reached: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)
    body: bytes = b""


@dataclass
class SlowLake:
    """`url` is where it answers. What is held is never answered, and what the lake
    has not heard of by then it never hears of."""

    lake: DemoLake
    url: str = ""
    _hold: Hold | None = None

    @contextmanager
    def holding(self, call: str, *, is_answered: bool) -> Iterator[Hold]:
        """The next call of this name; others pass."""
        hold = self._hold = Hold(call=call, is_answered=is_answered)
        try:
            yield hold
        finally:
            self._hold = None
            hold.let_go.set()

    def taken(self, call: str) -> Hold | None:
        """The hold that this call runs into, once."""
        hold, wanted = self._hold, self._hold is not None and self._hold.call == call
        if wanted:
            self._hold = None
        return hold if wanted else None

    def passed_on(self, method: str, path: str, headers: Any, body: bytes) -> tuple[int, list[Any], bytes]:
        """Signed anew with the same key, because the lake answers to its own address alone."""
        named = CREDENTIAL.search(headers["Authorization"])
        assert named is not None
        key, region, service = named.groups()
        address = f"{self.lake.endpoint}{path}"
        kept = {"Content-Type": headers["Content-Type"]}
        request = AWSRequest(method=method, url=address, data=body, headers=kept)
        SigV4Auth(Credentials(key, self._secret_of(key)), service, region).add_auth(request)
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
        try:
            connection.request(method, path, body=body, headers=dict(request.headers.items()))
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def _secret_of(self, key: str) -> str:
        (name,) = (name for name, value in self.lake.environment.items() if value == key)
        return self.lake.environment[f"{name.removesuffix('_KEY')}_SECRET"]


@contextmanager
def slow(lake: DemoLake) -> Iterator[SlowLake]:
    """In front of the lake, until the block ends."""
    front = SlowLake(lake=lake)

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            named = parse_qs(body.decode(errors="replace")).get("Action", [""])[0]
            hold = front.taken(named)
            if hold is not None and not hold.is_answered:
                hold.reached.set()
                hold.let_go.wait(HELD_AT_MOST)
                return
            status, headers, told = front.passed_on(self.command, self.path, self.headers, body)
            if hold is not None:
                hold.body = told
                hold.reached.set()
                hold.let_go.wait(HELD_AT_MOST)
                return
            self.send_response(status)
            for name, value in headers:
                if name.lower() not in NOT_PASSED_ON:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    for method in ("GET", "POST", "PUT", "DELETE", "HEAD"):
        setattr(Handler, f"do_{method}", Handler.answer)

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """Whoever asked was killed, which is what is being tested."""

    with Server(("127.0.0.1", 0), Handler) as server:
        front.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield front
        finally:
            server.shutdown()
