"""The promises of the provider contract, and who is held to them; `docs/providers.md` shows both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

CONTENDERS = {
    "demo": "demo lake",
    "ceph": "Ceph RGW 16",
    "debian": "PostgreSQL 15",
    "wheel": "PostgreSQL 18",
    "double": "double that fails on purpose",
}
WITHOUT_BUDGET = frozenset({"debian", "wheel"})
PROMISE = "promise"
Test = TypeVar("Test", bound=Callable[..., None])


def proves(promise: str) -> Callable[[Test], Test]:
    """Marks a test of the contract with what it proves of every contender."""

    def marked(test: Test) -> Test:
        setattr(test, PROMISE, promise)
        return test

    return marked


def promise_of(test: Any) -> str | None:
    return getattr(test, PROMISE, None)
