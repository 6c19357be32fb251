"""Datasets in a lake, and views of them. Plain calls of commands."""

from __future__ import annotations

import io
import itertools
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pyarrow.parquet as pq

from apps.catalog.models import AssetVersion
from apps.lakes.prefix import BucketName, StoragePrefix
from apps.lakes.providers.contract import Access, CredentialSpec, Scope
from apps.lakes.providers.objects import objects_at
from apps.lakes.providers.registry import provider_for
from apps.policy.facts import Identifiability
from apps.preparing.commands import prepare_view
from apps.preparing.models import PreparedView
from apps.preparing.work.job import prepared
from tests.factories import lakes
from tests.factories.lakes import BUCKET, Place
from tests.lab.demo_lake import DemoLake
from tests.preparing.shelves import steps as drafts

PEOPLE = ("customer_id", "age", "town")
_numbers = itertools.count(1)


def rocks(at: Place, lake: DemoLake | None, **files: bytes) -> AssetVersion:
    """About nobody: depth and porosity."""
    prefix = f"rock/{next(_numbers)}/"
    _laid(lake, prefix, files)
    return lakes.dataset(at, prefix).versions.get()


def people(at: Place, lake: DemoLake | None, **files: bytes) -> AssetVersion:
    """About people: the number identifies them, the age is theirs and nobody vouches otherwise."""
    prefix = f"people/{next(_numbers)}/"
    _laid(lake, prefix, files)
    asset = lakes.dataset(at, prefix, columns=PEOPLE, is_about_nobody=False)
    version: AssetVersion = asset.versions.get()
    for column, category in (("customer_id", "UID"), ("age", "Age")):
        lakes.classified(
            at,
            version,
            "confidential" if column == "age" else "internal",
            columns=(column,),
            identifiability=Identifiability.IDENTIFIED,
            categories=(category,),
        )
    lakes.classified(at, version, "open", columns=("town",))
    return version


def _laid(lake: DemoLake | None, prefix: str, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        assert lake is not None
        lake.put(BUCKET, prefix + name.replace("__", "."), content)


def asked(at: Place, version: AssetVersion, rows: str = "", **steps: dict[str, Any]) -> PreparedView:
    view: PreparedView = prepare_view(
        actor=at.owner.actor,
        asset_version_id=version.uid,
        name=f"View {next(_numbers)}",
        columns=drafts({"column": name, **step} for name, step in steps.items()),
        rows=rows,
    )
    return view


def worked(view: PreparedView) -> PreparedView:
    """What a worker does who was woken for it."""
    prepared(view.uid)
    return PreparedView.objects.select_related("derived__asset", "derived__location", "source").get(
        pk=view.pk
    )


def lying_at(view: PreparedView, prefix: str) -> dict[str, bytes]:
    """Name and content of what lies there, read with a key of one's own."""
    connection = view.lake.spec()
    scope = Scope(bucket=BucketName(text=view.bucket), prefix=StoragePrefix(text=prefix), access=Access.READ)
    spec = CredentialSpec(lease_id=uuid4(), connection=connection, scopes=(scope,), ttl=timedelta(minutes=15))
    place = objects_at(connection, scope, provider_for(connection).issue(spec).secret)
    return {each.name: place.opened(each).read() for each in place.listed(100)}


def rows_in(content: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(io.BytesIO(content)).to_pylist()
    return found
