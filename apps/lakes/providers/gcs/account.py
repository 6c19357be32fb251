"""Where Google answers, and which account the tokens are of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from apps.lakes.providers.contract import ConnectionSpec
from apps.lakes.providers.origin import check_callable, expect_every

STORAGE = "https://storage.googleapis.com"
STS = "https://sts.googleapis.com"
IAM = "https://iamcredentials.googleapis.com"


def account_of(connection: ConnectionSpec) -> str:
    return connection.options.get("service_account", "")


def sts_address(connection: ConnectionSpec) -> str:
    return f"{connection.sts_endpoint or STS}/v1/token"


def token_address(connection: ConnectionSpec) -> str:
    origin = connection.iam_endpoint or IAM
    return f"{origin}/v1/projects/-/serviceAccounts/{account_of(connection)}:generateAccessToken"


def checked_connection(connection: ConnectionSpec) -> ConnectionSpec:
    """The connection, if its addresses are sound and may be called.

    Raises: InvalidInput with a reason for each that is not.
    """
    expect_every(_checks(connection))
    return connection


def _checks(connection: ConnectionSpec) -> Iterator[Callable[[], object]]:
    for place in ("endpoint", "sts_endpoint", "iam_endpoint"):
        address = str(getattr(connection, place))
        if address or place == "endpoint":
            yield partial(check_callable, address, place)
