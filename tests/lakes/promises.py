"""The promises of the provider contract, and who is held to them; `docs/providers.md` shows both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

CONTENDERS = {
    "demo": "demo lake",
    "ceph": "Ceph RGW 16",
    "debian": "PostgreSQL 15",
    "wheel": "PostgreSQL 18",
    "double": "double that fails on purpose",
    "azure": "Azure, stand-in",
    "gcs": "GCS, stand-in",
}
LIVES_ON = dict.fromkeys(("azure", "gcs"), "lives to its end")
"""Those whose keys no call ends."""
ENDS = {name: "ends at once" for name in CONTENDERS if name not in LIVES_ON}
UNBOUND = dict.fromkeys(("debian", "wheel"), "no limit")
"""Those whose keys open any number of places."""
ROLELESS = dict.fromkeys(("double", "azure", "gcs"), "makes none")
"""Those who make no role for a single key."""
WITH_ROLES = {name: "makes one" for name in CONTENDERS if name not in ROLELESS}
PROMISE, EXCUSED = "promise", "excused"
Test = TypeVar("Test", bound=Callable[..., None])


def proves(promise: str, *, but: Mapping[str, str] | None = None) -> Callable[[Test], Test]:
    """Marks a test of the contract with what it proves of every contender, and why it is none for others."""

    def marked(test: Test) -> Test:
        setattr(test, PROMISE, promise)
        setattr(test, EXCUSED, but or {})
        return test

    return marked


def promise_of(test: Any) -> str | None:
    return getattr(test, PROMISE, None)


def excused(test: Any) -> Mapping[str, str]:
    """Contenders that are not held to it, with the reason."""
    found: Mapping[str, str] = getattr(test, EXCUSED, {})
    return found


def held_to(test: Any) -> list[str]:
    return [name for name in CONTENDERS if name not in excused(test)]
