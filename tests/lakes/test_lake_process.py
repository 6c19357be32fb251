"""Starting and ending the demo lake."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab.demo_lake import DEADLINE_SECONDS, ROOT, DemoLake, random_keys, running_demo_lake

pytestmark = pytest.mark.lake


def attempt(state: Path, environment: dict[str, str], port: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "portal.embedded.lake", "--port", str(port), "--state", str(state)]
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )


@pytest.mark.parametrize("missing", sorted(random_keys()))
def test_it_does_not_start_without_its_keys_and_names_the_missing_one(tmp_path: Path, missing: str) -> None:
    keys = random_keys()
    del keys[missing]
    ended = attempt(tmp_path, keys)
    assert ended.returncode == 2
    assert missing in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert not [value for value in keys.values() if value in ended.stderr]


def test_it_does_not_start_with_one_key_for_two_duties(tmp_path: Path) -> None:
    keys = random_keys()
    keys["LAKEWARDEN_DEMO_LAKE_ADMIN_KEY"] = keys["LAKEWARDEN_DEMO_LAKE_ISSUER_KEY"]
    assert attempt(tmp_path, keys).returncode == 2


def test_it_does_not_start_with_a_short_secret(tmp_path: Path) -> None:
    ended = attempt(tmp_path, random_keys() | {"LAKEWARDEN_DEMO_LAKE_ADMIN_SECRET": "short"})
    assert ended.returncode == 2
    assert "fewer than 16" in ended.stderr


def test_two_processes_never_share_a_state(tmp_path: Path) -> None:
    with running_demo_lake(tmp_path) as lake:
        ended = attempt(lake.state, dict(lake.environment))
        assert ended.returncode == 2
        assert "another one is running" in ended.stderr


def test_it_says_when_its_port_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = attempt(tmp_path, random_keys(), port=taken.getsockname()[1])
    assert ended.returncode == 2
    assert "cannot be used" in ended.stderr


def test_it_ends_cleanly_when_told(tmp_path: Path) -> None:
    with running_demo_lake(tmp_path) as lake:
        assert lake.stop() == 0


def test_it_listens_on_the_loopback_address(demo_lake: DemoLake) -> None:
    assert demo_lake.endpoint.startswith("http://127.0.0.1:")
