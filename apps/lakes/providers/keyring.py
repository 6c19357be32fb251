"""Where the secrets of a connection come from. The database never holds them.

Two duties are kept apart: the *issuer* may assume the role and owns nothing; the *administrator* keeps the
role's policies and can neither assume it nor read data. A thief of one has half a door.
"""

from __future__ import annotations

import os
from collections.abc import Hashable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from apps.kernel.errors import ProviderFailure
from apps.lakes.providers.contract import ConnectionSpec, Flavor
from apps.lakes.providers.secret import Secret
from apps.policy.reason import Reason, declare

SECRET_MISSING = declare(
    "LAKE_SECRET_MISSING",
    "The secret %(variable)s of this lake connection is not set.",
    "Set it in the environment of the portal, or in its secret file, and start the portal again.",
)


class Duty(StrEnum):
    ISSUER = "ISSUER"
    ADMIN = "ADMIN"


def variables(connection: ConnectionSpec, duty: Duty) -> tuple[str, str]:
    """The names under which the key of a duty and its secret are kept."""
    start = (
        "LAKEWARDEN_DEMO_LAKE"
        if connection.flavor is Flavor.DEMO
        else f"LAKEWARDEN_LAKE_{connection.secret_ref}"
    )
    return f"{start}_{duty}_KEY", f"{start}_{duty}_SECRET"


class SecretSource(Hashable, Protocol):
    """Finds the keys of a connection when they are needed, and keeps none. Hashed by identity."""

    def keys(self, connection: ConnectionSpec, duty: Duty) -> Secret:
        """`access_key_id` and `secret_access_key`.

        Raises: ProviderFailure (permanent) where one is missing.
        """


class EnvironmentSecrets:
    """Secrets from environment variables: `LAKEWARDEN_LAKE_<REF>_<DUTY>_KEY` and `…_SECRET`.

    Where `<variable>_FILE` names a file, the value is its content, as container platforms hand secrets over.
    The fixed beginning keeps a connection from naming any other variable of the process.
    """

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = os.environ if environment is None else environment

    def keys(self, connection: ConnectionSpec, duty: Duty) -> Secret:
        key, secret = variables(connection, duty)
        return Secret({"access_key_id": self._value(key), "secret_access_key": self._value(secret)})

    def _value(self, variable: str) -> str:
        value = self._environment.get(variable, "") or self._filed(variable)
        if not value:
            reason = Reason(code=SECRET_MISSING, facts={"variable": variable})
            raise ProviderFailure(reason, is_transient=False)
        return value

    def _filed(self, variable: str) -> str:
        named = self._environment.get(f"{variable}_FILE", "")
        try:
            return Path(named).read_text().strip() if named else ""
        except OSError:
            return ""
