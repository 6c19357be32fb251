"""Addresses that other systems rely on, and which therefore do not move."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.urls import resolve

from apps.accounts.roles import Role
from tests.api.conftest import As
from tests.factories import labels
from tests.factories.accounts import World

ID = UUID(int=1)
RECORDS = ("breaches", "labeling-policies", "parties", "retention-schedules", "rights-requests", "transfers")
FIXED = (
    *RECORDS,
    *(f"{kind}/{ID}" for kind in RECORDS),
    *(f"{kind}/{ID}/{verb}" for kind in RECORDS for verb in ("submit", "approve", "return", "retire")),
    f"assets/{ID}/gate",
    f"asset-versions/{ID}/gate",
    f"labeling-policies/{ID}/annotators",
    "label-sets",
    f"label-sets/{ID}/import",
    f"label-sets/{ID}/quality",
)


@pytest.mark.parametrize("address", FIXED)
def test_an_address_stays_where_it_is(address: str) -> None:
    assert resolve(f"/api/v1/{address}").namespace == "api"


@pytest.mark.django_db
def test_the_quality_of_labels_is_told_check_by_check(as_: As, place: World) -> None:
    version = labels.labeled_version(place.domain)
    good, poor = labels.brought(version), labels.brought(version, labels.sound(wrong=60))
    caller = as_(Role.SCIENTIST)
    told = {each: caller.get(f"label-sets/{each.uid}/quality").json() for each in (good, poor)}
    assert [told[each]["verdict"] for each in (good, poor)] == ["release", "blocked"]
    failed = [check for check in told[poor]["checks"] if check["outcome"] == "failed"]
    assert failed
    assert all(check["reason"]["sentence"] and check["reason"]["remedy"] for check in failed)
    assert {check["check"] for check in told[good]["checks"]} >= {"L01", "L04", "L07", "L15"}


@pytest.mark.django_db
def test_labels_are_given_anew_where_the_set_before_stands(as_: As, place: World) -> None:
    first = labels.brought(labels.labeled_version(place.domain), labels.sound(wrong=60))
    anew = {"content": labels.in_base64(labels.sound())}
    answer = as_(Role.STEWARD).post(f"label-sets/{first.uid}/import", anew)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["number"], made["version_id"]) == (first.number + 1, str(first.version.uid))
    assert (made["verdict"], made["policy_ref"]) == ("release", labels.policy_of(first.version))
