"""`python -m portal.embedded.lake --port N --state DIR`: runs the demo lake until SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import fcntl
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from portal import env
from portal.embedded.lake.app import LakeServer
from portal.embedded.lake.gate import Duty, Gate, StandingKey

SHORTEST_SECRET = 16


class NotStarted(Exception):
    """A sentence for the person who wanted to start the lake."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m portal.embedded.lake", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1; 0 picks a free one")
    parser.add_argument("--state", type=Path, required=True, help="folder for objects, roles and the audit")
    options = parser.parse_args(arguments)
    try:
        run(options.port, options.state, _keys())
    except (NotStarted, env.MissingSetting) as fault:
        sys.stderr.write(f"The demo lake does not start: {fault}\n")
        return 2
    return 0


def run(port: int, state: Path, keys: tuple[StandingKey, ...]) -> None:
    """Serve until a signal comes.  Raises: NotStarted."""
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = _locked(state)
    gate = Gate(state, keys)
    try:
        server = LakeServer(port, gate)
    except OSError as fault:
        raise NotStarted(f"port {port} cannot be used ({fault.strerror}).") from None

    def stop(number: int, frame: FrameType | None) -> None:
        threading.Thread(target=server.shutdown).start()  # shutdown waits for the loop below

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, stop)
    sys.stderr.write(
        "Demo lake: for demonstrations and tests on this machine only. No place for real data.\n"
    )
    sys.stdout.write(f"ready {server.endpoint}\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.05)
    server.server_close()
    gate.close()
    os.close(lock)


def _keys() -> tuple[StandingKey, ...]:
    keys = tuple(
        StandingKey(
            key_id=env.text(f"LAKEWARDEN_DEMO_LAKE_{duty.name}_KEY"),
            secret=env.text(f"LAKEWARDEN_DEMO_LAKE_{duty.name}_SECRET"),
            duty=duty,
        )
        for duty in Duty
    )
    if len({key.key_id for key in keys}) != len(keys) or len({key.secret for key in keys}) != len(keys):
        raise NotStarted("issuer, admin and loader each need a key of their own.")
    if any(not key.key_id or len(key.secret) < SHORTEST_SECRET for key in keys):
        raise NotStarted(f"a key id is empty, or a secret has fewer than {SHORTEST_SECRET} characters.")
    return keys


def _locked(state: Path) -> int:
    """Two processes on one state folder would overwrite each other's roles."""
    descriptor = os.open(state / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise NotStarted(f"another one is running on {state}.") from None
    return descriptor


if __name__ == "__main__":
    sys.exit(main())
