"""Ways somebody alone might try to reach data, each closed, with the reason given."""

from __future__ import annotations

import pytest

from apps.access.models import Grant
from apps.accounts import commands as accounts
from apps.accounts.models import PersonStatus
from apps.accounts.roles import ObjectPermission
from apps.catalog import commands as catalog
from apps.compliance.commands import suspend_purpose
from apps.credentials import tasks
from apps.credentials.commands import reserve_lease
from apps.credentials.lifecycle import LeaseState
from apps.credentials.models import Lease
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import Conflict, InvalidInput, LakewardenError, NotPermitted, RuleBroken
from apps.lakes.commands import connect_lake
from apps.lakes.providers.origin import canonical_origin
from tests.factories import access as house
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories.access import AccessWorld, about_nobody, about_people, asked, draft, granted
from tests.factories.classification import classified
from tests.factories.impacts import ENDING_PURPOSE, looked_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> AccessWorld:
    return house.world()


def code_of(refusal: pytest.ExceptionInfo[LakewardenError]) -> str:
    return refusal.value.code


def test_a_second_version_cannot_lie_where_the_first_lies(world: AccessWorld) -> None:
    lake = things.lake(world.domain)
    asset = things.asset(world.domain)
    place = things.location(asset, lake, prefix="area/payroll/")
    things.version(asset, ["salary"], location_id=place.uid)
    with pytest.raises(RuleBroken) as refusal:
        things.version(asset, ["nothing"], location_id=place.uid)
    assert code_of(refusal) == "LOCATION_IN_USE"


@pytest.mark.parametrize("prefix", ["area/payroll/", "area/payroll/v2/", "area/payroll/v2/deep/"])
def test_locations_of_one_asset_do_not_overlap_either(world: AccessWorld, prefix: str) -> None:
    lake = things.lake(world.domain)
    asset = things.asset(world.domain)
    things.location(asset, lake, prefix="area/payroll/v2/")
    with pytest.raises(Conflict) as refusal:
        things.location(asset, lake, prefix=prefix)
    assert code_of(refusal) in {"LOCATION_OVERLAPS", "LOCATION_TAKEN"}


def test_who_described_an_asset_is_not_granted_it_at_once(world: AccessWorld) -> None:
    steward = world["steward"]
    own = house.thing(world.domain, steward, about_nobody("depth"))
    request = asked(steward, draft(own, world.purposes["rock"]))
    assert (request.state, Grant.objects.filter(revision=request.revision).count()) == ("in_review", 0)
    assert asked(world["scientist"], draft(own, world.purposes["rock"])).state == "approved"


def test_a_grant_nobody_had_to_agree_to_gives_no_key_once_somebody_would_have(world: AccessWorld) -> None:
    grant = granted(world)
    raised = [about_people(name) for name in house.HARMLESS]
    classified(world.harmless.version, world["steward"], *raised)
    with pytest.raises(NotPermitted) as refusal:
        reserve_lease(actor=world["scientist"], grant_id=grant.uid, idempotency_key="")
    assert code_of(refusal) != "NOT_PERMITTED"
    assert not Lease.objects.exists()


def _living_key(world: AccessWorld, grant: Grant) -> Lease:
    now = database_now()
    return Lease.objects.create(
        grant=grant,
        lake=things.lake(world.domain),
        role_arn="arn:aws:iam::000000000001:role/portal",
        decision_substance=grant.decision.substance,
        account=world.players["scientist"].account,
        person=grant.person,
        state=LeaseState.ISSUED,
        issued_at=now,
        expires_at=grant.not_after,
        created_at=now,
    )


def test_keys_end_with_the_person_the_purpose_the_asset_and_the_class(world: AccessWorld) -> None:
    grant = granted(world)
    scientist = world.players["scientist"].person

    def is_cut() -> bool:
        lease = _living_key(world, grant)
        tasks.recheck_keys()
        lease.refresh_from_db()
        return lease.state == LeaseState.REVOKE_REQUESTED

    assert not is_cut()
    accounts.change_person(actor=SYSTEM, person_id=scientist.uid, status=PersonStatus.SUSPENDED)
    assert is_cut()
    accounts.change_person(actor=SYSTEM, person_id=scientist.uid, status=PersonStatus.ACTIVE)
    assert not is_cut()
    suspend_purpose(
        actor=world["officer"],
        purpose_id=world.purposes["rock"].uid,
        reason="Under review.",
        seen_impact=looked_at(ENDING_PURPOSE, world.purposes["rock"].uid),
    )
    assert is_cut()


