"""What the adapter makes of a lake that refuses, stumbles or overshoots, by a stand-in for the client."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError, SSLError

from apps.kernel.errors import Conflict, InvalidInput, LakewardenError, NotFound, ProviderFailure
from apps.lakes.providers.contract import ConnectionSpec, Flavor, LeaseHandle, RevokeEffect
from apps.lakes.providers.keyring import EnvironmentSecrets
from apps.lakes.providers.s3 import S3Provider
from apps.lakes.providers.s3.clients import Clients
from apps.lakes.providers.s3.faults import code_of, faults_by_meaning
from apps.lakes.providers.s3.flavors import OPTIONS, capabilities_of
from tests.lakes.conftest import spec_for
from tests.lakes.test_session_policy import a_connection

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
CANARY = "canary-secret-access-key"
ENVIRONMENT = {
    f"LAKEWARDEN_LAKE_CENTRAL_{duty}_{part}": f"{duty}-{part}"
    for duty in ("ISSUER", "ADMIN")
    for part in ("KEY", "SECRET")
}


class StandIn:
    """Answers STS and IAM calls; an exception among the answers is raised. Keeps what it was asked."""

    def __init__(self, *, lives: timedelta | None = None, fault: Exception | None = None) -> None:
        self.calls: list[tuple[str, Mapping[str, Any]]] = []
        self._lives = lives
        self._fault = fault
        self._documents: dict[str, str] = {}

    def assume_role(self, **arguments: Any) -> dict[str, Any]:
        self.calls.append(("assume_role", arguments))
        if self._fault is not None:
            raise self._fault
        lives = self._lives or timedelta(seconds=arguments["DurationSeconds"])
        credentials = {
            "AccessKeyId": "ASIA",
            "SecretAccessKey": CANARY,
            "SessionToken": CANARY + "-token",
            "Expiration": NOW + lives,
        }
        return {"Credentials": credentials}

    def put_role_policy(self, **arguments: Any) -> None:
        self.calls.append(("put_role_policy", arguments))
        if self._fault is not None:
            raise self._fault
        self._documents[arguments["PolicyName"]] = arguments["PolicyDocument"]

    def get_role_policy(self, **arguments: Any) -> dict[str, Any]:
        name = arguments["PolicyName"]
        if name not in self._documents:
            raise refusal("NoSuchEntity", 404)
        return {"PolicyDocument": self._documents[name]}

    def list_role_policies(self, **arguments: Any) -> dict[str, Any]:
        return {"PolicyNames": list(self._documents), "IsTruncated": False}


class Forgetful(StandIn):
    """Takes a denial and shows none."""

    def get_role_policy(self, **arguments: Any) -> dict[str, Any]:
        raise refusal("NoSuchEntity", 404)


def refusal(code: str, status: int, *, is_bare: bool = False) -> ClientError:
    error = {"Code": code, "Message": f"the server's own words {CANARY}"}
    shape: dict[str, Any] = error if is_bare else {"Error": error}
    response: Any = {**shape, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "Call")


@contextmanager
def provider_with(stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Provider]:
    with monkeypatch.context() as patched:
        for service in ("sts", "iam"):
            patched.setattr(Clients, service, lambda self, connection, **_: stand_in)
        yield S3Provider(EnvironmentSecrets(ENVIRONMENT), clock=lambda: NOW)


def handle_of(connection: ConnectionSpec) -> LeaseHandle:
    lease_id = spec_for(connection, "ds/a/").lease_id
    return LeaseHandle(connection=connection, lease_id=lease_id, expires_at=NOW + timedelta(hours=1))


def test_the_call_carries_policy_lease_and_time(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in, spec = StandIn(), spec_for(replace(a_connection(), external_id="x1"), "ds/a/")
    with provider_with(stand_in, monkeypatch) as provider:
        provider.issue(spec)
    ((_, arguments),) = stand_in.calls
    assert arguments["RoleSessionName"] == str(spec.lease_id)
    assert arguments["DurationSeconds"] == 900
    assert arguments["ExternalId"] == "x1"
    assert "ds/a/*" in arguments["Policy"]
    assert "Tags" not in arguments


def test_the_purpose_is_sent_as_a_tag_only_where_the_connection_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stand_in = StandIn()
    spec = replace(spec_for(replace(a_connection(), sends_purpose_tag=True), "ds/a/"), purpose="P-7")
    with provider_with(stand_in, monkeypatch) as provider:
        provider.issue(spec)
    assert stand_in.calls[0][1]["Tags"] == [{"Key": "lakewarden-purpose", "Value": "P-7"}]


def test_a_key_that_lives_longer_than_asked_is_thrown_away_and_revoked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stand_in, spec = StandIn(lives=timedelta(hours=1)), spec_for(a_connection(), "ds/a/")
    with provider_with(stand_in, monkeypatch) as provider, pytest.raises(ProviderFailure) as caught:
        provider.issue(spec)
    assert (caught.value.code, caught.value.is_transient) == ("LAKE_EXPIRY_OVERSHOT", False)
    name, arguments = stand_in.calls[-1]
    assert name == "put_role_policy"
    assert str(spec.lease_id) in arguments["PolicyDocument"]


def test_under_the_minimum_the_adapter_refuses_rather_than_overshoots(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stand_in = StandIn()
    with provider_with(stand_in, monkeypatch) as provider, pytest.raises(InvalidInput) as caught:
        provider.issue(spec_for(a_connection(), "ds/a/", ttl=899))
    assert caught.value.code == "LAKE_TTL_TOO_SHORT"
    assert stand_in.calls == []


def test_a_revocation_the_lake_does_not_show_is_not_called_done(monkeypatch: pytest.MonkeyPatch) -> None:
    with provider_with(Forgetful(), monkeypatch) as provider, pytest.raises(ProviderFailure) as caught:
        provider.revoke(handle_of(a_connection()))
    assert (caught.value.code, caught.value.is_transient) == ("LAKE_REVOCATION_NOT_SEEN", True)


def test_a_role_without_room_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in = StandIn(fault=refusal("LimitExceeded", 409))
    with provider_with(stand_in, monkeypatch) as provider, pytest.raises(ProviderFailure) as caught:
        provider.revoke(handle_of(a_connection()))
    assert (caught.value.code, caught.value.is_transient) == ("LAKE_DENIALS_FULL", False)


def test_a_server_without_role_policies_says_that_its_keys_live_on(monkeypatch: pytest.MonkeyPatch) -> None:
    minio = replace(a_connection(), flavor=Flavor.MINIO, endpoint="https://lake.example.org")
    stand_in = StandIn()
    with provider_with(stand_in, monkeypatch) as provider:
        assert provider.capabilities(minio).revoke_effect is RevokeEffect.AT_EXPIRY
        assert provider.revoke(handle_of(minio)).effect is RevokeEffect.AT_EXPIRY
        assert not provider.read_back(handle_of(minio)).is_dead
        assert provider.tidy(minio, now=NOW) == 0
    assert stand_in.calls == []


def test_the_limits_of_a_connection_narrow_and_never_widen() -> None:
    narrow = replace(a_connection(), ttl_min=timedelta(hours=1), ttl_max=timedelta(hours=2))
    wide = replace(a_connection(), ttl_min=timedelta(seconds=1), ttl_max=timedelta(days=9))
    assert (capabilities_of(narrow).ttl_min, capabilities_of(narrow).ttl_max) == (
        timedelta(hours=1),
        timedelta(hours=2),
    )
    assert capabilities_of(wide) == capabilities_of(a_connection())
    with pytest.raises(InvalidInput):
        capabilities_of(replace(a_connection(), ttl_max=timedelta(seconds=899)))


def test_the_budgets_are_those_of_the_servers() -> None:
    budgets = {f: capabilities_of(replace(a_connection(), flavor=f)).policy_budget for f in OPTIONS}
    assert budgets[Flavor.AWS] == 2048
    assert budgets[Flavor.CEPH] == 1600


@pytest.mark.parametrize(
    ("error", "family", "is_transient"),
    [
        (refusal("AccessDenied", 403), ProviderFailure, False),
        (refusal("AccessDenied", 403, is_bare=True), ProviderFailure, False),
        (refusal("ExpiredToken", 400), ProviderFailure, False),
        (refusal("PackedPolicyTooLarge", 400), ProviderFailure, False),
        (refusal("RequestTimeTooSkewed", 403), ProviderFailure, False),
        (refusal("SlowDown", 503), ProviderFailure, True),
        (refusal("Throttling", 400), ProviderFailure, True),
        (refusal("Strange", 502), ProviderFailure, True),
        (refusal("Strange", 429), ProviderFailure, True),
        (refusal("NoSuchEntity", 404), NotFound, None),
        (refusal("NoSuchEntity", 404, is_bare=True), NotFound, None),
        (refusal("EntityAlreadyExists", 409), Conflict, None),
        (EndpointConnectionError(endpoint_url="https://x"), ProviderFailure, True),
        (ReadTimeoutError(endpoint_url="https://x"), ProviderFailure, True),
        (SSLError(endpoint_url="https://x", error=ValueError(CANARY)), ProviderFailure, False),
    ],
)
def test_faults_are_told_by_meaning_and_without_the_servers_words(
    error: Exception, family: type[LakewardenError], is_transient: bool | None
) -> None:
    with pytest.raises(family) as caught, faults_by_meaning("AssumeRole"):
        raise error
    assert getattr(caught.value, "is_transient", None) is is_transient
    assert CANARY not in f"{caught.value!r} {caught.value.reasons}"


def test_a_bare_error_has_its_code_read() -> None:
    assert code_of(refusal("NoSuchEntity", 404, is_bare=True)) == "NoSuchEntity"
    assert code_of(refusal("<b>odd</b>", 400)) == "Unknown"
    assert code_of(ClientError({}, "Call")) == "Unknown"


def test_the_talkative_loggers_are_quiet_at_debug_whatever_the_level(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG, logger="botocore.parsers"):
        logging.getLogger("botocore.parsers").debug("Response body: %s", CANARY)
        logging.getLogger("botocore.parsers").warning("heard")
    assert CANARY not in caplog.text
    assert "heard" in caplog.text
