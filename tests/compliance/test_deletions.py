"""Deletions: due, held, under way, failed, shown to be done; what the log of deletions says of each."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.audit.models import AuditEvent
from apps.compliance import commands, queries
from apps.compliance.commands import Origin
from apps.compliance.facts.accounted import DELETION_COLUMNS, deletions
from apps.compliance.lifecycle.deletions import JobState, state_ahead, state_of_job
from apps.compliance.models import Duty
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput, InvalidState, NotFound, RuleBroken
from tests.compliance.happened import H, House

J = JobState
AT = datetime(2026, 11, 27, tzinfo=UTC)


@pytest.mark.parametrize(
    ("begun", "failed", "done", "is_held", "state"),
    [
        (False, False, False, False, J.DUE),
        (True, False, False, False, J.EXECUTING),
        (True, True, False, False, J.FAILED),
        (True, False, True, False, J.VERIFIED),
        (False, False, True, True, J.VERIFIED),
        (True, True, False, True, J.HELD),
        (False, False, False, True, J.HELD),
    ],
)
def test_a_deletion_is_as_far_as_was_said_of_it_and_held_where_it_is_held(
    begun: bool, failed: bool, done: bool, is_held: bool, state: JobState
) -> None:
    at = {"begun_at": begun, "failed_at": failed, "done_at": done}
    moments = {name: AT if was else None for name, was in at.items()}
    assert state_of_job(**moments, is_held=is_held) is state


def test_what_has_a_stated_end_is_scheduled_until_then() -> None:
    end = date(2026, 11, 27)
    assert state_ahead(end, on=date(2026, 11, 26), is_held=True) is J.SCHEDULED
    assert state_ahead(end, on=end, is_held=False) is J.DUE
    assert state_ahead(end, on=end, is_held=True) is J.HELD


def to_delete(house: House) -> Duty:
    house.occurs(H.RETENTION_ENDED)
    return Duty.objects.get(code="delete_or_anonymise", asset=house.raw.asset)


def states(house: House) -> list[str]:
    at = DELETION_COLUMNS.index("state")
    return [row[at] for row in deletions(house.organization, at=database_now())]


@pytest.mark.django_db
def test_a_deletion_that_failed_stays_to_be_done_and_says_why(house: House) -> None:
    duty, steward = to_delete(house), house["steward"]
    given = {"actor": steward, "duty_id": duty.uid}
    with pytest.raises(InvalidState, match="DUTY_DELETION_NOT_BEGUN"):
        commands.fail_duty(**given, why="The archive was not mounted.")
    commands.begin_duty(**given)
    assert "executing" in states(house)
    with pytest.raises(InvalidState, match="DUTY_DELETION_BEGUN"):
        commands.begin_duty(**given)
    with pytest.raises(InvalidInput, match="DUTY_FAILURE_NOT_SAID"):
        commands.fail_duty(**given, why=" ")
    with pytest.raises(NotFound):
        commands.fail_duty(actor=house["owner"], duty_id=duty.uid, why="No.")
    failed = commands.fail_duty(**given, why="The archive was not mounted.")
    assert (failed.done_at, failed.failure) == (None, "The archive was not mounted.")
    assert "failed" in states(house)
    at = database_now()
    until = at + timedelta(days=365)
    board = [
        due.task for due in queries.due_records(house["officer"], until=until, at=at) if due.uid == duty.uid
    ]
    assert board == ["It failed: The archive was not mounted."]
    commands.begin_duty(**given)
    done = commands.finish_duty(**given, evidence="Run 12.")
    assert (done.failed_at, done.failure) == (None, "")
    assert "verified" in states(house) and "failed" not in states(house)
    told = AuditEvent.objects.filter(subject_uid=duty.uid, outcome="done").order_by("pk")
    words = [name.rpartition(".")[2] for name in told.values_list("name", flat=True)]
    assert words == ["begun", "failed", "begun", "finished"]
    with pytest.raises(InvalidState, match="DUTY_DONE"):
        commands.begin_duty(**given)


@pytest.mark.django_db
def test_only_a_deletion_is_begun_and_a_failure_has_a_reason_in_the_database_too(house: House) -> None:
    duty = to_delete(house)
    house.occurs(H.CLASS_RAISED)
    other = Duty.objects.filter(code="classify_derived").earliest("pk")
    with pytest.raises(RuleBroken, match="DUTY_NO_DELETION"):
        commands.begin_duty(actor=house["steward"], duty_id=other.uid)
    for row, values in (
        (other, {"begun_at": AT}),
        (duty, {"begun_at": AT, "failed_at": AT}),
        (duty, {"failed_at": AT, "failure": "Why."}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Duty.objects.filter(pk=row.pk).update(**values)


@pytest.mark.django_db
def test_the_log_of_deletions_tells_what_is_ahead(house: House) -> None:
    end = date(2098, 1, 1)
    commands.state_origin(
        actor=house["officer"], asset_version_id=house.other.uid, origin=Origin(retention_ends_on=end)
    )
    (row,) = deletions(house.organization, at=database_now())
    told = dict(zip(DELETION_COLUMNS, row, strict=True))
    assert (told["state"], told["due_on"], told["asset"]) == (
        "scheduled",
        end.isoformat(),
        house.other.asset.name,
    )
