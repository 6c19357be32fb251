"""The portal and a real warehouse: a grant of columns becomes a key to these columns, and ends with it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.conf import settings

from apps.accounts.roles import Role
from apps.audit import tasks
from apps.credentials.commands import revoke_lease, take_credential
from apps.credentials.errors import COLUMNS_NOT_WRITABLE
from apps.credentials.models import Lease
from apps.credentials.tasks import reap
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput, RuleBroken
from apps.lakes.commands import verify_lake
from tests.api.caller import Caller
from tests.factories import lakes
from tests.factories.accounts import player
from tests.factories.lakes import Place
from tests.lab.warehouse import REF, Session, Warehouse
from tests.lakes.conftest import BUCKET

pytestmark = [pytest.mark.lake, pytest.mark.django_db]
COLUMNS = ("depth", "porosity", "driller")


@pytest.fixture
def warehouse(running_cellars: Mapping[str, Warehouse], monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    """One release is enough here: what differs between them lies below."""
    monkeypatch.setattr(settings, "LAKES_ON_LOOPBACK", True)
    return running_cellars["wheel"]


@pytest.fixture
def at(warehouse: Warehouse, db: None, monkeypatch: pytest.MonkeyPatch) -> Place:
    """An organization whose lake the warehouse is; what the portal logs in with is in its environment."""
    monkeypatch.setattr(tasks.deliver, "delay", lambda _key: None)
    given: dict[str, Any] = {
        "flavor": "postgres",
        "endpoint": warehouse.endpoint,
        "region": "",
        "role_arn": "",
        "secret_ref": REF,
        "roots": [BUCKET],
    }
    made = lakes.place(**given)
    for name, value in warehouse.environment.items():
        own = name.replace(f"_{REF}_", f"_{made.organization.code.upper()}_{REF}_")
        monkeypatch.setenv(own, value)
    return made


@pytest.fixture
def hours_later(monkeypatch: pytest.MonkeyPatch) -> Any:
    def pass_by(wait: timedelta) -> None:
        with monkeypatch.context() as patch:
            for module in ("apps.credentials.tasks", "apps.audit.command"):
                patch.setattr(f"{module}.database_now", lambda: database_now() + wait)
            reap()

    return pass_by


def is_alive(session: Session) -> bool:
    try:
        session.execute("SELECT depth FROM ds.a")
    except psycopg.OperationalError:
        return False
    return True


def shows(session: Session, column: bytes) -> bool:
    try:
        session.execute(b"SELECT " + column + b" FROM ds.a")
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


def test_the_test_of_the_connection_passes_every_probe(at: Place) -> None:
    administrator = player(at.organization, Role.ADMINISTRATOR)
    lake, probes = verify_lake(actor=administrator.actor, lake_id=at.lake.uid)
    assert [probe for probe in probes if not probe.passed] == []
    assert lake.verified_at is not None


def test_a_grant_of_columns_is_taken_over_rest_as_a_key_to_these_columns(
    at: Place, warehouse: Warehouse
) -> None:
    asset = lakes.dataset(at, "ds/a/", bucket=BUCKET, columns=COLUMNS)
    grant = lakes.grant(at, asset, columns=("depth", "porosity"))
    answer = Caller(at.scientist.token).post(f"grants/{grant.uid}/credentials")
    assert answer.status_code == 201
    key = answer.json()
    assert key["scopes"][0]["columns"] == ["depth", "porosity"]
    assert set(key["parts"]) == {"host", "port", "dbname", "user", "password", "sslmode"}
    assert all('SELECT "depth", "porosity" FROM "ds"."a"' in each["text"] for each in key["snippets"][:3])
    with closing(warehouse.key_session(key["parts"])) as session:
        assert shows(session, b"depth, porosity")
        assert not shows(session, b"driller")
        assert not shows(session, b"*")
        cut = revoke_lease(actor=at.scientist.actor, lease_id=UUID(key["lease_id"]))
        assert (cut.state, cut.revoke_effect) == ("revoked", "immediate")
        assert not is_alive(session)
    assert str(cut.scopes.get()) == f"read {warehouse.endpoint}/{BUCKET}/ds/a/ (depth, porosity)"


def test_columns_are_not_written_and_a_place_that_is_no_table_is_not_registered(at: Place) -> None:
    asset = lakes.dataset(at, "own/w/", bucket=BUCKET, columns=COLUMNS)
    grant = lakes.grant(at, asset, columns=("depth",), actions=("read", "write"))
    with pytest.raises(RuleBroken) as refused:
        take_credential(actor=at.scientist.actor, grant_id=grant.uid)
    assert refused.value.code == COLUMNS_NOT_WRITABLE
    with pytest.raises(InvalidInput) as malformed:
        lakes.version_at(at, asset, "ds/a/part/", bucket=BUCKET)
    assert malformed.value.code == "LAKE_WAREHOUSE_PLACE"


def test_the_reaper_ends_what_is_open_with_a_key_that_has_run_out(
    at: Place, warehouse: Warehouse, hours_later: Any
) -> None:
    before = warehouse.roles()
    grant = lakes.grant(at, lakes.dataset(at, "ds/a/", bucket=BUCKET, columns=COLUMNS))
    taken = take_credential(actor=at.scientist.actor, grant_id=grant.uid)
    with closing(warehouse.key_session(taken.secret.reveal())) as session:
        reap()
        assert is_alive(session)
        hours_later(timedelta(hours=13))
        assert not is_alive(session)
    assert Lease.objects.get().state == "expired"
    assert warehouse.roles() == before
