"""The secrets of a first boot: made once, kept in the state directory, readable by their owner alone."""

from __future__ import annotations

import json
import secrets
import socket
import string
from pathlib import Path

from portal import env
from portal.embedded.paths import read_secret, write_secret

# Issue keys, keep the role, load the demo's objects: each its own key, so that a thief has one of three.
DEMO_LAKE_DUTIES = ("ISSUER", "ADMIN", "LOADER")
KEY_LETTERS = string.ascii_uppercase + "234567"


def make_secret_key(state: Path) -> None:
    if not env.secret_key():
        write_secret(state / "secret-key", secrets.token_urlsafe(64))


def make_demo_password(state: Path) -> None:
    if not env.demo_password():
        write_secret(state / "demo-password", secrets.token_urlsafe(12))


def make_demo_lake(state: Path) -> str:
    """The lake's keys and its address, which is returned.

    Its port is kept: what the portal knows about the lake names it.
    """
    path = state / "demo-lake.json"
    kept: dict[str, str] = json.loads(read_secret(path) or "{}")
    wanted: dict[str, str] = {}
    for duty in DEMO_LAKE_DUTIES:
        wanted |= {f"{duty}_KEY": _key(), f"{duty}_SECRET": secrets.token_urlsafe(30)}
    wanted["PSEUDONYMS"] = secrets.token_urlsafe(32)  # of the demo's organization, for what views mask
    wanted |= kept
    if not is_free(_port_of(wanted)):
        wanted["URL"] = f"http://127.0.0.1:{free_port()}"
    if wanted != kept:
        write_secret(path, json.dumps(wanted))
    return wanted["URL"]


def is_free(port: int) -> bool:
    """Whether a server could listen on a port of the loopback now."""
    if not 0 < port < 65536:
        return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _port_of(kept: dict[str, str]) -> int:
    return int(kept.get("URL", "").rpartition(":")[2] or 0)


def free_port() -> int:
    """A port to listen on, below those that the kernel lends to outgoing connections and might lend again."""
    while True:
        port = 20000 + secrets.randbelow(12000)
        if is_free(port):
            return port


def _key() -> str:
    return "LWDEMO" + "".join(secrets.choice(KEY_LETTERS) for _ in range(14))
