"""The libraries of Azure and Google, as they are: code that the portal shows, and keys that renew themselves.

The portal is a stand-in here, which gives the keys that the adapters make; Azure is its emulator where that
knows what is asked, else the stand-ins of the clouds.
"""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from apps.lakes.providers.azure.sas import VERSION
from apps.lakes.providers.contract import ConnectionSpec, Issued
from apps.lakes.providers.registry import TRAITS
from apps.lakes.providers.traits import FreshKey, Unattended
from apps.lakes.providers.web import ask
from portal import env
from tests.clients.conftest import Program
from tests.eventually import eventually
from tests.lab.azure import ACCOUNT, AzureHouse, running_azure
from tests.lab.cloud import Answer, Asked, serving
from tests.lab.google import GoogleHouse, running_google
from tests.lakes.conftest import BUCKET, INSIDE, OTHER_BUCKET, spec_for
from tests.lakes.test_azurite import Emulator, emulator, started, token  # noqa: F401 - fixtures

pytestmark = pytest.mark.lake
DUCKDB = """import duckdb, duckdb_extension_azure
from pathlib import Path

database = duckdb.connect()
(extension,) = Path(duckdb_extension_azure.__path__[0]).rglob("*.duckdb_extension")
database.load_extension(str(extension))
database.execute("SET azure_transport_option_type = 'curl'")
print(len(database.execute({statements!r}).fetchall()))"""
TOKEN = "token of a scientist"
KEY_LIVES_SECONDS = 4
FOLDER = "ds/a/"


@dataclass
class Portal:
    """Knows one asset and one grant, and gives what `made` makes."""

    made: Callable[[], tuple[dict[str, str], datetime]]
    asset_id: str = field(default_factory=lambda: str(uuid4()))
    gives: bool = True
    keys: int = 0

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return _refusal(401, "TOKEN")
        if asked.path.endswith(f"/assets/{self.asset_id}"):
            return _told({"id": self.asset_id, "name": "Well logs", "kind": "dataset"})
        if asked.method == "GET":
            ends = [datetime.now(UTC) + timedelta(days=days) for days in (1, 9)]
            rows = [{"id": f"grant-{at.day}", "not_after": at.isoformat()} for at in ends]
            assert asked.query == {"asset": self.asset_id, "state": "active"}
            return _told({"results": rows if self.gives else [], "next": None})
        assert asked.path == f"/api/v1/grants/grant-{(datetime.now(UTC) + timedelta(days=9)).day}/credentials"
        self.keys += 1
        parts, expires_at = self.made()
        return _told({"parts": parts, "expires_at": expires_at.isoformat()})


def _told(document: object) -> Answer:
    return 200, json.dumps(document).encode()


def _refusal(status: int, code: str) -> Answer:
    return status, json.dumps({"code": code, "detail": "words", "reasons": []}).encode()


def environment(portal: str, home: Path, **more: str) -> dict[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(home),
        "PYTHONPATH": str(env.ROOT / "client"),
        "LAKEWARDEN_URL": portal,
        "LAKEWARDEN_TOKEN": TOKEN,
        "NO_PROXY": "127.0.0.1,localhost",
        **more,
    }


