"""How a key ends: by time, by revocation, and that it stays ended."""

from __future__ import annotations

import json
import logging
import re
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

import pytest

from apps.kernel.errors import InvalidInput, NotFound, ProviderFailure
from apps.kernel.ids import new_uid
from apps.lakes.prefix import BucketName, StorageRoot
from apps.lakes.providers.contract import Access, ConnectionSpec, LeaseHandle, RevokeEffect
from apps.lakes.providers.s3 import S3Provider
from apps.lakes.providers.s3.session_policy import session_policy
from tests.lab.demo_lake import ISSUER_ARN, ROLE_ARN, DemoLake, running_demo_lake
from tests.lakes.conftest import BUCKET, INSIDE, SIBLING, KeyMaker, furnish, scope_at, spec_for
from tests.lakes.refusals import is_denied, refusal_of

pytestmark = pytest.mark.lake


@pytest.fixture
def own_lake(tmp_path: Path) -> Iterator[DemoLake]:
    """A lake that a test may restart."""
    with running_demo_lake(tmp_path / "lake") as lake:
        furnish(lake)
        yield lake


@pytest.fixture
def own_role(demo_lake: DemoLake, connection: ConnectionSpec) -> ConnectionSpec:
    """A connection whose role nobody else fills with denials."""
    own = replace(connection, role_arn=f"{ROLE_ARN}-{uuid4().hex[:8]}")
    demo_lake.prepare_role(own)
    return own


