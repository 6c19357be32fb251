"""What the labels are good for that somebody would learn from, as an ask for it is decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from apps.catalog.models import Asset, AssetKind, AssetVersion
from apps.catalog.queries import HANDED_DOWN, inputs_of
from apps.compliance.lifecycle.labeling import LABELING_POLICIES
from apps.compliance.models import LegalRecordVersion
from apps.labeling.checks.terms import Verdict
from apps.labeling.models import LabelSet
from apps.labeling.releases import LABELED_UNDER

Data = Collection[tuple[Asset, AssetVersion]]


@dataclass(frozen=True, kw_only=True)
class LabelsOf:
    """Labels of an asset under a policy. Without a verdict none were brought, and the number is nought."""

    asset: str
    policy: str
    number: int = 0
    verdict: Verdict | None = None


def labels_of(data: Data, purpose: UUID, *, on: date) -> tuple[LabelsOf, ...]:
    """Of a dataset the newest set of its version under each policy for the purpose under which people label
    or labeled; of a label set itself; of a model all that it learned from. Of several with one number the
    worst. Four statements at most, however many assets."""
    worst: dict[tuple[str, str, int], LabelsOf] = {}
    for each in (*_of_datasets(_of(data, AssetKind.DATASET), purpose, on), *_of_others(data)):
        key = each.asset, each.policy, each.number
        worst[key] = max(worst.get(key, each), each, key=_badness)
    return tuple(worst.values())


def _badness(found: LabelsOf) -> int:
    return len(Verdict) if found.verdict is None else tuple(Verdict).index(found.verdict)


def _of(data: Data, kind: AssetKind) -> Data:
    return [(asset, version) for asset, version in data if asset.kind == kind]


def _of_datasets(data: Data, purpose: UUID, on: date) -> Iterable[LabelsOf]:
    if not data:
        return
    policies = LegalRecordVersion.objects.in_force(on).filter(
        legal_record__kind=LABELING_POLICIES.slug,
        legal_record__organization__in={asset.organization_id for asset, _version in data},
        legal_record__stage__in=LABELED_UNDER,
        content__datasets__has_any_keys=[str(asset.uid) for asset, _version in data],
        content__purposes__contains=[str(purpose)],
    )
    found = list(policies.select_related("legal_record").order_by("legal_record__ref"))
    if not found:
        return
    newest = {
        (each.version_id, each.policy.legal_record_id): each
        for each in _sets().filter(
            version__in=[version.pk for _asset, version in data],
            policy__legal_record__in=[policy.legal_record_id for policy in found],
        )
    }
    for asset, version in data:
        for policy in found:
            if asset.uid in policy.said.datasets:
                made = newest.get((version.pk, policy.legal_record_id))
                yield (
                    _said(asset, made)
                    if made
                    else LabelsOf(asset=str(asset.uid), policy=policy.legal_record.ref)
                )


def _of_others(data: Data) -> Iterable[LabelsOf]:
    asked = {
        version.pk: asset
        for kind in (AssetKind.LABEL_SET, AssetKind.MODEL)
        for asset, version in _of(data, kind)
    }
    through = inputs_of(list(asked), HANDED_DOWN) if asked else {}
    for made in _sets().filter(asset_version__in=list(through)) if asked else ():
        near: int | None = made.asset_version_id
        while near is not None and near not in asked:
            near = through[near]
        if near is not None:
            yield _said(asked[near], made)


def _sets() -> Any:
    """The newest last."""
    sets = LabelSet.objects.with_verdict().select_related("policy__legal_record")
    return sets.defer("findings", "figures").order_by("pk")


def _said(asset: Asset, made: Any) -> LabelsOf:
    return LabelsOf(
        asset=str(asset.uid),
        policy=made.policy.legal_record.ref,
        number=made.number,
        verdict=Verdict(made.current_verdict),
    )
