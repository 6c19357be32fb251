"""How a key ends on a real Ceph gateway, and that it begets no other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import median
from time import monotonic
from typing import Any
from uuid import uuid4

import pytest

from apps.kernel.errors import ProviderFailure
from apps.kernel.ids import new_uid
from apps.lakes.providers.contract import Access, Issued, LeaseHandle, RevokeEffect
from apps.lakes.providers.s3.role import trust_policy
from apps.lakes.providers.s3.session_policy import session_policy
from tests.eventually import eventually
from tests.lab.ceph import ISSUER_ARN, ROLE, ROLE_ARN, Ceph
from tests.lakes.conftest import BUCKET, INSIDE, SIBLING, scope_at, spec_for
from tests.lakes.refusals import is_denied, refusal_of

pytestmark = pytest.mark.lake
SESSIONS_AT_ONCE = 12


def a_key(ceph: Ceph, *, ttl: int = 900, access: Access = Access.READ) -> Issued:
    return ceph.provider().issue(spec_for(ceph.connection(), "ds/a/", ttl=ttl, access=access))


def opens(ceph: Ceph, issued: Issued) -> bool:
    return client_opens(ceph.session_client(issued.secret.reveal()))


def client_opens(s3: Any) -> bool:
    try:
        s3.get_object(Bucket=BUCKET, Key=INSIDE)
    except s3.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] == "AccessDenied"
        return False
    return True


# --- no key from a key -----------------------------------------------------------------------------


@pytest.fixture
def without_trust_condition(ceph: Ceph) -> Iterator[Ceph]:
    """The lake with a role whose trust does not ask whether the caller holds a session already."""
    iam, connection = ceph.client("iam", "ADMIN"), ceph.connection()
    document = json.loads(trust_policy(connection, issuer_arn=ISSUER_ARN))
    (statement,) = document["Statement"]
    statement["Condition"].pop("Null")
    statement["Principal"] = {"AWS": [ISSUER_ARN, f"arn:aws:sts:::assumed-role/{ROLE}/*", "*"]}
    trust = json.dumps(document, separators=(",", ":"))
    iam.update_assume_role_policy(RoleName=ROLE, PolicyDocument=trust)
    yield ceph
    ceph.prepare_role(connection)


def test_the_trust_condition_keeps_a_session_from_taking_the_role_again(ceph: Ceph) -> None:
    sts = ceph.session_client(a_key(ceph).secret.reveal(), "sts", at=ceph.gateway)
    call = {"RoleArn": ROLE_ARN, "RoleSessionName": str(uuid4())}
    policy = session_policy((scope_at("ds/b/"),))
    assert is_denied(lambda: sts.assume_role(**call))
    assert is_denied(lambda: sts.assume_role(**call, Policy=policy))


def test_the_edge_knows_no_sessions_and_no_roles(without_trust_condition: Ceph) -> None:
    """The second lock holds where the first was left open."""
    ceph = without_trust_condition
    parts = a_key(ceph).secret.reveal()
    sts, iam = (ceph.session_client(parts, service) for service in ("sts", "iam"))
    call = {"RoleArn": ROLE_ARN, "RoleSessionName": str(uuid4())}
    for refused in (lambda: sts.assume_role(**call), lambda: iam.list_role_policies(RoleName=ROLE)):
        assert refusal_of(refused) in {"MethodNotAllowed", "405"}


def test_control_with_neither_lock_a_session_sheds_its_policy(without_trust_condition: Ceph) -> None:
    ceph = without_trust_condition
    sts = ceph.session_client(a_key(ceph).secret.reveal(), "sts", at=ceph.gateway)
    again = sts.assume_role(RoleArn=ROLE_ARN, RoleSessionName=str(uuid4()))["Credentials"]
    parts = (again["AccessKeyId"], again["SecretAccessKey"], again["SessionToken"])
    wide = ceph.session_client(
        dict(zip(("access_key_id", "secret_access_key", "session_token"), parts, strict=True))
    )
    assert wide.get_object(Bucket=BUCKET, Key=SIBLING)["Body"].read()


def test_a_session_changes_no_role(ceph: Ceph) -> None:
    iam = ceph.session_client(a_key(ceph).secret.reveal(), "iam", at=ceph.gateway)
    assert is_denied(lambda: iam.list_role_policies(RoleName=ROLE))
    assert is_denied(lambda: iam.delete_role_policy(RoleName=ROLE, PolicyName="lakewarden-scope"))


def test_the_duties_of_the_standing_keys_are_apart(ceph: Ceph) -> None:
    for duty in ("ISSUER", "ADMIN"):
        s3 = ceph.client("s3", duty)
        assert is_denied(lambda s3=s3: s3.get_object(Bucket=BUCKET, Key=INSIDE))  # type: ignore[misc]
    for duty in ("ISSUER", "LOADER"):
        iam = ceph.client("iam", duty)
        assert is_denied(lambda iam=iam: iam.list_role_policies(RoleName=ROLE))  # type: ignore[misc]
    call = {"RoleArn": ROLE_ARN, "RoleSessionName": str(uuid4())}
    for duty in ("ADMIN", "LOADER"):
        sts = ceph.client("sts", duty)
        assert is_denied(lambda sts=sts: sts.assume_role(**call))  # type: ignore[misc]


def test_a_role_with_a_shorter_limit_of_its_own_is_told_with_what_mends_it(ceph: Ceph) -> None:
    """A role that was made elsewhere, without a word about its longest session."""
    hourly = f"{ROLE}-hourly"
    iam, connection = ceph.client("iam", "ADMIN"), ceph.connection(role_arn=f"{ROLE_ARN}-hourly")
    trust = trust_policy(connection, issuer_arn=ISSUER_ARN)
    iam.create_role(RoleName=hourly, AssumeRolePolicyDocument=trust)
    ceph.provider().issue(spec_for(connection, "ds/a/", ttl=3600))
    with pytest.raises(ProviderFailure) as caught:
        ceph.provider().issue(spec_for(connection, "ds/a/", ttl=3601))
    assert (caught.value.code, caught.value.is_transient) == ("LAKE_ROLE_TOO_SHORT", False)


# --- the end of a key ------------------------------------------------------------------------------


def test_an_expired_key_reads_and_writes_nothing(ceph: Ceph) -> None:
    issued = a_key(ceph, ttl=1, access=Access.WRITE)
    s3 = ceph.session_client(issued.secret.reveal())
    eventually(lambda: not client_opens(s3), within=10)
    assert datetime.now(UTC) >= issued.expires_at - timedelta(seconds=1)
    assert is_denied(lambda: s3.put_object(Bucket=BUCKET, Key="ds/a/late.csv", Body=b"x"))
    assert is_denied(lambda: s3.list_objects_v2(Bucket=BUCKET, Prefix="ds/a/"))


@pytest.mark.parametrize("access", list(Access))
def test_a_revoked_key_is_dead_at_both_gateways_when_the_revocation_returns(
    ceph: Ceph, access: Access
) -> None:
    issued, bystander = a_key(ceph, access=access), a_key(ceph)
    parts = issued.secret.reveal()
    clients = [ceph.session_client(parts, at=address) for address in (ceph.edge, ceph.gateway)]
    assert [client_opens(s3) for s3 in clients] == [True, True]
    assert ceph.provider().revoke(issued.handle).effect is RevokeEffect.IMMEDIATE
    assert ceph.provider().read_back(issued.handle).is_dead
    within = ceph.provider().capabilities(issued.handle.connection).revoke_delay.total_seconds()
    for s3 in clients:
        eventually(lambda s3=s3: not client_opens(s3), within=within, every=0.01)  # type: ignore[misc]
        assert is_denied(lambda s3=s3: s3.list_objects_v2(Bucket=BUCKET, Prefix="ds/a/"))  # type: ignore[misc]
    assert opens(ceph, bystander)


def test_many_sessions_of_one_role_are_cut_at_once_and_each_alone(ceph: Ceph) -> None:
    doomed = [a_key(ceph) for _ in range(SESSIONS_AT_ONCE)]
    spared = [a_key(ceph) for _ in range(3)]
    provider = ceph.provider()
    with ThreadPoolExecutor(max_workers=4) as pool:
        effects = set(pool.map(lambda issued: provider.revoke(issued.handle).effect, doomed))
    assert effects == {RevokeEffect.IMMEDIATE}
    assert [opens(ceph, issued) for issued in spared] == [True, True, True]
    eventually(lambda: not any(opens(ceph, issued) for issued in doomed), within=2)


def test_a_key_that_appears_after_its_revocation_is_dead_from_its_birth(ceph: Ceph) -> None:
    spec = spec_for(ceph.connection(), "ds/a/")
    first = ceph.provider().issue(spec)
    ceph.provider().revoke(first.handle)
    late = ceph.provider().issue(spec)
    eventually(lambda: not opens(ceph, late), within=2)


def test_taking_the_trust_away_does_not_end_what_was_issued_but_the_denial_does(ceph: Ceph) -> None:
    """Why the portal never counts on the trust of a role to end a key."""
    issued = a_key(ceph)
    stranger = "arn:aws:iam:::user/stranger"
    ceph.provider().prepare_role(ceph.connection(), issuer_arn=stranger)
    try:
        assert opens(ceph, issued)
        ceph.provider().revoke(issued.handle)
        eventually(lambda: not opens(ceph, issued), within=2)
    finally:
        ceph.prepare_role(ceph.connection())


def test_the_denials_of_ended_keys_are_dropped(ceph: Ceph) -> None:
    connection = ceph.connection(role_arn=f"{ROLE_ARN}-tidied")
    ceph.prepare_role(connection)
    short, long = (ceph.provider().issue(spec_for(connection, "ds/a/", ttl=ttl)).handle for ttl in (60, 3600))
    for handle in (short, long):
        ceph.provider().revoke(handle)
    ceph.provider().tidy(long.connection, now=datetime.now(UTC) + timedelta(minutes=10))
    names = ceph.client("iam", "ADMIN").list_role_policies(RoleName=f"{ROLE}-tidied")["PolicyNames"]
    assert not [name for name in names if name.endswith(str(short.lease_id))]
    assert [name for name in names if name.endswith(str(long.lease_id))]


def test_two_hundred_revocations_of_one_role_all_hold_and_the_others_go_on(ceph: Ceph) -> None:
    """Gathered: the gateway goes through a few policies at each request instead of two hundred."""
    crowded = f"{ROLE}-crowded"
    connection = ceph.connection(role_arn=f"{ROLE_ARN}-crowded")
    ceph.prepare_role(connection)
    provider, spec = ceph.provider(), spec_for(connection, "ds/a/")
    doomed, spared = provider.issue(spec), provider.issue(spec_for(connection, "ds/a/"))
    until = datetime.now(UTC) + timedelta(hours=1)
    others = [LeaseHandle(connection=connection, lease_id=new_uid(), expires_at=until) for _ in range(199)]
    handles = [doomed.handle, *others]
    assert {provider.revoke(handle).effect for handle in handles} == {RevokeEffect.IMMEDIATE}
    assert all(provider.read_back(handle).is_dead for handle in handles[::7])
    late = provider.issue(replace(spec, lease_id=handles[100].lease_id))
    eventually(lambda: not opens(ceph, doomed) and not opens(ceph, late), within=2)
    assert opens(ceph, spared)
    assert len(ceph.client("iam", "ADMIN").list_role_policies(RoleName=crowded)["PolicyNames"]) < 60


def test_cutting_one_session_and_seeing_it_dead_costs_a_few_calls(ceph: Ceph) -> None:
    """Putting the denial, reading it back, and the first refusal; each is a call like the one that issues."""
    provider, connection = ceph.provider(), ceph.connection()
    issuing, cutting = [], []
    for _ in range(10):
        began = monotonic()
        issued = provider.issue(spec_for(connection, "ds/a/"))
        made = monotonic()
        provider.revoke(issued.handle)
        cut = monotonic()
        s3 = ceph.session_client(issued.secret.reveal())
        eventually(lambda s3=s3: not client_opens(s3), within=2, every=0.001)  # type: ignore[misc]
        issuing.append(made - began)
        cutting.append(cut - made)
    assert median(cutting) < 20 * median(issuing)
