"""Those who must act are told, once, and nobody is told of what they may not see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail

from apps.access import commands
from apps.accounts.commands import disable_account, follow_unanswered
from apps.audit.models import AuditDelivery
from apps.compliance import commands as records_of
from apps.compliance.commands import take_step, withdraw_purpose
from apps.compliance.lifecycle.occurrences import Happening
from apps.compliance.lifecycle.use_agreements import USE_AGREEMENTS, UseAgreementContent
from apps.compliance.models import Duty
from apps.compliance.tasks import follow_agreements
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import NotFound
from apps.notifications import tasks
from apps.notifications.commands import note_all_read, note_read, telling
from apps.notifications.commands.mailing import mail_one
from apps.notifications.models import Notice, NoticeKind
from apps.notifications.queries import notices_visible_to, preferences_of, shown, unread_of
from apps.policy.conditions import ConditionKind
from apps.preparing.commands import reject_view
from tests.factories import compliance, records, views
from tests.factories.access import AccessWorld, approved, asked, bound, draft, granted, in_days, seen
from tests.factories.impacts import ENDING_PURPOSE, looked_at
from tests.factories.occurrences import in_effect
from tests.factories.policies import published_policy
from tests.factories.reviews import opened
from tests.notifications.conftest import Heard, told
from tests.notifications.waiting import waiting


def test_whoever_may_decide_the_open_stage_is_told_and_nobody_else(
    mailed_world: AccessWorld, hear: Heard
) -> None:
    waiting(mailed_world)
    assert told(hear(), "request_to_decide", mailed_world) == {"owner", "second_owner", "owner_and_officer"}


def test_the_next_stage_is_told_when_it_opens_and_the_first_not_again(
    mailed_world: AccessWorld, hear: Heard
) -> None:
    request = waiting(mailed_world)
    hear()
    approved(request, mailed_world["owner"])  # type: ignore[arg-type]
    new = [notice for notice in hear() if notice.event_name == "access.request.decided"]
    assert told(new, "request_to_decide", mailed_world) == {"officer", "second_officer", "owner_and_officer"}


DPO_KNOWS = """\
format: 1
name: House rules
rules:
  - id: PAY-1
    about: The data protection officer knows of every request for personal data.
    when: {personal: true}
    then: {notify: dpo}
