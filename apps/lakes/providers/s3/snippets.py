"""A fresh key of S3 as code one can paste."""

from __future__ import annotations

import shlex

from django.utils.translation import gettext_lazy as _

from apps.lakes.providers.quoting import exports, sql
from apps.lakes.providers.traits import FreshKey, Snippet


def snippets_of(key: FreshKey) -> tuple[Snippet, ...]:
    return (
        Snippet(id="boto3", name="boto3", text=_boto3(key)),
        Snippet(id="pandas", name="pandas", text=_pandas(key)),
        Snippet(id="pyarrow", name="pyarrow", text=_pyarrow(key)),
        Snippet(id="duckdb", name="DuckDB", text=_duckdb(key)),
        Snippet(id="polars", name="Polars", text=_polars(key)),
        Snippet(
            id="cli", name="AWS CLI", text=f"{_env(key)}\naws s3 ls --recursive {shlex.quote(key.place)}"
        ),
        Snippet(id="env", name=_("Environment variables"), text=_env(key)),
    )


def _boto3(key: FreshKey) -> str:
    return f"""import boto3

s3 = boto3.client(
    "s3",
    endpoint_url={key.connection.endpoint!r},
    region_name={key.connection.region!r},
    aws_access_key_id={key.parts["access_key_id"]!r},
    aws_secret_access_key={key.parts["secret_access_key"]!r},
    aws_session_token={key.parts["session_token"]!r},
)
listed = s3.list_objects_v2(Bucket={key.bucket!r}, Prefix={key.prefix!r})
print([each["Key"] for each in listed["Contents"]])"""


def _pandas(key: FreshKey) -> str:
    address = {"endpoint_url": key.connection.endpoint, "region_name": key.connection.region}
    return f"""import pandas as pd

frame = pd.read_parquet(
    {key.place!r},
    storage_options={{
        "key": {key.parts["access_key_id"]!r},
        "secret": {key.parts["secret_access_key"]!r},
        "token": {key.parts["session_token"]!r},
        "client_kwargs": {address!r},
    }},
)"""


def _pyarrow(key: FreshKey) -> str:
    scheme, _separator, host = key.connection.endpoint.partition("://")
    return f"""import pyarrow.dataset as ds
from pyarrow.fs import S3FileSystem

lake = S3FileSystem(
    endpoint_override={host!r},
    scheme={scheme!r},
    region={key.connection.region!r},
    access_key={key.parts["access_key_id"]!r},
    secret_key={key.parts["secret_access_key"]!r},
    session_token={key.parts["session_token"]!r},
)
table = ds.dataset({f"{key.bucket}/{key.prefix}"!r}, filesystem=lake).to_table()"""


def _duckdb(key: FreshKey) -> str:
    scheme, _separator, host = key.connection.endpoint.partition("://")
    return f"""INSTALL httpfs; LOAD httpfs;
CREATE SECRET lake (
    TYPE s3,
    KEY_ID {sql(key.parts["access_key_id"])},
    SECRET {sql(key.parts["secret_access_key"])},
    SESSION_TOKEN {sql(key.parts["session_token"])},
    ENDPOINT {sql(host)},
    REGION {sql(key.connection.region)},
    URL_STYLE 'path',
    USE_SSL {str(scheme == "https").lower()}
);
SELECT * FROM read_parquet({sql(f"{key.place}*.parquet")}) LIMIT 10;"""  # noqa: S608 - shown, not run


def _polars(key: FreshKey) -> str:
    return f"""import polars as pl

frame = pl.scan_parquet(
    {f"{key.place}*.parquet"!r},
    storage_options={{
        "aws_access_key_id": {key.parts["access_key_id"]!r},
        "aws_secret_access_key": {key.parts["secret_access_key"]!r},
        "aws_session_token": {key.parts["session_token"]!r},
        "aws_endpoint_url": {key.connection.endpoint!r},
        "aws_region": {key.connection.region!r},
        "aws_allow_http": "true",
    }},
).collect()"""


def _env(key: FreshKey) -> str:
    values = {
        "AWS_ACCESS_KEY_ID": key.parts["access_key_id"],
        "AWS_SECRET_ACCESS_KEY": key.parts["secret_access_key"],
        "AWS_SESSION_TOKEN": key.parts["session_token"],
        "AWS_ENDPOINT_URL": key.connection.endpoint,
        "AWS_DEFAULT_REGION": key.connection.region,
    }
    return exports(values)
