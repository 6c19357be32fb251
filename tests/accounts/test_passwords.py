"""A password of one's own: changed by whom it belongs to, and before anything else where another chose it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.accounts.commands import change_password, register_person
from apps.accounts.models import Account, ApiToken, Relation
from apps.accounts.queries import actor_of
from apps.accounts.roles import Role
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken
from tests.factories.accounts import Player, World, token, world

PASSWORD, CHOSEN_BY_ANOTHER, OWN = "amber-fox-in-the-hay", "winter-is-long-here", "quiet-otter-under-ice"


@pytest.fixture
def place(db: None) -> World:
    return world()


@pytest.fixture
def scientist(place: World) -> Player:
    player = place[Role.SCIENTIST]
    player.account.set_password(PASSWORD)
    player.account.save(update_fields=["password"])
    return player


@pytest.fixture
def newcomer(place: World) -> Account:
    """Registered by an administrator, who knows the password."""
    person = register_person(
        actor=place[Role.ADMINISTRATOR].actor,
        organization_id=place.organization.uid,
        name="Newcomer",
        username=f"newcomer-{uuid4().hex[:8]}",
        relation=Relation.EMPLOYEE,
        password=CHOSEN_BY_ANOTHER,
    )
    return Account.objects.get(person=person)


def signed_in(account: Account, password: str) -> Client:
    client = Client()
    sent = {"login": account.username, "password": password}
    assert client.post("/accounts/login/", sent).status_code == 302
    return client


def changed(client: Client, current: str, password: str, again: str | None = None) -> HttpResponse:
    sent = {"current": current, "password": password, "again": again or password}
    answer: HttpResponse = client.post("/settings/password/", sent)
    return answer


def test_nothing_answers_before_the_password_of_another_is_changed(newcomer: Account) -> None:
    client = signed_in(newcomer, CHOSEN_BY_ANOTHER)
    for path in ("/", "/catalog/", "/settings/tokens/", "/accounts/2fa/totp/activate/"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers.get("Location")) == (302, "/settings/password/"), path
    refused = client.get("/api/v1/me")
    assert (refused.status_code, refused.json()["code"]) == (403, "PASSWORD_TO_CHANGE")
    assert changed(client, CHOSEN_BY_ANOTHER, OWN).status_code == 302
    assert client.get("/catalog/").status_code == 200
    assert client.get("/api/v1/me").status_code == 200


def test_other_sessions_and_tokens_end_with_the_old_password(scientist: Player) -> None:
    token(scientist.account)
    here, there = signed_in(scientist.account, PASSWORD), signed_in(scientist.account, PASSWORD)
    changed(here, PASSWORD, OWN)
    assert here.get("/catalog/").status_code == 200
    assert there.get("/catalog/").status_code == 302
    assert not ApiToken.objects.filter(account=scientist.account, revoked_at__isnull=True).exists()


@pytest.mark.parametrize(
    ("current", "password", "said"),
    [
        ("not it", OWN, "PASSWORD_WRONG"),
        (PASSWORD, PASSWORD, "PASSWORD_SAME"),
        (PASSWORD, "short", "PASSWORD_WEAK"),
        (PASSWORD, "password1234", "PASSWORD_WEAK"),
    ],
)
def test_a_password_is_refused_with_what_is_wrong(
    scientist: Player, current: str, password: str, said: str
) -> None:
    with pytest.raises(InvalidInput, match=said):
        change_password(
            actor=scientist.actor, account_id=scientist.account.uid, current=current, password=password
        )
    scientist.account.refresh_from_db()
    assert scientist.account.check_password(PASSWORD)


def test_neither_a_token_nor_another_changes_it(place: World, scientist: Player) -> None:
    by_token = actor_of(scientist.account, scopes=frozenset({"write"}))
    with pytest.raises((RuleBroken, NotPermitted)):
        change_password(actor=by_token, account_id=scientist.account.uid, current=PASSWORD, password=OWN)
    other = place[Role.ADMINISTRATOR].actor
    with pytest.raises(NotFound):
        change_password(actor=other, account_id=scientist.account.uid, current=PASSWORD, password=OWN)


def test_what_the_installation_sets_up_is_ones_own(place: World) -> None:
    person = register_person(
        actor=SYSTEM,
        organization_id=place.organization.uid,
        name="First",
        username=f"first-{uuid4().hex[:8]}",
        relation=Relation.EMPLOYEE,
        password=OWN,
    )
    assert not Account.objects.get(person=person).must_change_password


def test_two_unequal_new_passwords_change_nothing(scientist: Player) -> None:
    client = signed_in(scientist.account, PASSWORD)
    answer = changed(client, PASSWORD, OWN, again=f"{OWN}!")
    assert answer.status_code == 400 and "not the same" in answer.content.decode()
