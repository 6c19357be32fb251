"""Messages on their way: written down with the event, sent without a lock, tried again ever more slowly.

No commands, but bookkeeping; giving up on a webhook is one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import override

from apps.audit.models import AuditEvent
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import LakewardenError
from apps.kernel.ids import new_uid
from apps.kernel.outbound import MOST_ATTEMPTS, Answer, Outbound, is_taken, wait_after
from apps.notifications.channels import chat, signed
from apps.notifications.channels.message import Message, Secrets, Told
from apps.notifications.commands.webhooks import disable_webhook, opened
from apps.notifications.models import Channel, Webhook, WebhookDelivery
from apps.notifications.notices import told_to_programs
from apps.notifications.notices.standing import link_to, standing

ANSWERED = "answered"
KEPT = timedelta(days=90)


def enqueue(event: AuditEvent, *, at: datetime) -> list[int]:
    """Ids of the deliveries to every webhook of the organization that wants to hear of it; each once."""
    if event.name not in told_to_programs() or event.organization_id is None:
        return []
    wanting = Webhook.objects.filter(
        organization=event.organization_id, is_active=True, events__contains=[event.name]
    )
    payload = payload_of(event)
    rows = [
        WebhookDelivery(
            uid=new_uid(),
            webhook=webhook,
            event_uid=event.uid,
            event_name=event.name,
            about_uid=event.subject_uid,
            payload=payload,
            next_at=at,
            created_at=at,
        )
        for webhook in wanting
    ]
    WebhookDelivery.objects.bulk_create(rows, ignore_conflicts=True)
    made = WebhookDelivery.objects.filter(uid__in=[row.uid for row in rows])
    return list(made.values_list("pk", flat=True))


def payload_of(event: AuditEvent) -> dict[str, Any]:
    """The name of what happened, when, a link, and ids: no names, no words that anybody typed."""
    return {
        "event": event.name,
        "id": str(event.uid),
        "at": event.at.isoformat(),
        "about": str(event.subject_uid),
        "ids": {name: value for name, value in event.data.items() if name.endswith("_id") and _is_uid(value)},
        "link": link_to(event.name, event.subject_uid),
    }


def send(delivery_id: int, way: Outbound) -> None:
    """Try once, if it is due. What comes back is noted; what it says is not kept."""
    delivery = _begin(delivery_id, at=database_now())
    if delivery is None:
        return
    try:
        message = _message(delivery)
        answer = way.send(message.url, body=message.body, headers=message.headers)
    except LakewardenError as fault:
        _note_failed(delivery, fault=fault.code, status=None)
        return
    thread = _thread(delivery.webhook, answer)
    if is_taken(answer) and thread is not None:
        delivery.delivered_at, delivery.status_code, delivery.fault = database_now(), answer.status, ""
        delivery.thread = thread
        delivery.save(update_fields=["delivered_at", "status_code", "fault", "thread"])
    else:
        _note_failed(delivery, fault=ANSWERED, status=answer.status)


def _begin(delivery_id: int, *, at: datetime) -> WebhookDelivery | None:
    with transaction.atomic():
        due = WebhookDelivery.objects.waiting().select_for_update(of=("self",), skip_locked=True)
        delivery = due.select_related("webhook").filter(pk=delivery_id, next_at__lte=at).first()
        if delivery is None:
            return None
        delivery.attempts += 1
        delivery.next_at = at + wait_after(delivery.attempts)
        delivery.save(update_fields=["attempts", "next_at"])
    return delivery


def _message(delivery: WebhookDelivery) -> Message:
    webhook, secrets = delivery.webhook, opened(delivery.webhook)
    if webhook.channel == Channel.WEBHOOK:
        told = _told(delivery, title="", state="", thread="")
        return signed.message(told, secrets, at=database_now())
    with override(
        settings.LANGUAGE_CODE
    ):  # of a room nobody knows who reads: not that of who happened to act
        title, state = standing(delivery.event_name, delivery.about_uid)
        told = _told(delivery, title=title, state=state, thread=_earlier(delivery))
        return _chatted(webhook, told, secrets)


def _chatted(webhook: Webhook, told: Told, secrets: Secrets) -> Message:
    match webhook.channel:
        case Channel.SLACK_BOT:
            return chat.slack_bot(told, secrets)
        case Channel.TEAMS:
            return chat.teams(told, secrets)
    return chat.slack(told, secrets)


def _told(delivery: WebhookDelivery, *, title: str, state: str, thread: str) -> Told:
    return Told(
        delivery=str(delivery.uid),
        payload=delivery.payload,
        title=title,
        state=state,
        link=delivery.payload.get("link") or link_to(delivery.event_name, delivery.webhook.uid),
        room=delivery.webhook.room,
        thread=thread,
    )


def _earlier(delivery: WebhookDelivery) -> str:
    """The message that this webhook has about the same thing."""
    if delivery.about_uid is None:
        return ""
    about = WebhookDelivery.objects.filter(webhook=delivery.webhook_id, about_uid=delivery.about_uid)
    first = about.exclude(thread="").order_by("pk").first()
    return first.thread if first else ""


def _thread(webhook: Webhook, answer: Answer) -> str | None:
    """None where a 200 is no yes, as Slack has it."""
    return chat.thread_of(answer) if webhook.channel == Channel.SLACK_BOT else ""


def _note_failed(delivery: WebhookDelivery, *, fault: str, status: int | None) -> None:
    delivery.fault, delivery.status_code = fault, status
    delivery.save(update_fields=["fault", "status_code"])
    is_told = Webhook.objects.filter(pk=delivery.webhook_id, is_active=True).exists()
    if delivery.attempts >= MOST_ATTEMPTS and is_told:
        disable_webhook(actor=SYSTEM, webhook_id=delivery.webhook.uid, attempts=delivery.attempts)


def prune(*, before: timedelta, at: datetime) -> None:
    """Forget what was delivered long ago."""
    WebhookDelivery.objects.filter(delivered_at__lt=at - before).delete()


def _is_uid(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(UUID(value))
    except ValueError:
        return False
