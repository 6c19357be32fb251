"""One PostgreSQL for one test run: `python -m tests.throwaway DIRECTORY`, started and ended by conftest.

A process of its own, so that a test run of pure functions does not wait for it, and so that the server and
its directory go away even when the test run is killed.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

from portal.embedded.paths import Places, Unusable
from portal.embedded.postgres import Postgres, find_binaries
from portal.supervisor import process
from portal.supervisor.wakeup import StopWanted, Wakeup

TEMPLATE = "lakewarden_template"
READY = "ready"
FAULT = "fault"


def server_in(directory: Path) -> Postgres:
    places = Places(state=directory, servers=directory, runtime=directory)
    return Postgres(
        binaries=find_binaries(places, prefer=os.environ.get("LAKEWARDEN_TEST_POSTGRES", "")),
        data=directory / "data",
        sockets=directory / "sockets",
        is_throwaway=True,
    )


def serve(directory: Path, wakeup: Wakeup) -> None:
    server = server_in(directory)
    server.make()
    with process.open_log(directory / "postgres.log") as log:
        child = process.spawn(
            server.command(),
            environment=server.environment(),
            output=log,
            user=server.user,
            death_signal=signal.SIGQUIT,
        )
    try:
        while not server.answers():
            if child.poll() is not None:
                raise Unusable((directory / "postgres.log").read_text())
            wakeup.wait(0.02)
        server.ensure_database(TEMPLATE)
        (directory / READY).touch()
        while child.poll() is None:
            wakeup.wait(None)
    finally:
        process.stop(child, number=signal.SIGQUIT, patience=5)


def main(directory: Path) -> None:
    wakeup = Wakeup()
    try:
        serve(directory, wakeup)
    except Unusable as fault:
        (directory / FAULT).write_text(str(fault))
        while True:
            wakeup.wait(None)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except StopWanted:
        sys.exit(0)
