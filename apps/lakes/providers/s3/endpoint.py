"""Which addresses a lake connection may name.

An administrator types the endpoint, and the portal calls it with a key in hand: so https, save on the
loopback of the demo lake and where the operator says that lakes stand there; a bare origin; and never an
address where only a machine's own metadata service lives. Private networks are admitted, for most lakes stand
there.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings

from apps.kernel.errors import InvalidInput, invalid
from apps.lakes.providers.contract import ConnectionSpec, Flavor
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
ROLE_MALFORMED = declare(
    "LAKE_ROLE_MALFORMED",
    "The role of this lake connection is not an ARN of a role.",
    "Give it in full, such as arn:aws:iam::123456789012:role/lakewarden.",
)
REGION_MALFORMED = declare(
    "LAKE_REGION_MALFORMED",
    "«%(region)s» cannot be the name of a region.",
    "Use letters, digits, hyphens and underscores, such as eu-central-1.",
)

_REGION = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_-]{0,38}[A-Za-z0-9])?", re.ASCII)
_ROLE = re.compile(
    r"arn:(?P<partition>aws|aws-cn|aws-us-gov):iam::(?P<account>[A-Za-z0-9_-]{0,64}):role"
    r"(?P<path>/(?:[\w+=,.@-]+/)*)(?P<name>[\w+=,.@-]{1,64})",
    re.ASCII,
)
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.ASCII)


def checked_connection(connection: ConnectionSpec) -> ConnectionSpec:
    """The connection, if its addresses, region and role are sound.

    Raises: InvalidInput with a reason for each that is not.
    """
    faults = [reason for check in _checks(connection) for reason in _faults(check)]
    if faults:
        raise InvalidInput(*faults)
    return connection


def _checks(connection: ConnectionSpec) -> Iterator[Callable[[], object]]:
    for place in ("endpoint", "sts_endpoint", "iam_endpoint"):
        address = str(getattr(connection, place))
        if address or place == "endpoint":
            is_demo = connection.flavor is Flavor.DEMO
            yield partial(check_endpoint, address, place=place, needs_loopback=is_demo)
    yield partial(_check_region, connection.region)
    yield partial(role_parts, connection)


def _faults(check: Callable[[], object]) -> tuple[Reason, ...]:
    try:
        check()
    except InvalidInput as fault:
        return fault.reasons
    return ()


def _check_region(region: str) -> None:
    """Raises: InvalidInput."""
    if not _REGION.fullmatch(region):  # it becomes part of a host name
        raise invalid("region", REGION_MALFORMED, region=region)


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
    is_loopback = _check_host(host, place)
    may_be_plain = is_loopback and (needs_loopback or settings.LAKES_ON_LOOPBACK)
    if parts.scheme != "https" and not (parts.scheme == "http" and may_be_plain):
        raise invalid(place, ENDPOINT_NOT_HTTPS)
    if needs_loopback and not is_loopback:
        raise invalid(place, ENDPOINT_NOT_LOOPBACK)


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
    own = {"https": 443, "http": 80}.get(parts.scheme)
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, own) else "")


def sts_endpoint(connection: ConnectionSpec) -> str:
    """AWS keeps STS at a regional address of its own; the others answer where S3 does."""
    if connection.sts_endpoint:
        return connection.sts_endpoint
    if connection.flavor is Flavor.AWS:
        return f"https://sts.{connection.region}.amazonaws.com"
    return connection.endpoint


def iam_endpoint(connection: ConnectionSpec) -> str:
    if connection.iam_endpoint:
        return connection.iam_endpoint
    if connection.flavor is Flavor.AWS:
        return "https://iam.amazonaws.com"
    return sts_endpoint(connection)


@dataclass(frozen=True, kw_only=True)
class RoleName:
    """The parts of a role's ARN; `path` begins and ends with a slash."""

    partition: str
    account: str
    path: str
    name: str


def role_of(connection: ConnectionSpec) -> RoleName:
    """Raises: InvalidInput."""
    match = _ROLE.fullmatch(connection.role_arn)
    if match is None:
        raise invalid("role_arn", ROLE_MALFORMED)
    return RoleName(**match.groupdict())


def role_parts(connection: ConnectionSpec) -> tuple[str, str]:
    """(partition, role name) of the role's ARN.  Raises: InvalidInput."""
    role = role_of(connection)
    return role.partition, role.name


def is_loopback_address(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    return host == "localhost" or (_ip(host) is not None and _ip_is_loopback(host))


def _check_host(host: str, place: str) -> bool:
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