"""


def test_whom_a_rule_wants_to_know_of_a_request_is_told_once_and_asked_nothing(
    mailed_world: AccessWorld, hear: Heard
) -> None:
    published_policy(mailed_world["officer"], mailed_world["second_officer"], DPO_KNOWS)
    hear()
    request = asked(mailed_world["scientist"], draft(mailed_world.personal, mailed_world.purposes["pay"]))
    assert told(hear(), "request_to_know", mailed_world) == {"dpo"}
    assert "dpo" not in told(hear(), "request_to_decide", mailed_world)
    commands.reevaluate_request(actor=SYSTEM, request_id=request.uid)
    approved(request, mailed_world["owner"])
    assert len([notice for notice in hear() if notice.code == "request_to_know"]) == 1


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (commands.reject_request, "request_rejected"),
        (commands.return_request, "request_returned"),
    ],
)
def test_the_requester_is_told_the_outcome(
    mailed_world: AccessWorld, hear: Heard, act: object, code: str
) -> None:
    request = waiting(mailed_world)
    act(actor=mailed_world["owner"], reason="No.", **seen(request))  # type: ignore[operator,arg-type]
    assert told(hear(), code, mailed_world) == {"scientist"}


def test_a_rejection_says_its_code_in_the_notice_and_in_the_mail(
    mailed_world: AccessWorld, hear: Heard
) -> None:
    request, scientist = waiting(mailed_world), mailed_world.players["scientist"]
    given = {**seen(request), "reason": "No.", "rejection_code": "elsewhere"}  # type: ignore[arg-type]
    commands.reject_request(actor=mailed_world["owner"], **given)  # type: ignore[arg-type]
    (notice,) = (each for each in hear() if each.code == "request_rejected")
    (told_so,) = shown(scientist.actor, [notice])
    assert told_so.sentence.endswith("was rejected: other data serve as well")
    mail_one(notice.pk)
    assert "other data serve as well" in mail.outbox[0].subject


@pytest.mark.parametrize(
    ("ends", "told_as"),
    [
        ("2026-12-05T23:00:00+00:00", "the end of Sat 5 Dec"),
        ("2026-12-05T12:00:00+00:00", "Sat 13:00"),
        ("2026-12-31T12:00:00+00:00", "Thu 31 Dec 13:00"),
    ],
)
def test_what_ends_at_midnight_ends_with_the_day_before(world: AccessWorld, ends: str, told_as: str) -> None:
    notice = Notice(code="delegation_received", facts={"ends": ends}, assets=[], place="inbox")
    now = datetime(2026, 12, 3, tzinfo=UTC)
    (one,) = shown(world["colleague"], [notice], zone="Europe/Berlin", now=now)
    assert one.sentence == f"Somebody asked you to decide in their place until {told_as}"


def test_who_holds_a_grant_is_told_that_it_was_revoked(mailed_world: AccessWorld, hear: Heard) -> None:
    grant = granted(mailed_world)
    commands.revoke_grant(actor=mailed_world["owner"], grant_id=grant.uid, comment="Over.")
    notices = hear()
    assert told(notices, "grant_revoked", mailed_world) == {"scientist"}
    assert told(notices, "request_approved", mailed_world) == {"scientist"}


def test_whose_verdict_is_kept_hears_that_it_counts_for_something_else_now(
    mailed_world: AccessWorld, hear: Heard
) -> None:
    kept = DPO_KNOWS.replace("rules:\n", "keep_verdicts: {owner: unchanged_facts}\nrules:\n", 1)
    published_policy(mailed_world["officer"], mailed_world["second_officer"], kept)
    wanted = draft(mailed_world.personal, mailed_world.purposes["pay"])
    request = approved(asked(mailed_world["scientist"], wanted), mailed_world["owner"])
    shorter = draft(mailed_world.personal, mailed_world.purposes["pay"], ends_on=in_days(7))
    commands.amend_request(actor=mailed_world["scientist"], request_id=request.uid, draft=shorter)
    assert told(hear(), "verdict_carried", mailed_world) == {"owner"}


def test_of_a_condition_whoever_has_to_do_something_is_told(mailed_world: AccessWorld, hear: Heard) -> None:
    lasting = bound(granted(mailed_world))
    shown = {"condition_id": lasting.uid, "evidence": "Filed."}
    commands.show_evidence(actor=mailed_world["scientist"], **shown)
    checkers = {"owner", "second_owner", "owner_and_officer", "officer", "second_officer"}
    assert told(hear(), "condition_to_confirm", mailed_world) == checkers
    commands.satisfy_condition(actor=mailed_world["owner"], **shown)
    lasting.refresh_from_db()
    commands.remind_condition(actor=SYSTEM, condition_id=lasting.uid, at=lasting.remind_at)
    assert told(hear(), "condition_to_show", mailed_world) == {"scientist"}
    commands.lapse_condition(actor=SYSTEM, condition_id=lasting.uid, at=lasting.due_at)
    notices = hear()
    assert told(notices, "condition_lapsed", mailed_world) == {"scientist"}
    assert told(notices, "condition_overdue", mailed_world) == set()


def test_what_is_overdue_after_the_end_is_an_alarm_to_owners_and_officers(
    mailed_world: AccessWorld, hear: Heard
) -> None:
    grant = granted(mailed_world)
    condition = bound(grant, ConditionKind.AFTER)
    commands.give_back_grant(actor=mailed_world["scientist"], grant_id=grant.uid)
    condition.refresh_from_db()
    commands.lapse_condition(actor=SYSTEM, condition_id=condition.uid, at=condition.due_at)
    notices = hear()
    alarmed = {"owner", "second_owner", "owner_and_officer", "officer", "second_officer"}
    assert told(notices, "condition_overdue", mailed_world) == alarmed
    assert told(notices, "condition_still_due", mailed_world) == {"scientist"}
    assert all(each.path.startswith("/conditions/") for each in shown(mailed_world["owner"], notices[-1:]))


def test_a_withdrawn_purpose_is_told_to_those_who_have_or_asked_for_access(
    mailed_world: AccessWorld, hear: Heard
) -> None:
    waiting(mailed_world)
    purpose = mailed_world.purposes["pay"]
    withdraw_purpose(
        actor=mailed_world["officer"],
        purpose_id=purpose.uid,
        reason="Not lawful.",
        seen_impact=looked_at(ENDING_PURPOSE, purpose.uid),
    )
    assert told(hear(), "purpose_withdrawn", mailed_world) == {"scientist"}


def test_those_for_whom_reviews_wait_are_told_when_a_campaign_opens(
    mailed_world: AccessWorld, hear: Heard
) -> None:
    granted(mailed_world)
    opened(mailed_world["officer"], mailed_world.organization)
    assert told(hear(), "reviews_wait", mailed_world) == {"owner", "second_owner", "owner_and_officer"}


def test_that_nobody_can_answer_for_a_program_is_told_to_those_who_can_hand_it_over(
    mailed_world: AccessWorld, hear: Heard
) -> None:
    program, now = mailed_world.robot, database_now()
    disable_account(actor=SYSTEM, account_id=mailed_world.players["scientist"].account.uid)
    follow_unanswered(actor=SYSTEM, account_id=program.uid, at=now)
    follow_unanswered(actor=SYSTEM, account_id=program.uid, at=now + timedelta(days=14))
    notices = hear()
    for code in ("program_unanswered", "program_suspended"):
        assert told(notices, code, mailed_world) == {"administrator"}
    told_admin = shown(mailed_world["administrator"], notices[-2:])
    assert {each.path for each in told_admin} == {f"/service-accounts/{program.uid}/"}


def test_a_grant_that_ends_within_a_week_is_told_once(mailed_world: AccessWorld, hear: Heard) -> None:
    grant = granted(mailed_world)
    assert telling.tell_of_endings(at=database_now()) == []
    soon = grant.not_after - timedelta(days=3)
    assert [notice.code for notice in telling.tell_of_endings(at=soon)] == ["grant_ends_soon"]
    assert telling.tell_of_endings(at=soon + timedelta(hours=1)) == []


def test_an_event_delivered_twice_tells_nobody_twice(
    mailed_world: AccessWorld, hear: Heard, woken: list[tuple[str, int]], since: int
) -> None:
    waiting(mailed_world)
    first = hear()
    for notice_id in [key for name, key in woken if name == "send_mail"]:
        mail_one(notice_id)
    sent = len(mail.outbox)
    assert sent == len(first) > 0
    AuditDelivery.objects.filter(event__pk__gt=since).update(delivered_at=None)
    again = hear()
    for notice in again:
        mail_one(notice.pk)
    assert (len(again), len(mail.outbox)) == (len(first), sent)


def test_one_reads_ones_own_notices_and_nobody_elses(mailed_world: AccessWorld, hear: Heard) -> None:
    waiting(mailed_world)
    owner, other = mailed_world["owner"], mailed_world["second_owner"]
    hear()
    mine = notices_visible_to(owner).get()
    with pytest.raises(NotFound):
        note_read(other, mine.uid, at=database_now())
    note_read(owner, mine.uid, at=database_now())
    assert (unread_of(owner).count(), unread_of(other).count()) == (0, 1)
    assert note_all_read(other, at=database_now()) == 1
    assert {preference.kind for preference in preferences_of(owner)} == set(NoticeKind)


def test_the_sweep_finds_what_no_worker_was_woken_for(
    mailed_world: AccessWorld, hear: Heard, woken: list[tuple[str, int]]
) -> None:
    waiting(mailed_world)
    notices = hear()
    woken.clear()
    tasks.send_due()
    assert {key for name, key in woken if name == "send_mail"} == {notice.pk for notice in notices}


def test_of_an_agreement_that_ends_soon_or_has_ended_those_hear_who_can_do_something(
    world: AccessWorld, hear: Heard
) -> None:
    partner = records.a_party(world.organization)
    made = UseAgreementContent(
        name="With the clinic",
        parties=(partner.uid,),
        assets=(world.harmless.asset.uid,),
        needs_destruction_certificate=True,
        effective_to=(database_now() + timedelta(days=30)).date(),
    )
    kept = records.kept(world.organization, USE_AGREEMENTS, made)
    follow_agreements()
    officers = {"officer", "second_officer", "owner_and_officer"}
    soon = told(hear(), "agreement_ends_soon", world)
    assert officers < soon and "scientist" not in soon and "owner" in soon
    take_step(
        actor=world["officer"],
        legal_record_id=kept.uid,
        step="terminate",
        said={"ended_on": database_now().date().isoformat(), "why": "The study was called off."},
    )
    assert told(hear(), "agreement_over", world) == officers


def test_whoever_wrote_a_record_hears_that_it_came_back_or_was_rejected_and_whoever_said_so_does_not(
    world: AccessWorld, hear: Heard
) -> None:
    writer, reviewer = world["officer"], world["second_officer"]
    purpose = compliance.drafted_purpose(world.organization, writer)
    activity = compliance.drafted_activity(world.purposes["pay"], world.personal.asset, writer=writer)
    made = compliance.interests_content()
    record = compliance.drafted_record(world.organization, "legitimate-interests", made, writer)
    for kind, which in (
        ("purpose", {"purpose_id": purpose.uid}),
        ("record", {"legal_record_id": record.uid}),
    ):
        acts: dict[str, Any] = {
            name: partial(getattr(records_of, f"{name}_{kind}"), **which)
            for name in ("submit", "return", "reject")
        }
        acts["submit"](actor=writer)
        acts["return"](actor=reviewer, reason="Say which pumps.")
        hear()
        acts["submit"](actor=world["owner_and_officer"])
        acts["reject"](actor=reviewer, reason="Nobody may.")
    records_of.submit_activity(actor=writer, processing_activity_id=activity.uid)
    records_of.return_activity(actor=writer, processing_activity_id=activity.uid, reason="I was wrong.")
    notices = hear()
    told_so = {(each.code, each.facts["ref"], each.person_id) for each in notices if "ref" in each.facts}
    hers, other = (world.players[name].person.pk for name in ("officer", "owner_and_officer"))
    answers = {each for each in told_so if each[0] in {"record_returned", "record_rejected"}}
    assert answers == {
        (code, kept.ref, person)
        for kept in (purpose, record)
        for code, person in (("record_returned", hers), ("record_rejected", hers), ("record_rejected", other))
    }
    (line,) = shown(writer, [each for each in notices if each.code == "record_rejected"][:1])
    assert line.path == f"/records/any/{purpose.uid}/" and purpose.ref in line.sentence


def test_of_a_deletion_that_failed_the_dpo_and_the_owners_of_the_data_hear_at_once(
    mailed_world: AccessWorld, hear: Heard
) -> None:
    world, asset = mailed_world, mailed_world.personal.asset
    in_effect(world.organization, Happening.RETENTION_ENDED, world.personal.version)
    duty = Duty.objects.get(code="delete_or_anonymise", asset=asset)
    records_of.begin_duty(actor=world["steward"], duty_id=duty.uid)
    records_of.fail_duty(actor=world["steward"], duty_id=duty.uid, why="The archive was not mounted.")
    notices = hear()
    assert told(notices, "deletion_failed", world) == {"dpo"}
    assert told(notices, "deletion_failed_of_yours", world) == {"owner", "second_owner", "owner_and_officer"}
    paths = {each.code: one.path for each, one in zip(notices, shown(world["dpo"], notices), strict=True)}
    assert paths["deletion_failed"] == f"/duties/{duty.uid}/"
    assert paths["deletion_failed_of_yours"] == f"/catalog/{asset.uid}/"


def test_the_owners_are_told_of_a_view_that_waits_and_whoever_asked_what_came_of_it(
    mailed_world: AccessWorld, hear: Heard
) -> None:
    view = views.asked_for(views.lying(mailed_world.domain), mailed_world["owner"])
    assert told(hear(), "view_proposed", mailed_world) == {"second_owner", "owner_and_officer"}
    reject_view(actor=mailed_world["officer"], prepared_view_id=view.uid, comment="Mask all of it.")
    assert told(hear(), "view_rejected", mailed_world) == {"owner"}
