"""Writing down what people are told, and what of it was mailed and read.

No commands: nothing of the domain changes, and what happened stands in the trail already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import F

from apps.access.lifecycle import GrantState
from apps.access.models import Grant
from apps.accounts.models import Account
from apps.audit.models import AuditEvent
from apps.kernel.actor import Actor
from apps.kernel.ids import new_uid
from apps.kernel.outbound import wait_after
from apps.notifications.models import MailMode, MailPreference, Notice, NoticeKind
from apps.notifications.notices import NOTICES, WORDINGS, Telling
from apps.notifications.notices.access import about_grant, holders_of_grant
from apps.notifications.notices.wording import USUAL_MAIL

SOON = timedelta(days=7)
ENDS_SOON = "access.grant.ends_soon"


def tell(event: AuditEvent, *, at: datetime) -> list[Notice]:
    """The notices that are new; told again of the same event, nobody is told anything."""
    teller = NOTICES.get(event.name)
    tellings = list(teller(event, at)) if teller else []
    return _tell(event.uid, event.name, tellings, at=at)


def tell_of_endings(*, at: datetime) -> list[Notice]:
    """Grants of more than a week that end within one, each once."""
    ending = Grant.objects.filter(
        state=GrantState.ACTIVE,
        not_after__gt=at,
        not_after__lte=at + SOON,
        not_before__lt=F("not_after") - SOON,
    )
    new: list[Notice] = []
    for grant in ending.select_related("asset", "revision__request"):
        telling = about_grant(grant, "grant_ends_soon", holders_of_grant(grant))
        new += _tell(uuid5(grant.uid, ENDS_SOON), ENDS_SOON, [telling], at=at)
    return new


def _tell(event_uid: UUID, name: str, tellings: Iterable[Telling], *, at: datetime) -> list[Notice]:
    by_person: dict[int, tuple[Telling, Account]] = {}
    for telling in tellings:
        for account in telling.to:
            by_person.setdefault(account.person_id, (telling, account))
    modes = _modes_of(by_person)
    rows = [
        _notice(event_uid, name, telling, account, modes, at=at) for telling, account in by_person.values()
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    made = Notice.objects.filter(uid__in=[row.uid for row in rows])
    return list(made)


def _notice(
    event_uid: UUID,
    name: str,
    telling: Telling,
    account: Account,
    modes: Mapping[tuple[int, str], str],
    *,
    at: datetime,
) -> Notice:
    wording = WORDINGS[telling.code]
    chosen = modes.get((account.person_id, wording.kind), USUAL_MAIL[wording.kind])
    return Notice(
        uid=new_uid(),
        created_at=at,
        event_uid=event_uid,
        event_name=name,
        code=telling.code,
        kind=wording.kind,
        person_id=account.person_id,
        account=account,
        place=wording.place,
        about_uid=telling.about,
        assets=list(telling.assets),
        who=telling.who,
        facts=dict(telling.facts),
        mail=MailMode.AT_ONCE if wording.is_critical else chosen,
        mail_next_at=at,
    )


def _modes_of(people: Iterable[int]) -> dict[tuple[int, str], str]:
    chosen = MailPreference.objects.filter(person__in=list(people))
    return {(row.person_id, row.kind): row.mode for row in chosen}


def begin_mailing(notice_ids: Iterable[int], *, at: datetime) -> list[Notice]:
    """Those of the notices that are due and nobody else is mailing, put off until this attempt has failed."""
    with transaction.atomic():
        due = Notice.objects.select_for_update(of=("self",), skip_locked=True).filter(
            pk__in=list(notice_ids), mailed_at__isnull=True, mail_next_at__lte=at
        )
        begun = list(due.exclude(mail=MailMode.NONE).order_by("pk"))
        for notice in begun:
            notice.mail_attempts += 1
            notice.mail_next_at = at + wait_after(notice.mail_attempts)
        Notice.objects.bulk_update(begun, ["mail_attempts", "mail_next_at"])
    return begun


def note_mailed(notices: Iterable[Notice], *, at: datetime) -> None:
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=at)


def note_read(actor: Actor, notice_id: UUID, *, at: datetime) -> Notice:
    """Raises: NotFound."""
    notice = Notice.objects.visible_to(actor).one(notice_id)
    if notice.read_at is None:
        notice.read_at = at
        notice.write("read_at")
    return notice


def note_all_read(actor: Actor, *, at: datetime) -> int:
    return Notice.objects.visible_to(actor).unread().filter(created_at__lte=at).update(read_at=at)


def is_mandatory(kind: str) -> bool:
    return kind == NoticeKind.ALARMS
