"""Ending every key of a lake at once, and the board of those that could not be ended yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.credentials.commands import cut_lake, request_revocation, take_credential
from apps.credentials.commands.ending import end_key
from apps.credentials.lifecycle import OVERDUE_AFTER
from apps.credentials.models import Lease
from apps.credentials.queries import overdue_revocations
from apps.credentials.tasks import reap, revoke_keys_of_lake
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import (
    InvalidInput,
    InvalidState,
    NotFound,
    NotPermitted,
    PreconditionMissing,
)
from apps.lakes.commands import enable_lake, halt_lake, impact_of_halting
from apps.lakes.models import Lake
from tests.credentials.doubles import KeyCabinet, failing, failure, stand_in
from tests.factories import lakes
from tests.factories.accounts import Player, organization, player
from tests.factories.lakes import BUCKET, Place
from tests.lab.demo_lake import DemoLake
from tests.lakes.refusals import is_denied

FOUND = "A key was found in a public place."
INSIDE = "ds/a/part.csv"


@pytest.fixture
def cabinet(monkeypatch: pytest.MonkeyPatch) -> KeyCabinet:
    made = KeyCabinet()
    stand_in(monkeypatch, made)
    return made


@pytest.fixture
def anywhere(db: None) -> Place:
    return lakes.place()


def administrator(at: Place) -> Player:
    return player(at.organization, Role.ADMINISTRATOR)


def halted(at: Place, by: Player) -> Lake:
    seen = impact_of_halting(actor=by.actor, lake_id=at.lake.uid).digest
    return cut_lake(actor=by.actor, lake_id=at.lake.uid, reason=FOUND, seen_impact=seen)


def names_of(lake: Lake) -> list[str]:
    return list(AuditEvent.objects.filter(subject_uid=lake.uid).order_by("pk").values_list("name", flat=True))


# --- every key at once -----------------------------------------------------------------------------


def test_every_key_of_the_lake_is_dead_when_the_command_returns(place: Place, lake: DemoLake) -> None:
    elsewhere = lakes.place(lake)
    taken = [
        take_credential(actor=at.scientist.actor, grant_id=lakes.grant(at, lakes.dataset(at, prefix)).uid)
        for at, prefix in ((place, "ds/a/"), (place, "ds/b/"), (elsewhere, "ds/ab/"))
    ]
    clients = [lake.session_client(each.secret.reveal()) for each in taken]
    halted(place, administrator(place))
    keys = [INSIDE, "ds/b/part.csv"]
    for s3, key in zip(clients[:2], keys, strict=True):
        assert is_denied(lambda s3=s3, key=key: s3.get_object(Bucket=BUCKET, Key=key))  # type: ignore[misc]
    assert clients[2].get_object(Bucket=BUCKET, Key="ds/ab/part.csv")
    assert sorted(Lease.objects.values_list("state", flat=True)) == ["issued", "revoked", "revoked"]
    assert names_of(place.lake)[-1] == "lakes.lake.halted"


def test_no_key_is_given_until_the_lake_is_enabled_again(anywhere: Place, cabinet: KeyCabinet) -> None:
    grant = lakes.grant(anywhere, lakes.dataset(anywhere))
    take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid)
    halted(anywhere, administrator(anywhere))
    with pytest.raises(InvalidState) as caught:
        take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid)
    assert caught.value.code == "LAKE_DISABLED"
    enable_lake(actor=SYSTEM, lake_id=anywhere.lake.uid)
    assert take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid).lease.state == "issued"


def test_a_key_that_is_being_made_meanwhile_is_thrown_away(anywhere: Place, cabinet: KeyCabinet) -> None:
    boss = administrator(anywhere)
    cabinet.after_issue = lambda _spec: halted(anywhere, boss) and None
    grant = lakes.grant(anywhere, lakes.dataset(anywhere))
    with pytest.raises(InvalidState):
        take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid)
    reap()
    assert not cabinet.works(Lease.objects.get().uid)
    assert Lease.objects.get().state == "revoked"


def test_the_keys_end_also_where_whoever_halted_the_lake_died_halfway(
    anywhere: Place, cabinet: KeyCabinet
) -> None:
    grant = lakes.grant(anywhere, lakes.dataset(anywhere))
    lease = take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid).lease
    halt_lake(actor=SYSTEM, lake_id=anywhere.lake.uid, reason=FOUND)
    assert cabinet.works(lease.uid)
    revoke_keys_of_lake(anywhere.lake.uid)
    assert not cabinet.works(lease.uid)


def test_a_lake_that_is_disabled_keeps_its_reason_and_can_be_halted_twice(
    anywhere: Place, cabinet: KeyCabinet
) -> None:
    boss = administrator(anywhere)
    first = halted(anywhere, boss)
    again = cut_lake(actor=boss.actor, lake_id=anywhere.lake.uid, reason="Once more.", seen_impact="0" * 64)
    assert (again.disabled_reason, again.disabled_at) == (FOUND, first.disabled_at)


def test_one_more_key_since_one_looked_is_no_hindrance(anywhere: Place, cabinet: KeyCabinet) -> None:
    boss = administrator(anywhere)
    seen = impact_of_halting(actor=boss.actor, lake_id=anywhere.lake.uid).digest
    grant = lakes.grant(anywhere, lakes.dataset(anywhere))
    lease = take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid).lease
    cut_lake(actor=boss.actor, lake_id=anywhere.lake.uid, reason=FOUND, seen_impact=seen)
    assert not cabinet.works(lease.uid)


def test_only_who_answers_for_the_lake_and_has_just_proved_it_and_looked_may_do_it(anywhere: Place) -> None:
    boss, about = administrator(anywhere).actor, {"lake_id": anywhere.lake.uid, "seen_impact": "0" * 64}
    long_ago = replace(boss, signed_in_at=database_now() - timedelta(hours=1))
    stranger = player(organization(), Role.ADMINISTRATOR).actor
    for actor, fault, code in (
        (anywhere.steward.actor, NotPermitted, "NOT_PERMITTED"),
        (anywhere.scientist.actor, NotFound, "NOT_FOUND"),
        (stranger, NotFound, "NOT_FOUND"),
        (long_ago, NotPermitted, "STEP_UP_NEEDED"),
    ):
        with pytest.raises(fault) as caught:
            cut_lake(actor=actor, reason=FOUND, **about)
        assert caught.value.code == code
    with pytest.raises(InvalidInput):
        cut_lake(actor=boss, reason=" ", **about)
    with pytest.raises(PreconditionMissing):
        cut_lake(actor=boss, reason=FOUND, lake_id=anywhere.lake.uid)
    assert Lake.objects.get(pk=anywhere.lake.pk).disabled_at is None
    cut_lake(actor=anywhere.officer.actor, reason=FOUND, **about)
    assert Lake.objects.get(pk=anywhere.lake.pk).disabled_at is not None


# --- the board of what is overdue ------------------------------------------------------------------


@pytest.fixture
def stubborn(anywhere: Place, cabinet: KeyCabinet) -> Lease:
    """A key that its lake was told in vain to end, as often as makes it overdue but once."""
    grant = lakes.grant(anywhere, lakes.dataset(anywhere))
    lease = take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid).lease
    cabinet.before_revoke = failing(failure(is_transient=True))
    request_revocation(
        actor=anywhere.scientist.actor, lease_id=lease.uid, at=database_now() - timedelta(minutes=5)
    )
    for _ in range(OVERDUE_AFTER - 1):
        end_key(lease.uid)
    return lease


def told_overdue() -> list[dict[str, object]]:
    return list(AuditEvent.objects.filter(name="credentials.lease.overdue").values_list("data", flat=True))


def test_the_sixth_attempt_in_vain_is_told_once_with_the_minutes_of_exposure(
    anywhere: Place, stubborn: Lease
) -> None:
    boss = administrator(anywhere).actor
    assert (list(overdue_revocations(boss)), told_overdue()) == ([], [])
    for _ in range(3):
        end_key(stubborn.uid)
    (row,) = overdue_revocations(boss)
    assert (row.uid, row.attempts, row.fault) == (stubborn.uid, OVERDUE_AFTER + 2, "LAKE_BUSY")
    assert timedelta(minutes=5) <= row.exposure < timedelta(minutes=7)
    (told,) = told_overdue()
    assert told["attempts"] == OVERDUE_AFTER
    assert 300 <= int(str(told["exposure_seconds"])) < 420


def test_what_is_ended_at_last_leaves_the_board(
    anywhere: Place, stubborn: Lease, cabinet: KeyCabinet
) -> None:
    boss = administrator(anywhere).actor
    end_key(stubborn.uid)
    assert overdue_revocations(boss).count() == 1
    cabinet.before_revoke = lambda _handle: None
    end_key(stubborn.uid)
    assert overdue_revocations(boss).count() == 0


def test_the_board_is_for_those_who_answer_for_the_lake(anywhere: Place, stubborn: Lease) -> None:
    end_key(stubborn.uid)
    stranger = player(organization(), Role.ADMINISTRATOR).actor
    sees = {
        "officer": anywhere.officer.actor,
        "steward": anywhere.steward.actor,
        "scientist": anywhere.scientist.actor,
        "stranger": stranger,
    }
    counted = {name: overdue_revocations(actor).count() for name, actor in sees.items()}
    assert counted == {"officer": 1, "steward": 0, "scientist": 0, "stranger": 0}


def test_a_refusing_provider_keeps_the_lease_open_and_says_so(anywhere: Place, cabinet: KeyCabinet) -> None:
    cabinet.before_revoke = failing(failure(is_transient=False))
    grant = lakes.grant(anywhere, lakes.dataset(anywhere))
    take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid)
    halted(anywhere, administrator(anywhere))
    lease = Lease.objects.get()
    assert (lease.state, lease.fault, lease.attempts) == ("revoke_requested", "LAKE_REFUSED", 1)
