"""A portal that is served, a lake behind it, and the client as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from apps.access.models import Grant
from portal import env
from tests.credentials.conftest import lake, running_lake, woken  # noqa: F401 - fixtures
from tests.factories import lakes
from tests.factories.lakes import Place
from tests.lab.demo_lake import DemoLake

PATIENCE_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A scientist's machine: a home of its own, and `lakewarden` in it."""

    url: str
    home: Path
    place: Place
    grant: Grant

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
        return {
            **kept,
            "HOME": str(self.home),
            "PYTHONPATH": str(env.ROOT / "client"),
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "lakewarden", *words]

    def run(self, *words: str, typed: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*words),
            env={**self.environment, **more},
            input=typed,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
            cwd=self.home,
        )

    def signed_in(self) -> Desk:
        done = self.run("login", self.url, typed=f"{self.place.scientist.token}\n")
        assert done.returncode == 0, done.stderr
        return self


@pytest.fixture
def desk(lake: DemoLake, live_server: Any, tmp_path: Path) -> Desk:  # noqa: F811 - the fixture
    place = lakes.place(lake)
    grant = lakes.grant(place, lakes.dataset(place))
    return Desk(url=live_server.url, home=tmp_path, place=place, grant=grant)


def lines(done: subprocess.CompletedProcess[str]) -> Sequence[str]:
    return done.stdout.splitlines()
