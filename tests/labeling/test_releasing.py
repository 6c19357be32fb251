"""Releasing versions of models: what stands against it, and what happens when its ground is gone."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.roles import ObjectPermission, Role
from apps.audit.models import AuditEvent
from apps.catalog import commands as catalog_commands
from apps.catalog.models import AssetKind, AssetVersion
from apps.catalog.models.version import InputRole
from apps.compliance.commands import take_step
from apps.compliance.lifecycle.occurrences import Happening
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import Conflict, InvalidInput, InvalidState, NotPermitted, RuleBroken
from apps.labeling.checks.demands import Demand
from apps.labeling.checks.lawful import SystemFacts
from apps.labeling.checks.releasing import (
    ModelFacts,
    ReleaseFacts,
    SetFacts,
    UnlabeledFacts,
    conditions_of,
)
from apps.labeling.checks.terms import Verdict
from apps.labeling.commands import keep_release_in_step, release_model, withdraw_release
from apps.labeling.models import LabelSet, ModelRelease
from apps.labeling.releases import NOT_SHOWN, conditions_for, release_sheet
from apps.labeling.tasks import keep_releases_in_step
from tests.factories import accounts, catalog, labels, occurrences
from tests.factories.accounts import World

pytestmark = pytest.mark.django_db
LEARNED = ReleaseFacts(model="Rock", version=1, has_training_data=True)
FOR_SOMETHING = SystemFacts(system="AI-0001", has_purpose=True)


@pytest.fixture
def world() -> World:
    return accounts.world()


def trained(world: World, *inputs: AssetVersion, role: InputRole = InputRole.TRAINING) -> AssetVersion:
    """A model that may be released, as far as anything but labels goes."""
    made = occurrences.made_from(catalog.asset(world.domain, AssetKind.MODEL), *inputs, role=role)
    return labels.releasable(made)


def labeled(world: World, wrong: int = 0, **given: Any) -> LabelSet:
    return labels.brought(labels.labeled_version(world.domain, **given), labels.sound(wrong=wrong))


def as_version(label_set: LabelSet) -> AssetVersion:
    assert label_set.asset_version is not None
    return label_set.asset_version


def released(version: AssetVersion) -> ModelRelease:
    made: ModelRelease = release_model(actor=SYSTEM, asset_version_id=version.uid)
    return made


def codes(version: AssetVersion) -> list[str]:
    with pytest.raises(RuleBroken) as refused:
        released(version)
    assert not ModelRelease.objects.filter(version=version).exists()
    return [reason.code for reason in refused.value.reasons]


def moved(world: World, label_set: LabelSet, step: str) -> None:
    take_step(
        actor=world[Role.COMPLIANCE_OFFICER].actor,
        legal_record_id=label_set.policy.legal_record.uid,
        step=step,
        said={"why": "To look at it."},
    )


def unmet(**facts: Any) -> set[Demand]:
    found = conditions_of(ModelFacts(**{"learned": LEARNED, "systems": (FOR_SOMETHING,), **facts}))
    assert [each.demand for each in found] == list(Demand)
    return {each.demand for each in found if not each.is_met}


def test_each_condition_stands_for_itself() -> None:
    assert unmet() == set()
    unknown = ReleaseFacts(model="Base", version=1, has_training_data=False)
    assert unmet(learned=unknown) == unmet(unknown=(unknown,)) == {Demand.LINEAGE}
    unlabeled = UnlabeledFacts(dataset="Cores", version=1, policy="LP-0001")
    assert unmet(unlabeled=(unlabeled,)) == {Demand.LABELS}
    good = {"dataset": "Cores", "policy": "LP-0001", "number": 1, "is_governed": True}
    for verdict in Verdict:
        is_met = verdict is Verdict.RELEASE
        assert unmet(sets=(SetFacts(verdict=verdict, **good),)) == (set() if is_met else {Demand.QUALITY})
    gone = SetFacts(verdict=Verdict.RELEASE, **{**good, "is_governed": False})
    assert unmet(sets=(gone,)) == {Demand.QUALITY}


def test_a_model_of_good_labels_is_released_once(world: World) -> None:
    model = trained(world, as_version(labeled(world)))
    made = released(model)
    assert (made.version, made.withdrawn_at, made.fell_at) == (model, None, None)
    with pytest.raises(Conflict):
        released(model)


def test_a_model_without_labels_in_play_is_released(world: World) -> None:
    released(trained(world, catalog.published_asset(world.domain).versions.get()))


def test_a_model_of_unknown_data_is_not(world: World) -> None:
    model = trained(world)
    assert codes(model) == ["MODEL_LINEAGE_UNKNOWN"]
    assert codes(trained(world, model, role=InputRole.BASE_MODEL)) == ["MODEL_LINEAGE_UNKNOWN"]
    validated = trained(
        world, catalog.published_asset(world.domain).versions.get(), role=InputRole.VALIDATION
    )
    assert codes(validated) == ["MODEL_LINEAGE_UNKNOWN"]


def test_blocked_labels_block_and_relabeled_ones_release(world: World) -> None:
    bad = labeled(world, wrong=60)
    assert bad.verdict == Verdict.BLOCKED
    assert codes(trained(world, as_version(bad))) == ["RELEASE_LABELS_BLOCKED"]
    good = labels.brought(bad.version)
    released(trained(world, as_version(good)))
    derived = occurrences.made_from(catalog.asset(world.domain), as_version(bad))
    assert codes(trained(world, derived)) == ["RELEASE_LABELS_BLOCKED"]


def test_labels_for_research_release_nothing(world: World) -> None:
    found = labeled(world, wrong=9)
    assert found.verdict == Verdict.RESEARCH_ONLY
    assert codes(trained(world, as_version(found))) == ["RELEASE_LABELS_FOR_RESEARCH"]


def test_labels_of_what_it_learned_from_are_to_be_named(world: World) -> None:
    good = labeled(world)
    assert codes(trained(world, good.version)) == ["RELEASE_LABELS_NOT_NAMED"]
    view = occurrences.made_from(catalog.asset(world.domain), good.version)
    assert codes(trained(world, view)) == ["RELEASE_LABELS_NOT_NAMED"]
    released(trained(world, good.version, as_version(good)))


@pytest.mark.parametrize("stage", ["draft", "piloted", "approved"])
def test_a_policy_under_which_nobody_labeled_asks_for_nothing(world: World, stage: str) -> None:
    released(trained(world, labels.labeled_version(world.domain, stage=stage)))


def test_a_paused_policy_governs_no_labels(world: World) -> None:
    good = labeled(world)
    moved(world, good, "pause-labeling")
    assert codes(trained(world, as_version(good))) == ["RELEASE_POLICY_GONE"]


def test_closed_data_release_nothing(world: World) -> None:
    version = catalog.published_asset(world.domain).versions.get()
    model = trained(world, version)
    occurrences.in_effect(world.organization, Happening.UNLAWFUL_COLLECTION, version)
    assert "VERSION_CLOSED" in codes(model)


def test_only_models_and_only_by_who_decides(world: World) -> None:
    with pytest.raises(RuleBroken, match="RELEASE_OF_NO_MODEL"):
        released(catalog.published_asset(world.domain).versions.get())
    model = trained(world, as_version(labeled(world)))
    with pytest.raises(NotPermitted):
        release_model(actor=world[Role.SCIENTIST].actor, asset_version_id=model.uid)
    catalog_commands.give_asset_permission(
        actor=SYSTEM,
        asset_id=model.asset.uid,
        permission=ObjectPermission.OWN,
        holder_id=world[Role.SCIENTIST].account.uid,
    )
    release_model(actor=world[Role.SCIENTIST].actor, asset_version_id=model.uid)


def test_a_retired_model_is_not_released(world: World) -> None:
    model = trained(world, as_version(labeled(world)))
    catalog_commands.retire_asset(actor=SYSTEM, asset_id=model.asset.uid)
    with pytest.raises(InvalidState):
        released(model)


def test_a_release_is_withdrawn_with_a_reason_and_given_again(world: World) -> None:
    model = trained(world, as_version(labeled(world)))
    release = released(model)
    with pytest.raises(InvalidInput):
        withdraw_release(actor=SYSTEM, model_release_id=release.uid, why=" ")
    withdrawn = withdraw_release(actor=SYSTEM, model_release_id=release.uid, why="It drifts.")
    assert withdrawn.why == "It drifts."
    with pytest.raises(InvalidState):
        withdraw_release(actor=SYSTEM, model_release_id=release.uid, why="Again.")
    released(model)


def told(release: ModelRelease) -> list[str]:
    found = AuditEvent.objects.filter(subject_uid=release.uid).order_by("pk")
    return list(found.values_list("name", flat=True))


def test_a_release_whose_ground_is_gone_is_told_once_and_stands_again(world: World) -> None:
    good = labeled(world)
    release = released(trained(world, as_version(good)))
    untouched = released(trained(world, as_version(labeled(world))))
    moved(world, good, "pause-labeling")
    for _ in range(2):
        keep_releases_in_step()
    release.refresh_from_db()
    assert release.fell_at is not None
    assert told(release) == ["labeling.release.given", "labeling.release.fell"]
    assert told(untouched) == ["labeling.release.given"]
    moved(world, good, "resume-labeling")
    for _ in range(2):
        keep_releases_in_step()
    release.refresh_from_db()
    assert release.fell_at is None
    assert told(release)[2:] == ["labeling.release.stands"]
    withdraw_release(actor=SYSTEM, model_release_id=release.uid, why="Enough.")
    moved(world, good, "pause-labeling")
    keep_release_in_step(actor=SYSTEM, model_release_id=release.uid)
    assert told(release)[3:] == ["labeling.release.withdrawn"]


def test_what_one_may_not_see_is_not_named(world: World) -> None:
    bad = labeled(world, wrong=60)
    model = trained(world, as_version(bad))
    elsewhere = accounts.player(world.organization, Role.SCIENTIST).actor
    for actor, name in (
        (world[Role.STEWARD].actor, bad.version.asset.name),
        (SYSTEM, bad.version.asset.name),
    ):
        reasons = [
            reason
            for each in conditions_for(actor, model, on=bad.created_at.date())
            for reason in each.obstacles
        ]
        assert {reason.facts["dataset"] for reason in reasons} == {name}
    hidden = catalog.asset(world.domain)
    secret = catalog.version(hidden)
    blind = trained(world, secret)
    labels.with_policy(secret)
    reasons = [
        reason
        for each in conditions_for(elsewhere, blind, on=bad.created_at.date())
        for reason in each.obstacles
    ]
    assert {reason.facts["dataset"] for reason in reasons} == {NOT_SHOWN}


def test_questions_do_not_grow_with_what_it_learned_from(world: World) -> None:
    sets = [as_version(labeled(world)) for _ in range(4)]
    few, many = trained(world, sets[0]), trained(world, *sets)
    counts = []
    for version in (few, many):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            release_sheet(SYSTEM, version.uid)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 24
