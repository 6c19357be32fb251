"""A fresh key as code one can paste. Every value is quoted by the rules of the language it stands in."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

TOKEN_FILE = "/run/secrets/lakewarden-token"  # noqa: S105 - a place, not a token
"""Where the snippet says that the token lies; an example, to be changed by whoever pastes it."""


@dataclass(frozen=True, kw_only=True)
class Snippet:
    id: str
    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Key:
    """The parts of a key and the place it opens."""

    access_key_id: str
    secret_access_key: str
    session_token: str
    endpoint: str
    region: str
    bucket: str
    prefix: str

    @property
    def place(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}"


def key_of(credential: Any, scope: Any) -> Key:
    lake = credential.lease.lake
    parts = credential.secret.reveal()
    return Key(
        access_key_id=parts["access_key_id"],
        secret_access_key=parts["secret_access_key"],
        session_token=parts["session_token"],
        endpoint=lake.endpoint,
        region=lake.region,
        bucket=scope.bucket,
        prefix=scope.prefix,
    )


def snippets_of(key: Key) -> tuple[Snippet, ...]:
    return (
        Snippet(id="boto3", name="boto3", text=_boto3(key)),
        Snippet(id="pandas", name="pandas", text=_pandas(key)),
        Snippet(id="pyarrow", name="pyarrow", text=_pyarrow(key)),
        Snippet(id="duckdb", name="DuckDB", text=_duckdb(key)),
        Snippet(id="polars", name="Polars", text=_polars(key)),
        Snippet(
            id="cli", name="AWS CLI", text=f"{_env(key)}\naws s3 ls --recursive {shlex.quote(key.place)}"
        ),
        Snippet(id="env", name="Environment variables", text=_env(key)),
    )


def program_of(grant: Any) -> str:
    """How a program takes keys by the grant itself, and refreshes them; empty where the version lies nowhere.

    The token's file is read anew at every refresh: a token can be exchanged beneath a running program.
    """
    location = grant.version.location
    if location is None:
        return ""
    address = f"{settings.PUBLIC_URL}{reverse('outside:container-credentials-detail')}"
    values = {
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{address}?grant={grant.uid}",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": TOKEN_FILE,
        "AWS_ENDPOINT_URL": location.lake.endpoint,
        "AWS_DEFAULT_REGION": location.lake.region,
    }
    if location.lake.endpoint.startswith("http://"):
        values["AWS_ALLOW_HTTP"] = "true"  # Polars and delta-rs otherwise want TLS
    return _exports(values)


def _boto3(key: Key) -> str:
    return f"""import boto3

s3 = boto3.client(
    "s3",
    endpoint_url={key.endpoint!r},
    region_name={key.region!r},
    aws_access_key_id={key.access_key_id!r},
    aws_secret_access_key={key.secret_access_key!r},
    aws_session_token={key.session_token!r},
)
listed = s3.list_objects_v2(Bucket={key.bucket!r}, Prefix={key.prefix!r})
print([each["Key"] for each in listed["Contents"]])"""


def _pandas(key: Key) -> str:
    return f"""import pandas as pd

frame = pd.read_parquet(
    {key.place!r},
    storage_options={{
        "key": {key.access_key_id!r},
        "secret": {key.secret_access_key!r},
        "token": {key.session_token!r},
        "client_kwargs": {{"endpoint_url": {key.endpoint!r}, "region_name": {key.region!r}}},
    }},
)"""


def _pyarrow(key: Key) -> str:
    scheme, _separator, host = key.endpoint.partition("://")
    return f"""import pyarrow.dataset as ds
from pyarrow.fs import S3FileSystem

lake = S3FileSystem(
    endpoint_override={host!r},
    scheme={scheme!r},
    region={key.region!r},
    access_key={key.access_key_id!r},
    secret_key={key.secret_access_key!r},
    session_token={key.session_token!r},
)
table = ds.dataset({f"{key.bucket}/{key.prefix}"!r}, filesystem=lake).to_table()"""


def _duckdb(key: Key) -> str:
    scheme, _separator, host = key.endpoint.partition("://")
    return f"""INSTALL httpfs; LOAD httpfs;
CREATE SECRET lake (
    TYPE s3,
    KEY_ID {_sql(key.access_key_id)},
    SECRET {_sql(key.secret_access_key)},
    SESSION_TOKEN {_sql(key.session_token)},
    ENDPOINT {_sql(host)},
    REGION {_sql(key.region)},
    URL_STYLE 'path',
    USE_SSL {str(scheme == "https").lower()}
);
SELECT * FROM read_parquet({_sql(f"{key.place}*.parquet")}) LIMIT 10;"""  # noqa: S608 - shown, not run


def _polars(key: Key) -> str:
    return f"""import polars as pl

frame = pl.scan_parquet(
    {f"{key.place}*.parquet"!r},
    storage_options={{
        "aws_access_key_id": {key.access_key_id!r},
        "aws_secret_access_key": {key.secret_access_key!r},
        "aws_session_token": {key.session_token!r},
        "aws_endpoint_url": {key.endpoint!r},
        "aws_region": {key.region!r},
        "aws_allow_http": "true",
    }},
).collect()"""


def _env(key: Key) -> str:
    values = {
        "AWS_ACCESS_KEY_ID": key.access_key_id,
        "AWS_SECRET_ACCESS_KEY": key.secret_access_key,
        "AWS_SESSION_TOKEN": key.session_token,
        "AWS_ENDPOINT_URL": key.endpoint,
        "AWS_DEFAULT_REGION": key.region,
    }
    return _exports(values)


def _exports(values: Mapping[str, str]) -> str:
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in values.items())


def _sql(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
