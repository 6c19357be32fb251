"""One client of a lake, in the environment of the clients: `driver.py CLIENT` reads what it is told to.

A line `BUCKET KEY` of standard input is answered by `read SIZE`, or by `refused` and what the client said.
The client lives for as long as the lines come, so that what it keeps of a key is kept from line to line.
Nothing of the project is imported here.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

Read = Callable[[str, str], int]
ENDPOINT = os.environ.get("AWS_ENDPOINT_URL", "")
REGION = os.environ.get("AWS_DEFAULT_REGION", "")
SCHEME, _separator, HOST = ENDPOINT.partition("://")


def with_boto3() -> Read:
    import boto3

    client = boto3.client("s3")
    return lambda bucket, key: len(client.get_object(Bucket=bucket, Key=key)["Body"].read())


def with_aws_cli() -> Read:
    command = str(Path(sys.executable).with_name("aws"))

    def read(bucket: str, key: str) -> int:
        done = subprocess.run(
            [command, "s3", "cp", f"s3://{bucket}/{key}", "-"], capture_output=True, check=False
        )
        if done.returncode:
            raise OSError(done.stderr.decode().strip())
        return len(done.stdout)

    return read


def with_s3fs() -> Read:
    import s3fs

    files = s3fs.S3FileSystem(skip_instance_cache=True, use_listings_cache=False)
    return lambda bucket, key: len(files.cat_file(f"{bucket}/{key}"))


def with_pandas() -> Read:
    import pandas

    return lambda bucket, key: len(pandas.read_parquet(f"s3://{bucket}/{key}"))


def with_pyarrow() -> Read:
    from pyarrow.fs import S3FileSystem

    files = S3FileSystem(endpoint_override=HOST, scheme=SCHEME, region=REGION)

    def read(bucket: str, key: str) -> int:
        with files.open_input_stream(f"{bucket}/{key}") as stream:
            return len(stream.read())

    return read


def with_duckdb() -> Read:
    import duckdb
    import duckdb_extension_aws
    import duckdb_extension_httpfs

    database = duckdb.connect()
    for package in (duckdb_extension_httpfs, duckdb_extension_aws):
        (extension,) = Path(package.__path__[0]).rglob("*.duckdb_extension")
        database.load_extension(str(extension))
    database.execute(
        f"""CREATE SECRET lake (TYPE s3, PROVIDER credential_chain, REFRESH auto, ENDPOINT '{HOST}',
        REGION '{REGION}', URL_STYLE 'path', USE_SSL {str(SCHEME == "https").lower()})"""
    )

    def read(bucket: str, key: str) -> int:
        found = database.execute(f"SELECT count(*) FROM read_parquet('s3://{bucket}/{key}')").fetchone()  # noqa: S608
        return int(found[0]) if found else 0

    return read


def with_polars() -> Read:
    import polars

    return lambda bucket, key: len(polars.read_parquet(f"s3://{bucket}/{key}", credential_provider=None))


def with_polars_provider() -> Read:
    import polars

    provider = polars.CredentialProviderAWS()
    return lambda bucket, key: len(polars.read_parquet(f"s3://{bucket}/{key}", credential_provider=provider))


def with_delta_rs() -> Read:
    from deltalake import DeltaTable

    def read(bucket: str, key: str) -> int:
        table = DeltaTable(f"s3://{bucket}/{key.rsplit('/', 1)[0]}")
        return len(table.to_pyarrow_table())

    return read


CLIENTS: dict[str, Callable[[], Read]] = {
    "boto3": with_boto3,
    "AWS CLI": with_aws_cli,
    "s3fs": with_s3fs,
    "pandas": with_pandas,
    "pyarrow": with_pyarrow,
    "DuckDB": with_duckdb,
    "Polars": with_polars,
    "Polars with a credential provider": with_polars_provider,
    "delta-rs": with_delta_rs,
}


def answering(read: Read) -> None:
    print("ready", flush=True)
    for line in sys.stdin:
        bucket, key = line.split()
        try:
            print(f"read {read(bucket, key)}", flush=True)
        except Exception as error:  # noqa: BLE001 - clients raise what they like, and that is what is told
            print(f"refused {type(error).__name__}: {' '.join(str(error).split())[:300]}", flush=True)


if __name__ == "__main__":
    answering(CLIENTS[sys.argv[1]]())
