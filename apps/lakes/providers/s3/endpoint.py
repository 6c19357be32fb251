"""Which addresses, region and role a connection to S3 and STS may name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from apps.kernel.errors import invalid
from apps.lakes.providers.contract import ConnectionSpec, Flavor
from apps.lakes.providers.origin import check_endpoint, expect_every
from apps.policy.reason import declare

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


def checked_connection(connection: ConnectionSpec) -> ConnectionSpec:
    """The connection, if its addresses, region and role are sound.

    Raises: InvalidInput with a reason for each that is not.
    """
    expect_every(_checks(connection))
    return connection


def _checks(connection: ConnectionSpec) -> Iterator[Callable[[], object]]:
    for place in ("endpoint", "sts_endpoint", "iam_endpoint"):
        address = str(getattr(connection, place))
        if address or place == "endpoint":
            is_demo = connection.flavor is Flavor.DEMO
            yield partial(check_endpoint, address, place=place, needs_loopback=is_demo)
    yield partial(_check_region, connection.region)
    yield partial(role_parts, connection)


def _check_region(region: str) -> None:
    """Raises: InvalidInput."""
    if not _REGION.fullmatch(region):  # it becomes part of a host name
        raise invalid("region", REGION_MALFORMED, region=region)


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
