"""One real demo lake for these tests, and a world with a connection to it for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from apps.audit import tasks
from apps.preparing.tasks import prepare
from tests.factories import lakes
from tests.lab.demo_lake import DemoLake
from tests.preparing.shelves import SECRET


@pytest.fixture(scope="session")
def running_lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoLake]:
    with lakes.furnished_lake(tmp_path_factory.mktemp("lake")) as running:
        yield running


@pytest.fixture
def lake(running_lake: DemoLake, monkeypatch: pytest.MonkeyPatch) -> DemoLake:
    """The lake, its keys in the portal's environment, and the organization's key for pseudonyms."""
    for name, value in running_lake.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LAKEWARDEN_DEMO_LAKE_PSEUDONYMS", SECRET)
    return running_lake


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What workers were woken for; there are none here, and no broker."""
    calls: list[str] = []
    monkeypatch.setattr(tasks.deliver, "delay", lambda _id: None)
    monkeypatch.setattr(prepare, "delay", calls.append)
    return calls


@pytest.fixture
def place(db: None, lake: DemoLake) -> lakes.Place:
    return lakes.place(lake)
