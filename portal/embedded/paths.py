"""Where the embedded servers keep their data and their sockets.

Computed from the state directory alone, so that a command in another terminal finds what `up` started.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import secrets
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

# The kernel's limit is 103 to 107 bytes, and PostgreSQL's lock file adds to the name of its socket.
LONGEST_SOCKET = 100
LONGEST_SOCKET_NAME = len("/postgres/.s.PGSQL.5432.lock")

# Lies in the state directory where the servers' own user cannot get at that directory.
ELSEWHERE = "servers-elsewhere"


class Unusable(Exception):
    """An embedded server cannot be used here, and why."""


@dataclass(frozen=True, kw_only=True)
class Places:
    """`state` is `var/`; `servers` holds binaries and data; `runtime` sockets and nothing that lasts."""

    state: Path
    servers: Path
    runtime: Path

    @property
    def logs(self) -> Path:
        return self.state / "log"

    @property
    def database_sockets(self) -> Path:
        return self.runtime / "postgres"

    @property
    def broker_socket(self) -> Path:
        return self.runtime / "valkey.sock"


def server_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then it runs as nobody. None means: as whoever we are."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def places_of(state: Path) -> Places:
    """The places of a state directory; reads, and changes nothing."""
    state = Path(os.path.abspath(state))  # noqa: PTH100 - resolve() would follow links, whose targets may move
    marker = state / ELSEWHERE
    if marker.exists():
        servers = Path("/var/lib") / f"lakewarden-{marker.read_text().strip()}"
        return Places(state=state, servers=servers, runtime=_short_runtime(state))
    runtime = state / "run"
    is_short = len(os.fsencode(runtime)) + LONGEST_SOCKET_NAME < LONGEST_SOCKET
    return Places(state=state, servers=state, runtime=runtime if is_short else _short_runtime(state))


def make_places(state: Path) -> Places:
    """Create what `places_of` names, closed to other people."""
    make_directory(state)
    user = server_user()
    if user and not (state / ELSEWHERE).exists() and not is_reachable(state, user):
        write_secret(state / ELSEWHERE, secrets.token_hex(8))
    places = places_of(state)
    for directory in (places.servers, places.runtime, places.logs):
        make_directory(directory)
    return places


def make_directory(path: Path, *, owner: pwd.struct_passwd | None = None) -> None:
    """Make a private directory. Given an `owner` it is theirs; root's others may pass through, not read."""
    path.mkdir(parents=True, exist_ok=True)
    found = path.lstat()
    if os.geteuid() == 0:
        if stat.S_ISLNK(found.st_mode) and path.parent == _shared_directory():
            raise Unusable(f"{path} is a link that somebody else may have laid; remove it.")
        if owner:
            os.chown(path, owner.pw_uid, owner.pw_gid)
    elif found.st_uid != os.geteuid():
        raise Unusable(f"{path} belongs to somebody else; remove it or move the state with LAKEWARDEN_VAR.")
    path.chmod(0o711 if os.geteuid() == 0 and owner is None else 0o700)


def is_reachable(path: Path, user: pwd.struct_passwd) -> bool:
    """Whether `user` may pass through every directory down to `path`."""
    real = path.resolve()
    return all(_may_pass(directory.stat(), user) for directory in (real, *real.parents))


def write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner reads; complete or not at all."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{text}\n")
        file.flush()
        os.fsync(descriptor)
    fresh.rename(path)


def read_secret(path: Path) -> str:
    """The text of a secret file; empty where there is none."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return ""


def _short_runtime(state: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(state)).hexdigest()[:12]
    return _shared_directory() / f"lakewarden-{os.geteuid()}-{digest}"


def _shared_directory() -> Path:
    return Path("/run") if os.geteuid() == 0 and sys.platform == "linux" else Path("/tmp")  # noqa: S108


def _may_pass(found: os.stat_result, user: pwd.struct_passwd) -> bool:
    if found.st_uid == user.pw_uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == user.pw_gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)
