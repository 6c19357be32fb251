"""Everybody of the recorded house reachable by mail; and the outbox, carried out when a test asks for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.mail.backends.base import BaseEmailBackend

from apps.accounts.models import Person
from apps.audit.models import AuditDelivery, AuditEvent
from apps.audit.tasks import deliver
from apps.notifications import tasks
from apps.notifications.models import Notice
from tests.factories.access import AccessWorld

Heard = Callable[[], list[Notice]]


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What workers would have been woken for: (task, id)."""
    calls: list[tuple[str, int]] = []
    for name in ("send_mail", "send_digest", "send_delivery"):
        task = getattr(tasks, name)
        monkeypatch.setattr(task, "delay", lambda key, name=name: calls.append((name, key)))
    return calls


@pytest.fixture
def mailed_world(world: AccessWorld) -> AccessWorld:
    for name, player in world.players.items():
        Person.objects.filter(pk=player.person.pk).update(email=f"{name}@example.org")
    return world


@pytest.fixture
def since(db: None) -> int:
    """The newest entry of the trail when the test began."""
    return AuditEvent.objects.latest("pk").pk


@pytest.fixture
def hear(mailed_world: AccessWorld, since: int) -> Heard:
    """Carry out what the outbox holds for this app since the test began; answers with all notices."""

    def heard() -> list[Notice]:
        due = AuditDelivery.objects.filter(
            event__pk__gt=since, subscriber="apps.notifications.tasks.tell", delivered_at__isnull=True
        )
        for delivery_id in due.order_by("pk").values_list("pk", flat=True):
            deliver(delivery_id)
        return list(Notice.objects.select_related("person", "account").order_by("pk"))

    return heard


def told(notices: list[Notice], code: str, world: AccessWorld) -> set[str]:
    """The names of the players who were told this."""
    names = {player.person.pk: name for name, player in world.players.items()}
    return {names[notice.person_id] for notice in notices if notice.code == code}


class DeadMail(BaseEmailBackend):
    """A server of mail that does not answer."""

    def send_messages(self, email_messages: object) -> int:
        raise ConnectionRefusedError
