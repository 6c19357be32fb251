"""Labels as the pages show them: good ones, poor ones, and a model that learned from the good."""

from __future__ import annotations

from apps.catalog.models import AssetKind
from apps.catalog.models.version import InputRole
from apps.labeling.commands import withdraw_release
from apps.labeling.models import LabelSet, ModelRelease
from tests.factories import catalog, labels, occurrences
from tests.factories.access import AccessWorld


def released_once(world: AccessWorld, poor: LabelSet) -> ModelRelease:
    """A model of the labels that were good; that release was withdrawn, and another one stands."""
    good = LabelSet.objects.get(version=poor.version, number=1)
    model = occurrences.made_from(
        catalog.asset(world.domain, AssetKind.MODEL), good.asset_version, role=InputRole.TRAINING
    )
    first = labels.released(model)
    withdraw_release(actor=world["officer"], model_release_id=first.uid, why="It drifts.")
    return labels.released(model)


def poor_labels(world: AccessWorld) -> LabelSet:
    """Of a dataset whose labels were good enough at first."""
    version = labels.labeled_version(world.domain)
    labels.brought(version)
    made = labels.brought(version, labels.sound(wrong=40))
    labels.with_items(
        version, b"item,split,group:site\ncore-1,train,north\ncore-2,test,south\ncore-3,test,north"
    )
    labels.redaction_noted(version, seeds_found=380)
    labels.erased(version, "core-3")
    return made
