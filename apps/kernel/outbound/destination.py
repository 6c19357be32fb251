"""An address as somebody typed it, read once: what is checked is what is spoken to."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from apps.kernel.errors import InvalidInput, invalid
from apps.kernel.outbound.addresses import is_reachable
from apps.policy.reason import declare

URL_MALFORMED = declare(
    "URL_MALFORMED",
    "This is not a web address that can be called.",
    "Give an address such as https://hooks.example.org/path, without a user name and without spaces.",
)
URL_NOT_HTTPS = declare(
    "URL_NOT_HTTPS",
    "The address begins with «%(scheme)s», and messages go out over https only.",
    "Use an address that begins with https://.",
)
URL_PORT = declare(
    "URL_PORT",
    "The address names the port %(port)s; messages go out to: %(ports)s.",
    "Use one of these ports, or ask the operator of the portal to name the host as one of their own.",
)
ADDRESS_INSIDE = declare(
    "ADDRESS_INSIDE",
    "The host «%(host)s» is not reached over the public internet.",
    "Use a public address, or ask the operator of the portal to name the host as one of their own.",
)

PORTS = {"https": 443, "http": 80}
PRINTED = re.compile(r"[!-\[\]-~]+")
"""ASCII that can be seen, without the backslash, which some take for a slash."""
HOST = re.compile(r"[A-Za-z0-9.:_-]+")
LONGEST = 2000


@dataclass(frozen=True, kw_only=True)
class Origin:
    scheme: str
    host: str
    port: int

    @classmethod
    def read(cls, url: str, field: str = "url") -> Origin:
        """Raises: InvalidInput."""
        return _read(url, field).origin


@dataclass(frozen=True, kw_only=True)
class Destination:
    """`target` is path and query, as they are sent."""

    origin: Origin
    target: str


def destination(
    url: str, *, ports: Collection[int], inside: Collection[Origin], field: str = "url"
) -> Destination:
    """Read an address and refuse what can be refused without asking anybody.

    `inside` are the origins that the operator named as their own: they alone may be plain http, and on any
    port.  Raises: InvalidInput.
    """
    found = _read(url, field)
    origin = found.origin
    is_inside = origin in inside
    if origin.scheme != "https" and not is_inside:
        raise invalid(field, URL_NOT_HTTPS, scheme=origin.scheme)
    if origin.port not in ports and not is_inside:
        raise invalid(field, URL_PORT, port=origin.port, ports=", ".join(map(str, sorted(ports))))
    if _is_address(origin.host) and not is_reachable(origin.host, is_inside=is_inside):
        raise invalid(field, ADDRESS_INSIDE, host=origin.host)
    return found


def _read(url: str, field: str) -> Destination:
    # Looked at before it is split: urlsplit drops line breaks and tabs without a word.
    if not PRINTED.fullmatch(url) or len(url) > LONGEST:
        raise _malformed(field)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _malformed(field) from None
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in PORTS or "@" in parts.netloc or port == 0 or not HOST.fullmatch(host):
        raise _malformed(field)
    origin = Origin(scheme=parts.scheme, host=host, port=port or PORTS[parts.scheme])
    query = f"?{parts.query}" if parts.query else ""
    return Destination(origin=origin, target=f"{parts.path or '/'}{query}")


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _malformed(field: str) -> InvalidInput:
    return invalid(field, URL_MALFORMED)
