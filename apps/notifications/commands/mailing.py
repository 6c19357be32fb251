"""Mail: at once, or once a day together. Begun without a lock, noted when it is out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import override

from apps.accounts.models import Account, Organization
from apps.accounts.queries import actor_of
from apps.kernel.clock import database_now
from apps.notifications.channels import mail
from apps.notifications.commands.telling import begin_mailing, note_mailed
from apps.notifications.models import MailMode, Notice
from apps.notifications.queries.notices import language_of, shown

DIGEST_HOUR = 7
DIGESTS_APART = timedelta(hours=12)


def mail_one(notice_id: int) -> None:
    """Raises: what the server of mail raises; the notice stays due."""
    for notice in begin_mailing([notice_id], at=database_now()):
        _send(notice.account, [notice], is_digest=False)


def mail_digest(account: Account) -> None:
    """All that waits for a digest, in one letter.  Raises: as `mail_one`."""
    waiting = Notice.objects.to_mail(MailMode.DIGEST).filter(person=account.person_id)
    begun = begin_mailing(waiting.values_list("pk", flat=True), at=database_now())
    if begun:
        _send(account, begun, is_digest=True)


def accounts_for_digest(*, at: datetime) -> Iterable[Account]:
    """Where it is the hour of the digest, those for whom something waits; nobody twice in a day."""
    zones = Organization.objects.values_list("time_zone", flat=True).distinct()
    now = [zone for zone in zones if at.astimezone(ZoneInfo(zone)).hour == DIGEST_HOUR]
    waiting = Notice.objects.to_mail(MailMode.DIGEST).filter(account__organization__time_zone__in=now)
    had = Notice.objects.filter(mail=MailMode.DIGEST, mailed_at__gt=at - DIGESTS_APART)
    due = waiting.exclude(person__in=had.values("person")).values("account")
    return Account.objects.filter(pk__in=due).select_related("person", "organization")


def _send(account: Account, notices: list[Notice], *, is_digest: bool) -> None:
    if account.person.email or account.email:
        with override(language_of(account.person_id)):
            zone = account.organization.time_zone
            worded = shown(actor_of(account), notices, zone=zone)
            letter = mail.digest(account, worded) if is_digest else mail.one(account, worded[0])
        letter.send()
    note_mailed(notices, at=database_now())
