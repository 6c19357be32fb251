"""What the last test says of a connection, where its keys are looked for, and what lies in it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.catalog.queries import locations_in_lake
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput, InvalidState, NotPermitted
from apps.lakes.commands import disable_lake, enable_lake
from apps.lakes.models import Lake
from apps.lakes.queries import (
    Duty,
    LakeState,
    expect_may_connect,
    lakes_in_use,
    may_test,
    secret_variables,
    state_of,
)
from tests.factories import lakes

pytestmark = pytest.mark.django_db

GOOD, BAD = {"passed": True}, {"passed": False}


@pytest.mark.parametrize(
    ("probes", "is_verified", "state"),
    [
        ([], False, LakeState.UNTESTED),
        ([GOOD, GOOD], True, LakeState.SOUND),
        ([GOOD, BAD], False, LakeState.FAULTY),
        ([GOOD, GOOD], False, LakeState.CHANGED),
    ],
)
def test_the_state_follows_from_the_last_test(
    probes: list[dict[str, Any]], is_verified: bool, state: LakeState
) -> None:
    assert state_of(Lake(probes=probes, verified_at=database_now() if is_verified else None)) is state


def test_secrets_are_looked_for_behind_the_code_of_the_organization() -> None:
    at = lakes.place(flavor="ceph", endpoint="https://lake.example.org", secret_ref="RESEARCH")
    start = f"LAKEWARDEN_LAKE_{at.organization.code.upper()}_RESEARCH"
    assert secret_variables(at.lake) == {
        Duty.ISSUER: (f"{start}_ISSUER_KEY", f"{start}_ISSUER_SECRET"),
        Duty.ADMIN: (f"{start}_ADMIN_KEY", f"{start}_ADMIN_SECRET"),
    }


def test_what_lies_in_a_lake_is_told_to_those_who_see_it() -> None:
    at = lakes.place()
    asset = lakes.dataset(at)
    lakes.dataset(at, "ds/b/", lake=lakes.connection(at.organization))
    found = locations_in_lake(at.steward.actor, at.lake.uid)
    assert [location.asset for location in found] == [asset]
    assert not locations_in_lake(lakes.place().steward.actor, at.lake.uid).exists()


def test_a_steward_connects_and_tests_nothing() -> None:
    at = lakes.place()
    assert not may_test(at.steward.actor, at.lake)
    with pytest.raises(NotPermitted):
        expect_may_connect(at.steward.actor)


def test_nothing_new_rests_on_a_disabled_lake_until_it_is_enabled() -> None:
    at = lakes.place()
    asset = lakes.dataset(at)
    disable_lake(actor=SYSTEM, lake_id=at.lake.uid, reason="Moves to another region.")
    with pytest.raises(InvalidState, match="LAKE_DISABLED"):
        lakes.version_at(at, asset, "ds/b/")
    assert not lakes_in_use(at.steward.actor).exists()
    assert state_of(Lake.objects.get()) is LakeState.DISABLED
    enable_lake(actor=SYSTEM, lake_id=at.lake.uid)
    assert lakes.version_at(at, asset, "ds/b/").location.lake == at.lake
    assert state_of(Lake.objects.get()) is LakeState.UNTESTED


def test_a_lake_is_disabled_with_a_reason_and_each_only_once() -> None:
    at = lakes.place()
    with pytest.raises(InvalidState, match="LAKE_NOT_DISABLED"):
        enable_lake(actor=SYSTEM, lake_id=at.lake.uid)
    with pytest.raises(InvalidInput, match="LAKE_REASON_MISSING"):
        disable_lake(actor=SYSTEM, lake_id=at.lake.uid, reason=" ")
    disable_lake(actor=SYSTEM, lake_id=at.lake.uid, reason="Moves.")
    with pytest.raises(InvalidState, match="LAKE_DISABLED_ALREADY"):
        disable_lake(actor=SYSTEM, lake_id=at.lake.uid, reason="Moves.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Lake.objects.update(disabled_reason="")
