"""Keeps parts running: starts them, waits until they answer, restarts what dies, stops all in reverse."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from portal import env
from portal.embedded.paths import Places, Unusable
from portal.supervisor import process
from portal.supervisor.parts import Part, log_of
from portal.supervisor.wakeup import Wakeup

POLL_SECONDS = 0.05
STABLE_SECONDS = 30.0
LONGEST_PAUSE_SECONDS = 30.0
FIRST_PAUSE_SECONDS = 0.5
LINES_OF_LOG = 15


@dataclass(kw_only=True)
class Running:
    """A part and the process that is it now. `restart_at` is set while there is none."""

    part: Part
    child: subprocess.Popen[bytes]
    started_at: float
    deaths: int = 0
    restart_at: float | None = None


def pause_after(deaths: int) -> float:
    """The first death is made good at once; then ever more slowly."""
    if deaths <= 1:
        return 0.0
    return min(FIRST_PAUSE_SECONDS * 2.0 ** (deaths - 2), LONGEST_PAUSE_SECONDS)


class Supervisor:
    def __init__(self, places: Places, wakeup: Wakeup, say: Callable[[str], None]) -> None:
        self._places = places
        self._wakeup = wakeup
        self._say = say
        self._running: list[Running] = []

    def start(self, part: Part) -> None:
        self._wakeup.raise_if_stop_wanted()
        part.prepare()
        self._running.append(Running(part=part, child=self._spawn(part), started_at=time.monotonic()))

    def await_answers(self, *names: str) -> None:
        """Return when the named parts answer.

        Raises: Unusable (one died or did not answer in time), StopWanted.
        """
        waiting = [one for one in self._running if one.part.name in names]
        while waiting:
            for one in waiting:
                self._refuse_dead(one)
            waiting = [one for one in waiting if not one.part.answers()]
            if waiting:
                self._wakeup.wait(POLL_SECONDS)

    def run_step(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Run a process to its end.

        Raises: Unusable (it failed), StopWanted.
        """
        log = log_of(name, self._places)
        with process.open_log(log) as output:
            child = process.spawn(command, environment=environment, output=output, directory=str(env.ROOT))
        try:
            while child.poll() is None:
                self._wakeup.wait(None)
        finally:
            process.stop(child, number=signal.SIGTERM, patience=10)
        if child.returncode:
            raise Unusable(f"The step {name} failed.\n{tail(log)}")

    def watch(self) -> None:
        """Restart what dies, until somebody wants us to stop.

        Raises: StopWanted.
        """
        while True:
            now = time.monotonic()
            for one in self._running:
                self._tend(one, now)
            due = [one.restart_at for one in self._running if one.restart_at is not None]
            self._wakeup.wait(max(0.0, min(due) - time.monotonic()) if due else None)

    def stop(self) -> None:
        for one in reversed(self._running):
            process.stop(one.child, number=one.part.stop_signal, patience=one.part.patience_seconds)
        self._running.clear()

    def _tend(self, one: Running, now: float) -> None:
        if one.restart_at is None and one.child.poll() is not None:
            process.end_group(one.child)
            one.deaths = 1 if now - one.started_at > STABLE_SECONDS else one.deaths + 1
            one.restart_at = now + pause_after(one.deaths)
            self._say(f"{one.part.name} ended ({_how(one.child.returncode)}); starting it again")
        if one.restart_at is not None and one.restart_at <= now:
            one.part.prepare()
            one.child = self._spawn(one.part)
            one.started_at, one.restart_at = time.monotonic(), None

    def _spawn(self, part: Part) -> subprocess.Popen[bytes]:
        with process.open_log(log_of(part.name, self._places)) as output:
            return process.spawn(
                part.command,
                environment=part.environment,
                output=output,
                user=part.user,
                directory=part.directory,
                death_signal=part.stop_signal,
            )

    def _refuse_dead(self, one: Running) -> None:
        log = log_of(one.part.name, self._places)
        if one.child.poll() is not None:
            raise Unusable(
                f"{one.part.name} ended ({_how(one.child.returncode)}) before it answered.\n{tail(log)}"
            )
        if time.monotonic() - one.started_at > one.part.deadline_seconds:
            raise Unusable(f"{one.part.name} did not answer in time.\n{tail(log)}")


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit {code}"


def tail(log: Path) -> str:
    """The last lines of a log, under its name."""
    lines = log.read_text(errors="replace").splitlines()[-LINES_OF_LOG:]
    return "\n".join([f"The end of {log}:", *lines])
