"""What is laxer waits for a second person; what is stricter does not."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from apps.accounts import commands as accounts
from apps.accounts.models import AccountKind
from apps.accounts.queries import actor_of
from apps.accounts.roles import ObjectPermission, Role
from apps.catalog.models import AssetVersion
from apps.classification.commands import confirm_lowering, lapse_not_personal, reject_lowering
from apps.classification.commands.findings import PersonalFinding
from apps.classification.lifecycle import ClassificationStatus
from apps.classification.models import Classification, ClassificationSource
from apps.classification.queries import open_proposals
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.errors import InvalidInput, InvalidState, NotFound, NotPermitted
from apps.policy.vocabulary import Identifiability
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories.classification import about_nobody, classified, saying
from tests.factories.impacts import CLASSIFYING, looked_at

pytestmark = pytest.mark.django_db
LAXER = [
    saying(sensitivity_class_code="open"),
    saying(category_codes=("EmailAddress",)),
    saying(identifiability=Identifiability.PSEUDONYMISED, category_codes=("EmailAddress", "Health")),
    about_nobody(),
]


@pytest.fixture
def world() -> people.World:
    return people.world()


@pytest.fixture
def version(world: people.World) -> AssetVersion:
    """Its column `value` holds e-mail addresses and health data, internal, identified."""
    made = things.version(things.asset(world.domain), ("id", "value"))
    classified(
        made, world[Role.STEWARD].actor, saying("id"), saying(category_codes=("EmailAddress", "Health"))
    )
    return made


def held(version: AssetVersion, column: str = "value") -> Classification:
    return Classification.objects.current().get(version=version, column_name=column)


def proposal_of(version: AssetVersion, steward: people.Player) -> Classification:
    return classified(version, steward.actor, about_nobody()).proposed[0]


def confirmed(actor: Actor, *, asset_version_id: UUID, proposal_ids: list[UUID]) -> object:
    seen = looked_at(CLASSIFYING, AssetVersion.objects.get(uid=asset_version_id).asset.uid)
    return confirm_lowering(
        actor=actor, asset_version_id=asset_version_id, proposal_ids=proposal_ids, seen_impact=seen
    )


@pytest.mark.parametrize("item", LAXER)
def test_laxer_in_any_respect_is_a_proposal_and_nothing_changes(
    world: people.World, version: AssetVersion, item: object
) -> None:
    before = held(version).pk
    done = classified(version, world[Role.STEWARD].actor, item)  # type: ignore[arg-type]
    assert [row.status for row in done.proposed] == [ClassificationStatus.PROPOSED]
    assert done.current == () and held(version).pk == before


def test_mixed_sayings_split_by_column_and_within_it(world: people.World, version: AssetVersion) -> None:
    """Raised and thinned out at once: the raise holds now, the thinning waits."""
    done = classified(
        version,
        world[Role.STEWARD].actor,
        saying("id", sensitivity_class_code="confidential"),
        saying(sensitivity_class_code="restricted", category_codes=("EmailAddress",)),
    )
    assert sorted(row.column_name for row in done.current) == ["id", "value"]
    assert [row.column_name for row in done.proposed] == ["value"]
    now = held(version)
    assert now.sensitivity_class.code == "restricted"
    assert now.category_codes == ["EmailAddress", "Health"]


def test_another_person_confirms(world: people.World, version: AssetVersion) -> None:
    proposal = proposal_of(version, world[Role.STEWARD])
    officer = world[Role.COMPLIANCE_OFFICER]
    ids = {"asset_version_id": version.uid, "proposal_ids": [proposal.uid]}
    confirmed(officer.actor, **ids)
    now = held(version)
    assert now.pk == proposal.pk and now.decided_by == officer.person and now.is_confirmed
    with pytest.raises(InvalidState):
        confirmed(officer.actor, **ids)


def test_the_same_person_in_any_disguise_does_not(world: people.World, version: AssetVersion) -> None:
    steward = world[Role.STEWARD]
    proposal = proposal_of(version, steward)
    second = accounts.add_account(actor=SYSTEM, person_id=steward.person.uid, username="steward-too")
    robot = accounts.create_service_account(
        actor=SYSTEM, person_id=steward.person.uid, username="steward-robot", description=""
    )
    things.commands.give_asset_permission(
        actor=SYSTEM,
        asset_id=version.asset.uid,
        permission=ObjectPermission.CLASSIFY,
        holder_id=robot.uid,
    )
    ids = {"asset_version_id": version.uid, "proposal_ids": [proposal.uid]}
    for disguise in (steward.actor, actor_of(second), actor_of(robot), SYSTEM):
        with pytest.raises(NotPermitted, match="SECOND_PERSON_NEEDED"):
            confirmed(disguise, **ids)
        with pytest.raises(NotPermitted, match="SECOND_PERSON_NEEDED"):
            reject_lowering(actor=disguise, reason="No.", **ids)
    assert second.kind == AccountKind.PERSON
    confirmed(world[Role.OWNER].actor, **ids)


def test_neither_a_scientist_nor_an_auditor_decides(world: people.World, version: AssetVersion) -> None:
    proposal = proposal_of(version, world[Role.STEWARD])
    ids = {"asset_version_id": version.uid, "proposal_ids": [proposal.uid]}
    with pytest.raises(NotPermitted, match="NOT_PERMITTED"):
        confirmed(world[Role.AUDITOR].actor, **ids)
    with pytest.raises(NotFound):
        confirmed(world[Role.SCIENTIST].actor, **ids)
    assert confirmed(world[Role.OWNER].actor, **ids)


def test_another_person_rejects_with_a_reason(world: people.World, version: AssetVersion) -> None:
    before = held(version).pk
    proposal = proposal_of(version, world[Role.STEWARD])
    ids = {"asset_version_id": version.uid, "proposal_ids": [proposal.uid]}
    owner = world[Role.OWNER].actor
    with pytest.raises(InvalidInput, match="REJECTION_REASON_MISSING"):
        reject_lowering(actor=owner, reason=" ", **ids)
    with pytest.raises(InvalidInput, match="NOTHING_PROPOSED"):
        reject_lowering(actor=owner, asset_version_id=version.uid, proposal_ids=[], reason="No.")
    reject_lowering(actor=owner, reason="There are names in it.", **ids)
    proposal.refresh_from_db()
    assert proposal.status == ClassificationStatus.REJECTED and held(version).pk == before


def test_a_proposal_of_another_version_is_not_found_here(world: people.World, version: AssetVersion) -> None:
    proposal = proposal_of(version, world[Role.STEWARD])
    other = things.version(things.asset(world.domain))
    with pytest.raises(NotFound):
        confirmed(world[Role.OWNER].actor, asset_version_id=other.uid, proposal_ids=[proposal.uid])


def test_a_new_saying_supersedes_the_open_proposal(world: people.World, version: AssetVersion) -> None:
    steward = world[Role.STEWARD]
    first = proposal_of(version, steward)
    second = classified(version, steward.actor, saying(sensitivity_class_code="open")).proposed[0]
    first.refresh_from_db()
    assert first.status == ClassificationStatus.SUPERSEDED
    assert list(open_proposals(world[Role.OWNER].actor)) == [second]
    assert list(open_proposals(world[Role.SCIENTIST].actor)) == []


def test_the_database_knows_of_the_second_person(world: people.World, version: AssetVersion) -> None:
    proposal = proposal_of(version, world[Role.STEWARD])
    statement = (
        "UPDATE classification_classification SET status = 'superseded' WHERE id = %s;"
        "UPDATE classification_classification SET status = 'current', decided_by_id = classified_by_id"
        " WHERE id = %s"
    )
    with (
        pytest.raises(IntegrityError, match="second person"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [held(version).pk, proposal.pk])


FINDING = PersonalFinding(column="value", category_codes=("Name",), evidence="Names in 3 of 100 rows.")


def test_that_data_are_about_nobody_lapses_when_a_scan_finds_somebody(
    world: people.World,
) -> None:
    steward = world[Role.STEWARD]
    version = things.version(things.asset(world.domain), ("id", "value"))
    classified(version, steward.actor, about_nobody(), saying("id"))
    elsewhere = PersonalFinding(column="id", category_codes=("Name",), evidence="Names.")
    lapsed = lapse_not_personal(actor=SYSTEM, asset_version_id=version.uid, findings=[FINDING, elsewhere])
    assert [row.column_name for row in lapsed] == ["value"]
    now = held(version)
    assert (now.source, now.identifiability, now.is_confirmed) == (
        ClassificationSource.SCAN,
        Identifiability.IDENTIFIED,
        False,
    )
    assert now.category_codes == ["GeologicalMeasurement", "Name"]
    assert classified(version, steward.actor, about_nobody()).current == ()
    assert held(version).identifiability == Identifiability.IDENTIFIED
    assert lapse_not_personal(actor=SYSTEM, asset_version_id=version.uid, findings=[FINDING]) == ()


def test_a_finding_names_personal_data(world: people.World, version: AssetVersion) -> None:
    empty = PersonalFinding(column="value", category_codes=("GeologicalMeasurement",), evidence="Rock.")
    with pytest.raises(InvalidInput, match="NO_PERSONAL_FINDING"):
        lapse_not_personal(actor=SYSTEM, asset_version_id=version.uid, findings=[empty])
    with pytest.raises(NotPermitted):
        lapse_not_personal(actor=world[Role.AUDITOR].actor, asset_version_id=version.uid, findings=[FINDING])