@contextmanager
def program(clients: Path, told: dict[str, str], *words: str) -> Iterator[Program]:
    driver = str(Path(__file__).with_name("clouds.py"))
    with subprocess.Popen(
        [str(clients), driver, *words],
        env=told,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Program(name=words[0], process=process)
        finally:
            process.kill()


@pytest.fixture
def google(settings: Any) -> Iterator[GoogleHouse]:
    with running_google() as house:
        house.buckets = {BUCKET: {INSIDE: b"x"}, OTHER_BUCKET: {INSIDE: b"x"}}
        settings.LAKES_ON_LOOPBACK = True
        settings.OUTBOUND_INSIDE = [house.origin]
        yield house


@pytest.fixture
def azure(settings: Any) -> Iterator[AzureHouse]:
    with running_azure() as house:
        house.containers = {BUCKET: {INSIDE: b"x"}, OTHER_BUCKET: {}}
        settings.LAKES_ON_LOOPBACK = True
        settings.OUTBOUND_INSIDE = [house.origin]
        yield house


# --- keys that renew themselves --------------------------------------------------------------------


def test_keys_of_a_cloud_renew_themselves_until_the_portal_gives_no_more(
    clients: Path,
    emulator: Emulator,  # noqa: F811 - the fixture
    google: GoogleHouse,
    settings: Any,
    tmp_path: Path,
) -> None:
    """Both at once: what takes time is waiting for a key to end."""
    settings.OUTBOUND_INSIDE = [emulator.origin, emulator.tenant, google.origin]

    def of_azure() -> tuple[dict[str, str], datetime]:
        ends_at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=KEY_LIVES_SECONDS)
        return {"sas_token": emulator.asker(expiry=ends_at).signatures[0]}, ends_at

    def of_google() -> tuple[dict[str, str], datetime]:
        spec = spec_for(google.connection(), FOLDER, ttl=KEY_LIVES_SECONDS)
        issued = google.provider().issue(spec)
        return dict(issued.secret.reveal()), issued.expires_at

    where = {
        "azure": (f"{emulator.origin}/devstoreaccount1", of_azure, str(emulator.trust)),
        "google": (google.origin, of_google, ""),
    }
    with ExitStack() as stack:
        portals, running = [], []
        for name, (address, made, certificate) in where.items():
            portal = Portal(made=made)
            origin = stack.enter_context(serving(portal.answer))
            words = [name, address, portal.asset_id, *([certificate] if certificate else [])]
            portals.append(portal)
            running.append(stack.enter_context(program(clients, environment(origin, tmp_path), *words)))
        assert [each.said() for each in running] == ["ready", "ready"]
        assert [each.read(INSIDE, BUCKET) for each in running] == ["read 1", "read 1"]
        for each in running:
            assert each.read(INSIDE, OTHER_BUCKET).startswith("refused "), each.name
        first = datetime.now(UTC)
        eventually(lambda: datetime.now(UTC) > first + timedelta(seconds=KEY_LIVES_SECONDS), within=30)
        assert [each.read(INSIDE, BUCKET) for each in running] == ["read 1", "read 1"]
        assert all(portal.keys >= 2 for portal in portals)
        for portal in portals:
            portal.gives = False
        second = datetime.now(UTC)
        eventually(lambda: datetime.now(UTC) > second + timedelta(seconds=KEY_LIVES_SECONDS), within=30)
        for each in running:
            assert "You have no access to it now" in each.read(INSIDE, BUCKET), each.name


# --- code that is shown ----------------------------------------------------------------------------


def shown(connection: ConnectionSpec, issued: Issued, name: str) -> str:
    """A snippet of a fresh key."""
    traits = TRAITS[connection.flavor]
    key = FreshKey(
        parts=issued.secret.reveal(),
        connection=connection,
        bucket=BUCKET,
        prefix=FOLDER,
        place=traits.place(connection.endpoint, BUCKET, FOLDER),
    )
    return next(each.text for each in traits.snippets(key) if each.id == name)


def unattended(connection: ConnectionSpec, asset_id: str) -> str:
    traits = TRAITS[connection.flavor]
    place = traits.place(connection.endpoint, BUCKET, FOLDER)
    assert traits.renewed is not None
    return traits.renewed(
        Unattended(connection=connection, bucket=BUCKET, prefix=FOLDER, place=place, asset_id=asset_id)
    )


