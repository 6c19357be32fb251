"""A fresh key of S3 as code one can paste."""

from __future__ import annotations

import shlex

from django.utils.translation import gettext_lazy as _

from apps.lakes.providers.quoting import exports, sql
from apps.lakes.providers.s3.reading import (
    listed_by_boto3,
    options_of_arrow,
    read_by_duckdb,
    read_by_pandas,
    read_by_polars,
    read_by_pyarrow,
    secret_of_duckdb,
)
from apps.lakes.providers.s3.surroundings import is_plain, surroundings, wants_no_trailer
from apps.lakes.providers.traits import FreshKey, Snippet

CHECKSUMS = """import os

os.environ["AWS_REQUEST_CHECKSUM_CALCULATION"] = "WHEN_REQUIRED"  # this lake refuses others when you write
"""


def snippets_of(key: FreshKey) -> tuple[Snippet, ...]:
    first = f"{CHECKSUMS}\n" if wants_no_trailer(key.connection) else ""
    listing = f"aws s3 ls --recursive {shlex.quote(key.place)}"
    return (
        Snippet(id="boto3", name="boto3", text=first + _boto3(key)),
        Snippet(id="pandas", name="pandas", text=first + _pandas(key)),
        Snippet(id="pyarrow", name="pyarrow", text=first + _pyarrow(key)),
        Snippet(id="duckdb", name="DuckDB", text=_duckdb(key)),
        Snippet(id="polars", name="Polars", text=_polars(key)),
        Snippet(id="deltalake", name="delta-rs", text=_delta_rs(key)),
        Snippet(id="cli", name="AWS CLI", text=f"{_env(key)}\n{listing}"),
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
{listed_by_boto3(key.bucket, key.prefix)}"""


def _pandas(key: FreshKey) -> str:
    address = {"endpoint_url": key.connection.endpoint, "region_name": key.connection.region}
    return f"""import pandas as pd
import s3fs

lake = s3fs.S3FileSystem(
    key={key.parts["access_key_id"]!r},
    secret={key.parts["secret_access_key"]!r},
    token={key.parts["session_token"]!r},
    client_kwargs={address!r},
)
{read_by_pandas(key.bucket, key.prefix)}"""


def _pyarrow(key: FreshKey) -> str:
    return f"""import pyarrow.dataset as ds
from pyarrow.fs import FileSelector, S3FileSystem

lake = S3FileSystem(
{options_of_arrow(key.connection)}
    access_key={key.parts["access_key_id"]!r},
    secret_key={key.parts["secret_access_key"]!r},
    session_token={key.parts["session_token"]!r},
)
{read_by_pyarrow(key.bucket, key.prefix)}"""


def _duckdb(key: FreshKey) -> str:
    return f"""INSTALL httpfs; LOAD httpfs;
CREATE SECRET lake (
    TYPE s3,
    KEY_ID {sql(key.parts["access_key_id"])},
    SECRET {sql(key.parts["secret_access_key"])},
    SESSION_TOKEN {sql(key.parts["session_token"])},
{secret_of_duckdb(key.connection)}
);
{read_by_duckdb(key.place)}"""


def _polars(key: FreshKey) -> str:
    return f"""import polars as pl

{read_by_polars(key.place, _options(key))}"""


def _delta_rs(key: FreshKey) -> str:
    return f"""from deltalake import DeltaTable

table = DeltaTable(
    {key.place!r},
    storage_options={_options(key)},
)
frame = table.to_pandas()"""


def _options(key: FreshKey) -> str:
    """As libraries on object_store take them."""
    plain = '\n        "aws_allow_http": "true",' if is_plain(key.connection) else ""
    return f"""{{
        "aws_access_key_id": {key.parts["access_key_id"]!r},
        "aws_secret_access_key": {key.parts["secret_access_key"]!r},
        "aws_session_token": {key.parts["session_token"]!r},
        "aws_endpoint_url": {key.connection.endpoint!r},
        "aws_region": {key.connection.region!r},{plain}
    }}"""


def _env(key: FreshKey) -> str:
    return exports(
        {
            "AWS_ACCESS_KEY_ID": key.parts["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": key.parts["secret_access_key"],
            "AWS_SESSION_TOKEN": key.parts["session_token"],
            **surroundings(key.connection),
        }
    )
