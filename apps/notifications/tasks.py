"""Sending what is due: woken by what happens, swept by the clock."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task
from kombu.exceptions import OperationalError

from apps.accounts.models import Account
from apps.audit.models import AuditEvent
from apps.kernel.clock import database_now
from apps.kernel.outbound import outbound
from apps.notifications.commands import delivering, mailing, telling
from apps.notifications.models import MailMode, Notice, WebhookDelivery

BATCH = 500


def tell(entry_uid: UUID) -> None:
    """What one entry of the trail is told of; told twice, nothing is doubled."""
    event = AuditEvent.objects.get(uid=entry_uid)
    now = database_now()
    notices = telling.tell(event, at=now)
    deliveries = delivering.enqueue(event, at=now)
    try:
        for notice in notices:
            if notice.mail == MailMode.AT_ONCE:
                send_mail.delay(notice.pk)
        for delivery_id in deliveries:
            send_delivery.delay(delivery_id)
    except OperationalError:
        return  # what is due stays due, and is swept


@shared_task
def send_mail(notice_id: int) -> None:
    mailing.mail_one(notice_id)


@shared_task
def send_digest(account_id: int) -> None:
    mailing.mail_digest(Account.objects.select_related("person", "organization").get(pk=account_id))


@shared_task
def send_delivery(delivery_id: int) -> None:
    delivering.send(delivery_id, outbound())


@shared_task
def send_due() -> None:
    """Sweep what no worker was woken for, or what failed."""
    now = database_now()
    mails = Notice.objects.to_mail(MailMode.AT_ONCE).filter(mail_next_at__lte=now)
    for notice_id in mails.order_by("mail_next_at").values_list("pk", flat=True)[:BATCH]:
        send_mail.delay(notice_id)
    messages = WebhookDelivery.objects.waiting().filter(next_at__lte=now)
    for delivery_id in messages.order_by("next_at").values_list("pk", flat=True)[:BATCH]:
        send_delivery.delay(delivery_id)


@shared_task
def send_digests() -> None:
    for account in mailing.accounts_for_digest(at=database_now()):
        send_digest.delay(account.pk)


@shared_task
def tell_of_endings() -> None:
    """Grants that end within a week; and forget messages delivered long ago."""
    now = database_now()
    telling.tell_of_endings(at=now)
    delivering.prune(before=delivering.KEPT, at=now)
