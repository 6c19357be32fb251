"""What the labels are good for that somebody would learn from, as an ask for it is decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, Func, TextField
from django.db.models.fields.json import KeyTransform

from apps.catalog.models import Asset, AssetKind, AssetVersion
from apps.catalog.queries import HANDED_DOWN, inputs_of
from apps.compliance.lifecycle.labeling import LABELING_POLICIES
from apps.compliance.models import LegalRecordVersion
from apps.kernel.questions import KEYS, Given, Question, among
from apps.labeling.checks.terms import Verdict
from apps.labeling.models import LabelSet
from apps.labeling.queries import is_labeled_under

Data = Collection[tuple[Asset, AssetVersion]]


@dataclass(frozen=True, kw_only=True)
class LabelsOf:
    """Labels of an asset under a policy. Without a verdict none were brought, and the number is nought."""

    asset: str
    policy: str
    number: int = 0
    verdict: Verdict | None = None


def _policies() -> Any:
    said = KeyTransform("datasets", "content"), KeyTransform("purposes", "content")
    texts = Given("datasets", ArrayField(TextField()))
    in_force = LegalRecordVersion.objects.in_force(Given("on"))  # type: ignore[arg-type]
    about = in_force.filter(
        _said_in(said[0], " ?| ", texts),
        _said_in(said[1], " ? ", Given("purpose", TextField())),
        among("legal_record__organization", Given("organizations", KEYS)),
        is_labeled_under(),
        legal_record__kind=LABELING_POLICIES.slug,
    )
    return about.select_related("legal_record").order_by("legal_record__ref")


def _said_in(where: KeyTransform, how: str, what: Given) -> Func:
    joined: dict[str, Any] = {"template": "(%(expressions)s)", "arg_joiner": how}
    return Func(where, what, output_field=BooleanField(), **joined)


def _sets(*conditions: Func) -> Any:
    """The newest last."""
    sets = LabelSet.objects.with_verdict().select_related("policy__legal_record")
    return sets.defer("findings", "figures").filter(*conditions).order_by("pk")


GOVERNING = Question(_policies)
MADE_OF = Question(lambda: _sets(among("version", Given("versions", KEYS))))
BECAME = Question(lambda: _sets(among("asset_version", Given("assets", KEYS))))


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
    found = GOVERNING.rows(
        on=on,
        organizations=list({asset.organization_id for asset, _version in data}),
        datasets=[str(asset.uid) for asset, _version in data],
        purpose=str(purpose),
    )
    newest = {
        (each.version_id, each.policy.legal_record_id): each
        for each in MADE_OF.rows(versions=[version.pk for _asset, version in data])
    }
    for asset, version in data:
        asking = [policy for policy in found if asset.uid in policy.said.datasets]
        for policy in asking:
            made = newest.get((version.pk, policy.legal_record_id))
            ref = policy.legal_record.ref
            yield _said(asset, made) if made else LabelsOf(asset=str(asset.uid), policy=ref)
        if not asking:
            yield from _under_what_ended(asset, version, newest.values(), purpose)


def _under_what_ended(
    asset: Asset, version: AssetVersion, made: Iterable[Any], purpose: UUID
) -> Iterable[LabelsOf]:
    """Where no policy asks any more, the newest labels that were given for the purpose say what they are
    good for, whatever became of their policy."""
    of_version = [
        each for each in made if each.version_id == version.pk and purpose in each.policy.said.purposes
    ]
    if of_version:
        yield _said(asset, max(of_version, key=lambda each: each.pk))


def _of_others(data: Data) -> Iterable[LabelsOf]:
    asked = {
        version.pk: asset
        for kind in (AssetKind.LABEL_SET, AssetKind.MODEL)
        for asset, version in _of(data, kind)
    }
    through = inputs_of(list(asked), HANDED_DOWN) if asked else {}
    for made in BECAME.rows(assets=list(through)) if asked else ():
        near: int | None = made.asset_version_id
        while near is not None and near not in asked:
            near = through[near]
        if near is not None:
            yield _said(asked[near], made)


def _said(asset: Asset, made: Any) -> LabelsOf:
    return LabelsOf(
        asset=str(asset.uid),
        policy=made.policy.legal_record.ref,
        number=made.number,
        verdict=Verdict(made.current_verdict),
    )
