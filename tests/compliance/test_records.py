"""Records of declared kinds: from a draft to approval, what they carry, and what the database holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.catalog.models import AssetVersion
from apps.compliance import commands, queries
from apps.compliance.facts import assessed_assets, asset_facts, purpose_facts
from apps.compliance.lifecycle import RecordStatus, dpia
from apps.compliance.lifecycle.compatibility import Compatibility, Condition
from apps.compliance.lifecycle.interests import Balance, InterestsContent
from apps.compliance.models import LegalRecord, LegalRecordVersion, ProcessingActivity, Purpose, RecordStep
from apps.compliance.tasks import reassess_named
from apps.kernel.actor import Actor
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput, InvalidState, NotFound, NotPermitted, RuleBroken
from apps.policy import law_words
from apps.policy.facts import CompatibilityFacts, Outcome
from apps.policy.vocabulary import ObligationKind
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories.classification import about_nobody, classified
from tests.factories.compliance import (
    approved_activity,
    approved_purpose,
    approved_record,
    breach_content,
    compatibility_content,
    drafted_purpose,
    drafted_record,
    interests_content,
)

pytestmark = pytest.mark.django_db
LIA, CA = "legitimate-interests", "compatibility"


def test_a_record_goes_from_draft_to_approved_by_two_people(
    world: people.World, writer: Actor, approver: Actor
) -> None:
    found = drafted_record(world.organization, LIA, interests_content(), writer)
    assert found.ref == "LIA-0001"
    commands.submit_record(actor=writer, legal_record_id=found.uid)
    assert [each.legal_record for each in queries.legal_to_review(approver, LIA)] == [found]
    assert not queries.legal_to_review(writer, LIA).exists()
    with pytest.raises(NotPermitted, match="RECORD_OWN"):
        commands.approve_record(actor=writer, legal_record_id=found.uid)
    version = commands.approve_record(actor=approver, legal_record_id=found.uid)
    assert (version.record_status, version.said) == (RecordStatus.APPROVED, interests_content())
    assert version.review_due_on is not None
    names = (
        AuditEvent.objects.filter(subject_uid=found.uid, name__startswith="compliance.record.")
        .order_by("pk")
        .values_list("name", flat=True)
    )
    assert list(names) == [f"compliance.record.{word}" for word in ("drafted", "submitted", "approved")]


def test_a_rejected_version_leaves_the_one_in_force_alone(
    world: people.World, writer: Actor, approver: Actor
) -> None:
    found = approved_record(world.organization, LIA, interests_content(), approver, writer)
    changed = replace(interests_content(), why="Weighed anew.")
    commands.edit_record(actor=writer, legal_record_id=found.uid, content=changed)
    commands.submit_record(actor=writer, legal_record_id=found.uid)
    rejected = commands.reject_record(actor=approver, legal_record_id=found.uid, reason="Not so.")
    assert (rejected.number, rejected.record_status, rejected.said.why) == (2, "rejected", "Weighed anew.")
    rows: Any = queries.legal_records(approver, LIA)
    assert [row.state for row in rows] == ["approved"]
    today: Any = queries.legal_records(world[Role.SCIENTIST].actor, LIA, as_of=database_now().date())
    assert [version.number for row in today for version in row.seen_versions] == [1]


def test_an_incomplete_draft_is_kept_and_not_submitted(world: people.World, writer: Actor) -> None:
    found = drafted_record(world.organization, LIA, InterestsContent(name="Pumps"), writer)
    with pytest.raises(RuleBroken) as refused:
        commands.submit_record(actor=writer, legal_record_id=found.uid)
    sheet = queries.legal_sheet(writer, LIA, found.uid)
    assert sheet.missing == refused.value.reasons
    assert {"interest", "outcome", "alternatives"} <= {reason.field for reason in sheet.missing}


def test_editing_begins_a_version_and_the_old_one_holds_as_of_its_days(
    world: people.World, writer: Actor, approver: Actor
) -> None:
    long_ago = database_now() - timedelta(days=90)
    began = long_ago.date()
    content = interests_content(effective_from=began)
    found = approved_record(world.organization, LIA, content, approver, writer)
    changed = replace(content, outcome=Balance.OVERRIDDEN)
    draft = commands.edit_record(actor=writer, legal_record_id=found.uid, content=changed)
    assert draft.number == 2
    edited = commands.edit_record(
        actor=writer, legal_record_id=found.uid, content=replace(changed, why="Weighed anew.")
    )
    assert edited.number == 2
    commands.submit_record(actor=writer, legal_record_id=found.uid)
    commands.approve_record(actor=approver, legal_record_id=found.uid)

    def seen(**given: Any) -> list[int]:
        rows: Any = queries.legal_records(approver, LIA, **given)
        return [version.number for row in rows for version in row.seen_versions]

    assert seen() == [2, 1]
    today = database_now().date()
    assert seen(as_of=today) == [2]
    assert seen(as_of=began - timedelta(days=1)) == []
    commands.retire_record(actor=approver, legal_record_id=found.uid)
    assert seen(as_of=today) == []


def test_what_a_record_names_is_there_and_of_its_organization(
    world: people.World, writer: Actor, approver: Actor
) -> None:
    purpose = drafted_purpose(world.organization, writer)
    asset = things.asset(world.domain)
    elsewhere = things.asset(people.domain(people.organization()))
    assert drafted_record(world.organization, CA, compatibility_content(purpose, asset), writer)
    for content in (
        compatibility_content(purpose, asset, elsewhere),
        compatibility_content(purpose, asset, new_purpose=uuid4()),
        compatibility_content(purpose, asset, original_concept="Nothing"),
        interests_content(),
    ):
        with pytest.raises(InvalidInput):
            drafted_record(world.organization, CA, content, writer)
    with pytest.raises(InvalidInput, match="RECORD_KIND_UNKNOWN"):
        drafted_record(world.organization, "weather", interests_content(), writer)


def test_signed_records_are_read_by_everybody_and_drafts_by_those_at_work(
    world: people.World, writer: Actor, approver: Actor
) -> None:
    found = drafted_record(world.organization, LIA, interests_content(), writer)
    scientist = world[Role.SCIENTIST].actor
    with pytest.raises(NotFound):
        queries.legal_sheet(scientist, LIA, found.uid)
    assert queries.legal_sheet(world[Role.DPO].actor, LIA, found.uid)
    with pytest.raises(NotPermitted):
        drafted_record(world.organization, LIA, interests_content(), world[Role.DPO].actor)
    commands.submit_record(actor=writer, legal_record_id=found.uid)
    commands.approve_record(actor=approver, legal_record_id=found.uid)
    assert queries.legal_sheet(scientist, LIA, found.uid)
    with pytest.raises(NotFound):
        queries.legal_sheet(people.player(people.organization()).actor, LIA, found.uid)


def test_the_register_counts_by_kind(world: people.World, writer: Actor, approver: Actor) -> None:
    approved_record(world.organization, LIA, interests_content(), approver, writer)
    drafted_record(world.organization, LIA, interests_content(name="Valves"), writer)
    tally = {each.kind.slug: each for each in queries.register_of(writer)}
    assert (tally[LIA].total, tally[LIA].in_force, tally[LIA].drafts, tally[LIA].late) == (2, 1, 1, 0)
    assert tally[CA].total == 0


Change = Callable[[LegalRecordVersion], object]


@pytest.mark.parametrize(
    "change",
    [
        lambda version: LegalRecordVersion.objects.filter(pk=version.pk).update(content={"name": "x"}),
        lambda version: LegalRecordVersion.objects.filter(pk=version.pk).update(record_status="draft"),
        lambda version: LegalRecordVersion.objects.filter(pk=version.pk).delete(),
        lambda version: LegalRecord.objects.filter(pk=version.legal_record_id).update(ref="LIA-9"),
        lambda version: version.editors.clear(),
    ],
)
def test_the_database_keeps_what_is_signed(
    world: people.World, writer: Actor, approver: Actor, change: Change
) -> None:
    found = approved_record(world.organization, LIA, interests_content(), approver, writer)
    version = found.versions.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        change(version)
    version.refresh_from_db()
    assert version.said == interests_content()


# What they carry


def test_v07_a_purpose_on_interests_needs_an_assessment_that_prevails(
    world: people.World, writer: Actor, approver: Actor
) -> None:
    weighed = approved_record(world.organization, LIA, interests_content(), approver, writer)
    purpose = drafted_purpose(world.organization, writer, lia_ref="LIA-0002")
    with pytest.raises(RuleBroken, match="PURPOSE_LIA_NOT_FOUND"):
        commands.submit_purpose(actor=writer, purpose_id=purpose.uid)
    carried = approved_purpose(world.organization, approver, writer, lia_ref=weighed.ref)
    today = database_now().date()
    assert purpose_facts(carried, on=today).has_legal_ground is True
    assert purpose_facts(carried, on=today + timedelta(days=420)).has_legal_ground is False
    assert list(queries.purposes_resting_on(writer, weighed)) == [carried]
    commands.retire_record(actor=approver, legal_record_id=weighed.uid)
    assert purpose_facts(carried, on=today).has_legal_ground is False


def test_the_policy_hears_of_approved_compatibility_assessments_in_the_same_queries(
    world: people.World, writer: Actor, approver: Actor, django_assert_num_queries: Any
) -> None:
    purpose = approved_purpose(world.organization, approver, writer)
    version = things.version(things.asset(world.domain), ("name",))
    content = compatibility_content(
        purpose,
        version.asset,
        outcome=Compatibility.WITH_CONDITIONS,
        conditions=(Condition(kind=ObligationKind.MASK, column="name"),),
    )

    def heard(days: int = 0) -> tuple[CompatibilityFacts, ...]:
        at = database_now() + timedelta(days=days)
        fresh = AssetVersion.objects.get(pk=version.pk)
        with django_assert_num_queries(2):
            return assessed_assets([(fresh, ())], purpose, at=at)[1]

    found = drafted_record(world.organization, CA, content, writer)
    assert heard() == ()
    commands.submit_record(actor=writer, legal_record_id=found.uid)
    commands.approve_record(actor=approver, legal_record_id=found.uid)
    (facts,) = heard()
    assert (facts.ref, facts.original_purpose) == (found.ref, "PersonnelPayment")
    assert (facts.outcome, facts.is_approved) == (Outcome.COMPATIBLE_WITH_CONDITIONS, True)
    (obligation,) = facts.conditions
    assert obligation.columns == {f"{version.asset.uid}/name"}
    assert [each.is_approved for each in heard(days=365 + 31 + 1)] == [False]


def test_an_assessment_of_other_data_or_another_purpose_is_not_heard(
    world: people.World, writer: Actor, approver: Actor
) -> None:
    purpose, other = (approved_purpose(world.organization, approver, writer) for _ in range(2))
    version = things.version(things.asset(world.domain), ("name",))
    elsewhere = things.asset(world.domain)
    approved_record(world.organization, CA, compatibility_content(purpose, elsewhere), approver, writer)
    approved_record(world.organization, CA, compatibility_content(other, version.asset), approver, writer)
    assert assessed_assets([(version, ())], purpose, at=database_now())[1] == ()


# Steps


def impact_assessment(world: people.World, writer: Actor, approver: Actor, **answers: bool) -> LegalRecord:
    """Complete, signed off, and with the DPO."""
    purpose = approved_purpose(world.organization, approver, writer)
    version = things.version(things.asset(world.domain), ("depth",))
    classified(version, world[Role.STEWARD].actor, about_nobody("depth"))
    activity = approved_activity(purpose, version.asset, approver=approver, writer=writer)
    points = {**dict.fromkeys((*dpia.POINTS, *dpia.DECISIVE), False), **answers}
    texts = dict.fromkeys(("description", "necessity", "proportionality", "views"), "In words.")
    risk = dpia.Risk(
        harm=dpia.Harm.LINKABILITY,
        impact="Known to all",
        severity=dpia.Level.LIMITED,
        likelihood=dpia.Level.LIMITED,
    )
    content = dpia.DpiaContent(
        name="Shifts",
        activities=(activity.uid,),
        risks=(risk,),
        initial_risk=dpia.Level.LIMITED,
        residual_risk=dpia.Level.LIMITED,
        **points,
        **texts,  # type: ignore[arg-type]
    )
    found = approved_record(world.organization, "impact-assessments", content, approver, writer)
    for step in ("begin", "consult"):
        commands.take_step(actor=writer, legal_record_id=found.uid, step=step)
    return found


def test_the_dpo_advises_the_owner_decides_and_nobody_else(
    world: people.World, writer: Actor, approver: Actor
) -> None:
    found = impact_assessment(world, writer, approver)
    dpo, owner = world[Role.DPO].actor, world[Role.OWNER].actor
    advice = {"opinion": "unfavourable", "text": "Too much for too little."}

    def step(actor: Actor, name: str, **said: Any) -> RecordStep:
        taken: RecordStep = commands.take_step(actor=actor, legal_record_id=found.uid, step=name, said=said)
        return taken

    for other in (writer, approver, owner):
        with pytest.raises(NotPermitted):
            step(other, "advise", **advice)
    with pytest.raises(RuleBroken, match="RECORD_FIELD_MISSING"):
        step(dpo, "advise", opinion="favourable")
    assert step(dpo, "advise", **advice).stage_after == "owner_decision"
    for other in (writer, approver, dpo):
        with pytest.raises(NotPermitted):
            step(other, "decide", decision="approve")
    with pytest.raises(RuleBroken, match="DPIA_DEPARTURE_UNEXPLAINED"):
        step(owner, "decide", decision="approve")
    last = step(owner, "decide", decision="approve", deviation_reason="It saves lives.")
    assert (last.stage_after, last.number, last.version) == ("approved", 4, found.versions.get())
    with pytest.raises(InvalidState, match="RECORD_STEP_IMPOSSIBLE"):
        step(owner, "decide", decision="reject")
    assert [each.step for each in queries.log_of_record(found)] == ["begin", "consult", "advise", "decide"]


def test_v21_an_activity_is_blocked_until_the_assessment_it_needs_is_approved(
    world: people.World, writer: Actor, approver: Actor
) -> None:
    found = impact_assessment(world, writer, approver, is_public_monitoring=True)
    (activity,) = ProcessingActivity.objects.all()

    def clearance() -> tuple[str, set[str]]:
        reassess_named(str(found.uid))
        version = activity.versions.get()
        return version.clearance, {reason["rule"] for reason in version.clearance_reasons}

    assert clearance() == ("blocked", {"V-21"})
    advice = {"opinion": "favourable", "text": "Well done."}
    commands.take_step(actor=world[Role.DPO].actor, legal_record_id=found.uid, step="advise", said=advice)
    assert clearance() == ("blocked", {"V-21"})
    commands.take_step(
        actor=world[Role.OWNER].actor, legal_record_id=found.uid, step="decide", said={"decision": "approve"}
    )
    assert clearance() == ("cleared", set())
    (covered,) = found.versions.get().said.activities
    purpose = Purpose.objects.get()
    at, version = database_now(), AssetVersion.objects.get()
    (facts,) = asset_facts([(version, ())], purpose, at=at)
    (heard,) = facts.activities
    assert covered == activity.uid and heard.dpia and heard.screening
    assert (heard.dpia.state, heard.dpia.conditions) == (law_words.DpiaState.APPROVED, ())
    assert law_words.ScreeningPoint.PUBLIC_MONITORING in heard.screening.yes


def test_a_step_rests_on_a_description_that_is_signed_off(
    world: people.World, writer: Actor, approver: Actor
) -> None:
    found = drafted_record(world.organization, "breaches", breach_content(), writer)
    assert found.stage == "suspected"
    commands.take_step(actor=writer, legal_record_id=found.uid, step="confirm")
    with pytest.raises(InvalidState, match="RECORD_DESCRIPTION_NEEDED"):
        commands.take_step(actor=writer, legal_record_id=found.uid, step="assess")
    with pytest.raises(NotFound):
        queries.legal_sheet(world[Role.SCIENTIST].actor, "breaches", found.uid)
    commands.submit_record(actor=writer, legal_record_id=found.uid)
    commands.approve_record(actor=approver, legal_record_id=found.uid)
    commands.take_step(actor=writer, legal_record_id=found.uid, step="assess")
    with pytest.raises(NotFound):
        queries.legal_sheet(world[Role.SCIENTIST].actor, "breaches", found.uid)
    assert queries.legal_sheet(approver, "breaches", found.uid).steps[-1].stage_after == "assessed"


def test_the_database_keeps_the_log_and_moves_no_stage_without_a_step(
    world: people.World, writer: Actor
) -> None:
    found = drafted_record(world.organization, "breaches", breach_content(), writer)
    taken = commands.take_step(actor=writer, legal_record_id=found.uid, step="confirm")
    rows = RecordStep.objects.filter(pk=taken.pk)
    skipped = {
        "legal_record": found,
        "step": "close",
        "stage_after": "closed",
        "created_at": taken.created_at,
    }
    for change in (
        lambda: LegalRecord.objects.filter(pk=found.pk).update(stage="closed"),
        lambda: rows.update(stage_after="closed"),
        lambda: rows.delete(),
        lambda: RecordStep.objects.create(number=2, stage_before="suspected", **skipped),
        lambda: RecordStep.objects.create(number=3, stage_before="confirmed", **skipped),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert LegalRecord.objects.get(pk=found.pk).stage == "confirmed"
