"""A recorded house, built once in a clone of its own, with everybody reachable by mail; and the outbox,
carried out when a test asks for it. Every test's own changes are rolled back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction

from apps.accounts.models import Person
from apps.audit.models import AuditDelivery, AuditEvent
from apps.audit.tasks import deliver
from apps.notifications import tasks
from apps.notifications.models import Notice
from portal.embedded.postgres import Postgres
from tests.conftest import name_in_use, point_django_at
from tests.factories.access import AccessWorld
from tests.factories.access import world as make_world
from tests.throwaway import TEMPLATE

Heard = Callable[[], list[Notice]]


@pytest.fixture(scope="session")
def recorded_house(
    django_db_setup: None, postgres: Postgres, worker_id: str, django_db_blocker: Any
) -> tuple[str, AccessWorld]:
    """The name of the database, and what is in it."""
    name = f"test_{worker_id}_notifications"
    postgres.clone(TEMPLATE, name)
    before = name_in_use()
    with django_db_blocker.unblock():
        point_django_at(postgres, name)
        with transaction.atomic():
            made = make_world()
            connection.run_on_commit.clear()  # no worker listens: what is due stays due
        point_django_at(postgres, before)
    return name, made


@pytest.fixture(scope="module")
def house(
    recorded_house: tuple[str, AccessWorld], postgres: Postgres, django_db_blocker: Any
) -> Iterator[AccessWorld]:
    name, made = recorded_house
    before = name_in_use()
    with django_db_blocker.unblock():
        point_django_at(postgres, name)
        yield made
        point_django_at(postgres, before)


@pytest.fixture
def world(house: AccessWorld, db: None) -> AccessWorld:
    return replace(house, players=dict(house.players))


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