def test_the_events_that_end_a_right_reach_the_keys() -> None:
    from apps.accounts.events import PersonChanged
    from apps.catalog.events import AssetRetired
    from apps.classification.events import ColumnsClassified
    from apps.compliance.events import PurposeForbidden, PurposeSuspended, PurposeWithdrawn
    from apps.kernel.events import subscribers_of

    for event in (
        PersonChanged,
        AssetRetired,
        ColumnsClassified,
        PurposeForbidden,
        PurposeSuspended,
        PurposeWithdrawn,
    ):
        assert any(name.startswith("apps.credentials.") for name in subscribers_of(event.name)), event


def test_an_administrator_does_not_enter_a_team_to_get_what_it_holds(world: AccessWorld) -> None:
    administrator = world.players["administrator"]
    team = people.team(world.organization)
    catalog.give_asset_permission(
        actor=administrator.actor,
        asset_id=world.personal.asset.uid,
        permission=ObjectPermission.OWN,
        holder_id=team.uid,
    )
    robot = accounts.create_service_account(
        actor=SYSTEM, person_id=administrator.person.uid, username="admins-robot", description=""
    )
    for account in (administrator.account, robot):
        with pytest.raises(RuleBroken) as refusal:
            accounts.change_team_members(actor=administrator.actor, team_id=team.uid, add=[account.uid])
        assert code_of(refusal) == "MEMBERSHIP_TO_ONESELF"


def test_nobody_clears_themselves(world: AccessWorld) -> None:
    administrator = world.players["administrator"]
    with pytest.raises(RuleBroken) as refusal:
        accounts.change_person(actor=administrator.actor, person_id=administrator.person.uid, cleared_rank=9)
    assert code_of(refusal) == "OWN_STANDING"


def test_a_username_with_a_character_nobody_sees_is_refused(world: AccessWorld) -> None:
    with pytest.raises(InvalidInput) as refusal:
        people.person(world.organization, username="ad\u200bmin")
    assert code_of(refusal) == "USERNAME_CHARACTER"


def test_an_organization_cannot_name_the_secrets_of_another() -> None:
    one, other = people.organization(), people.organization()
    refs = {things.lake(people.domain(place), secret_ref="MAIN").spec().secret_ref for place in (one, other)}
    assert refs == {f"{one.code}_MAIN", f"{other.code}_MAIN"}
    for code in ("A_B", "A B", "1A", ""):
        with pytest.raises(InvalidInput):
            people.organization(code=code)


@pytest.mark.parametrize("spelling", ["https://LAKE.corp", "https://lake.corp:443", "https://lake.corp/"])
def test_one_lake_has_one_spelling(spelling: str) -> None:
    assert canonical_origin(spelling) == "https://lake.corp"


def test_another_spelling_of_the_lake_does_not_open_a_taken_prefix(world: AccessWorld) -> None:
    def lake(endpoint: str) -> object:
        return connect_lake(
            actor=SYSTEM,
            organization_id=world.organization.uid,
            name=endpoint,
            flavor="minio",
            endpoint=endpoint,
            region="eu-central-1",
            country="DE",
            role_arn="arn:aws:iam::000000000001:role/portal",
            secret_ref="MAIN",
            roots=["lake-bucket"],
        )

    things.location(things.asset(world.domain), lake("https://lake.corp"), prefix="area/secret/")  # type: ignore[arg-type]
    with pytest.raises(Conflict) as refusal:
        things.location(things.asset(world.domain), lake("https://LAKE.corp:443"), prefix="area/secret/")  # type: ignore[arg-type]
    assert code_of(refusal) in {"LOCATION_OVERLAPS", "LOCATION_TAKEN"}
