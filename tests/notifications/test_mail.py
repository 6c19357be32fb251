"""Mail: what stands in it, when it leaves, in which language, and who wants none."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from apps.access import commands
from apps.catalog.commands import change_asset
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from apps.notifications.commands import choose_mail, choose_mail_language
from apps.notifications.commands.mailing import accounts_for_digest, mail_digest, mail_one
from apps.notifications.models import MailLanguage, MailMode, Notice, NoticeKind
from apps.notifications.queries import language_of, shown, unread_of
from tests.factories import accounts
from tests.factories.access import AccessWorld, granted
from tests.notifications.conftest import Heard
from tests.notifications.waiting import waiting

CANARY = "Payroll of the board"


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
