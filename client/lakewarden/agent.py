"""Keys for the programs of this machine: the portal's container address, on the loopback.

Programs are given a token of the agent's own, which ends with it; the portal's token stays here.
"""

from __future__ import annotations

import hmac
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lakewarden.answers import PortalUnreachable, Refused
from lakewarden.client import CONTAINER, Asset
from lakewarden.profile import NotSignedIn

ADDRESS = "127.0.0.1"
FIELDS = ("AccessKeyId", "SecretAccessKey", "Token", "Expiration")


@dataclass(frozen=True, kw_only=True)
class Served:
    """What a program needs to be told, as its environment."""

    port: int
    environment: dict[str, str]


@contextmanager
def serving(asset: Asset, *, port: int = 0) -> Iterator[Served]:
    """Serve keys for an asset until the block ends.  Raises: OSError where the port is taken."""
    token = secrets.token_urlsafe(32)
    with TemporaryDirectory(prefix="lakewarden-") as directory:
        file = Path(directory) / "token"
        file.touch(mode=0o600)
        file.write_text(token, encoding="ascii")
        server = ThreadingHTTPServer((ADDRESS, port), _handler(asset, token))
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            key = asset.credentials()
            yield Served(
                port=server.server_port,
                environment={
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://{ADDRESS}:{server.server_port}/",
                    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": str(file),
                    **key.surroundings,
                    "LAKEWARDEN_PLACE": key.places[0],
                },
            )
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _handler(asset: Asset, token: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sent = self.headers.get("Authorization", "")
            if not hmac.compare_digest(sent.encode(), token.encode()):
                self._answer(401, {"code": "TOKEN", "message": "This agent serves its own programs alone."})
                return
            try:
                key = asset.portal.get(CONTAINER, asset=asset.id)
            except Refused as refused:
                self._answer(refused.status, {"code": refused.code, "message": " ".join(refused.lines())})
            except (PortalUnreachable, NotSignedIn) as error:
                self._answer(503, {"code": "PORTAL_UNREACHABLE", "message": str(error)})
            else:
                self._answer(200, {name: key[name] for name in FIELDS})

        def _answer(self, status: int, told: dict[str, Any]) -> None:
            content = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: the trail of the portal says who took which key."""

    return Handler
