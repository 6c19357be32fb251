"""Narrowed tokens of Google Cloud Storage: the boundary, the form of the exchange, the end, the faults."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.kernel.errors import LakewardenError, NotFound, ProviderFailure
from apps.lakes.prefix import StoragePrefix
from apps.lakes.providers.contract import Access, CredentialSpec, KeyMayExist, may_have_made_a_key
from apps.lakes.providers.gcs.boundary import BUDGET, boundary, fitting_boundary, quoted
from apps.lakes.providers.gcs.tokens import ACCESS_TOKEN, EXCHANGE
from tests.lab.cloud import Answer, Asked, serving
from tests.lab.google import ACCOUNT, ISSUER, POOL, Given, GoogleHouse, a_key, running_google
from tests.lakes.conftest import BUCKET, OTHER_BUCKET, scope_at, spec_for


@pytest.fixture(scope="module")
def started() -> Iterator[GoogleHouse]:
    with running_google() as house:
        house.buckets = {BUCKET: {}, OTHER_BUCKET: {}}
        yield house


@pytest.fixture
def google(started: GoogleHouse, settings: Any) -> GoogleHouse:
    settings.LAKES_ON_LOOPBACK = True
    settings.OUTBOUND_INSIDE = [started.origin]
    started.asked.clear()
    started.says_when_it_ends = True
    return started


def rules_of(*places: tuple[str, str, Access]) -> list[dict[str, Any]]:
    scopes = tuple(scope_at(prefix, access=access, bucket=bucket) for bucket, prefix, access in places)
    found: list[dict[str, Any]] = json.loads(boundary(scopes))["accessBoundary"]["accessBoundaryRules"]
    return found


# --- the boundary ----------------------------------------------------------------------------------


def test_a_rule_opens_one_prefix_for_objects_and_for_lists() -> None:
    (rule,) = rules_of((BUCKET, "ds/a/", Access.READ))
    assert rule == {
        "availableResource": "//storage.googleapis.com/projects/_/buckets/lake-one",
        "availablePermissions": ["inRole:roles/storage.objectViewer"],
        "availabilityCondition": {
            "expression": "resource.name.startsWith('projects/_/buckets/lake-one/objects/ds/a/')"
            " || api.getAttribute('storage.googleapis.com/objectListPrefix', '').startsWith('ds/a/')"
        },
    }


def test_a_writer_has_another_role_and_every_place_a_rule_of_its_own() -> None:
    rules = rules_of(
        (BUCKET, "ds/a/", Access.READ), (BUCKET, "ds/b/", Access.WRITE), (OTHER_BUCKET, "x/y/", Access.READ)
    )
    roles = [rule["availablePermissions"] for rule in rules]
    assert roles[1] == ["inRole:roles/storage.objectUser"]
    assert roles[0] == roles[2] == ["inRole:roles/storage.objectViewer"]
    assert rules[2]["availableResource"].endswith("/lake-two")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("ds/a_b=1/x+y.(z)!-/", "'ds/a_b=1/x+y.(z)!-/'"),
        ("a'b", "'a\\u0027b'"),
        ('a"b', "'a\\u0022b'"),
        ("a\\b", "'a\\u005cb'"),
        ("a\nb", "'a\\u000ab'"),
        ("größe/", "'gr\\u00f6\\u00dfe/'"),
        ("\U0001f30d", "'\\U0001f30d'"),
    ],
)
def test_nothing_in_a_name_ends_the_string_it_stands_in(text: str, written: str) -> None:
    assert quoted(text) == written
    assert quoted(text).count("'") == 2


def test_a_boundary_over_the_budget_is_refused_with_the_way_to_split() -> None:
    long = tuple(scope_at(f"ds/{'x' * 300}{number}/") for number in range(9))
    with pytest.raises(ProviderFailure) as refused:
        fitting_boundary(long)
    facts = refused.value.reasons[0].facts
    assert refused.value.code == "LAKE_POLICY_OVER_BUDGET"
    assert len(boundary(long[: int(str(facts["fitting"]))])) <= BUDGET < len(boundary(long))


def test_letters_outside_ascii_keep_the_document_ascii() -> None:
    scope = replace(scope_at("ds/a/"), prefix=StoragePrefix(text="größe/a/", allows_letters=True))
    assert boundary((scope,)).isascii()


# --- what is asked ---------------------------------------------------------------------------------


def test_the_issuer_acts_for_the_account_and_has_its_token_narrowed(google: GoogleHouse) -> None:
    issued = google.provider().issue(spec_for(google.connection(), "ds/a/", ttl=900))
    acting, exchange = google.asked
    assert acting.path == f"/v1/projects/-/serviceAccounts/{ACCOUNT}:generateAccessToken"
    assert json.loads(acting.body)["lifetime"] == "900s"
    form = exchange.form
    assert form["grant_type"] == EXCHANGE
    assert form["subject_token_type"] == form["requested_token_type"] == ACCESS_TOKEN
    assert form["options"] == boundary((scope_at("ds/a/"),))
    assert set(issued.secret.reveal()) == {"access_token"}
    assert issued.secret.reveal()["access_token"] != form["subject_token"]
    assert form["subject_token"] not in repr(issued)


@pytest.mark.parametrize("is_told", [True, False])
def test_a_key_ends_with_the_token_it_was_made_from_whether_told_or_not(
    google: GoogleHouse, is_told: bool
) -> None:
    google.says_when_it_ends = is_told
    issued = google.provider().issue(spec_for(google.connection(), "ds/a/", ttl=600))
    assert issued.expires_at <= datetime.now(UTC) + timedelta(seconds=600)
    assert issued.expires_at > datetime.now(UTC) + timedelta(seconds=590)


def test_a_workload_takes_the_place_of_the_issuing_account_and_no_key_is_stored(google: GoogleHouse) -> None:
    """Its platform vouches for it; that token is exchanged for one of the workload, which acts for the
    account."""
    provider = google.provider(google.workload_token(), POOL)
    issued = provider.issue(spec_for(google.connection(), "ds/a/", ttl=900))
    federated, acting, exchange = google.asked
    assert federated.form == {
        "grant_type": EXCHANGE,
        "audience": POOL,
        "scope": "https://www.googleapis.com/auth/cloud-platform",
        "requested_token_type": ACCESS_TOKEN,
        "subject_token": federated.form["subject_token"],
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
    }
    assert acting.headers["authorization"].removeprefix("Bearer ") in google.workloads
    assert exchange.form["options"] == boundary((scope_at("ds/a/"),))
    assert issued.secret.reveal()["access_token"] not in google.workloads
    probes = provider.verify_connection(google.connection())
    assert [probe for probe in probes if not probe.passed] == []


def test_a_workload_that_nobody_vouches_for_gets_nothing(google: GoogleHouse) -> None:
    over = google.workload_token(exp=1)
    forged = google.workload_token()[:-8] + "AAAAAAAA"
    for token, code in ((over, "invalid_target"), (forged, "invalid_grant")):
        google.asked.clear()
        with pytest.raises(ProviderFailure) as refused:
            google.provider(token, POOL).issue(spec_for(google.connection(), "ds/a/"))
        assert refused.value.reasons[0].facts["fault"] == code
        assert len(google.asked) == 1
        (probe,) = google.provider(token, POOL).verify_connection(google.connection())
        assert (probe.passed, probe.observed) == (False, code)


def test_what_a_workload_shows_at_the_storage_reads_there_at_most(google: GoogleHouse) -> None:
    provider = google.provider(google.workload_token(), POOL)
    assert provider.verify_connection(google.connection())[0].passed
    at_storage = google.asked[0].form["scope"]
    others = {asked.form["scope"] for asked in google.asked[1:] if "scope=" in asked.body.decode()}
    assert at_storage == "https://www.googleapis.com/auth/devstorage.read_only"
    assert others == {"https://www.googleapis.com/auth/cloud-platform"}


def test_a_workload_token_beside_the_name_of_an_account_is_told_before_any_call(google: GoogleHouse) -> None:
    for named in (ISSUER, "https://iam.googleapis.com/projects/1", f"{POOL}/more", POOL.upper()):
        with pytest.raises(ProviderFailure) as refused:
            google.provider(google.workload_token(), named).issue(spec_for(google.connection(), "ds/a/"))
        assert refused.value.code == "LAKE_WORKLOAD_PROVIDER_UNFIT"
        assert refused.value.reasons[0].facts["variable"] == "LAKEWARDEN_LAKE_GOOGLE_ISSUER_KEY"
    assert google.asked == []


# --- faults ----------------------------------------------------------------------------------------


def faulted(google: GoogleHouse, fault: str, settings: Any, **told: object) -> LakewardenError:
    """What issuing runs into where one of the two calls answers otherwise."""

    def answer(asked: Asked) -> Answer:
        if asked.path.endswith(fault):
            return int(str(told.get("status", 200))), json.dumps(told["body"]).encode()
        return google.answer(asked)

    with serving(answer) as origin:
        settings.OUTBOUND_INSIDE = [origin, google.origin]
        connection = replace(google.connection(), sts_endpoint=origin, iam_endpoint=origin)
        with pytest.raises(LakewardenError) as caught:
            google.provider().issue(spec_for(connection, "ds/a/"))
    return caught.value


SOON = {"accessToken": "ya29.x", "expireTime": "2026-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("call", "body", "part"),
    [
        ("AccessToken", {**SOON, "accessToken": ""}, "accessToken"),
        ("AccessToken", {**SOON, "expireTime": "soon"}, "expireTime"),
        ("AccessToken", {"accessToken": "x"}, "expireTime"),
        ("AccessToken", [], "JSON"),
        ("/token", {"access_token": ""}, "access_token"),
        ("/token", {"access_token": "x", "expires_in": "soon"}, "expires_in"),
        ("/token", {"access_token": "x", "expires_in": 0}, "expires_in"),
        ("/token", {"access_token": "x", "expires_in": True}, "expires_in"),
        ("/token", {"access_token": "x", "issued_token_type": "jwt"}, "issued_token_type"),
        ("/token", "words", "JSON"),
    ],
)
def test_an_answer_that_is_none_names_the_part_and_a_key_may_exist(
    google: GoogleHouse, settings: Any, call: str, body: object, part: str
) -> None:
    fault = faulted(google, call, settings, body=body)
    assert isinstance(fault, KeyMayExist)
    assert (fault.code, fault.is_transient) == ("LAKE_ANSWER_MALFORMED", False)
    assert fault.reasons[0].facts["fault"] == part


@pytest.mark.parametrize(
    ("call", "status", "body", "code", "is_transient"),
    [
        ("AccessToken", 403, {"error": {"status": "PERMISSION_DENIED"}}, "PERMISSION_DENIED", False),
        ("AccessToken", 400, {"error": {"status": "INVALID_ARGUMENT"}}, "INVALID_ARGUMENT", False),
        ("/token", 400, {"error": "invalid_grant"}, "invalid_grant", False),
        ("/token", 400, {"error": "<b>words</b>"}, "HTTP 400", False),
        ("/token", 503, {}, "HTTP 503", True),
        ("/token", 429, {}, "HTTP 429", True),
    ],
)
def test_refusals_are_told_by_meaning_and_by_their_code_alone(
    google: GoogleHouse, settings: Any, call: str, status: int, body: object, code: str, is_transient: bool
) -> None:
    fault = faulted(google, call, settings, status=status, body=body)
    assert isinstance(fault, ProviderFailure)
    assert fault.is_transient is is_transient
    assert fault.reasons[0].facts["fault"] == code
    assert may_have_made_a_key(fault) is is_transient


def test_a_token_that_lives_longer_than_asked_is_not_handed_out(google: GoogleHouse, settings: Any) -> None:
    body = {"accessToken": "ya29.x", "expireTime": "2099-01-01T00:00:00Z"}
    google.tokens["ya29.x"] = Given(ends_at=datetime(2099, 1, 1, tzinfo=UTC))
    fault = faulted(google, "AccessToken", settings, body=body)
    assert isinstance(fault, KeyMayExist)
    assert fault.code == "LAKE_EXPIRY_OVERSHOT"


def test_an_account_that_is_not_there_is_not_found(google: GoogleHouse) -> None:
    connection = google.connection(options={"service_account": "nobody@research.iam.gserviceaccount.com"})
    with pytest.raises(NotFound):
        google.provider().issue(spec_for(connection, "ds/a/"))


@pytest.mark.parametrize("file", ["no JSON", "{}", '{"private_key": "x"}', "[]"])
def test_a_file_that_holds_no_key_is_named_by_its_variable(google: GoogleHouse, file: str) -> None:
    with pytest.raises(ProviderFailure) as refused:
        google.provider(file).issue(spec_for(google.connection(), "ds/a/"))
    assert refused.value.code == "LAKE_SECRET_UNFIT"
    assert refused.value.reasons[0].facts["variable"] == "LAKEWARDEN_LAKE_GOOGLE_ISSUER_SECRET"
    assert google.asked == []


def test_the_key_of_another_is_refused(google: GoogleHouse) -> None:
    _public, file = a_key()
    with pytest.raises(ProviderFailure) as refused:
        google.provider(file).issue(spec_for(google.connection(), "ds/a/"))
    assert refused.value.reasons[0].facts["fault"] == "UNAUTHENTICATED"


def test_an_eleventh_place_is_refused_before_any_call(google: GoogleHouse) -> None:
    places = tuple(scope_at(f"ds/{number}x/") for number in range(11))
    spec: CredentialSpec = replace(spec_for(google.connection(), "ds/a/"), scopes=places)
    with pytest.raises(ProviderFailure) as refused:
        google.provider().issue(spec)
    assert (refused.value.code, refused.value.reasons[0].facts["fitting"]) == ("LAKE_TOO_MANY_PLACES", 10)
    assert google.asked == []
