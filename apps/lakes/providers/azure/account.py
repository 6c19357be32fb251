"""Which account a connection means, and where its principal signs in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import urlsplit

from apps.kernel.errors import invalid
from apps.lakes.providers.contract import ConnectionSpec
from apps.lakes.providers.origin import CloudHosts, expect_every
from apps.policy.reason import declare

NOT_AN_ACCOUNT = declare(
    "LAKE_NOT_AN_ACCOUNT",
    "«%(host)s» is not the blob address of a storage account.",
    "Give it such as https://ACCOUNT.blob.core.windows.net; where it does not begin with the account, name"
    " the account as well.",
)
SIGN_IN = "https://login.microsoftonline.com"
_SIGNING_IN = CloudHosts(
    cloud="Microsoft",
    pattern=r"login\.(microsoftonline\.(com|us)|partner\.microsoftonline\.cn|chinacloudapi\.cn)",
    example=SIGN_IN,
)
_ACCOUNTS = CloudHosts(
    cloud="Microsoft",
    pattern=r"([a-z0-9-]+\.)+(core\.(windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)|storage\.azure\.net)",
    example="https://ACCOUNT.blob.core.windows.net",
)


def account_of(connection: ConnectionSpec) -> str:
    return connection.options.get("account", "") or _host(connection).partition(".")[0]


def address_of(connection: ConnectionSpec) -> str:
    """Where the containers are: most accounts have a host of their own, an emulator has them in the path."""
    account = account_of(connection)
    if _host(connection).startswith(f"{account}."):
        return connection.endpoint
    return f"{connection.endpoint}/{account}"


def sign_in_address(connection: ConnectionSpec) -> str:
    tenant = connection.options.get("tenant", "")
    return f"{connection.sts_endpoint or SIGN_IN}/{tenant}/oauth2/v2.0/token"


def checked_connection(connection: ConnectionSpec) -> ConnectionSpec:
    """The connection, if its addresses are Microsoft's or the operator's, and may be called.

    Raises: InvalidInput with a reason for each that is not.
    """
    expect_every(_checks(connection))
    return connection


def _checks(connection: ConnectionSpec) -> Iterator[Callable[[], object]]:
    yield partial(_ACCOUNTS.check, connection.endpoint, "endpoint")
    if connection.sts_endpoint:
        yield partial(_SIGNING_IN.check, connection.sts_endpoint, "sts_endpoint")
    yield partial(_check_account, connection)


def _check_account(connection: ConnectionSpec) -> None:
    host = _host(connection)
    if not connection.options.get("account") and host.split(".")[1:2] != ["blob"]:
        raise invalid("endpoint", NOT_AN_ACCOUNT, host=host)


def _host(connection: ConnectionSpec) -> str:
    try:
        return urlsplit(connection.endpoint).hostname or ""
    except ValueError:
        return ""
