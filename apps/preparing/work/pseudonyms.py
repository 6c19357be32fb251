"""Pseudonyms: equal values stay equal within a column of a dataset, and nobody tells which without the key.

The key is the organization's. It comes from the environment, as the secrets of lakes do; the database never
holds it. Every column of every asset has a key of its own derived from it, so that two datasets cannot be
joined by their pseudonyms.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from apps.kernel.errors import ProviderFailure
from apps.policy.reason import Reason, Value, declare

SHORTEST_KEY = 32
LETTERS = 32
"""Of a pseudonym: 128 bits, in hexadecimal."""

KEY_MISSING = declare(
    "VIEW_KEY_MISSING",
    "The secret %(variable)s is not set, or is shorter than %(shortest)s characters; nothing can be masked"
    " without it.",
    "Set it in the environment of the portal, or in its secret file, and keep it: with another one the same"
    " values get other pseudonyms.",
)


class Pseudonyms:
    """Makes the pseudonyms of one column."""

    def __init__(self, secret: str, *, asset_id: UUID, column: str) -> None:
        about = f"lakewarden pseudonyms 1\n{asset_id}\n{column}"
        self._key = hmac.digest(secret.encode(), about.encode(), "sha256")

    def of(self, value: bytes) -> str:
        return hmac.digest(self._key, value, "sha256").hex()[:LETTERS]


def variable_of(organization_code: str, *, is_demo: bool) -> str:
    """The name under which the key of an organization is kept."""
    return (
        "LAKEWARDEN_DEMO_LAKE_PSEUDONYMS" if is_demo else f"LAKEWARDEN_PSEUDONYMS_{organization_code.upper()}"
    )


def pseudonym_secret(variable: str, environment: Mapping[str, str] | None = None) -> str:
    """Raises: ProviderFailure (permanent) where it is missing or too short to be one."""
    known = os.environ if environment is None else environment
    value = known.get(variable, "") or _filed(known.get(f"{variable}_FILE", ""))
    if len(value) < SHORTEST_KEY:
        facts: dict[str, Value] = {"variable": variable, "shortest": SHORTEST_KEY}
        raise ProviderFailure(Reason(code=KEY_MISSING, facts=facts), is_transient=False)
    return value


def _filed(named: str) -> str:
    try:
        return Path(named).read_text().strip() if named else ""
    except OSError:
        return ""
