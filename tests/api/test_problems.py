"""Every refusal is a problem that says why and what to do; bad input is never a fault of ours."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.authorization import NOT_PERMITTED
from apps.accounts.roles import Role
from apps.api.problems import refusal_of
from apps.audit.models import AuditEvent, Outcome
from apps.catalog import queries
from apps.kernel.errors import (
    Conflict,
    InvalidInput,
    InvalidState,
    LakewardenError,
    NotFound,
    NotPermitted,
    ProviderFailure,
    RuleBroken,
    StaleVersion,
)
from apps.kernel.models import HouseQuerySet
from apps.kernel.texts import remedy, sentence
from apps.policy.reason import Reason
from tests.api.caller import Caller
from tests.api.conftest import As
from tests.factories import catalog
from tests.factories.accounts import World, world

MEMBERS = {"type", "title", "status", "code", "detail", "reasons", "instance", "request_id"}
OF_THE_QUESTION = {"X-Request-ID"}
NOT_FOUND = Reason(code="NOT_FOUND", facts={"kind": "asset"})


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    said: dict[str, Any] = answer.json()
    assert (answer.status_code, said["status"], said["code"]) == (status, status, code), said
    assert said.keys() >= MEMBERS
    assert all(reason["sentence"] and reason["remedy"] for reason in said["reasons"])
    return said


@pytest.mark.parametrize(
    ("family", "status"),
    [
        (InvalidInput, 400),
        (RuleBroken, 422),
        (NotPermitted, 403),
        (NotFound, 404),
        (InvalidState, 409),
        (Conflict, 409),
        (StaleVersion, 412),
    ],
)
def test_every_family_has_its_status(family: type[LakewardenError], status: int) -> None:
    refusal = refusal_of(family(NOT_FOUND))
    assert refusal is not None and refusal.status == status


def test_a_failure_that_passes_says_when_to_try_again() -> None:
    passing = refusal_of(ProviderFailure(NOT_FOUND, is_transient=True))
    lasting = refusal_of(ProviderFailure(NOT_FOUND, is_transient=False))
    assert passing is not None and (passing.status, "Retry-After" in passing.headers) == (503, True)
    assert lasting is not None and (lasting.status, "Retry-After" in lasting.headers) == (502, False)


def test_a_reason_without_the_fact_its_wording_needs_is_an_error() -> None:
    assert "asset" in sentence(NOT_FOUND) and remedy(NOT_FOUND)
    with pytest.raises(KeyError):
        sentence(Reason(code="NOT_FOUND"))


def answers_to(caller: Caller, *uids: UUID) -> list[tuple[Any, ...]]:
    """Status, headers and body, without what names the question itself; and how many statements it took."""
    told: list[tuple[Any, ...]] = []
    caller.get("assets")  # the first call of all writes down that the token is used
    for uid in uids:
        with CaptureQueriesContext(connection) as statements:
            answer = caller.get(f"assets/{uid}")
        body = {key: value for key, value in answer.json().items() if key not in {"instance", "request_id"}}
        headers = {name: value for name, value in answer.headers.items() if name not in OF_THE_QUESTION}
        told.append((answer.status_code, headers, body, len(statements)))
    return told


def test_hidden_and_absent_look_the_same(place: World, as_: As) -> None:
    hidden = catalog.asset(world().domain)
    there, absent = answers_to(as_(Role.SCIENTIST), hidden.uid, uuid4())
    assert there == absent
    assert (there[0], there[2]["code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize("how", ["looks before it asks who may see", "refuses by another name"])
def test_control_an_answer_that_gives_away_what_is_hidden_is_caught(
    place: World, as_: As, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    hidden = catalog.asset(world().domain)
    honest = HouseQuerySet.one

    def telling(self: HouseQuerySet[Any], uid: UUID) -> Any:
        if self.model._default_manager.filter(uid=uid).exists() and not self.filter(uid=uid).exists():
            if how == "refuses by another name":
                raise NotPermitted(Reason(code=NOT_PERMITTED, facts={"operation": "", "grounds": ""}))
            list(self.model._default_manager.filter(uid=uid))
        return honest(self, uid)

    monkeypatch.setattr(HouseQuerySet, "one", telling)
    there, absent = answers_to(as_(Role.SCIENTIST), hidden.uid, uuid4())
    assert there != absent


def test_a_refusal_names_the_rule_and_what_it_takes(place: World, as_: As) -> None:
    asset = catalog.published_asset(place.domain)
    said = problem(as_(Role.SCIENTIST).post(f"assets/{asset.uid}/retire"), 403, "NOT_PERMITTED")
    assert said["reasons"][0]["rule"] == "operation:publish_asset"
    assert AuditEvent.objects.filter(outcome=Outcome.REFUSED, request_id=said["request_id"]).count() == 1


@pytest.mark.parametrize(
    "path", ["assets/not-a-uuid", "nothing", "assets/00000000-0000-0000-0000-00000000000G", "assets/", "%00"]
)
def test_an_address_at_which_there_is_nothing(as_: As, path: str) -> None:
    problem(as_(Role.STEWARD).get(path), 404, "URL_UNKNOWN")


def test_other_methods_are_named(as_: As) -> None:
    said = problem(as_(Role.STEWARD).send("DELETE", "assets"), 405, "METHOD_NOT_ALLOWED")
    assert said["reasons"][0]["facts"] == {"method": "DELETE", "possible": "GET, HEAD, POST"}


def test_other_media_types_are_refused(as_: As) -> None:
    answer = as_(Role.STEWARD).send(
        "POST", "assets", b"a=1", content_type="application/x-www-form-urlencoded"
    )
    problem(answer, 415, "UNSUPPORTED_MEDIA_TYPE")


def test_a_body_that_is_too_large_is_refused(as_: As, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    problem(as_(Role.STEWARD).post("assets", {"name": "x" * 1000}), 413, "BODY_TOO_LARGE")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "JSON_MALFORMED"),
        (b"\xff", "JSON_MALFORMED"),
        (b"\xef\xbb\xbf{}", "JSON_MALFORMED"),
        (b'{"name": NaN}', "JSON_MALFORMED"),
        (b'{"name": 1' + b"0" * 5000 + b"}", "NUMBER_TOO_LARGE"),
        (b'{"name": 9223372036854775808}', "NUMBER_TOO_LARGE"),
        (b'{"name": 1e999}', "NUMBER_TOO_LARGE"),
        (b'{"name": "a", "name": "b"}', "JSON_KEY_TWICE"),
        (b'{"name": "a\\u0000b"}', "CHARACTER_REFUSED"),
        (b'{"name": "a\\ud800b"}', "CHARACTER_REFUSED"),
        (b'{"\\ud800": 1}', "CHARACTER_REFUSED"),
        (b'{"name": ' + b"[" * 30 + b"]" * 30 + b"}", "JSON_TOO_DEEP"),
        (b"[" * 100_000, "JSON_TOO_DEEP"),
        (b"[]", "FIELD_INVALID"),
        (b'"text"', "FIELD_INVALID"),
        (b"null", "FIELD_INVALID"),
        (b"7", "FIELD_INVALID"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_malformed_body_is_refused(as_: As, body: bytes, code: str) -> None:
    problem(as_(Role.STEWARD).send("POST", "assets", body), 400, code)


def test_unknown_fields_are_named(place: World, as_: As) -> None:
    body = {"domain_id": str(place.domain.uid), "kind": "dataset", "name": "x", "state": "published"}
    said = problem(as_(Role.STEWARD).post("assets", body), 400, "FIELD_UNKNOWN")
    assert said["reasons"][0]["field"] == "state"


def test_unknown_fields_deep_inside_are_named(place: World, as_: As) -> None:
    asset = catalog.asset(place.domain)
    body = {"columns": [{"name": "a"}, {"name": "b", "class": 3}]}
    said = problem(as_(Role.STEWARD).post(f"assets/{asset.uid}/versions", body), 400, "FIELD_UNKNOWN")
    assert said["reasons"][0]["field"] == "columns.1.class"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", 7),
        ("name", None),
        ("name", True),
        ("name", ["x"]),
        ("name", ""),
        ("name", "x" * 201),
        ("kind", "table"),
        ("kind", 1),
        ("domain_id", "x"),
        ("domain_id", 12),
        ("domain_id", {"id": 1}),
    ],
)
def test_a_wrong_value_names_its_field(place: World, as_: As, field: str, value: object) -> None:
    body = {"domain_id": str(place.domain.uid), "kind": "dataset", "name": "x", field: value}
    said = problem(as_(Role.STEWARD).post("assets", body), 400, "FIELD_INVALID")
    assert [reason["field"] for reason in said["reasons"]] == [field]


def test_unknown_filters_are_named_with_the_known_ones(as_: As) -> None:
    said = problem(as_(Role.STEWARD).get("assets", domain__organization="x"), 400, "PARAMETER_UNKNOWN")
    assert said["reasons"][0]["field"] == "domain__organization"
    assert said["reasons"][0]["facts"]["known"] == "cursor, domain, kind, limit, q, state"
    asset_id = uuid4()
    problem(as_(Role.STEWARD).get(f"assets/{asset_id}", expand="all"), 400, "PARAMETER_UNKNOWN")


@pytest.mark.parametrize(
    "query",
    ["kind=table", "domain=7", "q=%00", "q=%ED%A0%80%00", "limit=0", "limit=201", "limit=x", "cursor=x"],
)
def test_a_wrong_filter_is_refused(as_: As, query: str) -> None:
    assert as_(Role.STEWARD).get(f"/api/v1/assets?{query}").status_code == 400


def test_a_filter_given_twice_is_refused(as_: As) -> None:
    problem(as_(Role.STEWARD).get("/api/v1/assets?q=a&q=b"), 400, "PARAMETER_TWICE")


def test_problems_are_in_the_reader_s_language(as_: As) -> None:
    answer = as_(Role.STEWARD).post("assets", {"kind": 1}, Accept_Language="de")
    assert answer.headers["Content-Language"] == "de"
    assert "Dieses Feld" in answer.json()["detail"]


@pytest.mark.parametrize("fault", [OperationalError("gone"), InterfaceError("closed")])
def test_without_its_database_the_portal_says_try_again(
    as_: As, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(queries, "assets_visible_to", fail)
    answer = as_(Role.STEWARD).get("assets")
    problem(answer, 503, "TEMPORARILY_UNAVAILABLE")
    assert answer.headers["Retry-After"]


def test_a_session_that_cannot_be_read_is_a_part_that_is_down(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", fail)
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "x" * 32
    problem(client.get("/api/v1/me"), 503, "TEMPORARILY_UNAVAILABLE")
    assert client.get("/accounts/login/").status_code == 503


def test_what_nobody_foresaw_tells_nothing(as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("the secret of the house")

    monkeypatch.setattr(queries, "assets_visible_to", fail)
    answer = as_(Role.STEWARD).get("assets")
    problem(answer, 500, "INTERNAL")
    assert b"secret" not in answer.content


UNKNOWN = "00000000-0000-7000-8000-000000000000"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
KNOWN = st.sampled_from(["domain_id", "kind", "name", "description", "task", "columns", "inputs", "label"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["assets", f"assets/{UNKNOWN}/versions", "people", "tokens", "permissions"]),
    body=st.dictionaries(KNOWN | st.text(), JSON, max_size=6),
    raw=st.none() | st.binary(max_size=40),
)
def test_no_body_is_ever_a_fault_of_ours(
    as_: As, path: str, body: dict[str, object], raw: bytes | None
) -> None:
    sent = raw if raw is not None else json.dumps(body).encode()
    assert as_(Role.STEWARD).send("POST", path, sent).status_code < 500


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(["q", "kind", "domain", "cursor", "limit", "state"]) | st.text(), value=st.text())
def test_no_query_is_ever_a_fault_of_ours(as_: As, name: str, value: str) -> None:
    try:
        answer = as_(Role.STEWARD).get("assets", **{name: value}) if name else None
    except UnicodeEncodeError:
        return  # no client can send it
    assert answer is None or answer.status_code in {200, 400}


@pytest.mark.parametrize(
    "body",
    [
        {"items": [{}] * 20_000},
        {"actions": ["read"] * 20_000},
        {f"field-{number}": 1 for number in range(20_000)},
    ],
    ids=["objects", "words", "unknown names"],
)
def test_a_flood_of_faults_is_told_by_its_first(as_: As, body: dict[str, object]) -> None:
    answer = as_(Role.SCIENTIST).send("POST", "access-requests/preview", json.dumps(body).encode())
    assert answer.status_code == 400
    assert len(answer.json()["reasons"]) <= 50 and len(answer.content) < 100_000


def test_nobody_learns_whether_a_thing_exists(place: World) -> None:
    asset = catalog.published_asset(place.domain)
    for uid in (asset.uid, uuid4()):
        problem(Caller().get(f"assets/{uid}"), 401, "NOT_AUTHENTICATED")
