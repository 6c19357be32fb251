"""How libraries read a place of S3: what code with a key in it and code without one share.

A key opens what begins with the prefix, its slash included. Libraries that open a folder ask for it without
the slash, which is refused: so files are listed, and then opened by name.
"""

from __future__ import annotations

from apps.lakes.providers.contract import ConnectionSpec
from apps.lakes.providers.quoting import sql
from apps.lakes.providers.s3.surroundings import is_plain


def listed_by_boto3(bucket: str, prefix: str) -> str:
    return f"""listed = s3.list_objects_v2(Bucket={bucket!r}, Prefix={prefix!r})
print([each["Key"] for each in listed.get("Contents", [])])"""


def read_by_pandas(bucket: str, prefix: str) -> str:
    """Over s3fs."""
    return f"""files = [each for each in lake.find({f"{bucket}/{prefix}"!r}) if each.endswith(".parquet")]
frame = pd.concat([pd.read_parquet(each, filesystem=lake) for each in files], ignore_index=True)"""


def options_of_arrow(connection: ConnectionSpec) -> str:
    scheme, _separator, host = connection.endpoint.partition("://")
    return f"""    endpoint_override={host!r},
    scheme={scheme!r},
    region={connection.region!r},"""


def read_by_pyarrow(bucket: str, prefix: str) -> str:
    return f"""inside = lake.get_file_info(FileSelector({f"{bucket}/{prefix}"!r}, recursive=True))
files = [each.path for each in inside if each.path.endswith(".parquet")]
table = ds.dataset(files, filesystem=lake).to_table()"""


def secret_of_duckdb(connection: ConnectionSpec) -> str:
    _scheme, _separator, host = connection.endpoint.partition("://")
    return f"""    ENDPOINT {sql(host)},
    REGION {sql(connection.region)},
    URL_STYLE 'path',
    USE_SSL {str(not is_plain(connection)).lower()}"""


def read_by_duckdb(place: str) -> str:
    return f"SELECT * FROM read_parquet({sql(f'{place}**/*.parquet')}) LIMIT 10;"  # noqa: S608 - shown, not run


def read_by_polars(place: str, options: str = "") -> str:
    given = f"storage_options={options}" if options else "credential_provider=None"
    return f"""frame = pl.scan_parquet(
    {f"{place}**/*.parquet"!r},
    {given},
).collect()"""
