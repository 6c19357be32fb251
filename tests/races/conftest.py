"""Races run on a real PostgreSQL, each on a fresh database, with eight clients or sixteen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from apps.audit import command, record
from apps.kernel.models import HouseQuerySet
from tests.factories import lakes
from tests.lab.demo_lake import DemoLake
from tests.races.crowd import Crowd, crowd_of


@pytest.fixture(autouse=True)
def nobody_is_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no broker here; what subscribers would do is no part of these races."""
    monkeypatch.setattr(record, "_dispatch", lambda _delivery_id: None)


@pytest.fixture
def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same code where nobody waits for anybody."""

    def unlocked(self: HouseQuerySet[Any], uid: UUID, *_read_with_it: str) -> Any:
        return self.one(uid)

    monkeypatch.setattr(command, "_lock", lambda _model, _uid: None)
    monkeypatch.setattr(HouseQuerySet, "for_update", unlocked)


@pytest.fixture
def crowd(transactional_db: None) -> Iterator[Crowd]:
    with crowd_of(8) as eight:
        yield eight


@pytest.fixture
def rounds(is_long: bool) -> int:
    return 1000 if is_long else 200


@pytest.fixture(scope="session")
def running_lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoLake]:
    with lakes.furnished_lake(tmp_path_factory.mktemp("lake")) as running:
        yield running


@pytest.fixture
def lake(running_lake: DemoLake, monkeypatch: pytest.MonkeyPatch) -> DemoLake:
    """The lake, its keys in the portal's environment."""
    for name, value in running_lake.environment.items():
        monkeypatch.setenv(name, value)
    return running_lake
