"""`POST /oauth/token`: who sends a token of a platform in the form of RFC 8693 is answered in its form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.test import Client

from apps.accounts.models import WorkloadIdentity
from apps.accounts.workloads import errors
from apps.api.endpoints.exchange import ACCESS_TOKEN, FORM, GRANT_TYPE
from tests.factories import accounts
from tests.issuer import SUBJECT, Issuer, issuing

pytestmark = pytest.mark.django_db
JWT = "urn:ietf:params:oauth:token-type:jwt"
ADDRESS = "/oauth/token"


@pytest.fixture
def issuer(settings: Any) -> Iterator[Issuer]:
    with issuing() as issuer:
        settings.OUTBOUND_INSIDE = [issuer.url]
        yield issuer


@pytest.fixture
def identity(issuer: Issuer) -> WorkloadIdentity:
    program = accounts.service_account(accounts.person(accounts.organization()))
    return accounts.workload(program, issuer=issuer.url, subject=SUBJECT, scopes=["read", "write"])


def send(compact: str = "", body: str = "", content_type: str = FORM, **given: str) -> Any:
    fields = {"grant_type": GRANT_TYPE, "subject_token": compact, "subject_token_type": JWT, **given}
    return Client(enforce_csrf_checks=True).generic(
        "POST", ADDRESS, body or urlencode(fields), content_type=content_type
    )


def test_the_answer_is_an_access_token_that_works_everywhere(
    issuer: Issuer, identity: WorkloadIdentity
) -> None:
    answer = send(issuer.token(identity.audience), scope="read")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    given = answer.json()
    secret = given.pop("access_token")
    assert given == {
        "issued_token_type": ACCESS_TOKEN,
        "token_type": "Bearer",
        "expires_in": 900,
        "scope": "read",
    }
    me = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"}).json()
    assert me["account"]["username"] == identity.account.username and me["scopes"] == ["read"]


@pytest.mark.parametrize(
    ("given", "error", "code"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type", errors.GRANT_TYPE_UNKNOWN),
        ({"grant_type": ""}, "invalid_request", errors.EXCHANGE_FIELD),
        ({"subject_token_type": "saml2"}, "invalid_request", errors.EXCHANGE_FIELD),
        ({"requested_token_type": JWT}, "invalid_request", errors.EXCHANGE_FIELD),
        ({"actor_token": "x"}, "invalid_request", errors.EXCHANGE_FIELD),
        ({"scope": "read credentials"}, "invalid_scope", errors.EXCHANGE_SCOPE),
        ({"scope": "a\0b"}, "invalid_scope", errors.EXCHANGE_SCOPE),
        ({"subject_token": "x"}, "invalid_request", errors.TOKEN_MALFORMED),
        ({"subject_token": ""}, "invalid_request", errors.EXCHANGE_FIELD),
    ],
)
def test_refusals_have_the_form_of_oauth_and_our_reason_beside(
    issuer: Issuer, identity: WorkloadIdentity, given: dict[str, str], error: str, code: str
) -> None:
    answer = send(issuer.token(identity.audience), **given)
    told = answer.json()
    assert (answer.status_code, told["error"], told["code"]) == (400, error, code)
    assert told["error_description"].isascii() and not set('"\\') & set(told["error_description"])
    assert told["request_id"] and answer.headers["Cache-Control"] == "no-store"


def test_fields_come_once_in_the_body_and_in_no_other_form(
    issuer: Issuer, identity: WorkloadIdentity
) -> None:
    compact = issuer.token(identity.audience)
    twice = urlencode([("grant_type", GRANT_TYPE), ("grant_type", GRANT_TYPE), ("subject_token", compact)])
    assert send(body=twice).json()["code"] == errors.EXCHANGE_FIELD
    assert send(compact, content_type="application/json").status_code == 400
    in_address = Client().post(f"{ADDRESS}?{urlencode({'subject_token': compact})}")
    assert in_address.status_code == 400
    for method in ("GET", "PUT", "DELETE", "HEAD", "OPTIONS"):
        answer = Client().generic(method, ADDRESS)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_guessing_is_slowed_down_and_those_who_are_known_are_not(
    issuer: Issuer, identity: WorkloadIdentity, settings: Any
) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.ACCOUNT_RATE_LIMITS = {"workload_refused": "2/m/ip"}
    cache.clear()
    for _ in range(3):
        assert send(issuer.token(identity.audience)).status_code == 200
    for _ in range(2):
        assert send("x").status_code == 400
    slowed = send(issuer.token(identity.audience))
    assert (slowed.status_code, slowed.json()["error"]) == (429, "temporarily_unavailable")
    assert slowed.headers["Retry-After"] == "60"
    cache.clear()
