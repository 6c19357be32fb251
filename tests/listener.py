"""A web server on this machine that answers as it is told and keeps what it was asked."""

from __future__ import annotations

import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAME = "hooks.example"


@dataclass(frozen=True, kw_only=True)
class Asked:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


Behaviour = Callable[[Any], None]
"""Writes to the connection, once what was asked has been read."""


def answering(status: int = 200, body: bytes = b"", **headers: str) -> Behaviour:
    lines = [f"HTTP/1.1 {status} Any", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    whole = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
    return lambda wire: wire.write(whole)


@dataclass
class Listener:
    """`behaviours` are used up one a request; the last one stays."""

    behaviours: list[Behaviour] = field(default_factory=lambda: [answering()])
    asked: list[Asked] = field(default_factory=list)
    let_go: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    def heard(self, wire: Any) -> bool:
        line = wire.readline().decode().split()
        if len(line) < 2:
            return False
        headers: dict[str, str] = {}
        while (header := wire.readline().decode().rstrip()) != "":
            name, _, value = header.partition(": ")
            headers[name.lower()] = value
        body = wire.read(int(headers.get("content-length", "0")))
        self.asked.append(Asked(method=line[0], target=line[1], headers=headers, body=body))
        return True

    def behave(self, wire: Any) -> None:
        chosen = self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]
        chosen(wire)


@contextmanager
def listening(listener: Listener, *, certificate: Path | None = None) -> Iterator[Listener]:
    """Serve until the block ends; with a certificate, over TLS."""
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                sealed = context.wrap_socket(self.request, server_side=True) if context else self.request
                with sealed.makefile("rwb") as wire:
                    if listener.heard(wire):
                        listener.behave(wire)
            except OSError:
                return  # the caller hung up, which is often what is being tested

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Handler) as server:
        listener.port = server.server_address[1]
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        serving.start()
        try:
            yield listener
        finally:
            listener.let_go.set()
            server.shutdown()


def make_certificate(path: Path, name: str = NAME) -> Path:
    """A certificate that vouches for itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path
