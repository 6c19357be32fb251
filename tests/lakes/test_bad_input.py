"""What is wrong with a lake or a connection is told so that whoever reads it knows what to mend.

Each by the real thing where there is one: a port where nobody listens, a server that is slow, one that takes
the call and falls silent half-way, a clock that runs ahead, the demo lake for the rest.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import botocore.auth
import pytest

from apps.kernel.errors import LakewardenError, ProviderFailure
from apps.kernel.ids import new_uid
from apps.kernel.texts import remedy, sentence
from apps.lakes.providers.contract import ConnectionSpec, Flavor, LeaseHandle, may_have_made_a_key
from apps.lakes.providers.keyring import EnvironmentSecrets
from apps.lakes.providers.s3 import S3Provider, clients
from tests.lab.demo_lake import ROLE_ARN, DemoLake
from tests.lakes.conftest import spec_for
from tests.lakes.test_adapter_faults import ENVIRONMENT
from tests.lakes.test_session_policy import a_connection
from tests.listener import Behaviour, Listener, answering, listening

AWS_ERROR = (
    "<ErrorResponse><Error><Code>{}</Code><Message>Said by the server.</Message></Error></ErrorResponse>"
)


def at(endpoint: str, **given: Any) -> ConnectionSpec:
    made: dict[str, Any] = {"flavor": Flavor.DEMO, "sts_endpoint": "", "iam_endpoint": "", **given}
    return replace(a_connection(), endpoint=endpoint, **made)


def fault_of(connection: ConnectionSpec, *prefixes: str, ttl: int = 900) -> LakewardenError:
    """What comes of asking for a key there."""
    keys = {name.replace("LAKE_CENTRAL", "DEMO_LAKE"): value for name, value in ENVIRONMENT.items()}
    with pytest.raises(LakewardenError) as caught:
        S3Provider(EnvironmentSecrets(keys)).issue(spec_for(connection, *(prefixes or ("ds/a/",)), ttl=ttl))
    return caught.value


def told(fault: LakewardenError) -> tuple[str, str]:
    """What is wrong and what mends it, with nothing left to fill in."""
    (reason,) = fault.reasons
    said = str(sentence(reason)), str(remedy(reason))
    assert all(text and "%(" not in text for text in said)
    assert "Said by the server" not in "".join(said)
    return said


@contextmanager
def falling_silent(after: bytes) -> Iterator[str]:
    """Takes the call, says so much, and leaves the line open."""

    def silent(wire: Any) -> None:
        wire.write(after)
        wire.flush()
        listener.let_go.wait(20)

    behaviour: Behaviour = silent
    listener = Listener(behaviours=[behaviour])
    with listening(listener):
        yield f"http://127.0.0.1:{listener.port}"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "READ_SECONDS", 0.3)
    monkeypatch.setattr(clients, "CONNECT_SECONDS", 0.3)


def test_a_lake_that_is_down_is_told_with_its_endpoint_to_look_at() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        fault = fault_of(at(f"http://127.0.0.1:{closed.getsockname()[1]}"))
    assert (fault.code, may_have_made_a_key(fault)) == ("LAKE_UNREACHABLE", True)
    said, mends = told(fault)
    assert "EndpointConnectionError" in said
    assert "endpoint" in mends


@pytest.mark.parametrize(
    "after", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<Assume"], ids=["slow", "half-open"]
)
def test_a_lake_that_falls_silent_is_given_up_and_a_key_may_exist(after: bytes, impatient: None) -> None:
    with falling_silent(after) as endpoint:
        fault = fault_of(at(endpoint))
    assert isinstance(fault, ProviderFailure)
    assert (fault.code, may_have_made_a_key(fault)) == ("LAKE_UNREACHABLE", True)
    assert "Try again" in told(fault)[1]


def test_a_port_that_takes_connections_and_reads_nothing_is_given_up(impatient: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        fault = fault_of(at(f"http://127.0.0.1:{server.getsockname()[1]}"))
    assert (fault.code, may_have_made_a_key(fault)) == ("LAKE_UNREACHABLE", True)
    told(fault)


def test_a_clock_that_runs_ahead_is_told_as_such(
    demo_lake: DemoLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = spec_for(demo_lake.connection(), "ds/a/")
    now: Callable[..., Any] = botocore.auth.get_current_datetime
    monkeypatch.setattr(
        botocore.auth, "get_current_datetime", lambda *given: now(*given) + timedelta(hours=1)
    )
    with pytest.raises(LakewardenError) as caught:
        demo_lake.provider().issue(spec)
    assert (caught.value.code, may_have_made_a_key(caught.value)) == ("LAKE_CLOCKS_DIFFER", False)
    assert "time service" in told(caught.value)[1]


@pytest.mark.parametrize("code", ["AuthorizationHeaderMalformed", "IllegalLocationConstraintException"])
def test_a_wrong_region_is_told_as_such(code: str) -> None:
    listener = Listener(behaviours=[answering(400, AWS_ERROR.format(code).encode())])
    with listening(listener):
        fault = fault_of(at(f"http://127.0.0.1:{listener.port}"))
    assert (fault.code, may_have_made_a_key(fault)) == ("LAKE_REGION_WRONG", False)
    said, mends = told(fault)
    assert "another region" in said
    assert "correct the region" in mends


def test_a_region_that_can_be_none_is_told_before_anybody_is_called() -> None:
    fault = fault_of(at("http://127.0.0.1:9", region="eu central"))
    assert fault.code == "LAKE_REGION_MALFORMED"
    assert "eu central" in told(fault)[0]


def test_a_wrong_role_leads_to_the_test_of_the_connection(demo_lake: DemoLake) -> None:
    """One that is not there, or does not trust the issuer: servers do not tell an issuer which it is."""
    nowhere, distrusting = (
        demo_lake.connection(role_arn=f"{ROLE_ARN}-{name}") for name in ("nowhere", "distrusting")
    )
    demo_lake.provider().prepare_role(distrusting, issuer_arn="arn:aws:iam::000000000000:user/somebody-else")
    for connection in (nowhere, distrusting):
        with pytest.raises(LakewardenError) as caught:
            demo_lake.provider().issue(spec_for(connection, "ds/a/"))
        assert (caught.value.code, may_have_made_a_key(caught.value)) == ("LAKE_REFUSED", False)
        assert "test of this lake connection" in told(caught.value)[1]


def test_a_role_that_is_gone_when_a_key_is_to_end_is_told_with_what_to_check(demo_lake: DemoLake) -> None:
    connection = demo_lake.connection(role_arn=f"{ROLE_ARN}-nowhere")
    end = datetime.now(UTC) + timedelta(hours=1)
    handle = LeaseHandle(connection=connection, lease_id=new_uid(), expires_at=end)
    with pytest.raises(LakewardenError) as caught:
        demo_lake.provider().revoke(handle)
    assert caught.value.code == "LAKE_THING_MISSING"
    assert "names of role" in told(caught.value)[1]


def test_a_policy_that_is_too_large_says_how_many_places_fit_and_calls_nobody() -> None:
    prefixes = [f"a-rather-long-name-of-a-place/number-{number}/" for number in range(60)]
    fault = fault_of(at("http://127.0.0.1:9"), *prefixes)
    assert (fault.code, may_have_made_a_key(fault)) == ("LAKE_POLICY_OVER_BUDGET", False)
    said, mends = told(fault)
    assert "60 places" in said
    assert "Split the request" in mends


def test_a_time_under_the_minimum_is_refused_and_calls_nobody() -> None:
    aws = at("https://s3.eu-central-1.amazonaws.com", flavor=Flavor.AWS)
    fault = fault_of(aws, ttl=899)
    assert (fault.code, may_have_made_a_key(fault)) == ("LAKE_TTL_TOO_SHORT", False)
    said, mends = told(fault)
    assert "less than 900 seconds; 899 are left" in said
    assert "never given" in mends
