"""Those who must act are told, once, and nobody is told of what they may not see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from apps.access import commands
from apps.audit.models import AuditDelivery
from apps.catalog.commands import change_asset
from apps.compliance.commands import take_step, withdraw_purpose
from apps.compliance.lifecycle.use_agreements import USE_AGREEMENTS, UseAgreementContent
from apps.compliance.tasks import follow_agreements
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken
from apps.notifications import tasks
from apps.notifications.commands import choose_mail, choose_mail_language, note_all_read, note_read, telling
from apps.notifications.commands.mailing import accounts_for_digest, mail_digest, mail_one
from apps.notifications.models import MailLanguage, MailMode, Notice, NoticeKind
from apps.notifications.queries import language_of, notices_visible_to, preferences_of, shown, unread_of
from apps.policy.conditions import ConditionKind
from tests.factories import accounts, records
from tests.factories.access import AccessWorld, approved, asked, bound, draft, granted, in_days, seen
from tests.factories.impacts import ENDING_PURPOSE, looked_at
from tests.factories.policies import published_policy
from tests.factories.reviews import opened
from tests.notifications.conftest import Heard, told

CANARY = "Payroll of the board"


def waiting(world: AccessWorld) -> object:
    return asked(world["scientist"], draft(world.personal, world.purposes["pay"]))


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


def test_a_mail_says_by_when_in_text_and_html_and_its_link_opens_a_page(
    mailed_world: AccessWorld, hear: Heard
) -> None:
    change_asset(actor=SYSTEM, asset_id=mailed_world.personal.asset.uid, name="<b>Pay & more</b>")
    request = waiting(mailed_world)
    notice = next(each for each in hear() if each.code == "request_to_decide")
    mail_one(notice.pk)
    letter = mail.outbox[0]
    asker = mailed_world.players["scientist"].person.name
    assert letter.subject.startswith("[Decision needed by ")
    assert letter.subject.endswith(f"{asker} → <b>Pay & more</b>")
    link = f"http://127.0.0.1:8000/inbox/{request.uid}/"  # type: ignore[attr-defined]
    assert link in letter.body
    html = letter.alternatives[0].content
    assert link in html and "&lt;b&gt;Pay &amp; more&lt;/b&gt;" in html and "<b>Pay" not in html
    assert "List-Unsubscribe" not in letter.extra_headers
    assert letter.to == [f"{notice.person.email}"]


def test_the_name_of_an_asset_is_in_no_mail_to_who_may_not_see_it(
    mailed_world: AccessWorld, hear: Heard
) -> None:
    """Sight is asked when the notice is read, not when it is written."""
    change_asset(actor=SYSTEM, asset_id=mailed_world.personal.asset.uid, name=CANARY)
    waiting(mailed_world)
    notices = hear()
    assert CANARY not in str([(notice.facts, notice.assets) for notice in notices])
    mine = [notice for notice in notices if notice.code == "request_to_decide"]
    assert all(CANARY in each.sentence for each in shown(mailed_world["owner"], mine))
    stranger = accounts.player(accounts.organization(), email="stranger@example.org")  # sees nothing here
    Notice.objects.filter(pk=mine[0].pk).update(account=stranger.account)
    for notice in mine:
        mail_one(notice.pk)
    blind, *seeing = mail.outbox
    assert CANARY not in f"{blind.subject} {blind.body} {blind.alternatives[0].content}"
    assert "an asset you cannot see" in blind.subject
    assert all(CANARY in letter.subject for letter in seeing) and seeing


def test_mail_waits_for_a_server_that_is_down(
    mailed_world: AccessWorld, hear: Heard, settings: object
) -> None:
    waiting(mailed_world)
    notice = hear()[0]
    settings.EMAIL_BACKEND = "tests.notifications.conftest.DeadMail"  # type: ignore[attr-defined]
    with pytest.raises(ConnectionRefusedError):
        mail_one(notice.pk)
    notice.refresh_from_db()
    assert (notice.mailed_at, notice.mail_attempts) == (None, 1)
    assert notice.mail_next_at > database_now()
    mail_one(notice.pk)  # not due yet: nothing is tried
    notice.refresh_from_db()
    assert notice.mail_attempts == 1


def test_a_digest_holds_all_that_waited_and_says_how_to_stop_it(
    mailed_world: AccessWorld, hear: Heard
) -> None:
    owner = mailed_world.players["owner"]
    choose_mail(
        actor=mailed_world["owner"],
        person_id=owner.person.uid,
        kind=NoticeKind.DECISIONS,
        mode=MailMode.DIGEST,
    )
    waiting(mailed_world)
    waiting(mailed_world)
    hear()
    mail_digest(owner.account)
    mail_digest(owner.account)
    assert len(mail.outbox) == 1
    letter = mail.outbox[0]
    assert letter.subject == "[Lakewarden] 2 notices"
    assert letter.body.count("/inbox/") == 2
    assert "/settings/notifications/" in letter.extra_headers["List-Unsubscribe"]


def test_a_mail_is_written_in_the_language_of_whoever_it_is_for(
    mailed_world: AccessWorld, hear: Heard
) -> None:
    owner, second = (mailed_world.players[who] for who in ("owner", "second_owner"))
    choose_mail_language(actor=owner.actor, person_id=owner.person.uid, language="de")
    with pytest.raises(InvalidInput):
        choose_mail_language(actor=owner.actor, person_id=owner.person.uid, language="tlh")
    with pytest.raises(NotPermitted):
        choose_mail_language(actor=owner.actor, person_id=second.person.uid, language="fr")
    waiting(mailed_world)
    theirs = {notice.person_id: notice for notice in hear() if notice.code == "request_to_decide"}
    mail_one(theirs[second.person.pk].pk)
    mail_one(theirs[owner.person.pk].pk)
    pages = [str(letter.alternatives[0].content) for letter in mail.outbox]
    assert [page.partition("<html ")[2].partition(">")[0] for page in pages] == ['lang="en"', 'lang="de"']
    MailLanguage.objects.update(language="tlh")
    assert language_of(owner.person.pk) == "en"


def test_digests_go_out_in_the_morning_of_the_organization(mailed_world: AccessWorld, hear: Heard) -> None:
    Notice.objects.update(mail=MailMode.DIGEST)
    waiting(mailed_world)
    hear()
    Notice.objects.update(mail=MailMode.DIGEST)
    berlin = database_now().replace(month=1, hour=6, minute=5)  # seven in Berlin
    assert mailed_world.players["owner"].account in accounts_for_digest(at=berlin)
    assert list(accounts_for_digest(at=berlin + timedelta(hours=3))) == []


def test_who_wants_no_mail_gets_none_and_still_sees_the_notice(
    mailed_world: AccessWorld, hear: Heard, woken: list[tuple[str, int]]
) -> None:
    owner = mailed_world.players["owner"]
    choose_mail(actor=owner.actor, person_id=owner.person.uid, kind=NoticeKind.DECISIONS, mode=MailMode.NONE)
    waiting(mailed_world)
    mine = next(notice for notice in hear() if notice.person_id == owner.person.pk)
    assert ("send_mail", mine.pk) not in woken
    mail_one(mine.pk)
    assert mail.outbox == []
    assert unread_of(owner.actor).count() == 1


def test_what_is_critical_is_mailed_whatever_was_chosen(mailed_world: AccessWorld, hear: Heard) -> None:
    scientist = mailed_world.players["scientist"]
    for kind in (NoticeKind.ACCESS, NoticeKind.REQUESTS):
        choose_mail(actor=scientist.actor, person_id=scientist.person.uid, kind=kind, mode=MailMode.NONE)
    grant = granted(mailed_world)
    commands.revoke_grant(actor=mailed_world["owner"], grant_id=grant.uid, comment="Over.")
    modes = {notice.code: notice.mail for notice in hear() if notice.person_id == scientist.person.pk}
    assert modes == {"request_approved": MailMode.NONE, "grant_revoked": MailMode.AT_ONCE}
    with pytest.raises(RuleBroken) as fault:
        choose_mail(
            actor=scientist.actor,
            person_id=scientist.person.uid,
            kind=NoticeKind.ALARMS,
            mode=MailMode.NONE,
        )
    assert fault.value.code == "ALARM_STAYS"


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
