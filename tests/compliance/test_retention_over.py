"""What is kept too long: closed once, deleted, and held where a case needs it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from apps.compliance import commands
from apps.compliance.commands import Origin
from apps.compliance.lifecycle.retention import RETENTIONS, RetentionAction, RetentionContent, Trigger
from apps.compliance.models import Duty, LegalRecord, Occurrence
from apps.compliance.tasks import (
    end_retention,
)
from apps.kernel.errors import (
    RuleBroken,
)
from tests.access.refusals import refused
from tests.compliance.happened import H, House, closed
from tests.factories.records import kept

pytestmark = pytest.mark.django_db


def test_retention_that_is_over_closes_once(house: House) -> None:
    origin = Origin(retention_ends_on=date(2026, 1, 1))
    commands.state_origin(actor=house["officer"], asset_version_id=house.raw.uid, origin=origin)
    end_retention()
    end_retention()
    assert [each.happening for each in Occurrence.objects.all()] == [H.RETENTION_ENDED]
    assert closed(house.raw, house.other) == [True, False]


def a_schedule(house: House, **given: Any) -> LegalRecord:
    """Over since January."""
    made = {"name": "Readings", "assets": (house.raw.asset.uid,), "trigger": Trigger.FIXED_DATE}
    made |= {
        "trigger_on": date(2025, 1, 1),
        "duration": "P1Y",
        "data": "All",
        "action": RetentionAction.ERASE,
    }
    return kept(house.organization, RETENTIONS, RetentionContent(**{**made, **given}))


def test_a_schedule_that_is_over_closes_too_and_a_hold_suspends_deletion(house: House) -> None:
    held = a_schedule(house, hold_ref="Case 7", hold_until_review=date(2099, 1, 1))
    ends = Origin(retention_ends_on=date(2026, 1, 1))
    commands.state_origin(actor=house["officer"], asset_version_id=house.raw.uid, origin=ends)
    a_schedule(house)
    end_retention()
    assert not Occurrence.objects.exists()
    commands.retire_record(actor=house["officer"], legal_record_id=held.uid)
    for _again in range(2):
        end_retention()
    assert [each.happening for each in Occurrence.objects.all()] == [H.RETENTION_ENDED]
    assert closed(house.raw, house.other) == [True, False]


def test_what_is_held_for_a_case_is_not_deleted_before_the_hold_ends(house: House) -> None:
    house.occurs(H.RETENTION_ENDED)
    duty = Duty.objects.get(code="delete_or_anonymise", asset=house.raw.asset)
    held = a_schedule(house, hold_ref="Case 7", hold_until_review=date(2099, 1, 1))
    with refused(RuleBroken, "DUTY_DATA_HELD"):
        commands.finish_duty(actor=house["steward"], duty_id=duty.uid, evidence="Wiped.")
    commands.retire_record(actor=house["officer"], legal_record_id=held.uid)
    commands.finish_duty(actor=house["steward"], duty_id=duty.uid, evidence="Wiped.")
