"""Whatever a server says instead of an answer: a fault of the house with evidence, never a crash."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.kernel.errors import LakewardenError, ProviderFailure
from apps.lakes.providers.contract import (
    ConnectionSpec,
    Flavor,
    LeaseHandle,
    may_have_made_a_key,
)
from apps.lakes.providers.keyring import EnvironmentSecrets
from apps.lakes.providers.s3 import S3Provider
from apps.lakes.providers.s3.adapter import read_key
from tests.lakes.conftest import spec_for
from tests.lakes.test_adapter_faults import ENVIRONMENT
from tests.lakes.test_session_policy import a_connection
from tests.listener import Behaviour, Listener, answering, listening

CANARY = "canary-of-the-server"
END = "2099-01-01T00:00:00Z"
WHOLE = {"AccessKeyId": "ASIA", "SecretAccessKey": "secret", "SessionToken": "token", "Expiration": END}


def key_in_xml(parts: dict[str, str]) -> bytes:
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in parts.items())
    result = f"<AssumeRoleResult><Credentials>{inner}</Credentials></AssumeRoleResult>"
    return f"<AssumeRoleResponse>{result}</AssumeRoleResponse>".encode()


def raw(text: bytes) -> Behaviour:
    return lambda wire: wire.write(text)


NONSENSE: dict[str, Behaviour] = {
    "nothing": answering(200, b""),
    "a page": answering(200, f"<html><body>{CANARY}</body></html>".encode()),
    "a page that ends early": answering(200, f"<html><p>{CANARY}".encode()),
    "JSON": answering(200, f'{{"Credentials": "{CANARY}"}}'.encode()),
    "bytes": answering(200, bytes(range(256))),
    "another answer": answering(200, f"<ListBuckets><Name>{CANARY}</Name></ListBuckets>".encode()),
    "no content": answering(204),
    "a list of nothing": answering(200, b"<GetRolePolicyResponse/>"),
}
BROKEN_KEYS: dict[str, Behaviour] = {
    "no credentials": answering(200, b"<AssumeRoleResponse><AssumeRoleResult/></AssumeRoleResponse>"),
    "credentials without parts": answering(200, key_in_xml({})),
    "an end that is no date": answering(200, key_in_xml({**WHOLE, "Expiration": CANARY})),
    "an empty end": answering(200, key_in_xml({**WHOLE, "Expiration": ""})),
    "an end in the year 99999": answering(200, key_in_xml({**WHOLE, "Expiration": "99999-01-01T00:00:00Z"})),
    **{
        f"no {missing}": answering(200, key_in_xml({k: v for k, v in WHOLE.items() if k != missing}))
        for missing in WHOLE
    },
}
OTHER_FAULTS: dict[str, tuple[Behaviour, bool]] = {
    "a proxy's error": (answering(502, f"<html>{CANARY}</html>".encode()), True),
    "an error without a body": (answering(503), True),
    "a refusal in another format": (answering(403, f"denied: {CANARY}".encode()), False),
    "a way elsewhere": (answering(301, Location="https://elsewhere.example"), False),
    "half an answer": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<Assume"), False),
    "no HTTP": (raw(b"220 mail.example ESMTP\r\n"), True),
    "nothing at all": (raw(b""), True),
}


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening(Listener()) as started:
        yield started


@pytest.fixture
def connection(listener: Listener, settings: object) -> ConnectionSpec:
    address = f"http://127.0.0.1:{listener.port}"
    return replace(a_connection(), flavor=Flavor.DEMO, endpoint=address, sts_endpoint="", iam_endpoint="")


@pytest.fixture
def calls(connection: ConnectionSpec) -> dict[str, Callable[[], object]]:
    keys = {name.replace("LAKE_CENTRAL", "DEMO_LAKE"): value for name, value in ENVIRONMENT.items()}
    provider = S3Provider(EnvironmentSecrets(keys))
    now = datetime.now(UTC)
    handle = LeaseHandle(connection=connection, lease_id=uuid4(), expires_at=now + timedelta(hours=1))
    return {
        "issue": lambda: provider.issue(spec_for(connection, "ds/a/")),
        "revoke": lambda: provider.revoke(handle),
        "read back": lambda: provider.read_back(handle),
        "tidy": lambda: provider.tidy(connection, now=now),
    }


def fault_of(call: Callable[[], object]) -> LakewardenError:
    with pytest.raises(LakewardenError) as caught:
        call()
    return caught.value


@pytest.mark.parametrize("call", ["issue", "read back", "tidy"])
@pytest.mark.parametrize("said", sorted(NONSENSE))
def test_nonsense_is_a_permanent_fault_that_names_the_call_and_not_the_servers_words(
    listener: Listener, calls: dict[str, Callable[[], object]], call: str, said: str
) -> None:
    listener.behaviours = [NONSENSE[said]]
    fault = fault_of(calls[call])
    assert isinstance(fault, ProviderFailure)
    assert (fault.code, fault.is_transient) == ("LAKE_ANSWER_MALFORMED", False)
    assert CANARY not in f"{fault!r} {fault.reasons}"
    assert may_have_made_a_key(fault) is (call == "issue")


@pytest.mark.parametrize("said", sorted(NONSENSE))
def test_a_revocation_that_is_answered_with_nonsense_is_never_said_to_be_done(
    listener: Listener, calls: dict[str, Callable[[], object]], said: str
) -> None:
    listener.behaviours = [NONSENSE[said]]
    assert isinstance(fault_of(calls["revoke"]), ProviderFailure)


@pytest.mark.parametrize("said", sorted(BROKEN_KEYS))
def test_a_key_with_a_part_missing_is_no_key_and_what_may_exist_is_to_be_revoked(
    listener: Listener, calls: dict[str, Callable[[], object]], said: str
) -> None:
    listener.behaviours = [BROKEN_KEYS[said]]
    fault = fault_of(calls["issue"])
    assert fault.code == "LAKE_ANSWER_MALFORMED"
    assert may_have_made_a_key(fault)
    assert CANARY not in f"{fault!r} {fault.reasons}"


@pytest.mark.parametrize("said", sorted(OTHER_FAULTS))
def test_other_faults_keep_their_meaning_whatever_they_look_like(
    listener: Listener, calls: dict[str, Callable[[], object]], said: str
) -> None:
    behaviour, is_transient = OTHER_FAULTS[said]
    listener.behaviours = [behaviour]
    fault = fault_of(calls["issue"])
    assert isinstance(fault, ProviderFailure)
    assert fault.is_transient is is_transient
    assert CANARY not in f"{fault!r} {fault.reasons}"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.datetimes(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["Credentials", *WHOLE]) | st.text(), inner, max_size=6)
        ),
    )
)
def test_whatever_the_client_library_makes_of_an_answer_is_a_key_or_a_fault(answer: object) -> None:
    try:
        _, ends_at = read_key(answer)
    except ProviderFailure as fault:
        assert may_have_made_a_key(fault)
    else:
        assert ends_at.tzinfo is UTC
