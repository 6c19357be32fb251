"""Labeling policies on their way: who tries out and who approves, and what another guideline does to them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from apps.compliance import commands
from apps.compliance.lifecycle.labeling import LABELING_POLICIES
from apps.compliance.models import LegalRecord
from apps.kernel.actor import Actor
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidState, NotPermitted, RuleBroken
from tests.access.refusals import refused
from tests.api.caller import Caller
from tests.factories import accounts as people
from tests.factories import catalog, compliance
from tests.factories.records import kept, labeling_policy

pytestmark = pytest.mark.django_db
PILOT = {"items": 40, "reached": "0.9", "learned": "Shale is split by its color.", "report": "Shelf 4"}


@pytest.fixture
def content(world: people.World, approver: Actor, writer: Actor) -> dict[str, Any]:
    purpose = compliance.approved_purpose(world.organization, writer, lawful_basis=None, lia_ref="")
    asset = catalog.published_asset(world.domain)
    return {"purposes": (purpose.uid,), "datasets": (asset.uid,)}


def policy(world: people.World, content: dict[str, Any], stage: str) -> LegalRecord:
    return kept(world.organization, LABELING_POLICIES, labeling_policy(**content), stage=stage)


def tried_out(record: LegalRecord, by: Actor) -> None:
    commands.take_step(actor=by, legal_record_id=record.uid, step="pilot", said=PILOT)


def test_who_tried_it_out_does_not_approve_it(
    world: people.World, writer: Actor, approver: Actor, content: dict[str, Any]
) -> None:
    record = policy(world, content, "draft")
    tried_out(record, writer)
    with refused(NotPermitted, "RECORD_STEP_SECOND_PERSON"):
        commands.take_step(actor=writer, legal_record_id=record.uid, step="approve-labeling")
    tried_out(record, approver)
    with refused(NotPermitted, "RECORD_STEP_SECOND_PERSON"):
        commands.take_step(actor=approver, legal_record_id=record.uid, step="approve-labeling")
    commands.take_step(actor=writer, legal_record_id=record.uid, step="approve-labeling")
    record.refresh_from_db()
    assert record.stage == "approved"


def test_a_program_is_told_so_as_well(world: people.World, approver: Actor, content: dict[str, Any]) -> None:
    officer = people.player(world.organization, people.Role.COMPLIANCE_OFFICER)
    record, caller = policy(world, content, "draft"), Caller(officer.token)
    address = f"labeling-policies/{record.uid}/step"
    assert caller.post(address, {"step": "pilot", "said": PILOT}).status_code == 200
    answer = caller.post(address, {"step": "approve-labeling"})
    assert answer.status_code == 403
    assert "RECORD_STEP_SECOND_PERSON" in answer.text
    commands.take_step(actor=approver, legal_record_id=record.uid, step="approve-labeling")


def restated(record: LegalRecord, writer: Actor, approver: Actor, **changed: Any) -> str:
    """Another version of it, approved by a second person; the stage it is at then."""
    content = labeling_policy(**changed)
    commands.edit_record(actor=writer, legal_record_id=record.uid, content=content)
    commands.submit_record(actor=writer, legal_record_id=record.uid)
    commands.approve_record(actor=approver, legal_record_id=record.uid)
    record.refresh_from_db()
    return record.stage


@pytest.mark.parametrize("stage", ["piloted", "approved", "active", "paused"])
def test_another_guideline_is_tried_out_anew(
    world: people.World, writer: Actor, approver: Actor, content: dict[str, Any], stage: str
) -> None:
    record = policy(world, content, stage)
    soon = database_now().date() + timedelta(days=90)
    assert restated(record, writer, approver, **content, fairness="By the hour.", next_review=soon) == stage
    assert not record.steps.exists()
    assert restated(record, writer, approver, **content, guideline_version="3") == "draft"
    taken = record.steps.get()
    assert (taken.step, taken.stage_before, taken.stage_after) == ("begin-anew", stage, "draft")
    assert taken.version == record.versions.get(record_status="approved")
    tried_out(record, writer)
    assert record.steps.count() == 2


def test_nobody_takes_it_back_but_another_version(
    world: people.World, writer: Actor, content: dict[str, Any]
) -> None:
    record = policy(world, content, "active")
    with refused(NotPermitted, "RECORD_STEP_OF_THE_CLOCK"):
        commands.take_step(actor=writer, legal_record_id=record.uid, step="begin-anew")


def test_what_is_closed_takes_no_other_guideline(
    world: people.World, writer: Actor, approver: Actor, content: dict[str, Any]
) -> None:
    record = policy(world, content, "closed")
    with refused(InvalidState, "RECORD_CYCLE_ENDED"):
        restated(record, writer, approver, **content, guideline_sha256="b" * 64)
    assert record.versions.get(record_status="approved").number == 1


@pytest.mark.parametrize("stage", ["approved", "active", "paused"])
def test_who_decides_closes_it_with_a_reason(
    world: people.World, approver: Actor, content: dict[str, Any], stage: str
) -> None:
    record = policy(world, content, stage)
    step: dict[str, Any] = {"legal_record_id": record.uid, "step": "close-labeling"}
    with refused(RuleBroken, "RECORD_FIELD_MISSING", field="said.why"):
        commands.take_step(actor=approver, **step)
    with refused(NotPermitted):
        commands.take_step(actor=world[people.Role.STEWARD].actor, **step, said={"why": "It is done."})
    commands.take_step(actor=approver, **step, said={"why": "It is done."})
    record.refresh_from_db()
    assert record.stage == "closed"


@pytest.mark.parametrize("stage", ["draft", "piloted"])
def test_what_nobody_approved_is_not_closed(
    world: people.World, approver: Actor, content: dict[str, Any], stage: str
) -> None:
    record = policy(world, content, stage)
    with refused(InvalidState, "RECORD_STEP_IMPOSSIBLE"):
        commands.take_step(
            actor=approver, legal_record_id=record.uid, step="close-labeling", said={"why": "It is done."}
        )
