"""A fresh signature of Azure as code one can paste."""

from __future__ import annotations

import shlex

from django.utils.translation import gettext_lazy as _

from apps.lakes.providers.azure.account import account_of, address_of
from apps.lakes.providers.quoting import exports, sql
from apps.lakes.providers.traits import FreshKey, Snippet, Unattended


def snippets_of(key: FreshKey) -> tuple[Snippet, ...]:
    return (
        Snippet(id="datalake", name="azure-storage-file-datalake", text=_datalake(key)),
        Snippet(id="pandas", name="pandas", text=_pandas(key)),
        Snippet(id="pyarrow", name="pyarrow", text=_pyarrow(key)),
        Snippet(id="duckdb", name="DuckDB", text=_duckdb(key)),
        Snippet(id="azcopy", name="AzCopy", text=_azcopy(key)),
        Snippet(id="env", name=_("Environment variables"), text=_env(key)),
    )


def renewed(at: Unattended) -> str:
    """The library asks for the signature at each request."""
    return f"""from azure.storage.filedatalake import DataLakeServiceClient
from lakewarden import Client
from lakewarden.clouds import azure_credential

asset = Client().asset({at.asset_id!r})
lake = DataLakeServiceClient({address_of(at.connection)!r}, credential=azure_credential(asset))
container = lake.get_file_system_client({at.bucket!r})
print([each.name for each in container.get_paths({at.prefix.removesuffix("/")!r}, recursive=False)])"""


def _directory(key: FreshKey) -> str:
    return key.prefix.removesuffix("/")


def _datalake(key: FreshKey) -> str:
    return f"""from azure.core.credentials import AzureSasCredential
from azure.storage.filedatalake import DataLakeServiceClient

lake = DataLakeServiceClient(
    {key.parts["account_url"]!r},
    credential=AzureSasCredential({key.parts["sas_token"]!r}),
)
container = lake.get_file_system_client({key.bucket!r})
print([each.name for each in container.get_paths({_directory(key)!r}, recursive=False)])"""


def _pandas(key: FreshKey) -> str:
    """Over adlfs."""
    host = _host(key)
    elsewhere = f'        "account_host": {host!r},\n' if host else ""
    return f"""import pandas as pd

frame = pd.read_parquet(
    {key.place!r},
    storage_options={{
        "account_name": {account_of(key.connection)!r},
{elsewhere}        "sas_token": {key.parts["sas_token"]!r},
    }},
)"""


def _host(key: FreshKey) -> str:
    """Where the account is, if not where libraries look by themselves: a sovereign cloud has another."""
    host = key.parts["account_url"].partition("://")[2]
    return "" if host == f"{account_of(key.connection)}.blob.core.windows.net" else host


def _pyarrow(key: FreshKey) -> str:
    authority = _host(key).removeprefix(account_of(key.connection)).partition("/")[0]
    hierarchy = authority.replace(".blob.", ".dfs.", 1)
    told = {"blob_storage_authority": authority, "dfs_storage_authority": hierarchy} if authority else {}
    elsewhere = "".join(f"    {name}={value!r},\n" for name, value in told.items())
    return f"""import pyarrow.dataset as ds
from pyarrow.fs import AzureFileSystem

lake = AzureFileSystem(
    account_name={account_of(key.connection)!r},
{elsewhere}    sas_token={key.parts["sas_token"]!r},
)
table = ds.dataset({f"{key.bucket}/{key.prefix}"!r}, filesystem=lake).to_table()"""


def _duckdb(key: FreshKey) -> str:
    joined = f"BlobEndpoint={key.parts['account_url']};SharedAccessSignature={key.parts['sas_token']}"
    files = f"az://{key.bucket}/{key.prefix}*.parquet"
    return f"""INSTALL azure; LOAD azure;
CREATE SECRET lake (TYPE azure, CONNECTION_STRING {sql(joined)});
SELECT * FROM read_parquet({sql(files)}) LIMIT 10;"""  # noqa: S608 - shown, not run


def _azcopy(key: FreshKey) -> str:
    address = f"{key.parts['account_url']}/{key.bucket}/{_directory(key)}?{key.parts['sas_token']}"
    return f"azcopy copy {shlex.quote(address)} . --recursive"


def _env(key: FreshKey) -> str:
    return exports(
        {
            "AZURE_STORAGE_ACCOUNT": account_of(key.connection),
            "AZURE_STORAGE_SAS_TOKEN": key.parts["sas_token"],
        }
    )
