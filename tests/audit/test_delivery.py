"""Events reach their subscribers at least once, and losing the broker loses nothing."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import UUID

import pytest
from celery import Celery
from django.db import transaction
from kombu.exceptions import OperationalError

from apps.accounts.events import DomainChanged
from apps.audit import tasks
from apps.audit.models import AuditDelivery
from apps.audit.record import record
from apps.kernel import events
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from tests.factories import accounts as people

pytestmark = pytest.mark.django_db

heard: list[UUID] = []


def listener(uid: UUID) -> None:
    heard.append(uid)


def deaf(uid: UUID) -> None:
    raise RuntimeError("cannot hear")


@pytest.fixture(autouse=True)
def subscriptions(monkeypatch: pytest.MonkeyPatch) -> None:
    heard.clear()
    monkeypatch.setattr(events, "_SUBSCRIBERS", {})


def an_event() -> DomainChanged:
    domain = people.domain(people.organization())
    return DomainChanged(domain_id=domain.uid, changed=(), audience="organization")


def test_a_subscriber_is_told_once_and_the_row_stays_as_proof() -> None:
    events.subscribe(DomainChanged, listener)
    event = an_event()
    record(event, actor=SYSTEM, at=database_now())
    delivery = AuditDelivery.objects.get(event__subject_uid=event.domain_id)
    tasks.deliver(delivery.pk)
    tasks.deliver(delivery.pk)
    assert heard == [event.domain_id]
    delivery.refresh_from_db()
    assert delivery.delivered_at is not None


def test_a_subscriber_that_fails_is_tried_again_later_each_time() -> None:
    events.subscribe(DomainChanged, deaf)
    record(an_event(), actor=SYSTEM, at=database_now())
    delivery = AuditDelivery.objects.get(delivered_at__isnull=True)
    with pytest.raises(RuntimeError):
        tasks.deliver(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.attempts, delivery.delivered_at) == (1, None)
    assert delivery.next_at > database_now()
    waits = [tasks.wait_after(attempts) for attempts in range(1, 20)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(minutes=10)


def test_a_change_is_kept_while_the_broker_is_down(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def unreachable(_delivery_id: int) -> None:
        raise OperationalError("nobody there")

    monkeypatch.setattr(tasks.deliver, "delay", unreachable)
    events.subscribe(DomainChanged, listener)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        record(an_event(), actor=SYSTEM, at=database_now())
    woken: list[int] = []
    monkeypatch.setattr(tasks.deliver, "delay", woken.append)
    tasks.deliver_due()
    assert woken == list(AuditDelivery.objects.filter(delivered_at__isnull=True).values_list("pk", flat=True))
    assert woken


def test_a_broker_that_is_down_does_not_hold_up_the_change(settings: Any) -> None:
    """One attempt, and no waiting: the sweep finds what was not delivered."""
    assert settings.CELERY_TASK_PUBLISH_RETRY_POLICY == {"max_retries": 0}
    with Celery(broker="redis+socket:///nowhere/valkey.sock") as app:
        app.conf.task_publish_retry_policy = settings.CELERY_TASK_PUBLISH_RETRY_POLICY
        began = monotonic()
        with pytest.raises(OperationalError):
            app.send_task("anything")
        assert monotonic() - began < 0.5
