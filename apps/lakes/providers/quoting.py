"""Values in code that is shown: each language quotes in its own way."""

from __future__ import annotations

import shlex
from collections.abc import Mapping


def exports(values: Mapping[str, str]) -> str:
    """For a shell."""
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in values.items())


def sql(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
