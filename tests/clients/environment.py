"""The environment of the lake clients, pinned by `requirements/clients.lock`, for whoever runs one."""

from __future__ import annotations

import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path

from portal import env
from tests.real_parts import missing

LOCK = env.ROOT / "requirements" / "clients.lock"


def python_of_clients() -> Path:
    """Made where it is missing and kept for the next run; the programs lie beside it."""
    home = env.var_dir() / f"clients-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]}"
    home.parent.mkdir(parents=True, exist_ok=True)
    with Path(f"{home}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not (home / "ready").exists():
            _install(home)
    return home / "bin" / "python"


def _install(home: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
    pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
    done = subprocess.run([*pip, "-r", str(LOCK)], capture_output=True, text=True, check=False)
    if done.returncode:
        missing(f"The clients of the lake cannot be installed: {done.stderr.strip()[-300:]}")
    (home / "ready").touch()
