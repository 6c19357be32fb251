"""A key is asked for and its lake is down, talks nonsense or refuses the portal: by REST, on the page, and by
a program. Nobody is shown an error of the portal, and every lease has an end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from apps.access.models import Grant
from apps.kernel.texts import remedy
from apps.policy.reason import Reason
from tests.api.caller import Caller
from tests.credentials.faults import HoursLater, only_lease
from tests.factories import lakes
from tests.factories.lakes import Place
from tests.lab.demo_lake import DemoLake
from tests.listener import Listener, answering, listening

pytestmark = pytest.mark.django_db
NOWHERE = "http://127.0.0.1:9"
OF_A_PAGE = 503
"""Whatever kept the lake from giving a key: what to do stands on the page."""
LONG_AFTER = timedelta(hours=13)


@dataclass(frozen=True, kw_only=True)
class Failing:
    """How a lake fails: what is answered, and whether a key may have been made all the same."""

    code: str
    status: int
    may_exist: bool


FAILING = {
    "down": Failing(code="LAKE_UNREACHABLE", status=503, may_exist=True),
    "talking nonsense": Failing(code="LAKE_ANSWER_MALFORMED", status=502, may_exist=True),
    "refusing the issuer": Failing(code="LAKE_REFUSED", status=502, may_exist=False),
}


@pytest.fixture(scope="module")
def nonsense() -> Iterator[str]:
    with listening(Listener(behaviours=[answering(200, b"<html>Welcome</html>")])) as listener:
        yield f"http://127.0.0.1:{listener.port}"


@pytest.fixture(params=FAILING)
def how(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def at(db: None, lake: DemoLake, nonsense: str, how: str, monkeypatch: pytest.MonkeyPatch) -> Place:
    if how == "refusing the issuer":
        monkeypatch.setenv("LAKEWARDEN_DEMO_LAKE_ISSUER_SECRET", "not the secret of the issuer at all")
        return lakes.place(lake)
    address = NOWHERE if how == "down" else nonsense
    return lakes.place(lake, sts_endpoint=address, iam_endpoint=address)


def by_rest(at: Place, grant: Grant) -> Any:
    return Caller(at.scientist.token).post(f"grants/{grant.uid}/credentials")


def on_the_page(at: Place, grant: Grant) -> Any:
    client = Client(raise_request_exception=False)
    client.force_login(at.scientist.account, backend="apps.accounts.backends.AccountBackend")
    return client.post(f"/my-access/{grant.uid}/key/", {"key": str(uuid4())}, follow=True)


def by_a_program(at: Place, grant: Grant) -> Any:
    client = Client(raise_request_exception=False)
    headers = {"Authorization": at.scientist.token}
    return client.get("/credentials/v1/container", {"grant": str(grant.uid)}, headers=headers)


WAYS: Mapping[str, Callable[[Place, Grant], Any]] = {
    "by REST": by_rest,
    "on the page": on_the_page,
    "by a program": by_a_program,
}


@pytest.mark.parametrize("way", WAYS)
def test_a_lake_that_fails_is_told_with_what_mends_it_and_every_lease_has_an_end(
    at: Place, how: str, way: str, hours_later: HoursLater
) -> None:
    failing = FAILING[how]
    answer = WAYS[way](at, lakes.grant(at, lakes.dataset(at)))
    assert answer.status_code == (OF_A_PAGE if way == "on the page" else failing.status)
    told = unescape(answer.text)
    if way == "by REST":
        (reason,) = answer.json()["reasons"]
        assert (answer.json()["code"], reason["code"]) == (failing.code, failing.code)
        assert reason["remedy"]
    lease = only_lease()
    assert lease.fault == failing.code
    facts = {"call": "AssumeRole", "fault": ""}
    assert str(remedy(Reason(code=failing.code, facts=facts))) in told
    if way != "on the page":
        assert ("Retry-After" in answer.headers) is (failing.status == 503)
    if failing.may_exist:
        assert (lease.state, lease.next_attempt_at is None) == ("revoke_requested", False)
        hours_later(LONG_AFTER)
        lease.refresh_from_db()
    assert lease.state == ("expired" if failing.may_exist else "failed")
    assert lease.ended_at is not None


@pytest.mark.parametrize("how", ["refusing the issuer"], indirect=True)
def test_a_secret_that_is_mended_is_used_at_once(
    at: Place, lake: DemoLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where it lies in a file: no process keeps what was wrong."""
    grant = lakes.grant(at, lakes.dataset(at))
    assert by_rest(at, grant).status_code == FAILING["refusing the issuer"].status
    name = "LAKEWARDEN_DEMO_LAKE_ISSUER_SECRET"
    monkeypatch.setenv(name, lake.environment[name])
    assert by_rest(at, grant).status_code == 201
