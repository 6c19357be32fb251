"""Tokens in the settings: shown once and kept by nobody, revoked by their owner or an administrator."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.commands import create_token
from apps.accounts.models import Account, ApiToken
from apps.kernel.actor import SYSTEM
from tests.browser.house import proved_now
from tests.console.conftest import Browse
from tests.factories.access import AccessWorld

PATH = "/settings/tokens/"


@pytest.fixture
def browse(world: AccessWorld, browse: Browse) -> Browse:
    """In which they have just proved who they are."""

    def signed_in(who: str) -> Client:
        client = browse(who)
        proved_now(client, world.players[who].account)
        return client

    return signed_in


def filled(account: Account, **given: Any) -> dict[str, Any]:
    made = {
        "name": "nightly <export>",
        "account_id": str(account.uid),
        "scopes": ["read", "credentials"],
        "days": "30",
        "expires_at": "",
        "key": str(uuid4()),
    }
    return {**made, **given}


def other_token(account: Account) -> ApiToken:
    ends = timezone.now() + timedelta(days=3)
    made = create_token(actor=SYSTEM, account_id=account.uid, name="other", scopes=["read"], expires_at=ends)
    return made.token


def secrets_in(page: str) -> set[str]:
    return set(re.findall(r"lkw_[\w-]{20,}", page))


def test_a_token_is_shown_once_works_and_stays_out_of_caches(world: AccessWorld, browse: Browse) -> None:
    client, account = browse("scientist"), world.players["scientist"].account
    page = client.post(PATH, filled(account))
    assert page.status_code == 201
    assert page.headers["Cache-Control"] == "no-store"
    (secret,) = secrets_in(page.text)
    me = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
    assert me.json()["account"]["username"] == account.username
    assert sorted(me.json()["scopes"]) == ["credentials", "read"]
    listed = client.get(PATH).text
    assert "nightly &lt;export&gt;" in listed and secret not in listed


def test_the_same_form_sent_twice_makes_one_token(world: AccessWorld, browse: Browse) -> None:
    client, form = browse("scientist"), filled(world.players["scientist"].account)
    assert client.post(PATH, form).status_code == 201
    again = client.post(PATH, form, follow=True)
    assert "made already, and shown once" in again.text
    assert not secrets_in(again.text)
    assert ApiToken.objects.filter(name="nightly <export>").count() == 1


def test_a_faulty_form_keeps_what_was_typed_and_makes_nothing(world: AccessWorld, browse: Browse) -> None:
    client, account = browse("scientist"), world.players["scientist"].account
    page = client.post(PATH, filled(account, scopes=[], days="other"))
    assert page.status_code == 400
    assert page.text.count("Choose at least one use.") == 2
    assert page.text.count("Choose the last day, or one of the usual durations.") == 2
    assert 'value="nightly &lt;export&gt;"' in page.text
    late = timezone.localdate() + timedelta(days=500)
    page = client.post(PATH, filled(account, days="other", expires_at=late.isoformat()))
    assert page.status_code == 400
    assert page.text.count("A token lives at most 365 days.") == 2
    assert f'value="{late.isoformat()}"' in page.text
    assert not ApiToken.objects.filter(name="nightly <export>").exists()


def test_a_token_is_made_for_one_s_own_service_account_and_nobody_else_s(
    world: AccessWorld, browse: Browse
) -> None:
    client = browse("scientist")
    assert client.post(PATH, filled(world.robot)).status_code == 201
    for account in (world.strangers_robot, world.players["owner"].account):
        assert client.post(PATH, filled(account)).status_code == 400
    # An administrator sees these accounts, and makes no tokens for them either.
    assert browse("administrator").post(PATH, filled(world.robot)).status_code == 400
    assert ApiToken.objects.filter(name="nightly <export>").count() == 1


def test_a_session_left_open_makes_no_token(world: AccessWorld) -> None:
    account = world.players["scientist"].account
    client = Client()
    client.force_login(account, backend="apps.accounts.backends.AccountBackend")
    led = client.post(PATH, filled(account))
    assert led.headers["Location"].startswith("/accounts/reauthenticate/")
    assert not ApiToken.objects.filter(account=account, name__startswith="nightly").exists()


def test_one_lists_and_revokes_one_s_own(world: AccessWorld, browse: Browse) -> None:
    client = browse("scientist")
    own, robots = other_token(world.players["scientist"].account), other_token(world.robot)
    strangers = other_token(world.strangers_robot)
    listed = {token.uid for token in client.get(PATH).context["page"].rows}
    assert {own.uid, robots.uid} <= listed and strangers.uid not in listed
    assert client.post(f"{PATH}{own.uid}/revoke/").headers["Location"] == PATH
    own.refresh_from_db()
    assert own.revoked_at is not None
    assert client.post(f"{PATH}{own.uid}/revoke/").status_code == 409
    assert client.post(f"{PATH}{strangers.uid}/revoke/").status_code == 404


def test_an_administrator_ends_somebody_s_token_and_who_only_sees_it_does_not(
    world: AccessWorld, browse: Browse
) -> None:
    token, person = other_token(world.robot), world.players["scientist"].person
    assert browse("auditor").post(f"{PATH}{token.uid}/revoke/").status_code == 403
    token.refresh_from_db()
    assert token.revoked_at is None
    client = browse("administrator")
    assert f"{PATH}{token.uid}/revoke/" in client.get(f"/people/{person.uid}/").text
    answer = client.post(f"{PATH}{token.uid}/revoke/")
    assert answer.headers["Location"] == f"/people/{person.uid}/"
    token.refresh_from_db()
    assert token.revoked_at is not None
