"""What the portal is made of: how each part is started, known to answer, and stopped."""

from __future__ import annotations

import http.client
import pwd
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from portal import env
from portal.embedded.paths import Places
from portal.embedded.postgres import Postgres
from portal.embedded.valkey import Valkey
from portal.supervisor.hold import MARK

HTTP_PATIENCE_SECONDS = 3
WEB_PROCESSES = 2
WEB_THREADS = 8  # a thread waits while a lake makes a key
WORKER_PROCESSES = 2


def nothing() -> None:
    """Most parts need nothing cleared before they start."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One supervised process. `prepare` runs before every start, also after a death."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    answers: Callable[[], bool]
    prepare: Callable[[], None] = nothing
    user: pwd.struct_passwd | None = None
    directory: str = str(env.ROOT)
    stop_signal: signal.Signals = signal.SIGTERM
    patience_seconds: float = 15.0
    deadline_seconds: float = 60.0


def environment_of(places: Places, **more: str) -> dict[str, str]:
    """What every process of ours is told, and the mark by which a later supervisor knows it."""
    return env.for_children(
        LAKEWARDEN_VAR=str(places.state), PYTHONUNBUFFERED="1", **{MARK: str(places.state)}, **more
    )


def database(server: Postgres) -> Part:
    def prepare() -> None:
        server.clear_remains()
        server.make()

    return Part(
        name="postgres",
        command=server.command(),
        environment=server.environment(),
        answers=server.answers,
        prepare=prepare,
        user=server.user,
        directory="/",
        stop_signal=signal.SIGINT,  # fast shutdown: ends the sessions, keeps what was committed
    )


def broker(server: Valkey, places: Places) -> Part:
    return Part(
        name="valkey",
        command=server.command(),
        environment=environment_of(places),
        answers=server.answers,
        prepare=server.make,
    )


def lake(url: str, places: Places, environment: Mapping[str, str]) -> Part:
    port = str(urlsplit(url).port)
    state = str(places.state / "lake")
    return Part(
        name="lake",
        command=[sys.executable, "-m", "portal.embedded.lake", "--port", port, "--state", state],
        environment=environment,
        answers=lambda: status_of(url) is not None,
    )


def without_loader(environment: Mapping[str, str]) -> dict[str, str]:
    """Web and workers issue keys and keep roles; what fills the demo lake is not theirs."""
    return {
        name: value for name, value in environment.items() if not name.startswith(f"{env.DEMO_LAKE}LOADER")
    }


def web(port: int, environment: Mapping[str, str]) -> Part:
    command = [
        *(sys.executable, "-m", "gunicorn", "portal.wsgi:application"),
        *("--bind", f"127.0.0.1:{port}"),
        *("--workers", str(WEB_PROCESSES), "--threads", str(WEB_THREADS)),
        *("--preload", "--no-control-socket", "--graceful-timeout", "10", "--timeout", "60"),
    ]
    return Part(
        name="web",
        command=command,
        environment=environment,
        answers=lambda: status_of(f"http://127.0.0.1:{port}/readyz") == http.client.OK,
    )


def worker(places: Places, environment: Mapping[str, str]) -> Part:
    options = [f"--concurrency={WORKER_PROCESSES}", "--without-gossip", "--without-mingle", "--loglevel=INFO"]
    return _celery("worker", options, places, environment)


def beat(places: Places, environment: Mapping[str, str]) -> Part:
    options = ["--pidfile=", f"--schedule={places.state / 'beat-schedule'}", "--loglevel=INFO"]
    return _celery("beat", options, places, environment)


def _celery(name: str, options: list[str], places: Places, environment: Mapping[str, str]) -> Part:
    """A Celery process says itself that it works, by touching a file (portal/celery.py)."""
    ready_file = places.runtime / f"{name}.ready"
    return Part(
        name=name,
        command=[sys.executable, "-m", "celery", "-A", "portal.celery", name, *options],
        environment={**environment, "LAKEWARDEN_READY_FILE": str(ready_file)},
        answers=ready_file.exists,
        prepare=lambda: ready_file.unlink(missing_ok=True),
    )


def status_of(url: str) -> int | None:
    """The status a loopback server answers with; None where nobody answers."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=HTTP_PATIENCE_SECONDS)
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def log_of(name: str, places: Places) -> Path:
    return places.logs / f"{name}.log"