def until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Asks again and again until the condition holds or the deadline has passed."""
    ends_at = monotonic() + seconds
    while monotonic() < ends_at:
        if condition():
            return True
    return condition()


def refused(client: Any) -> str | None:
    try:
        client.get_object(Bucket=BUCKET, Key=INSIDE)
    except client.exceptions.ClientError as error:
        return str(error.response["Error"]["Code"])
    return None


def test_a_key_ends_by_itself(demo_lake: DemoLake, key: KeyMaker) -> None:
    issued = key(ttl=1)
    client = demo_lake.session_client(issued.secret.reveal())
    assert until(lambda: refused(client) == "ExpiredToken", seconds=5)
    assert refusal_of(lambda: client.list_objects_v2(Bucket=BUCKET, Prefix="ds/a/")) == "ExpiredToken"


def test_a_key_never_lives_longer_than_asked(key: KeyMaker) -> None:
    asked_at = datetime.now(UTC)
    issued = key(ttl=60)
    assert issued.expires_at <= datetime.now(UTC) + timedelta(seconds=60)
    assert issued.expires_at >= asked_at + timedelta(seconds=58)


def test_a_revoked_key_opens_nothing_and_another_of_the_role_goes_on(
    demo_lake: DemoLake, provider: S3Provider, key: KeyMaker
) -> None:
    mine, other = key(), key()
    clients = [demo_lake.session_client(issued.secret.reveal()) for issued in (mine, other)]
    assert [refused(client) for client in clients] == [None, None]
    assert not provider.read_back(mine.handle).is_dead
    revoked = provider.revoke(mine.handle)
    assert (revoked.effect, revoked.evidence["ended"]) == (RevokeEffect.IMMEDIATE, "denied")
    assert [refused(client) for client in clients] == ["AccessDenied", None]
    assert is_denied(lambda: clients[0].list_objects_v2(Bucket=BUCKET, Prefix="ds/a/"))
    assert provider.read_back(mine.handle).is_dead
    assert not provider.read_back(other.handle).is_dead


def test_a_revoked_writer_writes_nothing(demo_lake: DemoLake, provider: S3Provider, key: KeyMaker) -> None:
    issued = key("own/r/", access=Access.WRITE)
    client = demo_lake.session_client(issued.secret.reveal())
    client.put_object(Bucket=BUCKET, Key="own/r/x", Body=b"x")
    provider.revoke(issued.handle)
    assert is_denied(lambda: client.put_object(Bucket=BUCKET, Key="own/r/x", Body=b"y"))


def test_revoking_twice_leaves_one_denial(
    demo_lake: DemoLake, provider: S3Provider, own_role: ConnectionSpec
) -> None:
    handle = provider.issue(spec_for(own_role, "ds/a/")).handle
    first, second = provider.revoke(handle), provider.revoke(handle)
    assert first.evidence["policy"] == second.evidence["policy"]
    assert denials_of(demo_lake, own_role, str(handle.lease_id)) == [first.evidence["policy"]]


def test_revoking_what_was_never_issued_succeeds_and_holds_should_it_appear(
    demo_lake: DemoLake, provider: S3Provider, connection: ConnectionSpec
) -> None:
    """An intent whose outcome got lost: the denial is there before the key is found."""
    spec = spec_for(connection, "ds/a/")
    guessed = datetime.now(UTC) + timedelta(hours=1)
    handle = LeaseHandle(connection=connection, lease_id=spec.lease_id, expires_at=guessed)
    assert provider.revoke(handle).effect is RevokeEffect.IMMEDIATE
    late = provider.issue(spec)
    assert refused(demo_lake.session_client(late.secret.reveal())) == "AccessDenied"
    assert provider.read_back(late.handle).is_dead


def test_revoking_a_key_that_has_ended_calls_nobody(connection: ConnectionSpec, provider: S3Provider) -> None:
    gone = replace(connection, role_arn=ROLE_ARN + "-unknown")
    handle = LeaseHandle(
        connection=gone, lease_id=uuid4(), expires_at=datetime.now(UTC) - timedelta(minutes=1)
    )
    assert provider.revoke(handle).evidence == {"ended": "expired"}
    assert provider.read_back(handle).is_dead


def test_revoking_at_a_role_that_is_gone_says_so(connection: ConnectionSpec, provider: S3Provider) -> None:
    gone = replace(connection, role_arn=ROLE_ARN + "-unknown")
    handle = LeaseHandle(connection=gone, lease_id=uuid4(), expires_at=datetime.now(UTC) + timedelta(hours=1))
    with pytest.raises(NotFound):
        provider.revoke(handle)


def test_many_revocations_at_once_all_hold(provider: S3Provider, demo_lake: DemoLake, key: KeyMaker) -> None:
    issued = [key() for _ in range(12)]
    with ThreadPoolExecutor(max_workers=6) as pool:
        effects = [revoked.effect for revoked in pool.map(lambda each: provider.revoke(each.handle), issued)]
    assert set(effects) == {RevokeEffect.IMMEDIATE}
    clients = [demo_lake.session_client(each.secret.reveal()) for each in issued]
    assert {refused(client) for client in clients} == {"AccessDenied"}


def test_tidying_drops_the_denials_of_ended_keys_only(
    demo_lake: DemoLake, provider: S3Provider, own_role: ConnectionSpec
) -> None:
    short, long = (provider.issue(spec_for(own_role, "ds/a/", ttl=ttl)).handle for ttl in (60, 3600))
    for handle in (short, long):
        provider.revoke(handle)
    provider.tidy(long.connection, now=datetime.now(UTC) + timedelta(minutes=10))
    assert denials_of(demo_lake, own_role, str(short.lease_id)) == []
    assert len(denials_of(demo_lake, own_role, str(long.lease_id))) == 1


def test_two_hundred_revocations_find_room_in_one_role_and_spare_the_others(
    demo_lake: DemoLake, provider: S3Provider, own_role: ConnectionSpec
) -> None:
    """More than three times as many as fit where each stands for itself."""
    spec, spared_spec = spec_for(own_role, "ds/a/"), spec_for(own_role, "ds/a/")
    doomed, spared = provider.issue(spec), provider.issue(spared_spec)
    end = datetime.now(UTC) + timedelta(hours=1)
    others = [LeaseHandle(connection=own_role, lease_id=new_uid(), expires_at=end) for _ in range(199)]
    handles = [doomed.handle, *others]
    assert {provider.revoke(handle).effect for handle in handles} == {RevokeEffect.IMMEDIATE}
    assert all(provider.read_back(handle).is_dead for handle in handles[::7])
    assert refused(demo_lake.session_client(doomed.secret.reveal())) == "AccessDenied"
    late = provider.issue(replace(spec, lease_id=handles[100].lease_id))
    assert refused(demo_lake.session_client(late.secret.reveal())) == "AccessDenied"
    assert refused(demo_lake.session_client(spared.secret.reveal())) is None
    assert len(denials_of(demo_lake, own_role)) < 60


def denials_of(lake: DemoLake, connection: ConnectionSpec, lease_id: str = "") -> list[str]:
    role = connection.role_arn.rpartition("/")[2]
    names = lake.client("iam", "ADMIN").list_role_policies(RoleName=role)["PolicyNames"]
    return [name for name in names if name.startswith("lakewarden-den") and name.endswith(lease_id)]


def test_a_session_takes_no_role_again(demo_lake: DemoLake, key: KeyMaker) -> None:
    sts = demo_lake.session_client(key().secret.reveal(), "sts")
    call = {"RoleArn": ROLE_ARN, "RoleSessionName": "again"}
    policy = session_policy((scope_at("ds/b/"),))
    assert is_denied(lambda: sts.assume_role(**call))
    assert is_denied(lambda: sts.assume_role(**call, Policy=policy))
    assert is_denied(sts.get_caller_identity)


def test_a_session_changes_no_role(demo_lake: DemoLake, key: KeyMaker) -> None:
    iam = demo_lake.session_client(key().secret.reveal(), "iam")
    name = {"RoleName": "lakewarden-demo"}
    assert is_denied(lambda: iam.list_role_policies(**name))
    assert is_denied(lambda: iam.delete_role_policy(**name, PolicyName="lakewarden-scope"))


def test_the_lake_gives_no_key_without_a_policy_or_with_an_empty_one(
    demo_lake: DemoLake, connection: ConnectionSpec
) -> None:
    sts = demo_lake.client("sts", "ISSUER")
    call = {"RoleArn": ROLE_ARN, "RoleSessionName": "wide", "ExternalId": connection.external_id}
    assert is_denied(lambda: sts.assume_role(**call))
    assert is_denied(lambda: sts.assume_role(**call, Policy=""))


@pytest.mark.parametrize("external_id", [None, "", "wrong", "*"])
def test_the_role_is_not_assumed_without_the_external_id(
    demo_lake: DemoLake, external_id: str | None
) -> None:
    sts = demo_lake.client("sts", "ISSUER")
    optional = {} if external_id is None else {"ExternalId": external_id}
    policy = session_policy((scope_at("ds/a/"),))
    call = {"RoleArn": ROLE_ARN, "RoleSessionName": "confused", "Policy": policy}
    assert is_denied(lambda: sts.assume_role(**call, **optional))


def test_the_role_bounds_what_a_session_policy_may_open(own_lake: DemoLake) -> None:
    narrow = own_lake.connection(StorageRoot(bucket=BucketName(text=BUCKET), prefix="ds/a/"))
    own_lake.provider().prepare_role(narrow, issuer_arn=ISSUER_ARN)
    issued = own_lake.provider().issue(spec_for(own_lake.connection(), "ds/a/", "ds/b/"))
    client = own_lake.session_client(issued.secret.reveal())
    client.get_object(Bucket=BUCKET, Key=INSIDE)
    assert is_denied(lambda: client.get_object(Bucket=BUCKET, Key=SIBLING))


@pytest.mark.parametrize(("ttl", "code"), [(0.5, "LAKE_TTL_NOT_POSITIVE"), (43201, "LAKE_TTL_TOO_LONG")])
def test_a_time_outside_the_limits_makes_no_key(
    provider: S3Provider, connection: ConnectionSpec, ttl: float, code: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        provider.issue(replace(spec_for(connection, "ds/a/"), ttl=timedelta(seconds=ttl)))
    assert caught.value.code == code


def test_objects_and_denials_and_sessions_survive_a_restart(own_lake: DemoLake) -> None:
    connection, provider = own_lake.connection(), own_lake.provider()
    issued = [provider.issue(spec_for(connection, "ds/a/", access=Access.WRITE)) for _ in range(2)]
    writer = own_lake.session_client(issued[1].secret.reveal())
    writer.put_object(Bucket=BUCKET, Key="ds/a/new.csv", Body=b"new", Metadata={"note": "kept"})
    before = writer.head_object(Bucket=BUCKET, Key="ds/a/new.csv")
    writer.delete_object(Bucket=BUCKET, Key=INSIDE)
    provider.revoke(issued[0].handle)
    own_lake.restart()
    revoked, alive = (own_lake.session_client(each.secret.reveal()) for each in issued)
    assert is_denied(lambda: revoked.get_object(Bucket=BUCKET, Key="ds/a/new.csv"))
    after = alive.get_object(Bucket=BUCKET, Key="ds/a/new.csv")
    assert after["Body"].read() == b"new"
    assert (after["Metadata"], after["ETag"]) == ({"note": "kept"}, before["ETag"])
    assert after["LastModified"] == before["LastModified"]
    assert refusal_of(lambda: alive.get_object(Bucket=BUCKET, Key=INSIDE)) == "NoSuchKey"
    assert own_lake.provider().read_back(issued[0].handle).is_dead


def test_an_unreachable_lake_is_a_transient_fault(own_lake: DemoLake) -> None:
    connection, provider = own_lake.connection(), own_lake.provider()
    assert own_lake.stop() == 0
    with pytest.raises(ProviderFailure) as caught:
        provider.issue(spec_for(connection, "ds/a/"))
    assert (caught.value.is_transient, caught.value.code) == (True, "LAKE_UNREACHABLE")


def test_every_request_leaves_a_row_that_holds_no_secret(own_lake: DemoLake) -> None:
    issued = own_lake.provider().issue(spec_for(own_lake.connection(), "ds/a/"))
    parts = issued.secret.reveal()
    client = own_lake.session_client(parts)
    client.get_object(Bucket=BUCKET, Key=INSIDE)
    assert is_denied(lambda: client.get_object(Bucket=BUCKET, Key=SIBLING))
    text = (own_lake.state / "audit.jsonl").read_text()
    rows = [json.loads(line) for line in text.splitlines()]
    mine = [row for row in rows if row["session"] == str(issued.handle.lease_id)]
    assert [(row["operation"], row["key"], row["outcome"]) for row in mine] == [
        ("AssumeRole", "", "allowed"),
        ("GetObject", INSIDE, "allowed"),
        ("GetObject", SIBLING, "AccessDenied"),
    ]
    hidden = [*parts.values(), *own_lake.environment.values()]
    assert not [value for value in hidden if value in text]


def test_the_files_of_the_lake_are_for_its_owner_only(own_lake: DemoLake) -> None:
    files = [file for file in own_lake.state.rglob("*") if file.is_file()]
    assert {"seal.key", "roles.json", "audit.jsonl"} <= {file.name for file in files}
    assert {stat.S_IMODE(file.stat().st_mode) & 0o077 for file in files} == {0}


def test_no_secret_reaches_a_log_even_at_the_lowest_level(
    own_lake: DemoLake, caplog: pytest.LogCaptureFixture
) -> None:
    connection = own_lake.connection()
    spec = spec_for(connection, "ds/a/")
    with caplog.at_level(logging.DEBUG):
        provider = own_lake.provider()
        issued = provider.issue(spec)
        provider.verify(spec, issued.secret)
        provider.revoke(issued.handle)
    parts = issued.secret.reveal()
    hidden = [parts["secret_access_key"], parts["session_token"]]
    hidden += [value for name, value in own_lake.environment.items() if name.endswith("_SECRET")]
    assert not [value for value in hidden if value in caplog.text]
    assert not re.search(r"X-Amz-Security-Token", caplog.text, re.IGNORECASE)
