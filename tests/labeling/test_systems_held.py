"""AI systems are released no further than the models they use."""

from __future__ import annotations

from typing import Any

import pytest

from apps.accounts.roles import Role
from apps.catalog.models import AssetKind, AssetVersion
from apps.catalog.models.version import InputRole
from apps.compliance.commands import take_step
from apps.compliance.lifecycle.ai_systems import AI_SYSTEMS, OrgRole
from apps.compliance.models import LegalRecord
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.errors import RuleBroken
from apps.labeling.models import LabelSet
from tests.factories import accounts, catalog, labels, occurrences, records
from tests.factories.accounts import World
from tests.factories.compliance import approved_purpose

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return accounts.world()


def trained(world: World, *made: LabelSet) -> AssetVersion:
    inputs = [each.asset_version for each in made]
    return occurrences.made_from(
        catalog.asset(world.domain, AssetKind.MODEL), *inputs, role=InputRole.TRAINING
    )


def at(world: World, stage: str, *models: AssetVersion, **given: Any) -> LegalRecord:
    """A system at that stage, for a purpose, with these models."""
    approver = accounts.player(world.organization, Role.COMPLIANCE_OFFICER).actor
    purpose = approved_purpose(world.organization, approver)
    content = records.system(purpose.uid, model_versions=tuple(each.uid for each in models), **given)
    return records.kept(world.organization, AI_SYSTEMS, content, stage=stage)


def taken(row: LegalRecord, step: str, actor: Actor = SYSTEM, **said: Any) -> str:
    take_step(actor=actor, legal_record_id=row.uid, step=step, said=said)
    return LegalRecord.objects.get(pk=row.pk).stage


def test_a_system_waits_for_labels_that_may_be_released(world: World) -> None:
    bad = labels.brought(labels.labeled_version(world.domain), labels.sound(wrong=60))
    labels.with_origin(bad.version)
    first = trained(world, bad)
    row = at(world, "approved_for_training", first)
    with pytest.raises(RuleBroken) as refused:
        taken(row, "allow-release")
    (reason,) = refused.value.reasons
    assert (reason.code, reason.facts["dataset"]) == ("RELEASE_LABELS_BLOCKED", bad.version.asset.name)
    first.asset.refresh_from_db()
    second = occurrences.made_from(
        first.asset, labels.brought(bad.version).asset_version, role=InputRole.TRAINING
    )
    purposes = row.versions.get().said.purposes
    records.restated(row, records.system(*purposes, model_versions=(second.uid,)))
    assert taken(row, "allow-release") == "approved_for_release"
    assert taken(row, "release") == "released"


def test_what_one_may_not_see_is_not_named_to_who_takes_the_step(world: World) -> None:
    bad = labels.brought(labels.labeled_version(world.domain), labels.sound(wrong=60))
    labels.with_origin(bad.version)
    row = at(world, "approved_for_training", trained(world, bad))
    officer = accounts.player(world.organization, Role.COMPLIANCE_OFFICER).actor
    with pytest.raises(RuleBroken, match="RELEASE_LABELS_BLOCKED"):
        taken(row, "allow-release", officer)


def test_a_model_of_unknown_data_holds_who_trains_it_and_not_who_bought_it(world: World) -> None:
    unknown = trained(world)
    with pytest.raises(RuleBroken, match="MODEL_LINEAGE_UNKNOWN"):
        taken(at(world, "approved_for_training", unknown), "allow-release")
    bought = at(world, "approved_for_training", unknown, role=OrgRole.DEPLOYER)
    assert taken(bought, "allow-release") == "approved_for_release"


def test_only_its_own_purposes_count_for_a_system(world: World) -> None:
    good = labels.brought(labels.labeled_version(world.domain))
    labels.with_origin(good.version)
    model = trained(world, good)
    own = at(world, "approved_for_training", model)
    silent = records.kept(world.organization, AI_SYSTEMS, records.system(model_versions=(model.uid,)))
    with pytest.raises(RuleBroken, match="RELEASE_SYSTEM_WITHOUT_PURPOSE"):
        labels.released(model)
    assert taken(own, "allow-release") == "approved_for_release"
    for step in ("classify", "document", "allow-training"):
        taken(silent, step)
    with pytest.raises(RuleBroken, match="RELEASE_SYSTEM_WITHOUT_PURPOSE"):
        taken(silent, "allow-release")


def test_a_system_without_models_and_one_that_is_only_trained_wait_for_nothing(world: World) -> None:
    assert taken(at(world, "approved_for_training"), "allow-release") == "approved_for_release"
    bad = labels.brought(labels.labeled_version(world.domain), labels.sound(wrong=60))
    documented = at(world, "documented", trained(world, bad))
    assert taken(documented, "allow-training") == "approved_for_training"


def test_a_review_does_not_let_a_system_go_on_whose_labels_were_blocked_meanwhile(world: World) -> None:
    good = labels.brought(labels.labeled_version(world.domain))
    labels.with_origin(good.version)
    row = at(world, "approved_for_release", trained(world, good))
    assert taken(row, "release") == "released"
    assert taken(row, "ask-review", why="Labels are looked at.") == "review_required"
    policy = good.policy.legal_record.uid
    take_step(actor=SYSTEM, legal_record_id=policy, step="pause-labeling", said={"why": "To look at it."})
    with pytest.raises(RuleBroken, match="RELEASE_POLICY_GONE"):
        taken(row, "reviewed", why="Looked at.")
    take_step(actor=SYSTEM, legal_record_id=policy, step="resume-labeling", said={"why": "Looked at."})
    assert taken(row, "reviewed", why="Looked at.") == "released"
