"""A label set in the catalog: the next version of an asset, made from the version that was labeled."""

from __future__ import annotations

from datetime import datetime

from apps.catalog.commands import InputDraft, pass_on_permissions, register_asset, register_version
from apps.catalog.lifecycle import AssetState
from apps.catalog.models import Asset, AssetKind, AssetVersion
from apps.catalog.models.version import InputRole
from apps.classification.commands import classify_whole
from apps.kernel.actor import SYSTEM
from apps.kernel.characters import kept_apart
from apps.kernel.errors import Conflict
from apps.kernel.ids import new_uid
from apps.labeling.models import LabelSet
from apps.labeling.queries import PolicyInForce

LONGEST_NAME = 200


def kept_as_asset(
    version: AssetVersion, policy: PolicyInForce, *, number: int, content_sha256: str, at: datetime
) -> AssetVersion:
    """The set with this number as a version: of the asset of earlier sets of the dataset under the policy, or
    of a new one. The house registers it, for whoever may bring labels of the dataset.

    It is classified as all of the dataset is, unless labels make sensitive data: somebody says of what kind.
    """
    dataset = Asset.objects.for_update(version.asset.uid)
    asset = _earlier(dataset, policy) or _registered(dataset, policy, at=at)
    made: AssetVersion = register_version(
        actor=SYSTEM,
        asset_id=asset.uid,
        label=f"{policy.ref} v{policy.number}: v{version.number}, {number}",
        inputs=[InputDraft(version_id=version.uid, role=InputRole.SOURCE)],
        content_sha256=content_sha256,
        at=at,
    )
    if not any(label.is_sensitive for label in policy.content.labels):
        classify_whole(actor=SYSTEM, asset_version_id=made.uid, source_id=version.uid, at=at)
    return made


def _earlier(dataset: Asset, policy: PolicyInForce) -> Asset | None:
    """Whoever asks holds the lock of the dataset: two first sets never become two assets."""
    known = LabelSet.objects.filter(
        version__asset=dataset,
        policy__legal_record__uid=policy.record_id,
        asset_version__asset__state__in=(AssetState.DRAFT, AssetState.PUBLISHED),
    )
    found = known.select_related("asset_version__asset").order_by("-pk").first()
    return found.asset_version.asset if found and found.asset_version else None


def _registered(dataset: Asset, policy: PolicyInForce, *, at: datetime) -> Asset:
    """Under a name that is free; where it is taken, with the end of an id."""
    end = f" — labels under {policy.ref}"
    name = f"{kept_apart(dataset.name, LONGEST_NAME - len(end))}{end}"
    try:
        asset: Asset = _asset(dataset, name, at=at)
    except Conflict:
        end = f"{end} ({new_uid().hex[-8:]})"
        asset = _asset(dataset, f"{kept_apart(dataset.name, LONGEST_NAME - len(end))}{end}", at=at)
    pass_on_permissions(dataset, asset, actor=SYSTEM, at=at)
    return asset


def _asset(dataset: Asset, name: str, *, at: datetime) -> Asset:
    asset: Asset = register_asset(
        actor=SYSTEM,
        domain_id=dataset.domain.uid,
        kind=AssetKind.LABEL_SET,
        name=name,
        description=f"Labels of the items of {kept_apart(dataset.name, LONGEST_NAME)}.",
        at=at,
    )
    return asset
