"""No part of a key is anywhere but in the answer: not in database, trail, logs, errors or messages."""

from __future__ import annotations

import logging
import traceback
from uuid import uuid4

import pytest
from celery import Task
from django.core import mail
from django.test import Client

from apps.accounts.commands import change_person
from apps.accounts.models import Person, PersonStatus
from apps.audit import tasks
from apps.audit.models import AuditDelivery
from apps.credentials.commands import cut_grant, issuing, revoke_lease, take_credential
from apps.credentials.models import Lease, SealedKey
from apps.credentials.tasks import reap
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import LakewardenError
from apps.lakes.providers.contract import Issued
from apps.notifications.commands.mailing import mail_one
from apps.notifications.models import Notice
from tests.api.caller import Caller
from tests.credentials.leftovers import pieces, plain_pieces, whole_database
from tests.factories import lakes
from tests.lab.demo_lake import DemoLake


@pytest.mark.django_db(transaction=True)
def test_no_part_of_a_key_is_kept_anywhere(
    lake: DemoLake,
    made: list[Issued],
    woken: list[int],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    place = lakes.place(lake)
    asset = lakes.dataset(place)
    first, second, third = (lakes.grant(place, asset) for _ in range(3))
    actor = place.scientist.actor
    told: list[str] = []

    taken = take_credential(actor=actor, grant_id=first.uid, idempotency_key="once")
    told += [repr(taken), str(taken), f"{taken.secret}"]
    answer = Caller(place.scientist.token).post(f"grants/{first.uid}/credentials", Idempotency_Key="two")
    assert answer.status_code == 201
    again = Caller(place.scientist.token).post(f"grants/{first.uid}/credentials", Idempotency_Key="two")
    listed = Caller(place.scientist.token).get("leases")
    told += [again.content.decode(), listed.content.decode()]
    kept = Client().get(
        "/credentials/v1/container",
        {"grant": first.uid},
        headers={"Authorization": place.scientist.token},
    )
    assert kept.status_code == 200
    assert SealedKey.objects.exists()
    while_kept = whole_database()
    revoke_lease(actor=actor, lease_id=taken.lease.uid)
    cut_grant(actor=place.owner.actor, grant_id=first.uid, comment="Needed no more.")

    def cut(grant_id: object) -> None:
        cut_grant(actor=place.owner.actor, grant_id=grant_id, comment="Needed no more.")

    def leave(_grant_id: object) -> None:
        change_person(actor=SYSTEM, person_id=place.scientist.person.uid, status=PersonStatus.DEPARTED)

    confirm = issuing.confirm_lease
    for grant, meanwhile in ((second, cut), (third, leave)):

        def late(*, grant_id: object, happens: object = meanwhile, **rest: object) -> Lease:
            happens(grant_id)  # type: ignore[operator]
            return confirm(grant_id=grant_id, **rest)

        monkeypatch.setattr(issuing, "confirm_lease", late)
        with pytest.raises(LakewardenError) as refused:
            take_credential(actor=actor, grant_id=grant.uid)
        report = traceback.TracebackException.from_exception(refused.value, capture_locals=True)
        told += [*report.format(), str(refused.value), repr(refused.value.reasons)]
    reap()

    assert len(made) == 5
    secrets = set[str]().union(*(pieces(issued.secret.reveal()) for issued in made))
    assert len(secrets) > 20
    printed = capfd.readouterr()
    places = {
        "database": whole_database(),
        "database while a key is kept for its token": while_kept,
        "logs": caplog.text,
        "output": printed.out + printed.err,
        "answers and errors": "\n".join(told),
        "messages": repr(woken),
    }
    assert {name for name, text in places.items() if any(piece in text for piece in secrets)} == set()

    # The control: what is looked through holds what happened, and a planted piece is found.
    assert str(taken.lease.uid) in places["database"]
    assert "credentials.lease.issued" in places["database"]
    assert str(taken.lease.uid) in places["answers and errors"]
    assert all(isinstance(argument, int) for argument in woken)
    assert woken
    Lease.objects.filter(pk=taken.lease.pk).update(fault=made[0].secret.reveal()["secret_access_key"][:40])
    planted = whole_database()
    assert any(piece in planted for piece in secrets)


@pytest.fixture
def tasks_sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was handed to workers, whatever the task: it would lie in the broker."""
    sent: list[str] = []

    def noted(self: Task, args: object = None, kwargs: object = None, **options: object) -> None:
        sent.append(repr((self.name, args, kwargs, options)))

    monkeypatch.setattr(Task, "apply_async", noted)
    monkeypatch.setattr(tasks.deliver, "delay", lambda *given: tasks.deliver.apply_async(given))
    return sent


@pytest.mark.django_db(transaction=True)
def test_a_key_is_on_one_page_once_and_in_no_mail_and_no_task(
    lake: DemoLake,
    made: list[Issued],
    tasks_sent: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    place = lakes.place(lake)
    people = [who.person.pk for who in (place.scientist, place.owner)]
    Person.objects.filter(pk__in=people).update(email="somebody@example.org")
    grant = lakes.grant(place, lakes.dataset(place))
    taker, owner = Client(), Client()
    taker.force_login(place.scientist.account)
    owner.force_login(place.owner.account)
    form = {"key": str(uuid4())}
    shown = taker.post(f"/my-access/{grant.uid}/key/", form)
    assert shown.status_code == 201
    assert "no-store" in shown.headers["Cache-Control"]
    secrets = pieces(made[0].secret.reveal())
    assert all(piece in shown.text for piece in plain_pieces(made[0].secret.reveal()))

    again = taker.post(f"/my-access/{grant.uid}/key/", form, follow=True)
    paths = (f"/my-access/{grant.uid}/key/", f"/my-access/{grant.uid}/", "/my-access/", "/", "/notices/")
    pages = [client.get(path, follow=True) for client in (taker, owner) for path in paths]
    cut_grant(actor=place.owner.actor, grant_id=grant.uid, comment="Needed no more.")
    for delivery in AuditDelivery.objects.filter(delivered_at__isnull=True).values_list("pk", flat=True):
        tasks.deliver(delivery)
    for notice in Notice.objects.values_list("pk", flat=True):
        mail_one(notice)
    pages += [client.get("/notices/") for client in (taker, owner)]

    places = {
        "pages": "\n".join(page.text for page in (again, *pages)),
        "sessions": repr([dict(client.session) for client in (taker, owner)]),
        "cookies": repr([client.cookies for client in (taker, owner)]),
        "tasks": "\n".join(tasks_sent),
        "mails": "\n".join(repr(vars(letter)) for letter in mail.outbox),
        "database": whole_database(),
        "logs": caplog.text,
    }
    assert {name for name, text in places.items() if any(piece in text for piece in secrets)} == set()

    # The control: what is looked through holds what happened.
    assert len(made) == 1
    assert grant.asset.name in places["pages"]
    assert "deliver" in places["tasks"]
    assert grant.asset.name in places["mails"]
