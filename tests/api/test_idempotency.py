"""Repeating a creating request creates nothing."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from apps.accounts.models import ApiToken
from apps.accounts.roles import Role
from apps.api.models import IdempotencyKey
from apps.api.tasks import prune_idempotency_keys
from apps.audit.models import AuditEvent, Outcome
from apps.catalog.models import Asset
from apps.kernel.clock import database_now
from tests.api.caller import Caller
from tests.api.conftest import As
from tests.browser.house import proved_now
from tests.factories.accounts import World, world

KEY = {"Idempotency_Key": "5f0c"}


def body(place: World, name: str = "x") -> dict[str, Any]:
    return {"domain_id": str(place.domain.uid), "kind": "dataset", "name": name}


def test_the_first_answer_is_given_again(place: World, as_: As) -> None:
    caller = as_(Role.STEWARD)
    first = caller.post("assets", body(place), **KEY)
    again = caller.post("assets", body(place), **KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    for header in ("Location", "ETag"):
        assert first.headers[header] == again.headers[header]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Asset.objects.count() == 1
    assert AuditEvent.objects.filter(name="catalog.asset.registered").count() == 1


def test_another_request_under_the_same_key_is_refused(place: World, as_: As) -> None:
    caller = as_(Role.STEWARD)
    caller.post("assets", body(place), **KEY)
    answer = caller.post("assets", body(place, "y"), **KEY)
    assert (answer.status_code, answer.json()["code"]) == (409, "IDEMPOTENCY_KEY_REUSED")
    assert Asset.objects.count() == 1


def test_keys_of_different_accounts_do_not_meet(place: World, as_: As) -> None:
    as_(Role.STEWARD).post("assets", body(place), **KEY)
    answer = as_(Role.SCIENTIST).post("assets", body(place), **KEY)
    assert answer.status_code == 403


def test_a_refusal_frees_the_key_and_stays_in_the_trail(place: World, as_: As) -> None:
    caller = as_(Role.SCIENTIST)
    for _ in range(2):
        assert caller.post("assets", body(place), **KEY).status_code == 403
    assert not IdempotencyKey.objects.exists()
    assert AuditEvent.objects.filter(outcome=Outcome.REFUSED, name="catalog.register_asset").count() == 2


def test_a_conflict_frees_the_key(place: World, as_: As) -> None:
    caller = as_(Role.STEWARD)
    caller.post("assets", body(place))
    assert caller.post("assets", body(place), **KEY).status_code == 409
    assert caller.post("assets", body(place, "y"), **KEY).status_code == 201


@pytest.mark.parametrize("key", ["", "a b", "x" * 129, "\u00e9"])
def test_a_malformed_key_is_refused(place: World, as_: As, key: str) -> None:
    answer = as_(Role.STEWARD).post("assets", body(place), Idempotency_Key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "IDEMPOTENCY_KEY_MALFORMED")


def test_a_key_is_forgotten_after_a_day(place: World, as_: As) -> None:
    caller = as_(Role.STEWARD)
    caller.post("assets", body(place), **KEY)
    kept = IdempotencyKey.objects.get()
    assert timedelta(hours=23) < kept.expires_at - database_now() <= timedelta(hours=24)
    IdempotencyKey.objects.update(expires_at=database_now())
    assert caller.post("assets", body(place, "y"), **KEY).status_code == 201
    IdempotencyKey.objects.update(expires_at=database_now())
    prune_idempotency_keys()
    assert not IdempotencyKey.objects.exists()


def test_an_answer_with_a_secret_is_neither_kept_nor_given_again(place: World) -> None:
    player = place[Role.STEWARD]
    client = Client()
    client.force_login(player.account, backend="apps.accounts.backends.AccountBackend")
    proved_now(client, player.account)
    ends = (database_now() + timedelta(days=1)).isoformat()
    sent = {"account_id": str(player.account.uid), "name": "x", "scopes": ["read"], "expires_at": ends}
    caller = Caller(client=client)
    made = caller.post("tokens", sent, **KEY)
    assert made.status_code == 201
    assert made.headers["Cache-Control"] == "no-store"
    secret = made.json()["secret"]
    assert Caller(secret).get("me").status_code == 200
    assert IdempotencyKey.objects.get().body is None
    again = caller.post("tokens", sent, **KEY)
    assert (again.status_code, again.json()["code"]) == (409, "SHOWN_ONCE")
    assert made.json()["token"]["id"] in again.json()["reasons"][0]["facts"]["location"]
    assert ApiToken.objects.filter(account=player.account, name="x").count() == 1
    assert secret not in str(caller.get("tokens").content)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_auditevent e WHERE e::text LIKE %s", [f"%{secret}%"])
        assert cursor.fetchone()[0] == 0


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_creates_and_all_are_told() -> None:
    place = world()
    barrier = threading.Barrier(6)

    def send(_: int) -> tuple[int, bytes, bool]:
        try:
            barrier.wait(timeout=30)
            answer = Caller(place[Role.STEWARD].token).post("assets", body(place), **KEY)
            return answer.status_code, answer.content, "Idempotency-Replayed" in answer.headers
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(6)))
    assert {status for status, _body, _replayed in answers} == {201}
    assert len({content for _status, content, _replayed in answers}) == 1
    assert [replayed for *_rest, replayed in answers].count(False) == 1
    assert Asset.objects.count() == 1
