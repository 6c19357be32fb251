from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from portal import bootstrap, env
from portal.suite import default_options

MANAGE = env.ROOT / "manage.py"


def test_the_front_door_parses_on_old_pythons() -> None:
    ast.parse(MANAGE.read_text(), feature_version=(3, 6))


def test_an_old_python_is_refused_in_one_sentence() -> None:
    pretend = "import sys; sys.version_info = (3, 10, 4); sys.argv = ['manage.py', 'up']; "
    code = f"{pretend}import runpy; runpy.run_path({str(MANAGE)!r}, run_name='__main__')"
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert finished.returncode == 1
    assert finished.stderr == "Lakewarden needs Python 3.11 or newer, and this is Python 3.10.4.\n"


def test_somebody_elses_environment_is_left_alone_and_told_what_it_lacks(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "theirs"], check=True)
    before = sorted(tmp_path.rglob("site-packages/*"))
    python = str(tmp_path / "theirs" / "bin" / "python")
    finished = subprocess.run([python, MANAGE, "up"], capture_output=True, text=True, check=False)
    assert finished.returncode == 1
    assert "lacks django, psycopg" in finished.stderr
    assert "pip install --require-hashes -r requirements/run.lock" in finished.stderr
    assert finished.stderr.count("\n") == 1
    assert sorted(tmp_path.rglob("site-packages/*")) == before


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a lock file and an environment of our making, and a record of what was run."""
    directory = tmp_path / ".venv"
    (directory / "bin").mkdir(parents=True)
    (directory / "bin" / "python").touch()
    (tmp_path / "requirements").mkdir()
    for name in ("run.lock", "dev.lock"):
        (tmp_path / "requirements" / name).write_text("django==5.2\n")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "HOME", directory)
    monkeypatch.setattr(bootstrap, "RECEIPT", directory / ".lakewarden-lock")
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _: "/usr/bin/uv")
    return directory


@pytest.fixture
def commands_run(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    commands: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "_run", commands.append)
    return commands


def test_an_unchanged_lock_installs_once(home: Path, commands_run: list[list[str]]) -> None:
    lock = home.parent / "requirements" / "run.lock"
    assert [bootstrap._install(lock), bootstrap._install(lock)] == [True, False]
    assert len(commands_run) == 1


def test_a_changed_lock_installs_again(home: Path, commands_run: list[list[str]]) -> None:
    lock = home.parent / "requirements" / "run.lock"
    bootstrap._install(lock)
    lock.write_text("django==5.2.1\n")
    assert bootstrap._install(lock)
    assert len(commands_run) == 2


def test_an_installation_that_was_cut_short_is_made_good(home: Path, commands_run: list[list[str]]) -> None:
    bootstrap.RECEIPT.touch()
    assert bootstrap._install(home.parent / "requirements" / "run.lock")


def test_developers_packages_serve_for_running_too(home: Path, commands_run: list[list[str]]) -> None:
    requirements = home.parent / "requirements"
    bootstrap._install(requirements / "dev.lock")
    assert not bootstrap._install(requirements / "run.lock")
    assert list(json.loads(bootstrap.RECEIPT.read_text())) == ["dev.lock"]


@pytest.mark.parametrize("arguments", [["-n", "4"], ["-n0"], ["-p", "no:xdist"], ["--collect-only"]])
def test_the_test_command_leaves_the_number_of_processes_to_whoever_names_it(arguments: list[str]) -> None:
    assert default_options(arguments) == []


def test_the_test_command_uses_two_processes() -> None:
    assert default_options(["tests/policy", "-k", "no"])[:2] == ["-n", "2"]


def test_a_link_that_leads_nowhere_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looping = home.parent / "looping"
    looping.symlink_to(looping)
    monkeypatch.setattr(bootstrap, "HOME", looping)
    monkeypatch.setattr(bootstrap, "RECEIPT", looping / ".lakewarden-lock")
    monkeypatch.setattr(bootstrap, "NEEDED_TO_RUN", ("surely_not_installed",))
    monkeypatch.setattr(bootstrap.sys, "prefix", bootstrap.sys.base_prefix)
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    with pytest.raises(SystemExit, match="is a link that leads nowhere: remove it"):
        bootstrap.provide_packages("up")
