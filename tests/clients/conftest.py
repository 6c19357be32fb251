"""The real clients, in an environment of their own, and a lake with something in it that each can read."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.clients.environment import python_of_clients
from tests.credentials.conftest import lake, running_lake, woken  # noqa: F401 - fixtures
from tests.factories.lakes import BUCKET
from tests.lab.ceph import Ceph
from tests.lab.demo_lake import DemoLake

DRIVER = Path(__file__).with_name("driver.py")
PASTED = Path(__file__).with_name("pasted.py")
PATIENCE_SECONDS = 120
INSIDE, OUTSIDE = "ds/a/table/part.parquet", "ds/b/table/part.parquet"
ROWS = 3


@pytest.fixture(scope="session")
def clients() -> Path:
    return python_of_clients()


@pytest.fixture(scope="session")
def table(running_lake: DemoLake) -> DemoLake:  # noqa: F811 - the fixture
    """A Parquet file that is a Delta table too, inside what the grant opens, and the same beside it."""
    content = io.BytesIO()
    pq.write_table(pa.table({"depth": [float(number) for number in range(ROWS)]}), content)
    for key in (INSIDE, OUTSIDE):
        folder = key.rsplit("/", 1)[0]
        running_lake.put(BUCKET, key, content.getvalue())
        running_lake.put(BUCKET, f"{folder}/_delta_log/{0:020}.json", _delta_log(len(content.getvalue())))
    return running_lake


def _delta_log(size: int) -> bytes:
    """The first commit of a table (Delta Transaction Log Protocol, reader version 1)."""
    depth = {"name": "depth", "type": "double", "nullable": True, "metadata": {}}
    actions: list[dict[str, object]] = [
        {"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}},
        {
            "metaData": {
                "id": "6f1b7a3e-0000-4000-8000-000000000001",
                "format": {"provider": "parquet", "options": {}},
                "schemaString": json.dumps({"type": "struct", "fields": [depth]}),
                "partitionColumns": [],
                "configuration": {},
                "createdTime": 0,
            }
        },
        {
            "add": {
                "path": "part.parquet",
                "partitionValues": {},
                "size": size,
                "modificationTime": 0,
                "dataChange": True,
            }
        },
    ]
    return "\n".join(json.dumps(action) for action in actions).encode()


def table_folder(at: DemoLake | Ceph, bucket: str, prefix: str) -> None:
    """A folder of Parquet with one below and a file of another kind; the upper one is a Delta table too."""
    content = io.BytesIO()
    pq.write_table(pa.table({"depth": [float(number) for number in range(ROWS)]}), content)
    for name in ("part.parquet", "deep/part.parquet"):
        at.put(bucket, f"{prefix}{name}", content.getvalue())
    at.put(bucket, f"{prefix}notes.txt", b"words")
    at.put(bucket, f"{prefix}_delta_log/{0:020}.json", _delta_log(len(content.getvalue())))


def expected_of(prefix: str) -> dict[str, str]:
    """What code of each library comes to in such a folder."""
    names = ("_delta_log/00000000000000000000.json", "deep/part.parquet", "notes.txt", "part.parquet")
    keys = [f"{prefix}{name}" for name in names]
    every = f"{2 * ROWS} rows"
    return {
        "boto3": str(keys),
        "pandas": every,
        "pyarrow": every,
        "duckdb": every,
        "polars": every,
        "deltalake": f"{ROWS} rows",
        "cli": " ".join(keys),
    }


def pasted(command: list[str], code: dict[str, str], environment: dict[str, str]) -> dict[str, str]:
    """What came of code that was pasted, by `pasted.py` behind the command."""
    done = subprocess.run(
        [*command, str(PASTED)],
        input=json.dumps(code),
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-1000:]
    told: dict[str, str] = json.loads(done.stdout)
    return told


def bare(home: Path, **more: str) -> dict[str, str]:
    """An environment with nothing of this process but where programs lie."""
    return {"PATH": "/usr/bin:/bin", "HOME": str(home), "AWS_EC2_METADATA_DISABLED": "true", **more}


@dataclass
class Program:
    """A client that lives from question to question."""

    name: str
    process: subprocess.Popen[str]

    def read(self, key: str, bucket: str = BUCKET) -> str:
        """`read` and a size, or `refused` and what was said."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{bucket} {key}\n")
        self.process.stdin.flush()
        return self.said()

    def said(self) -> str:
        """What it answers; of one that has died, what it left behind."""
        assert self.process.stdout is not None and self.process.stderr is not None
        line = self.process.stdout.readline().strip()
        return line or f"died: {self.process.stderr.read()[-500:]}"


@contextmanager
def program(clients: Path, name: str, environment: dict[str, str]) -> Iterator[Program]:
    with subprocess.Popen(
        [str(clients), str(DRIVER), name],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Program(name=name, process=process)
        finally:
            process.kill()
