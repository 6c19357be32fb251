"""Brings the packages of the lock file to a bare Python, and leaves other people's environments alone.

Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv"
# Lies in environments made here and nowhere else; it holds the hash of each lock file installed.
RECEIPT = HOME / ".lakewarden-lock"

COMMANDS_FOR_DEVELOPERS = {"test", "bench"}
NEEDED_TO_RUN = (
    "django", "psycopg", "celery", "redis", "guardian", "rest_framework", "allauth", "gunicorn", "psutil",
)  # fmt: skip
NEEDED_TO_DEVELOP = (
    *NEEDED_TO_RUN,
    "pytest",
    "pytest_django",
    "xdist",
    "hypothesis",
    "mypy",
    "ruff",
    "importlinter",
)


def provide_packages(command: str) -> None:
    """Return when every needed package can be imported; re-execute in `.venv` where that takes it."""
    is_for_developers = command in COMMANDS_FOR_DEVELOPERS
    needed = NEEDED_TO_DEVELOP if is_for_developers else NEEDED_TO_RUN
    lock = ROOT / "requirements" / ("dev.lock" if is_for_developers else "run.lock")
    if _is_inside_own_home():
        if _install(lock):
            _enter_home()
        return
    absent = [name for name in needed if importlib.util.find_spec(name) is None]
    if not absent:
        return
    if _is_inside_foreign_environment():
        sys.exit(_sentence_for_foreign_environment(absent, lock))
    if HOME.is_symlink() and not HOME.exists():
        sys.exit(f"{HOME} is a link that leads nowhere: remove it, and try again.")
    if HOME.exists() and not RECEIPT.exists():
        if not _python_of_home().exists():
            sys.exit(f"{HOME} is not an environment of Lakewarden's making and has no Python; move it away.")
    else:
        _install(lock)
    _enter_home()


def _python_of_home() -> Path:
    return HOME / "bin" / "python"


def _is_home(prefix: str) -> bool:
    return Path(prefix).resolve() == HOME.resolve()


def _is_inside_own_home() -> bool:
    return _is_home(sys.prefix) and RECEIPT.exists()


def _is_inside_foreign_environment() -> bool:
    if sys.prefix != sys.base_prefix:
        return True
    active = os.environ.get("VIRTUAL_ENV", "")
    return bool(active) and not _is_home(active)


def _sentence_for_foreign_environment(absent: list[str], lock: Path) -> str:
    return (
        f"This environment ({sys.prefix}) lacks {', '.join(absent)}: install what Lakewarden needs with "
        f"`python -m pip install --require-hashes -r {lock.relative_to(ROOT)}`, or leave the environment "
        "and let manage.py make its own."
    )


def _enter_home() -> None:
    python = str(_python_of_home())
    os.execv(python, [python, *sys.argv])  # noqa: S606 - our own interpreter, our own arguments


@contextmanager
def _only_one_at_a_time() -> Iterator[None]:
    """Two first starts at once must not install over each other."""
    HOME.mkdir(exist_ok=True)
    with RECEIPT.open("a") as receipt:
        fcntl.flock(receipt, fcntl.LOCK_EX)
        yield


def _install(lock: Path) -> bool:
    """Make `.venv` hold what `lock` says; False where it already did."""
    if not RECEIPT.exists():
        _say("making .venv")
    if _is_installed(lock):
        return False
    with _only_one_at_a_time():
        if _is_installed(lock):
            return False
        uv = shutil.which("uv")
        _make_home(with_pip=uv is None)
        # Developers' packages stay when only the running ones are asked for.
        chosen = _developers_lock() if "dev.lock" in _receipt() else lock
        _say(f"installing the packages of {chosen.relative_to(ROOT)}")
        _run(_installer(uv, chosen))
        _write_receipt({**_receipt(), chosen.name: _digest(chosen)})
    return True


def _developers_lock() -> Path:
    return ROOT / "requirements" / "dev.lock"


def _is_installed(lock: Path) -> bool:
    """The developers' lock holds every package of the running one."""
    if not _python_of_home().exists():
        return False
    receipt = _receipt()
    if "dev.lock" in receipt:
        return receipt["dev.lock"] == _digest(_developers_lock())
    return receipt.get(lock.name) == _digest(lock)


def _receipt() -> dict[str, str]:
    try:
        held: dict[str, str] = json.loads(RECEIPT.read_text() or "{}")
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return held


def _write_receipt(held: dict[str, str]) -> None:
    # In place: the file is locked, and a replacement would not be.
    RECEIPT.write_text(json.dumps(held, indent=1, sort_keys=True) + "\n")


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _make_home(*, with_pip: bool) -> None:
    if _python_of_home().exists():
        return
    for remains in HOME.iterdir():  # of an environment whose Python has gone
        if remains != RECEIPT:
            shutil.rmtree(remains) if remains.is_dir() and not remains.is_symlink() else remains.unlink()
    _run([sys.executable, "-m", "venv", *([] if with_pip else ["--without-pip"]), str(HOME)])


def _installer(uv: str | None, lock: Path) -> list[str]:
    python = str(_python_of_home())
    if uv:
        return [uv, "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", str(lock)]
    quiet = ["--quiet", "--no-input", "--disable-pip-version-check", "--root-user-action=ignore"]
    if not _has_pip():
        _run([python, "-m", "ensurepip"])
    return [python, "-m", "pip", "install", *quiet, "--require-hashes", "-r", str(lock)]


def _has_pip() -> bool:
    return any(HOME.glob("lib/python*/site-packages/pip"))


def _run(command: list[str]) -> None:
    finished = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if finished.returncode == 0:
        return
    if "ensurepip" in finished.stdout + finished.stderr:
        sys.exit("This Python cannot make environments: install python3-venv or uv.")
    sys.exit(f"`{' '.join(command[:4])} …` failed:\n{(finished.stderr or finished.stdout).strip()}")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
