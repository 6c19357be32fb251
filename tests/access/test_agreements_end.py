"""An agreement on the use of data, from near its end until it is certified that the data are gone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from apps.access.models import Grant
from apps.audit.models import AuditEvent
from apps.compliance import commands
from apps.compliance.facts.reach import why_closed
from apps.compliance.lifecycle.occurrences import Happening
from apps.compliance.lifecycle.use_agreements import USE_AGREEMENTS, Permission, UseAgreementContent
from apps.compliance.models import Duty, LegalRecord, Occurrence
from apps.compliance.queries import due_records
from apps.compliance.queries.due import Due, DueKind
from apps.compliance.tasks import follow_agreements, follow_record
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidState, NotPermitted, RuleBroken
from tests.access.refusals import refused
from tests.factories.access import AccessWorld, asked, draft, granted, in_days
from tests.factories.records import a_party, kept, restated

pytestmark = pytest.mark.django_db


def agreement(**given: Any) -> UseAgreementContent:
    made: dict[str, Any] = {
        "name": "With the clinic",
        "document_ref": "D-1",
        "signed_on": date(2026, 1, 31),
        "permission": Permission.NRES,
        "forbids_reidentification": False,
        "forbids_sharing": True,
        "needs_destruction_certificate": True,
    }
    return UseAgreementContent(**{**made, **given})


def signed(world: AccessWorld, *, days: int, **given: Any) -> LegalRecord:
    """On the data that hold nothing about people, until so many days from now."""
    partner = a_party(world.organization)
    terms = {
        "parties": (partner.uid,),
        "assets": (world.harmless.asset.uid,),
        "purposes": (world.purposes["rock"].uid,),
        "effective_to": (database_now() + timedelta(days=days)).date(),
    }
    return kept(world.organization, USE_AGREEMENTS, agreement(**{**terms, **given}))


def stage(record: LegalRecord) -> str:
    return LegalRecord.objects.get(pk=record.pk).stage


def due_of(world: AccessWorld, record: LegalRecord) -> dict[DueKind, Due]:
    now = database_now()
    found = due_records(world["officer"], at=now, until=now + timedelta(days=90))
    return {each.kind: each for each in found if each.ref == record.ref}


def test_one_that_ends_soon_is_told_of_once_and_stands_on_the_board(world: AccessWorld) -> None:
    soon, later = signed(world, days=50), signed(world, days=300)
    for _again in range(2):
        follow_agreements()
    assert (stage(soon), stage(later)) == ("expiring", "active")
    moved = AuditEvent.objects.filter(name="compliance.record.step_taken", subject_uid=soon.uid)
    assert [each.data["after"] for each in moved] == ["expiring"]
    assert DueKind.END in due_of(world, soon) and DueKind.END not in due_of(world, later)
    assert not Occurrence.objects.exists()


def test_access_ends_with_the_agreement_that_names_the_data_and_says_so(world: AccessWorld) -> None:
    record = signed(world, days=20)
    wanted = draft(world.harmless, world.purposes["rock"], ends_on=in_days(60))
    with refused(RuleBroken, "LONGER_THAN_GIVEN"):
        asked(world["scientist"], wanted)
    request = asked(world["scientist"], wanted, accept_shorter=True)
    grant = Grant.objects.get(revision=request.revision)
    end = record.versions.get().effective_to
    assert end is not None
    assert grant.not_after == datetime(end.year, end.month, end.day, tzinfo=UTC)
    assert grant.limiting_factor == f"data_agreement_end:{record.ref}"


def test_what_days_do_is_done_by_nobody_else(world: AccessWorld) -> None:
    record = signed(world, days=50)
    for name in ("officer", "administrator"):
        with refused(NotPermitted, "RECORD_STEP_OF_THE_CLOCK"):
            commands.take_step(
                actor=world[name], legal_record_id=record.uid, step="follow", said={"stage": "active"}
            )


CERTIFIED = {
    "fate": "destroyed",
    "done_on": "2026-11-20",
    "certificate_ref": "C-7",
    "certificate_sha256": "a" * 64,
}


def test_one_that_is_over_leaves_duties_until_the_destruction_is_certified(world: AccessWorld) -> None:
    grant = granted(world)
    record = signed(world, days=-1)
    for _again in range(2):
        follow_agreements()
    assert stage(record) == "expired"
    occurrence = Occurrence.objects.get(source=record)
    assert occurrence.happening == Happening.AGREEMENT_ENDED
    assert set(why_closed([grant.version_id])) == {grant.version_id}
    duty = Duty.objects.get(occurrence=occurrence)
    assert (duty.code, duty.owner, duty.asset) == ("destroy_or_return", "steward", world.harmless.asset)
    line = due_of(world, record)[DueKind.CERTIFICATE]
    assert (line.role, line.article) == ("officer", "Art. 28(3)(g) GDPR")

    def certify(name: str = "officer") -> None:
        commands.take_step(
            actor=world[name], legal_record_id=record.uid, step="certify-destruction", said=CERTIFIED
        )

    with refused(RuleBroken, "AGREEMENT_DUTIES_OPEN"):
        certify()
    commands.finish_duty(actor=world["steward"], duty_id=duty.uid, evidence="Wiped; log W-3.")
    with pytest.raises(NotPermitted):
        certify("steward")
    assert DueKind.CERTIFICATE in due_of(world, record)
    certify()
    assert stage(record) == "destruction_certified"
    assert DueKind.CERTIFICATE not in due_of(world, record)
    follow_agreements()
    follow_record(str(record.uid))
    assert stage(record) == "destruction_certified"
    assert Occurrence.objects.get(pk=occurrence.pk).state == "in_effect"  # the data are gone


def test_one_that_is_renewed_goes_on_and_opens_its_data_again(world: AccessWorld) -> None:
    record = signed(world, days=-1)
    follow_agreements()
    said = record.versions.get().said
    restated(
        record,
        agreement(
            **{
                **{name: getattr(said, name) for name in ("parties", "assets", "purposes")},
                "effective_to": (database_now() + timedelta(days=400)).date(),
            }
        ),
    )
    follow_record(str(record.uid))
    assert stage(record) == "active"
    assert Occurrence.objects.get(source=record).state == "lifted"


@pytest.mark.parametrize("way", ["terminate", "retire"])
def test_one_that_people_end_before_its_day_leaves_the_same_duties(world: AccessWorld, way: str) -> None:
    record = signed(world, days=300)
    follow_agreements()
    today = database_now().date()
    if way == "retire":
        commands.retire_record(actor=world["officer"], legal_record_id=record.uid)
    else:
        said = {"ended_on": (today + timedelta(days=1)).isoformat(), "why": "The study was called off."}
        with refused(RuleBroken, "AGREEMENT_END_AHEAD"):
            commands.take_step(
                actor=world["officer"], legal_record_id=record.uid, step="terminate", said=said
            )
        said["ended_on"] = today.isoformat()
        commands.take_step(actor=world["officer"], legal_record_id=record.uid, step="terminate", said=said)
    for _again in range(2):
        follow_record(str(record.uid))
        follow_agreements()
    assert stage(record) == "terminated"
    assert Duty.objects.filter(occurrence__source=record, code="destroy_or_return").count() == 1
    assert due_of(world, record)[DueKind.CERTIFICATE].at.date() == today + timedelta(days=31)


def test_one_that_asks_for_no_certificate_ends_access_and_leaves_no_duty(world: AccessWorld) -> None:
    record = signed(world, days=-1, needs_destruction_certificate=False)
    follow_agreements()
    assert stage(record) == "expired"
    assert not Occurrence.objects.exists()
    assert due_of(world, record) == {}
    with pytest.raises(InvalidState):
        commands.take_step(
            actor=world["officer"], legal_record_id=record.uid, step="terminate", said={"why": "Late."}
        )
    with refused(RuleBroken, "RECORD_FIELD_MISSING"):
        commands.take_step(actor=world["officer"], legal_record_id=record.uid, step="certify-destruction")
