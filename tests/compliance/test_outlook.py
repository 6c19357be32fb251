"""What may be done next with a record: the same answers that the commands give."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from apps.accounts.roles import Role
from apps.compliance import commands, queries
from apps.compliance.lifecycle import review_due
from apps.compliance.models import ActivityVersion, Purpose
from apps.kernel.actor import Actor
from apps.kernel.errors import NotPermitted, RuleBroken
from tests.factories import accounts as people
from tests.factories import catalog
from tests.factories.compliance import (
    activity_content,
    approved_activity,
    approved_purpose,
    drafted_activity,
    drafted_purpose,
)
from tests.factories.impacts import ENDING_PURPOSE, looked_at

pytestmark = pytest.mark.django_db


def outlook(actor: Actor, purpose: Purpose) -> queries.Outlook:
    sheet = queries.purpose_sheet(actor, purpose.uid)
    return queries.purpose_outlook(actor, sheet.purpose, sheet.versions)


def activity_outlook(actor: Actor, activity: Any) -> queries.Outlook:
    sheet = queries.activity_sheet(actor, activity.uid)
    return queries.activity_outlook(actor, sheet.activity, sheet.versions)


def test_what_a_draft_lacks_is_what_its_submission_is_refused_for(world: people.World, writer: Actor) -> None:
    purpose = drafted_purpose(world.organization, writer, description="", lia_ref="")
    seen = outlook(writer, purpose)
    assert (seen.is_draft, seen.may_write, seen.may_decide) == (True, True, True)
    with pytest.raises(RuleBroken) as refused:
        commands.submit_purpose(actor=writer, purpose_id=purpose.uid)
    assert seen.missing == refused.value.reasons


def test_the_writer_is_told_why_another_approves(world: people.World, writer: Actor, approver: Actor) -> None:
    purpose = drafted_purpose(world.organization, writer)
    commands.submit_purpose(actor=writer, purpose_id=purpose.uid)
    seen = outlook(writer, purpose)
    assert (seen.is_in_review, seen.may_write) == (True, False)
    with pytest.raises(NotPermitted) as refused:
        commands.approve_purpose(actor=writer, purpose_id=purpose.uid)
    assert seen.not_theirs == refused.value.reasons
    assert outlook(approver, purpose).not_theirs == ()


def test_readers_may_do_nothing(world: people.World, writer: Actor, approver: Actor) -> None:
    purpose = approved_purpose(world.organization, approver, writer)
    seen = outlook(world[Role.AUDITOR].actor, purpose)
    assert (seen.may_edit, seen.may_decide, seen.open) == (False, False, None)
    assert seen.approved.number == 1


def test_a_purpose_that_is_gone_is_not_edited(world: people.World, writer: Actor, approver: Actor) -> None:
    purpose = approved_purpose(world.organization, approver, writer)
    assert outlook(writer, purpose).may_write
    commands.withdraw_purpose(
        actor=writer,
        purpose_id=purpose.uid,
        reason="Not needed.",
        seen_impact=looked_at(ENDING_PURPOSE, purpose.uid),
    )
    assert not outlook(writer, purpose).may_write


@pytest.mark.parametrize("is_running", [False, True])
def test_gaps_keep_a_plan_from_review_and_are_doubts_about_what_runs(
    world: people.World, writer: Actor, is_running: bool
) -> None:
    purpose = drafted_purpose(world.organization, writer)
    asset = catalog.asset(people.domain(world.organization))
    activity = drafted_activity(purpose, asset, writer=writer, is_running=is_running)
    seen = activity_outlook(writer, activity)
    assert [reason.code for reason in (seen.doubts if is_running else seen.missing)] == [
        "ACTIVITY_PURPOSE_UNAPPROVED"
    ]
    assert (seen.missing if is_running else seen.doubts) == ()


def test_activities_that_name_a_purpose_are_found_while_they_do(
    world: people.World, writer: Actor, approver: Actor
) -> None:
    purpose = approved_purpose(world.organization, approver, writer)
    other = approved_purpose(world.organization, approver, writer)
    asset = catalog.asset(people.domain(world.organization))
    activity = approved_activity(purpose, asset, approver=approver, writer=writer)
    assert list(queries.activities_naming(writer, purpose)) == [activity]
    assert list(queries.activities_naming(writer, other)) == []
    content = activity_content(other, asset)
    commands.edit_activity(actor=writer, processing_activity_id=activity.uid, content=content)
    assert list(queries.activities_naming(writer, other)) == [activity]
    scientist = world[Role.SCIENTIST].actor
    assert list(queries.activities_naming(scientist, other)) == []


def test_who_writes_records(world: people.World, writer: Actor) -> None:
    assert queries.may_write_records(writer)
    assert not queries.may_write_records(world[Role.DPO].actor)


def test_a_record_in_force_is_due_for_review_after_twelve_months(
    world: people.World, writer: Actor, approver: Actor
) -> None:
    assert review_due(date(2026, 3, 31)) == date(2027, 3, 31)
    assert review_due(date(2028, 2, 29)) == date(2029, 3, 1)
    purpose = approved_purpose(world.organization, approver, writer)
    version = queries.purpose_sheet(writer, purpose.uid).newest
    assert version.approved_at is not None
    assert version.review_due_on == review_due(version.approved_at.date())
    assert ActivityVersion(record_status="draft").review_due_on is None
