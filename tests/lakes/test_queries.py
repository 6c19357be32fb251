"""What the last test says of a connection, where its keys are looked for, and what lies in it."""

from __future__ import annotations

from typing import Any

import pytest

from apps.catalog.queries import locations_in_lake
from apps.kernel.clock import database_now
from apps.kernel.errors import NotPermitted
from apps.lakes.models import Lake
from apps.lakes.queries import Duty, LakeState, expect_may_connect, may_test, secret_variables, state_of
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
