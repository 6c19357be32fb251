"""`manage.py up`: everything, in the foreground, on the loopback."""

from __future__ import annotations

import argparse
import contextlib
import sys

from portal import env
from portal.embedded import postgres, valkey
from portal.embedded.paths import Places, Unusable, make_places
from portal.supervisor import keys, parts
from portal.supervisor.hold import end_leftovers, hold
from portal.supervisor.supervisor import Supervisor
from portal.supervisor.wakeup import StopWanted, Wakeup

DEMO_ACCOUNTS = (
    "scientist", "scientist2", "steward", "owner", "officer", "officer2", "dpo", "auditor", "admin", "oncall",
    "modelrisk", "ciso", "legal",
)  # fmt: skip


def main(arguments: list[str]) -> int:
    options = _parse(arguments)
    wakeup = Wakeup()
    try:
        places = make_places(env.var_dir())
        with hold(places.state):
            _run(places, wakeup, port=options.port, is_demo=options.demo)
    except StopWanted:
        return 0
    except (Unusable, env.SettingFault) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    return 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py up", description="Run it all on this machine.")
    parser.add_argument("--no-demo", dest="demo", action="store_false", help="no demo lake, no demo data")
    parser.add_argument("--port", type=int, default=8000, help="on 127.0.0.1 (default: 8000)")
    return parser.parse_args(arguments)


def _run(places: Places, wakeup: Wakeup, *, port: int, is_demo: bool) -> None:
    end_leftovers(places.state)
    _refuse_taken(port)
    keys.make_secret_key(places.state)
    supervisor = Supervisor(places, wakeup, _say)
    try:
        _start(supervisor, places, port=port, is_demo=is_demo)
        _say(f"ready http://127.0.0.1:{port}")
        if is_demo:
            _tell_demo_accounts(places)
        supervisor.watch()
    finally:
        _say("stopping")
        supervisor.stop()
        _clear_runtime(places)
        _say("stopped")


def _start(supervisor: Supervisor, places: Places, *, port: int, is_demo: bool) -> None:
    environment = parts.environment_of(places)
    environment.setdefault("LAKEWARDEN_PUBLIC_URL", f"http://127.0.0.1:{port}")
    needed: list[str] = []
    if env.is_broker_embedded():
        supervisor.start(parts.broker(valkey.at(places), places))
        needed.append("valkey")
    if is_demo:
        keys.make_demo_password(places.state)
        lake_url = keys.make_demo_lake(places.state)
        environment |= env.demo_lake()
        supervisor.start(parts.lake(lake_url, places, environment))
        needed.append("lake")
    if env.is_database_embedded():
        _start_database(supervisor, places)
    if needed:
        _say(f"starting {' and '.join(needed)}")
        supervisor.await_answers(*needed)
    _say("preparing the database" + (" and the demo data" if is_demo else ""))
    step = [sys.executable, "-m", "portal.supervisor.prepare", *(["--demo"] if is_demo else [])]
    supervisor.run_step("prepare", step, environment)
    _say("starting web, worker and beat")
    working = parts.without_loader(environment)
    for part in (
        parts.web(port, working),
        parts.worker(places, working),
        parts.beat(places, working),
    ):
        supervisor.start(part)
    supervisor.await_answers("web", "worker", "beat")


def _start_database(supervisor: Supervisor, places: Places) -> None:
    server = postgres.at(places)
    _say(f"starting PostgreSQL {server.binaries.version}")
    supervisor.start(parts.database(server))
    supervisor.await_answers("postgres")
    server.ensure_database()


def _refuse_taken(port: int) -> None:
    if not keys.is_free(port):
        raise Unusable(f"Port {port} is in use: stop what uses it, or choose another with --port {port + 1}.")


def _tell_demo_accounts(places: Places) -> None:
    is_given = bool(env.text("LAKEWARDEN_DEMO_PASSWORD", ""))
    where = "LAKEWARDEN_DEMO_PASSWORD" if is_given else str(places.state / "demo-password")
    _say(f"Demo accounts: {', '.join(DEMO_ACCOUNTS)}. Their password is in {where}.")


def _clear_runtime(places: Places) -> None:
    """Sockets and ready files last no longer than what made them."""
    for remains in places.runtime.glob("*"):
        if remains.is_socket() or remains.suffix == ".ready":
            remains.unlink(missing_ok=True)
    for directory in (places.database_sockets, places.runtime):
        with contextlib.suppress(OSError):  # not there, or not empty
            directory.rmdir()


def _say(line: str) -> None:
    with contextlib.suppress(BrokenPipeError):  # whoever read along has gone; the parts have not
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
