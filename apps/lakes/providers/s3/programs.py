"""Code of programs that take their keys themselves: no key in it, only what the environment cannot say.

Each library here takes another key before one ends. DuckDB does where it is told to; the libraries in Rust
(Polars, delta-rs) where the token lies in a file.
"""

from __future__ import annotations

import shlex

from apps.lakes.providers.s3.reading import (
    listed_by_boto3,
    options_of_arrow,
    read_by_duckdb,
    read_by_pandas,
    read_by_polars,
    read_by_pyarrow,
    secret_of_duckdb,
)
from apps.lakes.providers.traits import Snippet, Unattended


def programs_of(at: Unattended) -> tuple[Snippet, ...]:
    return (
        Snippet(id="boto3", name="boto3", text=_boto3(at)),
        Snippet(id="pandas", name="pandas", text=_pandas(at)),
        Snippet(id="pyarrow", name="pyarrow", text=_pyarrow(at)),
        Snippet(id="duckdb", name="DuckDB", text=_duckdb(at)),
        Snippet(id="polars", name="Polars", text=f"import polars as pl\n\n{read_by_polars(at.place)}"),
        Snippet(id="deltalake", name="delta-rs", text=_delta_rs(at)),
        Snippet(id="cli", name="AWS CLI", text=f"aws s3 ls --recursive {shlex.quote(at.place)}"),
    )


def _boto3(at: Unattended) -> str:
    return f"""import boto3

s3 = boto3.client("s3")
{listed_by_boto3(at.bucket, at.prefix)}"""


def _pandas(at: Unattended) -> str:
    return f"""import pandas as pd
import s3fs

lake = s3fs.S3FileSystem()
{read_by_pandas(at.bucket, at.prefix)}"""


def _pyarrow(at: Unattended) -> str:
    return f"""import pyarrow.dataset as ds
from pyarrow.fs import FileSelector, S3FileSystem

lake = S3FileSystem(
{options_of_arrow(at.connection)}
)
{read_by_pyarrow(at.bucket, at.prefix)}"""


def _duckdb(at: Unattended) -> str:
    return f"""INSTALL httpfs; LOAD httpfs; INSTALL aws; LOAD aws;
CREATE SECRET lake (
    TYPE s3,
    PROVIDER credential_chain,
    REFRESH auto,
{secret_of_duckdb(at.connection)}
);
{read_by_duckdb(at.place)}"""


def _delta_rs(at: Unattended) -> str:
    return f"""from deltalake import DeltaTable

frame = DeltaTable({at.place!r}).to_pandas()"""
