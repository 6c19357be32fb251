"""A real demo lake process for the suites: start it, load it, restart it, end it. Nothing here sleeps."""

from __future__ import annotations

import os
import secrets
import select
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from apps.lakes.prefix import BucketName, StorageRoot
from apps.lakes.providers.contract import ConnectionSpec, Flavor
from apps.lakes.providers.keyring import EnvironmentSecrets
from apps.lakes.providers.s3 import S3Provider
from tests.lab.clients import plain_client

ROOT = Path(__file__).resolve().parents[2]
ROLE_ARN = "arn:aws:iam::000000000000:role/lakewarden-demo"
ISSUER_ARN = "arn:aws:iam::000000000000:user/issuer"
DEADLINE_SECONDS = 20


@dataclass
class DemoLake:
    """A running lake. `environment` holds its six key variables and nothing else."""

    state: Path
    environment: Mapping[str, str] = field(repr=False)
    external_id: str
    process: subprocess.Popen[str] | None = None
    endpoint: str = ""

    @property
    def port(self) -> int:
        return int(self.endpoint.rsplit(":", 1)[1])

    @property
    def secrets(self) -> EnvironmentSecrets:
        return EnvironmentSecrets(self.environment)

    def provider(self) -> S3Provider:
        return S3Provider(self.secrets)

    def connection(self, *roots: StorageRoot, **changes: Any) -> ConnectionSpec:
        values: dict[str, Any] = {
            "flavor": Flavor.DEMO,
            "endpoint": self.endpoint,
            "region": "us-east-1",
            "role_arn": ROLE_ARN,
            "external_id": self.external_id,
            "secret_ref": "DEMO",
            "roots": roots or tuple(StorageRoot(bucket=BucketName(text=name)) for name in self.buckets()),
        }
        return ConnectionSpec(**{**values, **changes})

    def client(self, service: str, duty: str) -> Any:
        """A plain boto3 client with one of the standing keys: `ISSUER`, `ADMIN` or `LOADER`."""
        key = self.environment[f"LAKEWARDEN_DEMO_LAKE_{duty}_KEY"]
        secret = self.environment[f"LAKEWARDEN_DEMO_LAKE_{duty}_SECRET"]
        return self.client_of(service, key, secret)

    def session_client(self, parts: Mapping[str, str], service: str = "s3") -> Any:
        """A plain boto3 client with a key that was issued."""
        return self.client_of(
            service, parts["access_key_id"], parts["secret_access_key"], parts["session_token"]
        )

    def client_of(self, service: str, key: str, secret: str, token: str | None = None) -> Any:
        return plain_client(service, self.endpoint, key, secret, token)

    def buckets(self) -> list[str]:
        return [bucket["Name"] for bucket in self.client("s3", "LOADER").list_buckets()["Buckets"]]

    def make_bucket(self, name: str) -> None:
        if name not in self.buckets():
            self.client("s3", "LOADER").create_bucket(Bucket=name)

    def put(self, bucket: str, key: str, body: bytes) -> None:
        self.client("s3", "LOADER").put_object(Bucket=bucket, Key=key, Body=body)

    def prepare_role(self, connection: ConnectionSpec) -> None:
        self.provider().prepare_role(connection, issuer_arn=ISSUER_ARN)

    def start(self, port: int = 0) -> None:
        module = [sys.executable, "-m", "portal.embedded.lake"]
        self.process = subprocess.Popen(
            [*module, "--port", str(port), "--state", str(self.state)],
            cwd=ROOT,
            env={"PATH": os.environ.get("PATH", ""), **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.endpoint = _ready_line(self.process).removeprefix("ready ")

    def stop(self) -> int:
        """Ends the process by SIGTERM; returns its exit code."""
        if self.process is None:
            return 0
        process, self.process = self.process, None
        process.terminate()
        try:
            process.communicate(timeout=DEADLINE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        return process.returncode

    def restart(self) -> None:
        """Ends the process and starts it again on the same state and port."""
        port = self.port
        self.stop()
        self.start(port)


@contextmanager
def running_demo_lake(state: Path) -> Iterator[DemoLake]:
    """A lake on a free port with random keys; the process ends with the block."""
    lake = DemoLake(state=state, environment=random_keys(), external_id=secrets.token_hex(8))
    lake.start()
    try:
        yield lake
    finally:
        lake.stop()


def random_keys() -> dict[str, str]:
    names = [f"LAKEWARDEN_DEMO_LAKE_{duty}" for duty in ("ISSUER", "ADMIN", "LOADER")]
    return {
        f"{name}_{part}": value
        for name in names
        for part, value in (
            ("KEY", "AKIA" + secrets.token_hex(8).upper()),
            ("SECRET", secrets.token_urlsafe(30)),
        )
    }


def _ready_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    assert process.stderr is not None
    ends_at = monotonic() + DEADLINE_SECONDS
    while monotonic() < ends_at and process.poll() is None:
        if select.select([process.stdout], [], [], 0.1)[0]:
            line: str = process.stdout.readline().strip()
            if line.startswith("ready "):
                return line
    process.kill()
    _, errors = process.communicate()
    raise AssertionError(f"The demo lake did not start: {errors}")
