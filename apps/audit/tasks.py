"""Delivering events to their subscribers, at least once; subscribers are idempotent."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.db import transaction

from apps.audit.models import AuditDelivery
from apps.kernel.clock import database_now
from apps.kernel.events import subscribers_of, wants_entry

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=10)
BATCH = 200


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: doubled each time, up to the longest."""
    doublings = min(attempts - 1, 10)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


@shared_task
def deliver(delivery_id: int) -> None:
    """Let one subscriber hear one event; a failure is put off, longer each time, without end."""
    with transaction.atomic():
        delivery = (
            AuditDelivery.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("event")
            .filter(pk=delivery_id, delivered_at__isnull=True)
            .first()
        )
        if delivery is None or delivery.event.subject_uid is None:
            return
        delivery.attempts += 1
        delivery.next_at = database_now() + wait_after(delivery.attempts)
        delivery.save(update_fields=["attempts", "next_at"])
    subscriber = subscribers_of(delivery.event.name)[delivery.subscriber]
    is_entry_wanted = wants_entry(delivery.subscriber)
    subscriber(delivery.event.uid if is_entry_wanted else delivery.event.subject_uid)
    AuditDelivery.objects.filter(pk=delivery_id).update(delivered_at=database_now())


@shared_task
def deliver_due() -> None:
    """Sweep what no worker was woken for, or what failed."""
    due = AuditDelivery.objects.filter(delivered_at__isnull=True, next_at__lte=database_now())
    for delivery_id in due.order_by("next_at").values_list("pk", flat=True)[:BATCH]:
        deliver.delay(delivery_id)
