"""Label sets in the catalog: whose they are, what they were made from, and who registers them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from apps.accounts.roles import ObjectPermission, Role
from apps.catalog import commands as catalog_commands
from apps.catalog.commands import InputDraft
from apps.catalog.models import Asset, AssetKind, AssetVersion
from apps.catalog.models.version import InputRole
from apps.catalog.queries import asset_permissions
from apps.classification.facts import column_standings
from apps.classification.models import SensitivityClass
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import InvalidInput, RuleBroken
from apps.labeling.models import LabelSet
from tests.factories import accounts, catalog, labels
from tests.factories.accounts import World
from tests.factories.classification import about_nobody, classified, saying
from tests.factories.records import labeling_policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return accounts.world()


def version_of(made: LabelSet) -> AssetVersion:
    assert made.asset_version is not None
    return made.asset_version


def test_a_label_set_is_a_version_made_from_what_was_labeled(world: World) -> None:
    version = labels.labeled_version(world.domain)
    made = version_of(labels.brought(version, by=world[Role.STEWARD].actor))
    assert made.asset.kind == AssetKind.LABEL_SET
    assert made.asset.name == f"{version.asset.name} — labels under {labels.policy_of(version)}"
    assert (made.asset.domain, made.number, made.location) == (version.asset.domain, 1, None)
    assert [(each.input, each.role) for each in made.inputs.all()] == [(version, InputRole.SOURCE)]


def test_further_sets_are_further_versions(world: World) -> None:
    version = labels.labeled_version(world.domain)
    first, second = (version_of(labels.brought(version)) for _ in range(2))
    newer = catalog.version(version.asset)
    third = version_of(labels.brought(newer))
    assert first.asset == second.asset == third.asset
    assert [each.number for each in (first, second, third)] == [1, 2, 3]
    assert [each.input for each in third.inputs.all()] == [newer]


def test_after_a_retired_one_comes_another(world: World) -> None:
    version = labels.labeled_version(world.domain)
    first = version_of(labels.brought(version))
    catalog_commands.retire_asset(actor=SYSTEM, asset_id=first.asset.uid)
    second = version_of(labels.brought(version))
    assert second.number == 1
    assert second.asset != first.asset
    assert second.asset.name.startswith(first.asset.name)


def test_a_long_name_is_cut_before_its_end(world: World) -> None:
    version = labels.labeled_version(world.domain)
    catalog_commands.change_asset(actor=SYSTEM, asset_id=version.asset.uid, name="ä" * 200)
    name = version_of(labels.brought(version)).asset.name
    assert len(name) == 200
    assert name.endswith(labels.policy_of(version))


def test_who_keeps_the_dataset_keeps_its_labels(world: World) -> None:
    version = labels.labeled_version(world.domain)
    holder = world[Role.SCIENTIST].account
    catalog_commands.give_asset_permission(
        actor=SYSTEM, asset_id=version.asset.uid, permission=ObjectPermission.OWN, holder_id=holder.uid
    )
    made = version_of(labels.brought(version, by=world[Role.SCIENTIST].actor))
    held = asset_permissions(SYSTEM, made.asset.uid)
    assert [(each.permission, each.holder_id) for each in held] == [("own", holder.uid)]


def rank(code: str) -> int:
    return SensitivityClass.objects.get(code=code).rank


def standing(version: AssetVersion) -> Any:
    return column_standings([version.pk]).get((version.pk, "*"))


def test_labels_are_classified_as_all_of_the_data(world: World) -> None:
    version, steward = labels.labeled_version(world.domain, is_classified=False), world[Role.STEWARD].actor
    classified(version, steward, about_nobody("id"))
    assert standing(version_of(labels.brought(version))) is None
    classified(version, steward, saying("value"))
    made = version_of(labels.brought(version))
    found = standing(made)
    assert (found.class_rank, found.is_personal, found.is_confirmed) == (rank("internal"), True, True)
    assert {"EmailAddress", "GeologicalMeasurement"} <= found.categories
    classified(version, steward, saying("id", sensitivity_class_code="restricted"))
    assert standing(made).class_rank == rank("restricted")


def test_labels_that_make_sensitive_data_are_classified_by_somebody(world: World) -> None:
    rows = labeling_policy().labels
    version = labels.labeled_version(world.domain, labels=(replace(rows[0], is_sensitive=True), *rows[1:]))
    classified(version, world[Role.STEWARD].actor)
    assert standing(version_of(labels.brought(version))) is None


def test_nobody_registers_labels_by_hand(world: World) -> None:
    steward = world[Role.STEWARD].actor
    version = labels.labeled_version(world.domain)
    made = version_of(labels.brought(version))
    source = [InputDraft(version_id=version.uid, role=InputRole.SOURCE)]
    lake = catalog.lake(world.domain)
    for attempt in (
        lambda: catalog_commands.register_asset(
            actor=steward, domain_id=world.domain.uid, kind=AssetKind.LABEL_SET, name="By hand"
        ),
        lambda: catalog_commands.register_version(actor=steward, asset_id=made.asset.uid),
        lambda: catalog_commands.add_inputs(actor=steward, asset_version_id=made.uid, inputs=source),
        lambda: catalog_commands.register_location(
            actor=steward, asset_id=made.asset.uid, lake_id=lake.uid, bucket="lake-bucket", prefix="a/"
        ),
    ):
        with pytest.raises(RuleBroken) as refused:
            attempt()
        assert refused.value.reasons[0].code == "LABELS_COME_FROM_A_FILE"
    assert not Asset.objects.filter(name="By hand").exists()


def test_a_refused_file_leaves_no_asset(world: World) -> None:
    version = labels.labeled_version(world.domain)
    with pytest.raises(InvalidInput):
        labels.brought(version, b"item,annotator,label\na,1,granite")
    assert not Asset.objects.filter(kind=AssetKind.LABEL_SET).exists()


def test_a_dataset_of_the_other_direction_turns_nothing_in_the_name_of_its_labels(world: World) -> None:
    version = labels.labeled_version(world.domain)
    hebrew = "\u05e9\u05dc\u05d5\u05dd"
    catalog_commands.change_asset(
        actor=SYSTEM, asset_id=version.asset.uid, description="", name=f"\u2067{hebrew} 1\u2069" + hebrew * 45
    )
    made = version_of(labels.brought(version))
    assert made.asset.name.startswith(f"\u2068{hebrew} 1")
    assert made.asset.name.endswith(f"\u2069 \u2014 labels under {labels.policy_of(version)}")
    assert len(made.asset.name) <= 200
