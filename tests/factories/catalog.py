"""Assets to test with. Plain calls of commands."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from apps.accounts.models import Domain
from apps.catalog import commands
from apps.catalog.commands import ColumnDraft, InputDraft
from apps.catalog.models import Asset, AssetKind, AssetVersion, StorageLocation
from apps.catalog.models.version import InputRole
from apps.kernel.actor import SYSTEM
from apps.lakes.commands import connect_lake
from apps.lakes.models import Lake

_numbers = itertools.count(1)


def asset(domain: Domain, kind: AssetKind = AssetKind.DATASET, **given: str) -> Asset:
    """A draft without a version."""
    made = {"name": f"Asset {next(_numbers)}", **given}
    return commands.register_asset(actor=SYSTEM, domain_id=domain.uid, kind=kind, **made)


def version(asset: Asset, columns: Sequence[str] = ("id", "value"), **given: object) -> AssetVersion:
    drafts = [ColumnDraft(name=name, data_type="text") for name in columns]
    return commands.register_version(actor=SYSTEM, asset_id=asset.uid, columns=drafts, **given)


def published_asset(domain: Domain, kind: AssetKind = AssetKind.DATASET, **given: str) -> Asset:
    """With one version, seen by the audience of its domain."""
    draft = asset(domain, kind, **given)
    version(draft)
    return commands.publish_asset(actor=SYSTEM, asset_id=draft.uid)


def made_from(
    domain: Domain, *inputs: AssetVersion, kind: AssetKind = AssetKind.MODEL, **given: str
) -> Asset:
    """Published, with one version that was trained on the inputs."""
    draft = asset(domain, kind, **given)
    version(draft, inputs=[InputDraft(version_id=each.uid, role=InputRole.TRAINING) for each in inputs])
    return commands.publish_asset(actor=SYSTEM, asset_id=draft.uid)


def lake(domain: Domain, **given: object) -> Lake:
    number = next(_numbers)
    made = {
        "name": f"Lake {number}",
        "flavor": "demo",
        "endpoint": "http://127.0.0.1:9",
        "region": "eu-central-1",
        "country": "DE",
        "role_arn": "arn:aws:iam::000000000001:role/portal",
        "secret_ref": "LAKE_TEST",
        "roots": ["lake-bucket"],
    }
    organization_id = domain.organization.uid
    return connect_lake(actor=SYSTEM, organization_id=organization_id, **{**made, **given})


def location(asset: Asset, lake: Lake, bucket: str = "lake-bucket", prefix: str = "") -> StorageLocation:
    return commands.register_location(
        actor=SYSTEM,
        asset_id=asset.uid,
        lake_id=lake.uid,
        bucket=bucket,
        prefix=prefix or f"area/asset-{next(_numbers)}/",
    )
