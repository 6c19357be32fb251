"""One request, to an address that was checked, answered soon and shortly, or not at all."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from threading import Event, Thread, Timer
from time import monotonic
from typing import Any

from django.conf import settings
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from apps.kernel.errors import ProviderFailure
from apps.kernel.outbound.addresses import Resolver, addresses_of, is_reachable
from apps.kernel.outbound.destination import ADDRESS_INSIDE, Destination, Origin, destination
from apps.policy.reason import Reason, declare

HOST_UNKNOWN = declare(
    "HOST_UNKNOWN", "Nobody knows the host «%(host)s».", "Check the spelling of the address."
)
NO_ANSWER = declare(
    "NO_ANSWER",
    "The host «%(host)s» did not answer as a web server does (%(fault)s).",
    "Check that the service runs there; it will be tried again.",
)
ANSWER_TOO_LATE = declare(
    "ANSWER_TOO_LATE",
    "The host «%(host)s» had not answered in full after %(seconds)s seconds.",
    "The receiver should answer at once and work afterwards.",
)
ANSWER_TOO_LONG = declare(
    "ANSWER_TOO_LONG",
    "The host «%(host)s» answered with more than %(bytes)s bytes.",
    "The receiver should answer with a short message or with none.",
)

SECONDS = 10.0
MOST_BYTES = 64 * 1024
CHUNK = 8 * 1024
Connect = Callable[[str, int, float], socket.socket]


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    body: bytes = field(repr=False)


def is_taken(answer: Answer) -> bool:
    """Whether the receiver has it. A redirection is no yes: it is never followed."""
    return 200 <= answer.status < 300


def _connect(address: str, port: int, seconds: float) -> socket.socket:
    return socket.create_connection((address, port), timeout=seconds)


@dataclass(frozen=True, kw_only=True)
class Outbound:
    """What may be called, and how long it may take.

    The name is resolved once, every address is checked, and the connection goes to one of the checked
    addresses: a name that changes its mind in between changes nothing. The certificate is checked against the
    name. Neither redirections nor proxies of the environment are followed.
    """

    ports: frozenset[int]
    inside: frozenset[Origin] = frozenset()
    trust: str | None = None
    """A file of certificates to trust besides those of the system."""
    seconds: float = SECONDS
    most_bytes: int = MOST_BYTES
    resolve: Resolver = addresses_of
    connect: Connect = _connect

    def destination(self, url: str, *, field: str = "url") -> Destination:
        """Raises: InvalidInput."""
        return destination(url, ports=self.ports, inside=self.inside, field=field)

    def send(self, url: str, *, body: bytes, headers: Mapping[str, str], method: str = "POST") -> Answer:
        """Whatever the answer is, it is returned.

        Raises: InvalidInput (the address), ProviderFailure (nothing was sent, or no answer came in time).
        """
        meant = self.destination(url)
        host = meant.origin.host
        deadline = monotonic() + self.seconds
        addresses = self._checked(meant.origin, deadline)
        try:
            with self._connected(meant.origin, addresses, deadline) as connection:
                connection.request(method, meant.target, body=body, headers=headers, preload_content=False)
                return self._answer(connection, host, deadline)
        except (OSError, HTTPError, HTTPException) as fault:
            if monotonic() >= deadline:
                raise self._too_late(host) from fault
            raise _failure(NO_ANSWER, host=host, fault=type(fault).__name__) from fault

    def _checked(self, origin: Origin, deadline: float) -> Sequence[str]:
        try:
            addresses = _in_time(lambda: self.resolve(origin.host, origin.port), deadline)
        except TimeoutError as late:
            raise self._too_late(origin.host) from late
        except (OSError, UnicodeError) as unknown:
            raise _failure(HOST_UNKNOWN, host=origin.host) from unknown
        if not addresses:
            raise _failure(HOST_UNKNOWN, host=origin.host)
        is_inside = origin in self.inside
        if not all(is_reachable(address, is_inside=is_inside) for address in addresses):
            raise ProviderFailure(
                Reason(code=ADDRESS_INSIDE, facts={"host": origin.host}), is_transient=False
            )
        return addresses

    @contextmanager
    def _connected(
        self, origin: Origin, addresses: Sequence[str], deadline: float
    ) -> Iterator[HTTPConnection]:
        plain = self._first_answering(origin, addresses, deadline)
        # A second handle on the same socket: shutting it down ends whatever waits, a handshake included.
        with plain, plain.dup() as handle:
            clock = Timer(max(deadline - monotonic(), 0), _shut, [handle])
            clock.daemon = True
            clock.start()
            connection = self._speaking(origin, plain)
            try:
                connection.connect()
                yield connection
            finally:
                clock.cancel()
                connection.close()

    def _first_answering(self, origin: Origin, addresses: Sequence[str], deadline: float) -> socket.socket:
        fault: OSError = TimeoutError()
        for address in addresses:
            left = deadline - monotonic()
            if left <= 0:
                break
            try:
                return self.connect(address, origin.port, left)
            except OSError as refused:
                fault = refused
        raise fault

    def _speaking(self, origin: Origin, plain: socket.socket) -> HTTPConnection:
        if origin.scheme == "http":
            return _Plain(plain, origin.host, origin.port, timeout=self.seconds)
        context = ssl.create_default_context()
        if self.trust:
            context.load_verify_locations(self.trust)
        return _Sealed(plain, origin.host, origin.port, timeout=self.seconds, ssl_context=context)

    def _answer(self, connection: HTTPConnection, host: str, deadline: float) -> Answer:
        response = connection.getresponse()
        body = b""
        while chunk := response.read(CHUNK, decode_content=False):
            body += chunk
            if len(body) > self.most_bytes:
                raise _failure(ANSWER_TOO_LONG, host=host, bytes=self.most_bytes)
        if monotonic() >= deadline:  # what the clock cut off may look like a body that ended
            raise self._too_late(host)
        return Answer(status=response.status, body=body)

    def _too_late(self, host: str) -> ProviderFailure:
        return _failure(ANSWER_TOO_LATE, host=host, seconds=int(self.seconds))


class _Plain(HTTPConnection):
    """Speaks over a socket that is already connected, to the address that was checked."""

    def __init__(self, connected: socket.socket, host: str, port: int, **rest: Any) -> None:
        super().__init__(host, port, **rest)
        self._connected = connected

    def _new_conn(self) -> socket.socket:
        return self._connected


class _Sealed(HTTPSConnection):
    """The same with TLS; the certificate must bear the name that was typed."""

    def __init__(self, connected: socket.socket, host: str, port: int, **rest: Any) -> None:
        super().__init__(host, port, **rest)
        self._connected = connected

    def _new_conn(self) -> socket.socket:
        return self._connected


def outbound() -> Outbound:
    """As the operator set it up."""
    return Outbound(
        ports=frozenset(settings.OUTBOUND_PORTS),
        inside=frozenset(Origin.read(url) for url in settings.OUTBOUND_INSIDE),
        trust=settings.OUTBOUND_TRUST or None,
    )


def _in_time(resolve: Callable[[], Sequence[str]], deadline: float) -> Sequence[str]:
    """The resolver of the system knows no deadline: it is left to itself when it takes too long."""
    found: list[Sequence[str]] = []
    faults: list[Exception] = []
    done = Event()

    def ask() -> None:
        try:
            found.append(resolve())
        except (OSError, UnicodeError) as fault:
            faults.append(fault)
        finally:
            done.set()

    Thread(target=ask, daemon=True).start()
    if not done.wait(max(deadline - monotonic(), 0)):
        raise TimeoutError
    if faults:
        raise faults[0]
    return found[0]


def _shut(handle: socket.socket) -> None:
    with suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)


def _failure(code: str, **facts: str | int) -> ProviderFailure:
    return ProviderFailure(Reason(code=code, facts=facts), is_transient=True)
