"""A fresh token of Google Cloud Storage as code one can paste."""

from __future__ import annotations

import shlex

from django.utils.translation import gettext_lazy as _

from apps.lakes.providers.quoting import exports
from apps.lakes.providers.traits import FreshKey, Snippet, Unattended


def snippets_of(key: FreshKey) -> tuple[Snippet, ...]:
    env = exports({"CLOUDSDK_AUTH_ACCESS_TOKEN": key.parts["access_token"]})
    listing = f"gcloud storage ls --recursive {shlex.quote(key.place)}"
    return (
        Snippet(id="storage", name="google-cloud-storage", text=_storage(key)),
        Snippet(id="pandas", name="pandas", text=_pandas(key)),
        Snippet(id="pyarrow", name="pyarrow", text=_pyarrow(key)),
        Snippet(id="cli", name="gcloud", text=f"{env}\n{listing}"),
        Snippet(id="env", name=_("Environment variables"), text=env),
    )


def renewed(at: Unattended) -> str:
    """The library asks for another token before one ends."""
    return f"""from google.cloud import storage
from lakewarden import Client
from lakewarden.clouds import google_credentials

asset = Client().asset({at.asset_id!r})
lake = storage.Client(project="-", credentials=google_credentials(asset))
print([each.name for each in lake.list_blobs({at.bucket!r}, prefix={at.prefix!r})])"""


def _storage(key: FreshKey) -> str:
    return f"""from google.cloud import storage
from google.oauth2.credentials import Credentials

lake = storage.Client(project="-", credentials=Credentials({key.parts["access_token"]!r}))
print([each.name for each in lake.list_blobs({key.bucket!r}, prefix={key.prefix!r})])"""


def _pandas(key: FreshKey) -> str:
    """Over gcsfs."""
    return f"""import pandas as pd
from google.oauth2.credentials import Credentials

token = Credentials({key.parts["access_token"]!r})
frame = pd.read_parquet({key.place!r}, storage_options={{"token": token}})"""


def _pyarrow(key: FreshKey) -> str:
    return f"""import gcsfs
import pyarrow.dataset as ds
from google.oauth2.credentials import Credentials

lake = gcsfs.GCSFileSystem(token=Credentials({key.parts["access_token"]!r}))
table = ds.dataset({f"{key.bucket}/{key.prefix}"!r}, filesystem=lake).to_table()"""
