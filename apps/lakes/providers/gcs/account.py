"""Where Google answers, and which account the tokens are of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from apps.lakes.providers.contract import ConnectionSpec
from apps.lakes.providers.origin import CloudHosts, expect_every

STORAGE = "https://storage.googleapis.com"
STS = "https://sts.googleapis.com"
IAM = "https://iamcredentials.googleapis.com"
_USUAL = {"endpoint": STORAGE, "sts_endpoint": STS, "iam_endpoint": IAM}


def _hosts(usual: str) -> CloudHosts:
    """The service itself, in a region or through a private door: `storage.europe-west3.rep.googleapis.com`,
    `storage-door.p.googleapis.com`."""
    service = usual.removeprefix("https://").removesuffix(".googleapis.com")
    pattern = rf"{service}(-[a-z0-9-]+)?(\.[a-z0-9-]+)*\.googleapis\.com"
    return CloudHosts(cloud="Google", pattern=pattern, example=usual)


def account_of(connection: ConnectionSpec) -> str:
    return connection.options.get("service_account", "")


def sts_address(connection: ConnectionSpec) -> str:
    return f"{connection.sts_endpoint or STS}/v1/token"


def token_address(connection: ConnectionSpec) -> str:
    origin = connection.iam_endpoint or IAM
    return f"{origin}/v1/projects/-/serviceAccounts/{account_of(connection)}:generateAccessToken"


def checked_connection(connection: ConnectionSpec) -> ConnectionSpec:
    """The connection, if its addresses are Google's or the operator's, and may be called.

    Raises: InvalidInput with a reason for each that is not.
    """
    expect_every(_checks(connection))
    return connection


def _checks(connection: ConnectionSpec) -> Iterator[Callable[[], object]]:
    for place, usual in _USUAL.items():
        address = str(getattr(connection, place))
        if address or place == "endpoint":
            yield partial(_hosts(usual).check, address, place)
