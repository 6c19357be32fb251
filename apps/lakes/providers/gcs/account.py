"""Where Google answers, and which account the tokens are of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from apps.kernel.errors import InvalidInput
from apps.kernel.outbound import outbound
from apps.lakes.providers.contract import ConnectionSpec
from apps.lakes.providers.origin import check_endpoint
from apps.policy.reason import Reason

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
    faults = [reason for check in _checks(connection) for reason in _faults(check)]
    if faults:
        raise InvalidInput(*faults)
    return connection


def _checks(connection: ConnectionSpec) -> Iterator[Callable[[], object]]:
    for place in ("endpoint", "sts_endpoint", "iam_endpoint"):
        address = str(getattr(connection, place))
        if address or place == "endpoint":
            yield partial(_check_callable, address, place)


def _check_callable(address: str, place: str) -> None:
    check_endpoint(address, place=place)
    outbound().destination(address, field=place)


def _faults(check: Callable[[], object]) -> tuple[Reason, ...]:
    try:
        check()
    except InvalidInput as fault:
        return fault.reasons
    return ()
