"""Which addresses a lake connection may name.

An administrator types the endpoint, and the portal calls it with a key in hand: so https, save on the
loopback of the demo lake and where the operator says that lakes stand there; a bare origin; and never an
address where only a machine's own metadata service lives. Private networks are admitted, for most lakes stand
there.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from apps.kernel.errors import InvalidInput, invalid
from apps.kernel.outbound import Origin, outbound
from apps.policy.reason import Reason, declare

ENDPOINT_MALFORMED = declare(
    "LAKE_ENDPOINT_MALFORMED",
    "The endpoint of a lake is an origin such as https://lake.example.org: host, port if needed, no more.",
    "Remove user, path, query and fragment from the address.",
)
ENDPOINT_NOT_HTTPS = declare(
    "LAKE_ENDPOINT_NOT_HTTPS",
    "Keys travel over https only; plain http is for the demo lake on the same machine.",
    "Give the https address of the lake, or have the operator set LAKEWARDEN_LAKES_ON_LOOPBACK.",
)
ENDPOINT_ADDRESS = declare(
    "LAKE_ENDPOINT_ADDRESS",
    "The address %(host)s cannot be a lake.",
    "Give the host name of the lake.",
)
ENDPOINT_NOT_LOOPBACK = declare(
    "LAKE_ENDPOINT_NOT_LOOPBACK",
    "The demo lake answers on the loopback address only.",
    "Choose the kind of lake that stands at this address.",
)
ENDPOINT_NOT_OF_CLOUD = declare(
    "LAKE_ENDPOINT_NOT_OF_CLOUD",
    "What the portal proves itself with is sent to %(cloud)s alone, and «%(host)s» is none of its hosts.",
    "Give an address such as %(example)s, or ask the operator of the portal to name the origin in"
    " LAKEWARDEN_OUTBOUND_INSIDE.",
)

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.ASCII)


def check_endpoint(address: str, *, place: str = "endpoint", needs_loopback: bool = False) -> None:
    """Raises: InvalidInput naming `place` as the field."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise invalid(place, ENDPOINT_MALFORMED) from None
    origin = f"{parts.scheme}://{parts.netloc}"
    if parts.username is not None or port == 0 or address.rstrip("/") != origin or not host:
        raise invalid(place, ENDPOINT_MALFORMED)
    is_loopback = check_host(host, place)
    may_be_plain = is_loopback and (needs_loopback or settings.LAKES_ON_LOOPBACK)
    if parts.scheme != "https" and not (parts.scheme == "http" and may_be_plain):
        raise invalid(place, ENDPOINT_NOT_HTTPS)
    if needs_loopback and not is_loopback:
        raise invalid(place, ENDPOINT_NOT_LOOPBACK)


def check_callable(address: str, place: str) -> None:
    """An endpoint that is called as every address outside is.  Raises: InvalidInput naming `place`."""
    check_endpoint(address, place=place)
    outbound().destination(address, field=place)


@dataclass(frozen=True, kw_only=True)
class CloudHosts:
    """Those of one service of a cloud. Its services take tokens that work at every one of them, so one that
    is sent elsewhere serves whoever stands there."""

    cloud: str
    pattern: str
    example: str

    def check(self, address: str, place: str) -> None:
        """Whether it is one of them, or an origin that the operator named.  Raises: InvalidInput naming
        `place`."""
        check_callable(address, place)
        origin = Origin.read(address, place)
        if origin not in outbound().inside and not re.fullmatch(self.pattern, origin.host, re.ASCII):
            facts = {"cloud": self.cloud, "host": origin.host, "example": self.example}
            raise invalid(place, ENDPOINT_NOT_OF_CLOUD, **facts)


def expect_every(checks: Iterable[Callable[[], object]]) -> None:
    """What all the checks find, at once.  Raises: InvalidInput."""
    faults = [reason for check in checks for reason in _faults(check)]
    if faults:
        raise InvalidInput(*faults)


def canonical_origin(address: str) -> str:
    """One spelling for one server: lower case, without the scheme's own port and the last slash."""
    parts = urlsplit(address.strip().rstrip("/"))
    try:
        port = parts.port
    except ValueError:
        return address  # malformed: `check_endpoint` says so
    if parts.username is not None or parts.path or parts.query or parts.fragment or not parts.hostname:
        return address
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    own = {"https": 443, "http": 80, "postgresql": 5432}.get(parts.scheme)
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, own) else "")


def is_loopback_address(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    return host == "localhost" or (_ip(host) is not None and _ip_is_loopback(host))


def check_host(host: str, place: str) -> bool:
    """Whether the host is the machine itself.  Raises: InvalidInput for addresses that cannot be a lake."""
    if host == "localhost":
        return True
    address = _ip(host)
    if address is None:
        if not _HOST.fullmatch(host) or _looks_numeric(host):
            raise invalid(place, ENDPOINT_ADDRESS, host=host)
        return False
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        raise invalid(place, ENDPOINT_ADDRESS, host=host)
    return address.is_loopback


def _faults(check: Callable[[], object]) -> tuple[Reason, ...]:
    try:
        check()
    except InvalidInput as fault:
        return fault.reasons
    return ()


def _looks_numeric(host: str) -> bool:
    """`127.1` and `0x7f000001` are addresses to a resolver, though not to the ipaddress module."""
    last = host.rstrip(".").rsplit(".", 1)[-1]
    return last.isdigit() or last.startswith("0x")


def _ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _ip_is_loopback(host: str) -> bool:
    address = _ip(host)
    return address is not None and address.is_loopback
