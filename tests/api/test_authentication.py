"""Who calls: bearer tokens and sessions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from apps.accounts.commands import change_person, revoke_token
from apps.accounts.models import Account, ApiToken, PersonStatus
from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.kernel.actor import SYSTEM
from tests.api.caller import Caller
from tests.api.conftest import As
from tests.factories import accounts
from tests.factories.accounts import World


def record_of(world: World, role: Role) -> ApiToken:
    return ApiToken.objects.get(account=world[role].account)


def test_a_token_speaks_for_its_account_with_its_scopes(place: World) -> None:
    token = accounts.token(place[Role.STEWARD].account, "read", "write")
    said = Caller(token).get("me").json()
    assert said["person"]["id"] == str(place[Role.STEWARD].person.uid)
    assert [held["role"] for held in said["roles"]] == ["steward"]
    assert said["scopes"] == ["read", "write"]


@pytest.mark.parametrize(
    "header", ["Bearer lkw_unknown", "Bearer", "bearer ", "Bearer \u00e9\u00e9", "Basic eDp5"]
)
def test_what_is_no_token_of_ours_is_refused(place: World, header: str) -> None:
    answer = Caller().get("me", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Lakewarden"'


def test_a_token_ends_when_it_is_revoked(place: World, as_: As) -> None:
    caller = as_(Role.STEWARD)
    assert caller.get("me").status_code == 200
    revoke_token(actor=SYSTEM, api_token_id=record_of(place, Role.STEWARD).uid)
    assert caller.get("me").status_code == 401


def test_a_token_ends_by_the_clock_of_the_database(place: World, as_: As) -> None:
    record = record_of(place, Role.STEWARD)
    record.expires_at = record.created_at
    record.save(update_fields=["expires_at"])
    assert as_(Role.STEWARD).get("me").status_code == 401


@pytest.mark.parametrize("status", [PersonStatus.DEPARTED, PersonStatus.SUSPENDED])
def test_a_token_ends_with_the_person(place: World, as_: As, status: PersonStatus) -> None:
    change_person(actor=SYSTEM, person_id=place[Role.STEWARD].person.uid, status=status)
    assert as_(Role.STEWARD).get("me").status_code == 401


def test_a_token_ends_with_its_account(place: World, as_: As) -> None:
    Account.objects.filter(pk=place[Role.STEWARD].account.pk).update(is_active=False)
    assert as_(Role.STEWARD).get("me").status_code == 401


def test_reading_takes_the_scope_read(place: World) -> None:
    answer = Caller(accounts.token(place[Role.STEWARD].account, "write")).get("assets")
    assert (answer.status_code, answer.json()["code"]) == (403, "TOKEN_SCOPE_MISSING")


def test_writing_takes_more_than_the_scope_read(place: World) -> None:
    caller = Caller(accounts.token(place[Role.STEWARD].account, "read"))
    answer = caller.post("assets", {"domain_id": str(place.domain.uid), "kind": "dataset", "name": "x"})
    assert (answer.status_code, answer.json()["code"]) == (403, "TOKEN_SCOPE_MISSING")


def test_the_use_of_a_token_is_noted_at_most_once_a_minute(place: World, as_: As) -> None:
    caller = as_(Role.STEWARD)
    assert record_of(place, Role.STEWARD).last_used_at is None
    caller.get("me")
    first = record_of(place, Role.STEWARD).last_used_at
    assert first is not None
    caller.get("me")
    assert record_of(place, Role.STEWARD).last_used_at == first
    ApiToken.objects.update(last_used_at=first - timedelta(minutes=2))
    caller.get("me")
    noted = record_of(place, Role.STEWARD).last_used_at
    assert noted is not None and noted >= first


def signed_in(world: World, role: Role) -> Client:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(world[role].account, backend="apps.accounts.backends.AccountBackend")
    return client


def test_a_session_reads_and_has_no_scopes(place: World) -> None:
    said = Caller(client=signed_in(place, Role.STEWARD)).get("me").json()
    assert said["scopes"] is None


def test_a_session_changes_nothing_without_the_csrf_token(place: World) -> None:
    client = signed_in(place, Role.STEWARD)
    body = {"domain_id": str(place.domain.uid), "kind": "dataset", "name": "x"}
    answer = Caller(client=client).post("assets", body)
    assert (answer.status_code, answer.json()["code"]) == (403, "CSRF_FAILED")
    client.cookies["csrftoken"] = "a" * 32
    answer = Caller(client=client).post("assets", body, X_CSRFToken="a" * 32)
    assert answer.status_code == 201


def test_a_form_without_csrf_token_is_refused_and_no_fault(place: World) -> None:
    answer = signed_in(place, Role.STEWARD).post("/api/v1/assets", {"name": "x"})
    assert answer.status_code == 403


def test_a_session_ends_with_the_person(place: World) -> None:
    caller = Caller(client=signed_in(place, Role.STEWARD))
    assert caller.get("me").status_code == 200
    change_person(actor=SYSTEM, person_id=place[Role.STEWARD].person.uid, status=PersonStatus.DEPARTED)
    assert caller.get("me").status_code == 401


def test_the_id_of_a_request_is_in_the_answer_and_in_the_trail(place: World, as_: As) -> None:
    body = {"domain_id": str(place.domain.uid), "kind": "dataset", "name": "x"}
    answer = as_(Role.STEWARD).post("assets", body, X_Request_ID="run-7.a_b")
    assert answer.headers["X-Request-ID"] == "run-7.a_b"
    assert AuditEvent.objects.get(name="catalog.asset.registered").request_id == "run-7.a_b"


@pytest.mark.parametrize("sent", ["a b", "x" * 65, "a\tb", "<script>", ""])
def test_a_harmful_request_id_is_replaced(place: World, as_: As, sent: str) -> None:
    answer = as_(Role.STEWARD).get("assets/nothing", headers={"X-Request-ID": sent})
    made = answer.headers["X-Request-ID"]
    assert made != sent and len(made) == 36
    assert answer.json()["request_id"] == made


def test_nothing_of_an_answer_is_kept_by_caches(as_: As) -> None:
    assert as_(Role.STEWARD).get("me").headers["Cache-Control"] == "no-store"
    assert as_(Role.STEWARD).get("assets/nothing").headers["Cache-Control"] == "no-store"
