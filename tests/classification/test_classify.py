"""Saying how sensitive columns are: what takes effect at once, and what is refused."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.catalog.models import AssetVersion
from apps.classification.commands import ColumnClassification, classify
from apps.classification.lifecycle import ClassificationStatus
from apps.classification.models import Classification
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken
from apps.policy.vocabulary import Identifiability
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories.classification import about_nobody, classified, saying

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> people.World:
    return people.world()


@pytest.fixture
def version(world: people.World) -> AssetVersion:
    return things.version(things.asset(world.domain), ("id", "value"))


def held(version: AssetVersion, column: str = "value") -> Classification:
    return Classification.objects.current().get(version=version, column_name=column)


def test_the_first_saying_takes_effect_at_once_and_leaves_a_trail(
    world: people.World, version: AssetVersion
) -> None:
    steward = world[Role.STEWARD]
    done = classified(version, steward.actor, about_nobody(), saying("id"))
    assert [row.column_name for row in done.current] == ["value", "id"]
    assert done.proposed == ()
    row = held(version)
    assert (row.sensitivity_class.code, row.is_confirmed, row.classified_by) == ("open", True, steward.person)
    event = AuditEvent.objects.get(name="classification.columns.classified")
    assert event.subject_uid == version.uid
    assert event.data["sayings"]["id"] == "internal / identified / EmailAddress"
    assert "reasons" not in event.data and event.personal.get().value == "value: Readings of rock."


def test_who_may_not_classify_is_refused(world: people.World, version: AssetVersion) -> None:
    for role in (Role.OWNER, Role.COMPLIANCE_OFFICER, Role.AUDITOR):
        with pytest.raises(NotPermitted):
            classified(version, world[role].actor, saying())
    with pytest.raises(NotFound):
        classified(version, world[Role.SCIENTIST].actor, saying())
    assert classified(version, world[Role.STEWARD].actor, saying()).current


def test_stricter_takes_effect_at_once_and_the_old_saying_stays_as_history(
    world: people.World, version: AssetVersion
) -> None:
    steward = world[Role.STEWARD].actor
    classified(version, steward, about_nobody())
    done = classified(version, steward, saying(sensitivity_class_code="restricted"))
    assert done.proposed == ()
    assert held(version).sensitivity_class.code == "restricted"
    old = Classification.objects.get(version=version, status=ClassificationStatus.SUPERSEDED)
    assert old.sensitivity_class.code == "open" and old.decided_at is not None


def test_saying_the_same_again_writes_nothing(world: people.World, version: AssetVersion) -> None:
    steward = world[Role.STEWARD].actor
    classified(version, steward, saying())
    done = classified(version, steward, saying())
    assert (done.current, done.proposed) == ((), ())
    assert Classification.objects.filter(version=version).count() == 1


def test_what_a_machine_says_holds_but_is_not_confirmed_until_a_person_says_it(
    world: people.World, version: AssetVersion
) -> None:
    classified(version, SYSTEM, saying())
    assert not held(version).is_confirmed
    classified(version, world[Role.STEWARD].actor, saying())
    assert held(version).is_confirmed


@pytest.mark.parametrize(
    ("item", "field", "code"),
    [
        (saying(None), "items.0.column", "COLUMN_MISSING"),
        (saying("depth"), "items.0.column", "COLUMN_UNKNOWN"),
        (saying(sensitivity_class_code="secret"), "items.0.sensitivity_class_code", "CLASS_UNKNOWN"),
        (saying(category_codes=("Gossip",)), "items.0.category_codes", "CATEGORY_UNKNOWN"),
        (saying(category_codes=()), "items.0.category_codes", "CATEGORY_MISSING"),
        (
            saying(identifiability=Identifiability.ANONYMISED),
            "items.0.assessment_ref",
            "ANONYMITY_ASSESSMENT_MISSING",
        ),
        (about_nobody(reason=" "), "items.0.reason", "REASON_MISSING"),
        (about_nobody(category_codes=("Health",)), "items.0.category_codes", "PERSONAL_CATEGORY"),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(
    world: people.World, version: AssetVersion, item: ColumnClassification, field: str, code: str
) -> None:
    steward = world[Role.STEWARD].actor
    with pytest.raises(InvalidInput) as refusal:
        classified(version, steward, item)
    assert [(reason.field, reason.code) for reason in refusal.value.reasons] == [(field, code)]
    assert not Classification.objects.filter(version=version).exists()
    assert classified(version, steward, about_nobody(), saying("id")).current


def test_nothing_and_the_same_column_twice_are_refused(world: people.World, version: AssetVersion) -> None:
    steward = world[Role.STEWARD].actor
    with pytest.raises(InvalidInput, match="NOTHING_TO_CLASSIFY"):
        classify(actor=steward, asset_version_id=version.uid, items=())
    with pytest.raises(InvalidInput, match="COLUMN_CLASSIFIED_TWICE"):
        classified(version, steward, saying(), saying())


def test_that_data_are_about_nobody_is_said_by_a_person_alone(
    world: people.World, version: AssetVersion
) -> None:
    with pytest.raises(RuleBroken, match="STEWARD_MISSING"):
        classified(version, SYSTEM, about_nobody())
    assert classified(version, world[Role.STEWARD].actor, about_nobody()).current


def test_a_version_without_columns_has_one_named_star(world: people.World) -> None:
    bare = things.version(things.asset(world.domain), ())
    classified(bare, world[Role.STEWARD].actor, about_nobody(None))
    assert held(bare, "*").is_confirmed


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE classification_classification SET category_codes = '{}'",
        "UPDATE classification_classification SET reason = 'Another.'",
        "UPDATE classification_classification SET status = 'rejected'",
        "DELETE FROM classification_classification",
        "UPDATE classification_datacategory SET code = 'Other' WHERE code = 'EmailAddress'",
        "DELETE FROM classification_datacategory WHERE code = 'Name'",
        "UPDATE classification_sensitivityclass SET rank = 9 WHERE code = 'open'",
    ],
)
def test_the_database_lets_nobody_rewrite_what_was_said(
    world: people.World, version: AssetVersion, change: str
) -> None:
    classified(version, world[Role.STEWARD].actor, saying())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert held(version).category_codes == ["EmailAddress"]