def ran(clients: Path, code: str, told: dict[str, str]) -> str:
    """What the code prints, as it stands on the page."""
    done = subprocess.run(
        [str(clients), "-c", code], env=told, capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout.strip() or done.stderr.strip()[-400:]


def test_code_for_azure_lists_what_the_key_opens(clients: Path, azure: AzureHouse, tmp_path: Path) -> None:
    """The library asks the address of the hierarchy, for which the stand-in checks the signature."""
    connection, issue = (
        azure.connection(),
        lambda: azure.provider().issue(spec_for(azure.connection(), FOLDER)),
    )

    def hierarchy(asked: Asked) -> Answer:
        if asked.query.get("resource") != "filesystem":
            return azure.answer(asked)
        container = asked.path.removeprefix(f"/{ACCOUNT}/")
        if azure._why_refused(asked.query, container, f"{asked.query['directory']}/x", "l"):
            return 403, b"{}"
        return _told({"paths": [{"name": name} for name in azure.containers[container]]})

    with serving(hierarchy) as origin:
        moved = azure.connection(endpoint=origin)
        address = f"{origin}/{ACCOUNT}"

        def made() -> tuple[dict[str, str], datetime]:
            issued = issue()
            return {**issued.secret.reveal(), "account_url": address}, issued.expires_at

        portal = Portal(made=made)
        with serving(portal.answer) as at:
            told = environment(at, tmp_path)
            parts, _ends_at = made()
            fresh = shown(connection, issue(), "datalake").replace(
                f"{azure.origin}/{ACCOUNT}", parts["account_url"]
            )
            assert ran(clients, fresh, told) == str([INSIDE])
            assert ran(clients, unattended(moved, portal.asset_id), told) == str([INSIDE])
            elsewhere = fresh.replace(f"'{FOLDER.removesuffix('/')}'", "'ds/b'")
            assert "[" not in ran(clients, elsewhere, told)[:1]


def test_code_for_azure_reads_a_table(
    clients: Path,
    emulator: Emulator,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    """pandas over adlfs, and DuckDB, which take a container where a key of the house opens a directory."""
    connection, content = emulator.connection(), io.BytesIO()
    pq.write_table(pa.table({"depth": [1.0, 2.0, 3.0]}), content)
    address = f"{emulator.origin}/devstoreaccount1"
    headers = {"Authorization": f"Bearer {token()}", "x-ms-version": VERSION, "x-ms-blob-type": "BlockBlob"}
    for folder in (FOLDER, "ds/b/"):
        place = f"{address}/{BUCKET}/{folder}table.parquet"
        assert ask("put", place, method="PUT", body=content.getvalue(), headers=headers).is_good
    key = FreshKey(
        parts={"account_url": address, "sas_token": emulator.asker().signatures[0]},
        connection=connection,
        bucket=BUCKET,
        prefix=FOLDER,
        place=f"az://{BUCKET}/{FOLDER}table.parquet",
    )
    code = {each.id: each.text for each in TRAITS[connection.flavor].snippets(key)}
    trusting = dict.fromkeys(("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_INFO"), str(emulator.trust))
    told = environment("", tmp_path, **trusting)
    assert ran(clients, f"{code['pandas']}\nprint(len(frame))", told) == "3"
    _install, _line, statements = code["duckdb"].partition("\n")
    assert ran(clients, DUCKDB.format(statements=statements), told) == "3"
    other = code["pandas"].replace(f"az://{BUCKET}", f"az://{OTHER_BUCKET}")
    assert ran(clients, f"{other}\nprint(len(frame))", told) != "3"


def test_code_for_google_lists_what_the_key_opens(clients: Path, google: GoogleHouse, tmp_path: Path) -> None:
    """The library asks in JSON, for which the stand-in looks at the boundary of the token."""
    connection = google.connection()

    def objects(asked: Asked) -> Answer:
        bucket = asked.path.removeprefix("/storage/v1/b/").removesuffix("/o")
        given = google.tokens.get(asked.headers.get("authorization", "").removeprefix("Bearer "))
        if given is None or not google._opens(given, bucket, asked.query["prefix"], True, False):
            return 403, b"{}"
        return _told({"items": [{"name": name, "bucket": bucket} for name in google.buckets[bucket]]})

    def made() -> tuple[dict[str, str], datetime]:
        issued = google.provider().issue(spec_for(connection, FOLDER))
        return dict(issued.secret.reveal()), issued.expires_at

    portal = Portal(made=made)
    with serving(objects) as storage, serving(portal.answer) as at:
        told = environment(at, tmp_path, STORAGE_EMULATOR_HOST=storage)
        fresh = shown(connection, google.provider().issue(spec_for(connection, FOLDER)), "storage")
        assert ran(clients, fresh, told) == str([INSIDE])
        assert ran(clients, unattended(connection, portal.asset_id), told) == str([INSIDE])
        elsewhere = fresh.replace(f"'{FOLDER}'", "'ds/b/'")
        assert "403" in ran(clients, elsewhere, told)
