"""Who is given a key, for what, and what refuses it. A refusal leaves no lease behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from apps.access.models import Grant, GrantMode
from apps.access.queries import draft_preview
from apps.accounts.commands import change_person, create_service_account
from apps.accounts.models import Account, PersonStatus
from apps.accounts.queries import actor_of
from apps.audit.models import AuditEvent, Outcome
from apps.catalog.commands import retire_asset
from apps.catalog.models import Asset, AssetVersion
from apps.compliance.commands import suspend_purpose, withdraw_purpose
from apps.credentials.commands import cut_grant, take_credential
from apps.credentials.errors import ALREADY_ISSUED, LOCATION_MISSING
from apps.credentials.models import Lease, LeaseScope
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import Conflict, InvalidState, LakewardenError, NotFound, NotPermitted, RuleBroken
from apps.lakes.commands import disable_lake
from apps.lakes.errors import COLUMNS_NOT_ENFORCEABLE
from tests.api.caller import Caller
from tests.factories import accounts, lakes
from tests.factories.impacts import ENDING_PURPOSE, looked_at
from tests.factories.lakes import BUCKET, OTHER_BUCKET, Place
from tests.lab.demo_lake import DemoLake
from tests.lakes.refusals import is_denied


def take(place: Place, grant: Grant, **given: Any) -> Lease:
    lease: Lease = take_credential(actor=place.scientist.actor, grant_id=grant.uid, **given).lease
    return lease


def opened(lease: Lease) -> list[int]:
    """The numbers of the versions the lease says it opened."""
    numbers = LeaseScope.objects.filter(lease=lease).values_list("version__number", flat=True)
    return sorted(numbers)


def test_a_grant_of_single_columns_opens_no_files(place: Place) -> None:
    asset = lakes.dataset(place)
    grant = lakes.grant(place, asset, columns=("depth",))
    with pytest.raises(RuleBroken) as refused:
        take(place, grant)
    assert refused.value.code == COLUMNS_NOT_ENFORCEABLE
    assert not Lease.objects.exists()
    assert take(place, lakes.grant(place, asset)).state == "issued"


def test_the_preview_says_beforehand_that_single_columns_give_no_key(place: Place) -> None:
    asset = lakes.dataset(place)
    for columns, told in (((), []), (("depth",), [COLUMNS_NOT_ENFORCEABLE])):
        seen = draft_preview(place.scientist.actor, lakes.draft(place, asset, columns=columns))
        assert [reason.code for reason in seen.keyless] == told


def test_a_version_that_lies_nowhere_opens_nothing(place: Place) -> None:
    grant = lakes.grant(place, lakes.dataset(place, None))
    with pytest.raises(RuleBroken) as refused:
        take(place, grant)
    assert refused.value.code == LOCATION_MISSING
    assert not Lease.objects.exists()


# --- what ends the right to a key -----------------------------------------------------------------


def _purpose_suspended(place: Place, grant: Grant) -> None:
    suspend_purpose(
        actor=place.officer.actor,
        purpose_id=place.purpose.uid,
        reason="Under review.",
        seen_impact=looked_at(ENDING_PURPOSE, place.purpose.uid),
    )


def _purpose_withdrawn(place: Place, grant: Grant) -> None:
    withdraw_purpose(
        actor=place.officer.actor,
        purpose_id=place.purpose.uid,
        reason="Given up.",
        seen_impact=looked_at(ENDING_PURPOSE, place.purpose.uid),
    )


def _class_above_the_clearance(place: Place, grant: Grant) -> None:
    change_person(actor=SYSTEM, person_id=place.scientist.person.uid, cleared_rank=1)
    lakes.classified(place, grant.version, "restricted")


def _person_departed(place: Place, grant: Grant) -> None:
    change_person(actor=SYSTEM, person_id=place.scientist.person.uid, status=PersonStatus.DEPARTED)


def _asset_retired(place: Place, grant: Grant) -> None:
    retire_asset(actor=place.steward.actor, asset_id=grant.asset.uid)


def _grant_ended(place: Place, grant: Grant) -> None:
    cut_grant(actor=place.owner.actor, grant_id=grant.uid, comment="Needed no more.")


def _lake_disabled(place: Place, grant: Grant) -> None:
    disable_lake(actor=SYSTEM, lake_id=place.lake.uid, reason="Moves to another region.")


@pytest.mark.parametrize(
    ("happens", "family"),
    [
        pytest.param(_purpose_suspended, NotPermitted, id="purpose suspended"),
        pytest.param(_purpose_withdrawn, NotPermitted, id="purpose withdrawn"),
        pytest.param(_class_above_the_clearance, NotPermitted, id="class above the clearance"),
        pytest.param(_person_departed, NotFound, id="person departed"),
        pytest.param(_asset_retired, InvalidState, id="asset retired"),
        pytest.param(_grant_ended, InvalidState, id="grant ended"),
        pytest.param(_lake_disabled, InvalidState, id="lake disabled"),
    ],
)
def test_what_changed_since_the_grant_is_asked_again_at_every_key(
    place: Place, happens: Callable[[Place, Grant], None], family: type[LakewardenError]
) -> None:
    grant = lakes.grant(place, lakes.dataset(place))
    actor = place.scientist.actor
    take_credential(actor=actor, grant_id=grant.uid)
    happens(place, grant)
    with pytest.raises(family) as refused:
        take_credential(actor=actor, grant_id=grant.uid)
    assert all(reason.code for reason in refused.value.reasons)
    assert Lease.objects.count() == 1
    refusal = AuditEvent.objects.filter(name="credentials.reserve_lease", outcome=Outcome.REFUSED).get()
    assert refusal.subject_uid == grant.uid
    assert [stated["code"] for stated in refusal.data["reasons"]] == [r.code for r in refused.value.reasons]


def test_a_grant_that_has_not_begun_opens_nothing(place: Place) -> None:
    tomorrow = database_now().date() + timedelta(days=1)
    grant = lakes.grant(place, lakes.dataset(place), starts_on=tomorrow)
    with pytest.raises(InvalidState) as refused:
        take(place, grant)
    assert refused.value.code == "GRANT_NOT_STARTED"
    assert not Lease.objects.exists()


# --- whose key it is ------------------------------------------------------------------------------


@pytest.fixture
def robot(place: Place) -> Account:
    made: Account = create_service_account(
        actor=SYSTEM,
        person_id=place.scientist.person.uid,
        username=f"robot-{place.scientist.person.pk}",
        description="Trains at night.",
    )
    return made


def test_a_service_accounts_grant_is_taken_by_that_account_only(place: Place, robot: Account) -> None:
    grant = lakes.grant(place, lakes.dataset(place), service_account=robot)
    twin: Account = create_service_account(
        actor=SYSTEM, person_id=place.scientist.person.uid, username="twin", description="Another program."
    )
    assert take_credential(actor=actor_of(robot), grant_id=grant.uid).lease.account_id == robot.pk
    with pytest.raises(NotPermitted):
        take_credential(actor=place.scientist.actor, grant_id=grant.uid)
    with pytest.raises(NotFound):
        take_credential(actor=actor_of(twin), grant_id=grant.uid)
    assert Lease.objects.count() == 1


def test_a_persons_grant_is_not_taken_by_their_service_account(place: Place, robot: Account) -> None:
    grant = lakes.grant(place, lakes.dataset(place))
    with pytest.raises(NotFound):
        take_credential(actor=actor_of(robot), grant_id=grant.uid)
    assert not Lease.objects.exists()
    assert take(place, grant).state == "issued"


def test_nobody_else_takes_a_key(place: Place) -> None:
    grant = lakes.grant(place, lakes.dataset(place))
    for other in (place.owner, place.steward, place.officer, place.officer2):
        with pytest.raises((NotPermitted, NotFound)):
            take_credential(actor=other.actor, grant_id=grant.uid)
    assert not Lease.objects.exists()


def test_a_service_account_that_was_switched_off_takes_nothing(place: Place, robot: Account) -> None:
    grant = lakes.grant(place, lakes.dataset(place), service_account=robot)
    actor = actor_of(robot)
    Account.objects.filter(pk=robot.pk).update(is_active=False)
    with pytest.raises((NotPermitted, NotFound)):
        take_credential(actor=actor, grant_id=grant.uid)
    assert not Lease.objects.exists()


# --- which versions -------------------------------------------------------------------------------


def second_version(place: Place, asset: Asset, sensitivity: str | None, **given: Any) -> AssetVersion:
    version = lakes.version_at(place, asset, "ds/b/", **given)
    if sensitivity:
        lakes.classified(place, version, sensitivity, columns=given.get("columns", ("depth", "porosity")))
    return version


def test_a_following_grant_opens_a_later_version_that_is_no_stricter(place: Place, lake: DemoLake) -> None:
    asset = lakes.dataset(place)
    grant = lakes.grant(place, asset, mode=GrantMode.FOLLOWING)
    assert opened(take(place, grant)) == [1]
    second_version(place, asset, "open")
    taken = take_credential(actor=place.scientist.actor, grant_id=grant.uid)
    assert opened(taken.lease) == [1, 2]
    client = lake.session_client(taken.secret.reveal())
    assert client.get_object(Bucket=BUCKET, Key="ds/b/part.csv")["Body"].read()


def test_a_pinned_grant_opens_its_version_only(place: Place, lake: DemoLake) -> None:
    asset = lakes.dataset(place)
    grant = lakes.grant(place, asset)
    second_version(place, asset, "open")
    taken = take_credential(actor=place.scientist.actor, grant_id=grant.uid)
    assert opened(taken.lease) == [1]
    client = lake.session_client(taken.secret.reveal())
    assert is_denied(lambda: client.get_object(Bucket=BUCKET, Key="ds/b/part.csv"))


@pytest.mark.parametrize(
    ("sensitivity", "given"),
    [
        pytest.param("internal", {}, id="in a higher class"),
        pytest.param(None, {}, id="not classified"),
        pytest.param("open", {"columns": ("depth", "porosity", "driller")}, id="with a further column"),
        pytest.param("open", {"bucket": OTHER_BUCKET}, id="in another bucket"),
    ],
)
def test_a_following_grant_withholds_a_later_version(
    place: Place, sensitivity: str | None, given: dict[str, Any]
) -> None:
    asset = lakes.dataset(place)
    grant = lakes.grant(place, asset, mode=GrantMode.FOLLOWING)
    second_version(place, asset, sensitivity, **given)
    assert opened(take(place, grant)) == [1]


def test_a_following_grant_withholds_a_later_version_that_policy_does_not_let_pass(place: Place) -> None:
    """Same class, categories and columns; but nobody has said yet for what the new rows may be used."""
    asset, purpose = lakes.customers(place)
    given = {"purpose_id": purpose.uid, "mode": GrantMode.FOLLOWING}
    grant = lakes.grant(place, asset, **given)
    assert opened(take(place, grant)) == [1]
    version = lakes.version_at(place, asset, "ds/b/", columns=("customer_id",))
    lakes.about_customers(place, version)
    assert opened(take(place, grant)) == [1]
    lakes.permitted(place, version)
    assert opened(take(place, grant)) == [1, 2]


# --- once -----------------------------------------------------------------------------------------


def test_the_same_request_again_names_its_lease_and_makes_no_second(place: Place) -> None:
    grant = lakes.grant(place, lakes.dataset(place))
    lease = take(place, grant, idempotency_key="monday")
    with pytest.raises(Conflict) as refused:
        take(place, grant, idempotency_key="monday")
    assert refused.value.reasons[0].code == ALREADY_ISSUED
    assert refused.value.reasons[0].facts["lease"] == str(lease.uid)
    assert Lease.objects.count() == 1
    assert take(place, grant, idempotency_key="tuesday").pk != lease.pk


# --- over REST ------------------------------------------------------------------------------------


def test_a_key_is_taken_over_rest_and_opens_the_lake(place: Place, lake: DemoLake) -> None:
    grant = lakes.grant(place, lakes.dataset(place))
    call = Caller(place.scientist.token)
    answer = call.post(f"grants/{grant.uid}/credentials", Idempotency_Key="once")
    assert answer.status_code == 201
    assert "no-store" in answer.headers["Cache-Control"]
    key = answer.json()
    assert {name: key[name] for name in key["parts"]} == key["parts"]
    client = lake.session_client(key["parts"])
    assert client.get_object(Bucket=BUCKET, Key="ds/a/part.csv")["Body"].read()
    assert is_denied(lambda: client.get_object(Bucket=BUCKET, Key="ds/b/part.csv"))
    assert {each["id"] for each in key["snippets"]} >= {"boto3", "duckdb", "env"}
    assert all(key["parts"]["secret_access_key"] in each["text"] for each in key["snippets"])
    again = call.post(f"grants/{grant.uid}/credentials", Idempotency_Key="once")
    assert again.status_code == 409
    assert key["lease_id"] in again.content.decode()
    assert key["parts"]["secret_access_key"] not in again.content.decode()
    assert Lease.objects.count() == 1


def test_a_refusal_over_rest_says_why(place: Place) -> None:
    grant = lakes.grant(place, lakes.dataset(place))
    suspend_purpose(
        actor=place.officer.actor,
        purpose_id=place.purpose.uid,
        reason="Under review.",
        seen_impact=looked_at(ENDING_PURPOSE, place.purpose.uid),
    )
    answer = Caller(place.scientist.token).post(f"grants/{grant.uid}/credentials")
    assert answer.status_code == 403
    assert answer.json()["reasons"]
    assert not Lease.objects.exists()


def test_a_token_without_the_scope_takes_no_key(place: Place) -> None:
    grant = lakes.grant(place, lakes.dataset(place))
    token = accounts.token(place.scientist.account, "read", "write")
    answer = Caller(token).post(f"grants/{grant.uid}/credentials")
    assert (answer.status_code, Lease.objects.count()) == (403, 0)
