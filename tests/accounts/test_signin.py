"""Signing in with the real pages, and being locked out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from apps.accounts.commands import change_person
from apps.accounts.models import Account, PersonStatus
from apps.kernel.actor import SYSTEM
from tests.factories import accounts
from tests.factories.accounts import Player

PASSWORD = "correct horse battery staple"
LOGIN = "/accounts/login/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def somebody() -> Player:
    return accounts.player(accounts.organization(), username="Ada.Lovelace", password=PASSWORD)


@pytest.fixture
def sign_in(client: Client) -> Callable[..., Any]:
    def attempt(username: str = "ada.lovelace", password: str = PASSWORD, address: str = "10.0.0.1") -> Any:
        return client.post(LOGIN, {"login": username, "password": password}, REMOTE_ADDR=address)

    return attempt


def is_signed_in(client: Client) -> bool:
    return client.get("/api/v1/me").status_code == 200


@pytest.mark.parametrize("username", ["ada.lovelace", "ADA.Lovelace", "\uff41da.lovelace", " ada.lovelace "])
def test_whoever_knows_the_password_signs_in_however_the_name_is_spelled(
    client: Client, somebody: Player, sign_in: Callable[..., Any], username: str
) -> None:
    assert sign_in(username).status_code == 302
    assert is_signed_in(client)


def test_the_session_s_cookie_is_not_for_scripts_or_other_sites(
    client: Client, somebody: Player, sign_in: Callable[..., Any]
) -> None:
    sign_in()
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert not cookie["max-age"], "the session ends with the browser"


@pytest.mark.parametrize("password", ["wrong", "", "\0"])
def test_nobody_signs_in_without_the_password(
    client: Client, somebody: Player, sign_in: Callable[..., Any], password: str
) -> None:
    assert sign_in(password=password).status_code == 200
    assert not is_signed_in(client)


def test_an_account_without_a_password_cannot_be_signed_in_to(
    client: Client, sign_in: Callable[..., Any]
) -> None:
    accounts.player(accounts.organization(), username="sso-only")
    for password in ("", "!", "None"):
        sign_in("sso-only", password)
        assert not is_signed_in(client)


def test_after_five_failures_even_the_right_password_is_refused(
    client: Client, somebody: Player, sign_in: Callable[..., Any]
) -> None:
    for username in ("ada.lovelace", "ADA.LOVELACE", "Ada.Lovelace", "\uff41da.lovelace"):
        assert sign_in(username, "wrong").status_code == 200
    assert sign_in(password="wrong").status_code == 429
    assert sign_in().status_code == 429
    assert not is_signed_in(client)


def test_the_lock_is_for_one_name_from_one_address(
    client: Client, somebody: Player, sign_in: Callable[..., Any]
) -> None:
    for _ in range(5):
        sign_in(password="wrong")
    assert sign_in(address="10.0.0.2").status_code == 302


def test_four_failures_do_not_lock(client: Client, somebody: Player, sign_in: Callable[..., Any]) -> None:
    for _ in range(4):
        sign_in(password="wrong")
    assert sign_in().status_code == 302


@pytest.mark.parametrize("status", [PersonStatus.DEPARTED, PersonStatus.SUSPENDED])
def test_who_has_left_cannot_sign_in(
    client: Client, somebody: Player, sign_in: Callable[..., Any], status: PersonStatus
) -> None:
    change_person(actor=SYSTEM, person_id=somebody.person.uid, status=status)
    assert sign_in().status_code == 200
    assert "_auth_user_id" not in client.session
    assert not is_signed_in(client)


def test_an_inactive_account_cannot_be_signed_in_to(
    client: Client, somebody: Player, sign_in: Callable[..., Any]
) -> None:
    Account.objects.filter(pk=somebody.account.pk).update(is_active=False)
    assert sign_in().status_code == 200
    assert "_auth_user_id" not in client.session


def test_signing_out_ends_the_session_everywhere(
    client: Client, somebody: Player, sign_in: Callable[..., Any]
) -> None:
    sign_in()
    stolen = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.get("/accounts/logout/")
    assert is_signed_in(client), "following a link signs nobody out"
    client.post("/accounts/logout/")
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = stolen
    assert not is_signed_in(thief)


def test_nobody_signs_up(client: Client) -> None:
    before = Account.objects.count()
    page = client.post("/accounts/signup/", {"username": "eve", "password1": PASSWORD})
    assert page.status_code == 404
    assert Account.objects.count() == before


def test_only_argon2_is_stored_outside_the_suites() -> None:
    from portal.settings import base

    assert base.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def test_guessing_many_names_from_one_address_is_slowed(
    client: Client, sign_in: Callable[..., Any], settings: Any
) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    pages = [
        client.post("/accounts/login/", {"login": f"nobody-{number}", "password": "guess"}).content.decode()
        for number in range(22)
    ]
    assert [number for number, page in enumerate(pages) if "Too many" in page] == [20, 21]
    cache.clear()
