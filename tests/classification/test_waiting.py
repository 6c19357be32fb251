"""What waits to be classified: one statement that agrees with asking each version by itself."""

from __future__ import annotations

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.roles import Role
from apps.catalog.commands import retire_asset
from apps.catalog.models import Asset, AssetVersion
from apps.classification import queries
from apps.classification.commands import PersonalFinding, classify, lapse_not_personal
from apps.classification.commands.inheritance import inherit_classification
from apps.classification.models import Classification
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.errors import StaleVersion
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories.classification import about_nobody, classified, saying

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> people.World:
    return people.world()


def brute_force(actor: Actor) -> set[int]:
    """Each version asked by itself."""
    kept = set(Asset.objects.visible_to(actor).values_list("pk", flat=True))
    waiting = set()
    for version in AssetVersion.objects.select_related("asset"):
        current = Classification.objects.current().filter(version=version)
        is_open = not queries.effective_class(version).is_complete
        is_unconfirmed = any(not row.is_confirmed for row in current)
        if version.asset_id in kept and version.asset.state != "retired" and (is_open or is_unconfirmed):
            waiting.add(version.pk)
    return waiting


@pytest.mark.parametrize("seed", range(3))
def test_what_waits_agrees_with_asking_each_version(world: people.World, seed: int) -> None:
    draw, steward = random.Random(seed), world[Role.STEWARD].actor
    for _ in range(12):
        asset = things.asset(world.domain)
        names = draw.choice([(), ("a",), ("a", "b", "c")])
        version = things.version(asset, names)
        said = draw.sample(names, draw.randint(0, len(names))) if names else draw.choice([[], [None]])
        if said:
            classified(version, steward, *(about_nobody(name) for name in said))
        if said and draw.random() < 0.4:
            finding = PersonalFinding(column=said[0] or "*", category_codes=("Name",), evidence="Seen.")
            lapse_not_personal(actor=SYSTEM, asset_version_id=version.uid, findings=[finding])
        if draw.random() < 0.3:
            things.version(asset, names)
            inherit_classification(actor=SYSTEM, asset_id=asset.uid)
        if draw.random() < 0.2:
            retire_asset(actor=SYSTEM, asset_id=asset.uid)
    elsewhere = people.world()
    things.version(things.asset(elsewhere.domain))
    found = {version.pk for version in queries.versions_to_classify(steward)}
    assert found == brute_force(steward)
    assert found
    stranger = {version.pk for version in queries.versions_to_classify(elsewhere[Role.STEWARD].actor)}
    assert not found & stranger


def test_it_is_one_statement_however_many_wait(world: people.World) -> None:
    steward = world[Role.STEWARD].actor
    for _ in range(8):
        things.version(things.asset(world.domain))
    with CaptureQueriesContext(connection) as asked:
        rows = list(queries.versions_to_classify(steward))
        assert {queries.progress_of(row).columns for row in rows} == {2}
        assert {row.asset.domain.name for row in rows} == {world.domain.name}
    assert len(asked) == 1


def test_those_who_may_not_classify_have_nothing_waiting(world: people.World) -> None:
    things.version(things.asset(world.domain))
    for role in (Role.OWNER, Role.AUDITOR, Role.COMPLIANCE_OFFICER, Role.SCIENTIST):
        assert not queries.versions_to_classify(world[role].actor).exists(), role


def test_progress_counts_what_is_said_confirmed_and_proposed(world: people.World) -> None:
    steward = world[Role.STEWARD].actor
    version = things.version(things.asset(world.domain), ("a", "b", "c"))
    classified(version, steward, saying("a"), saying("b"))
    classify(
        actor=SYSTEM, asset_version_id=version.uid, items=[saying("b", sensitivity_class_code="restricted")]
    )
    classified(version, steward, saying("a", sensitivity_class_code="open"))
    row = queries.with_progress(AssetVersion.objects.filter(pk=version.pk)).get()
    found = queries.progress_of(row)
    assert (found.columns, found.classified, found.confirmed, found.proposed) == (3, 2, 1, 1)
    assert row.highest["rank"] == 3  # type: ignore[attr-defined]


def test_a_lowering_waits_for_everybody_but_who_proposed_it(world: people.World) -> None:
    steward = world[Role.STEWARD].actor
    version = things.version(things.asset(world.domain), ("a",))
    classified(version, steward, saying("a"))
    classified(version, steward, saying("a", sensitivity_class_code="open"))

    def waits_for(role: Role) -> bool:
        return queries.versions_to_lower(world[role].actor).filter(pk=version.pk).exists()

    found = {role for role in Role if waits_for(role)}
    assert found == {Role.OWNER, Role.COMPLIANCE_OFFICER}


def test_what_changed_since_it_was_read_is_not_overruled(world: people.World) -> None:
    steward = world[Role.STEWARD].actor
    version = things.version(things.asset(world.domain), ("a",))
    classified(version, steward, saying("a"))
    with pytest.raises(StaleVersion):
        classify(actor=steward, asset_version_id=version.uid, items=[saying("a")], seen={"a": None})
    now = Classification.objects.current().get(version=version)
    stricter = saying("a", sensitivity_class_code="restricted")
    done = classify(actor=steward, asset_version_id=version.uid, items=[stricter], seen={"a": now.uid})
    assert len(done.current) == 1
