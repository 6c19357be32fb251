"""Which labels a version of a model has to name: those of the versions it learned from, whatever became of
their policy since."""

from __future__ import annotations

from uuid import UUID

import pytest

from apps.accounts.roles import Role
from apps.catalog.models import AssetKind, AssetVersion
from apps.catalog.models.version import InputRole
from apps.compliance.commands import retire_record, take_step
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.labeling.checks.demands import Demand
from apps.labeling.checks.terms import Verdict
from apps.labeling.commands import bring_labels
from apps.labeling.learning import labels_of
from apps.labeling.models import LabelSet
from apps.labeling.releases import conditions_for
from apps.labeling.roster.standing import AnnotatorRole
from tests.factories import accounts, catalog, labels, occurrences
from tests.factories.accounts import World
from tests.factories.classification import classified
from tests.factories.roster import entered, policy_about

pytestmark = pytest.mark.django_db
NOT_NAMED = "RELEASE_LABELS_NOT_NAMED"


@pytest.fixture
def world() -> World:
    return accounts.world()


def next_version(world: World, *inputs: AssetVersion, of: AssetVersion) -> AssetVersion:
    """Of the same dataset, classified like it."""
    made = occurrences.made_from(of.asset, *inputs)
    classified(made, accounts.player(world.organization, Role.STEWARD).actor)
    return made


def as_version(label_set: LabelSet) -> AssetVersion:
    assert label_set.asset_version is not None
    return label_set.asset_version


def against(world: World, *inputs: AssetVersion) -> list[tuple[str, object]]:
    """What the labels of a model that learned from these stand against its release."""
    made = occurrences.made_from(
        catalog.asset(world.domain, AssetKind.MODEL), *inputs, role=InputRole.TRAINING
    )
    found = conditions_for(SYSTEM, made, on=database_now().date())
    return [
        (reason.code, reason.facts.get("version"))
        for each in found
        if each.demand in {Demand.LABELS, Demand.QUALITY}
        for reason in each.obstacles
    ]


def test_labels_of_another_version_do_not_stand_for_those_of_this_one(world: World) -> None:
    first = labels.labeled_version(world.domain)
    good = labels.brought(first)
    second = next_version(world, of=first)
    bad = labels.brought(second, labels.sound(wrong=60))
    assert (good.verdict, bad.verdict) == (Verdict.RELEASE, Verdict.BLOCKED)
    assert against(world, second, as_version(good)) == [(NOT_NAMED, second.number)]
    assert against(world, first, as_version(good)) == []
    named = against(world, second, as_version(good), as_version(bad))
    assert named == [("RELEASE_LABELS_BLOCKED", None)]


def test_what_data_were_made_from_may_have_its_labels_in_what_was_made_from_it(world: World) -> None:
    first = labels.labeled_version(world.domain)
    second = next_version(world, first, of=first)
    good = labels.brought(second)
    assert against(world, second, as_version(good)) == []
    assert against(world, second) == [(NOT_NAMED, first.number), (NOT_NAMED, second.number)]
    third = next_version(world, second, of=first)
    assert against(world, third, as_version(good)) == [(NOT_NAMED, third.number)]


def test_a_policy_that_is_tried_out_anew_hides_no_labels(world: World) -> None:
    version = labels.labeled_version(world.domain)
    bad = labels.brought(version, labels.sound(wrong=60))
    policy = policy_about(version)
    purpose: UUID = policy.versions.get().said.purposes[0]
    tries, approves = (
        world[Role.COMPLIANCE_OFFICER],
        accounts.player(world.organization, Role.COMPLIANCE_OFFICER),
    )
    for who, step, said in (
        (tries, "pause-labeling", {"why": "To look at it."}),
        (tries, "pilot", {"items": 60, "reached": "0.9", "learned": "Nothing.", "report": "Shelf 4"}),
        (approves, "approve-labeling", {}),
    ):
        take_step(actor=who.actor, legal_record_id=policy.uid, step=step, said=said)
        assert against(world, version) == [(NOT_NAMED, version.number)], step
        told = labels_of([(version.asset, version)], purpose, on=database_now().date())
        assert [(each.number, each.verdict) for each in told] == [(bad.number, Verdict.BLOCKED)], step


def ended(world: World, version: AssetVersion, how: str) -> None:
    if how == "retired":
        officer = world[Role.COMPLIANCE_OFFICER].actor
        retire_record(actor=officer, legal_record_id=policy_about(version).uid)
    elif how == "of other data":
        labels.policy_restated(version, datasets=(labels.labeled_version(world.domain).asset.uid,))
    else:
        labels.policy_restated(version, effective_to=database_now().date())


@pytest.mark.parametrize("how", ["retired", "of other data", "over"])
def test_a_policy_that_ended_hides_no_labels(world: World, how: str) -> None:
    version = labels.labeled_version(world.domain)
    bad = labels.brought(version, labels.sound(wrong=60))
    purpose: UUID = policy_about(version).versions.get().said.purposes[0]
    ended(world, version, how)
    assert against(world, version) == [(NOT_NAMED, version.number)]
    assert [code for code, _version in against(world, version, as_version(bad))] != []
    told = labels_of([(version.asset, version)], purpose, on=database_now().date())
    assert [(each.number, each.verdict) for each in told] == [(bad.number, Verdict.BLOCKED)]


def test_labels_under_another_policy_stand_for_those_under_one_that_ended(world: World) -> None:
    version = labels.labeled_version(world.domain)
    labels.brought(version, labels.sound(wrong=60))
    ended(world, version, "retired")
    another = labels.with_policy(version)
    for code, part in (("7", {}), ("8", {}), (labels.EXPERT, {"role": AnnotatorRole.REVIEWER})):
        entered(another, code, **part)
    good = bring_labels(
        actor=SYSTEM,
        asset_version_id=version.uid,
        policy=another.ref,
        content=labels.sound().replace(labels.ADDRESS.encode(), b"8"),
    )
    assert good.verdict == Verdict.RELEASE
    assert against(world, version, as_version(good)) == []
    assert against(world, version) == [(NOT_NAMED, version.number)]
