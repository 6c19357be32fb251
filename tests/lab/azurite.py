"""The emulator of Azure Storage, from npm, in an environment of its own that is kept for the next run."""

from __future__ import annotations

import fcntl
import hashlib
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal import env
from tests.listener import make_certificate
from tests.real_parts import missing

WANTED = env.ROOT / "requirements" / "azurite"
BLOBS = Path("node_modules/azurite/dist/src/blob/main.js")
NAME = "localhost"
ACCOUNT = "devstoreaccount1"
STARTED = re.compile(r"successfully listens on https://[^:]+:(\d+)")


def installed() -> Path:
    """Its directory, made where it is missing."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        missing("npm not found: install the Debian packages nodejs and npm")
    lock = (WANTED / "package-lock.json").read_bytes()
    home = env.var_dir() / f"azurite-{hashlib.sha256(lock).hexdigest()[:12]}"
    home.mkdir(parents=True, exist_ok=True)
    with Path(f"{home}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not (home / "ready").exists():
            for name in ("package.json", "package-lock.json"):
                shutil.copy(WANTED / name, home)
            options = ["--ignore-scripts", "--no-audit", "--no-fund", "--omit=optional"]
            done = subprocess.run(
                [npm, "ci", *options], cwd=home, capture_output=True, text=True, check=False
            )
            if done.returncode:
                missing(f"Azurite cannot be installed: {done.stderr.strip()[-300:]}")
            (home / "ready").touch()
    return home


@contextmanager
def running_azurite(state: Path) -> Iterator[tuple[str, Path]]:
    """Its origin, and the certificate to trust. Newer clients name versions of the service that it does not
    know yet; it answers them by what it knows. It asks for tokens as the service does, but reads of them
    only the claims."""
    home, certificate = installed(), make_certificate(state / "azurite.pem", NAME)
    options = ["--inMemoryPersistence", "--blobHost", "127.0.0.1", "--blobPort", "0", "--oauth", "basic"]
    tls = ["--cert", str(certificate), "--key", str(certificate)]
    with subprocess.Popen(
        ["node", str(BLOBS), *options, *tls, "--disableTelemetry", "--skipApiVersionCheck"],
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield f"https://{NAME}:{_port(process)}", certificate
        finally:
            process.terminate()


def _port(process: subprocess.Popen[str]) -> int:
    said = []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        if found := STARTED.search(line):
            return int(found[1])
    raise AssertionError(f"Azurite did not start: {''.join(said)[-1000:]}")
