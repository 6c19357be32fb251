"""One real demo lake for these tests, and a world with a connection to it for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from apps.audit import tasks
from apps.credentials.commands import issuing
from apps.lakes.providers.contract import CredentialSpec, Issued
from apps.lakes.providers.registry import provider_for
from tests.credentials.doubles import KeyCabinet, stand_in
from tests.credentials.faults import HoursLater
from tests.factories import lakes
from tests.factories.lakes import Place
from tests.lab.demo_lake import DemoLake


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


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What workers were woken for; there are none here, and no broker."""
    calls: list[int] = []
    monkeypatch.setattr(tasks.deliver, "delay", calls.append)
    return calls


@pytest.fixture
def place(db: None, lake: DemoLake) -> lakes.Place:
    return lakes.place(lake)


@pytest.fixture
def cabinet(monkeypatch: pytest.MonkeyPatch) -> KeyCabinet:
    made = KeyCabinet()
    stand_in(monkeypatch, made)
    return made


@pytest.fixture
def anywhere(db: None) -> Place:
    """A world without a lake process: its provider is a cabinet."""
    return lakes.place()


@pytest.fixture
def hours_later(monkeypatch: pytest.MonkeyPatch) -> HoursLater:
    return HoursLater(monkeypatch)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Issued]:
    """Every key the real adapter makes, also those that never leave the portal."""
    kept: list[Issued] = []

    class Watched:
        def __init__(self, real: object) -> None:
            self._real = real

        def __getattr__(self, name: str) -> object:
            return getattr(self._real, name)

        def issue(self, spec: CredentialSpec) -> Issued:
            issued = provider_for(spec.connection).issue(spec)
            kept.append(issued)
            return issued

    monkeypatch.setattr(issuing, "provider_for", lambda connection: Watched(provider_for(connection)))
    return kept
