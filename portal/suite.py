"""`manage.py test`: the static checks beside each other, then pytest; with arguments, pytest alone."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import IO

from portal import env

PROCESSES = "2"


@dataclass(kw_only=True)
class Check:
    """A static check that is running."""

    name: str
    child: subprocess.Popen[bytes]
    output: IO[bytes]


def main(arguments: list[str]) -> int:
    if arguments:
        return run_pytest(arguments)
    started_at = time.monotonic()
    failed = failed_checks()
    if failed:
        say(f"FAILED: {', '.join(failed)} ({time.monotonic() - started_at:.0f} s). The suites were not run.")
        return 1
    say(f"static checks passed ({time.monotonic() - started_at:.0f} s)")
    code = run_pytest([])
    say(f"{'FAILED' if code else 'passed'} ({time.monotonic() - started_at:.0f} s)")
    return code


def static_checks() -> dict[str, list[str]]:
    """The slowest first: they run at the same time."""
    return {
        "mypy": ["-m", "mypy"],
        "makemigrations": [
            "manage.py",
            "makemigrations",
            "--check",
            "--dry-run",
            "--settings",
            "portal.settings.test",
        ],
        "imports": ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        "ruff check": ["-m", "ruff", "check", "--quiet", "."],
        "ruff format": ["-m", "ruff", "format", "--check", "--quiet", "."],
    }


def failed_checks() -> list[str]:
    running = [start(name, command) for name, command in static_checks().items()]
    return [check.name for check in running if not passes(check)]


def start(name: str, command: list[str]) -> Check:
    output = tempfile.TemporaryFile()  # noqa: SIM115 - read and closed by passes()
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, *command],
        cwd=env.ROOT,
        env=env.for_children(),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
    )
    return Check(name=name, child=child, output=output)


def passes(check: Check) -> bool:
    """Wait for a check, and show what it said where it failed."""
    with check.output as output:
        code = check.child.wait()
        output.seek(0)
        said = output.read().decode(errors="replace").strip()
    if code:
        say(f"--- {check.name}\n{said}")
    return code == 0


def run_pytest(arguments: list[str]) -> int:
    command = [sys.executable, "-m", "pytest", *default_options(arguments), *arguments]
    return subprocess.run(command, cwd=env.ROOT, env=env.for_pytest(), check=False).returncode  # noqa: S603


def default_options(arguments: list[str]) -> list[str]:
    """Two processes, unless the arguments say how many or that there be none.

    Which test goes where is said in tests/conftest.py.
    """
    says_how_many = any(
        one in {"-n", "--numprocesses", "no:xdist", "--pdb", "--collect-only", "--co"}
        or one.startswith(("-n", "--numprocesses=", "-pno:xdist"))
        for one in arguments
    )
    return [] if says_how_many else ["-n", PROCESSES, "--dist", "load"]


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
