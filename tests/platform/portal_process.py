"""A whole portal in a directory of its own, started as people start it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from portal import env
from portal.supervisor.hold import MARK
from portal.supervisor.keys import free_port
from portal.supervisor.parts import status_of
from tests.eventually import eventually

READY_WITHIN = 300.0
"""A guard against what never comes: two of them beside a busy suite take more than a minute each."""


@contextlib.contextmanager
def new_state() -> Iterator[Path]:
    """A state directory that the servers' own user can reach, unlike pytest's."""
    with tempfile.TemporaryDirectory(prefix="lakewarden-state-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        yield Path(name) / "var"


def run_manage(*arguments: str, state: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command,
        cwd=env.ROOT,
        env=clean_environment(state) | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=READY_WITHIN,
    )


def clean_environment(state: Path) -> dict[str, str]:
    """As in a new terminal: nothing of ours is set except where the state lies."""
    ours = ("LAKEWARDEN_", "DJANGO_", "DATABASE_URL", "BROKER_URL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "LAKEWARDEN_VAR": str(state)}


class Portal:
    """`manage.py up` on a free port, without the demo unless asked for."""

    def __init__(self, state: Path, *, demo: bool = False, **environment: str) -> None:
        self.state = state
        self._options = () if demo else ("--no-demo",)
        self._environment = environment
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        return clean_environment(self.state) | self._environment

    @property
    def output(self) -> str:
        return self._output_file.read_text()

    @property
    def _output_file(self) -> Path:
        return self.state.parent / "up.txt"

    def start(self) -> None:
        self.launch()
        eventually(self._is_ready, within=READY_WITHIN)

    def launch(self) -> None:
        command = [sys.executable, "manage.py", "up", *self._options, "--port", str(self.port)]
        with self._output_file.open("wb") as output:
            self.process = subprocess.Popen(
                command, cwd=env.ROOT, env=self.environment, stdout=output, stderr=output
            )

    def answers(self) -> bool:
        return status_of(f"http://127.0.0.1:{self.port}/readyz") == 200

    def stop(self) -> int:
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def part(self, name: str) -> psutil.Process:
        """The process that the supervisor started as web, worker, beat, postgres or valkey."""
        assert self.process
        telling = {"web": "gunicorn", "worker": "portal.celery worker", "beat": "portal.celery beat"}.get(
            name, name
        )
        children = psutil.Process(self.process.pid).children()
        return next(child for child in children if telling in " ".join(child.cmdline()))

    def everything(self) -> list[psutil.Process]:
        """Every process of this portal, found without asking the supervisor."""
        data = self.state / "postgres"
        return [one for one in psutil.process_iter() if self._belongs(one, data)]

    def kill_everything(self) -> None:
        """SIGKILL to all at once; some end by themselves when others do."""
        for process in self.everything():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        if self.process:
            self.process.wait(10)

    def sockets_and_locks(self) -> list[Path]:
        return [
            one
            for one in self.state.rglob("*")
            if one.is_socket() or one.name in {"up.lock", "postmaster.pid"}
        ]

    def _belongs(self, process: psutil.Process, data: Path) -> bool:
        try:
            environment = process.environ()
            is_ours = str(self.state) in (environment.get(MARK), environment.get("LAKEWARDEN_VAR"))
            return (is_ours or process.cwd() == str(data)) and process.status() != psutil.STATUS_ZOMBIE
        except (psutil.NoSuchProcess, psutil.AccessDenied, OSError):
            return False

    def _is_ready(self) -> bool:
        assert self.process
        if self.process.poll() is not None:
            pytest.fail(f"`up` ended before it was ready:\n{self.output}")
        return f"ready http://127.0.0.1:{self.port}\n" in self.output


@contextlib.contextmanager
def running_portal(state: Path, *, demo: bool = False, **environment: str) -> Iterator[Portal]:
    """A portal that is ended whatever the tests did to it."""
    portal = Portal(state, demo=demo, **environment)
    try:
        portal.start()
        yield portal
    finally:
        portal.kill_everything()
