"""`create_token` and `rebuild_acl`."""

from __future__ import annotations

import io

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.accounts.commands import change_person
from apps.accounts.models import Acl, ApiToken, PersonStatus
from apps.accounts.roles import Role
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from portal import embedded
from portal.embedded.postgres import Postgres
from tests.api.caller import Caller
from tests.clones import name_in_use
from tests.factories import catalog
from tests.factories.accounts import World, world


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def place(db: None) -> World:
    return world()


def test_a_token_made_on_the_command_line_works(place: World) -> None:
    account = place[Role.SCIENTIST].account
    said = run("create_token", account.username.upper(), "--scope", "read", "--scope", "write", "--days", "3")
    secret = said.strip()
    assert secret.startswith("lkw_") and len(said.splitlines()) == 1
    assert Caller(secret).get("me").json()["scopes"] == ["read", "write"]
    token = ApiToken.objects.get(account=account, name="command line")
    assert 2 <= (token.expires_at - database_now()).days <= 3


@pytest.mark.parametrize(
    "arguments",
    [
        ("nobody", "--scope", "read"),
        ("{user}", "--scope", "everything"),
        ("{user}",),
        ("{user}", "--scope", "read", "--days", "0"),
        ("{user}", "--scope", "read", "--days", "366"),
    ],
)
def test_what_cannot_be_made_is_refused_with_a_sentence(place: World, arguments: tuple[str, ...]) -> None:
    username = place[Role.SCIENTIST].account.username
    before = ApiToken.objects.count()
    with pytest.raises(CommandError):
        run("create_token", *(argument.format(user=username) for argument in arguments))
    assert ApiToken.objects.count() == before


def test_there_is_no_token_for_who_has_left(place: World) -> None:
    player = place[Role.SCIENTIST]
    change_person(actor=SYSTEM, person_id=player.person.uid, status=PersonStatus.DEPARTED)
    with pytest.raises(CommandError, match="not active"):
        run("create_token", player.account.username, "--scope", "read")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM accounts_acl WHERE asset_id = {asset}",
        "INSERT INTO accounts_acl (principal, perm, asset_id, source_id) VALUES (7, 1, {asset}, 1)",
        "UPDATE accounts_acl SET expires_at = now() WHERE asset_id = {asset}",
    ],
    ids=["missing", "needless", "other end"],
)
def test_the_index_is_checked_against_its_sources_and_made_anew(postgres: Postgres, damage: str) -> None:
    asset = catalog.published_asset(world().domain)
    sound = rows()
    assert "equals its source" in run("rebuild_acl", "--check")
    as_owner(postgres, damage.format(asset=asset.pk))
    with pytest.raises(CommandError, match="differ"):
        run("rebuild_acl", "--check")
    run("rebuild_acl")
    assert "equals its source" in run("rebuild_acl", "--check")
    assert rows() == sound


def rows() -> set[tuple[object, ...]]:
    return set(Acl.objects.values_list("asset_id", "perm", "principal", "source_id", "expires_at"))


def as_owner(postgres: Postgres, statement: str) -> None:
    """The application's role may not write the index."""
    with psycopg.connect(postgres.url(embedded.OWNER_ROLE, name_in_use())) as owner:
        owner.execute(statement)
    connection.close()
