"""A role of its own for one key, on a real gateway: what it may, how it ends, and what is left of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from botocore.exceptions import ClientError

from apps.console.probes import question_of
from apps.kernel.errors import LakewardenError, NotFound, ProviderFailure
from apps.lakes.providers.contract import (
    Access,
    ConnectionSpec,
    Issued,
    KeyMayExist,
    LeaseHandle,
    may_have_made_a_key,
    own_role_name,
)
from apps.lakes.providers.s3.clients import Clients
from apps.lakes.providers.s3.faults import DENIED, code_of
from apps.lakes.providers.s3.own_roles import own_connection
from apps.lakes.providers.s3.session_policy import session_policy
from tests.lab.ceph import Ceph
from tests.lakes.conftest import BUCKET, INSIDE, SIBLING, spec_for

pytestmark = pytest.mark.lake
A_DAY = timedelta(days=1)


def issue(ceph: Ceph, prefix: str = "ds/a/", *, access: Access = Access.READ) -> Issued:
    spec = spec_for(ceph.connection(), prefix, access=access)
    return ceph.provider().issue(replace(spec, has_own_role=True))


def is_refused(call: Callable[[], Any]) -> bool:
    try:
        call()
    except ClientError as error:
        assert code_of(error) in DENIED
        return True
    return False


def standing(ceph: Ceph, connection: ConnectionSpec) -> set[str]:
    """Roles of single keys, as the gateway lists them."""
    folder = f"/lakewarden-leases/{connection.role_arn.rsplit('/', 1)[1]}/"
    return {each["RoleName"] for each in iam(ceph).list_roles(PathPrefix=folder)["Roles"]}


def iam(ceph: Ceph) -> Any:
    return Clients(ceph.secrets).iam(ceph.connection())


def test_the_role_of_a_key_allows_what_the_key_opens_and_trusts_the_issuer_alone(ceph: Ceph) -> None:
    issued = issue(ceph)
    role = iam(ceph).get_role(RoleName=own_role_name(issued.handle.lease_id))["Role"]
    assert role["Arn"] == issued.handle.connection.role_arn
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Condition"] == {"Null": {"aws:TokenIssueTime": "true"}}
    assert len(statement["Principal"]["AWS"]) == 1
    kept = iam(ceph).get_role_policy(RoleName=role["RoleName"], PolicyName="lakewarden-scope")
    scopes = spec_for(ceph.connection(), "ds/a/").scopes
    assert kept["PolicyDocument"] == json.loads(session_policy(scopes))


def test_a_session_that_sheds_its_policy_would_find_no_more_in_its_own_role(ceph: Ceph) -> None:
    issued = issue(ceph)
    issuer = Clients(ceph.secrets).sts(ceph.connection())
    wide = issuer.assume_role(
        RoleArn=issued.handle.connection.role_arn, RoleSessionName="without-a-policy", DurationSeconds=900
    )["Credentials"]
    parts = {
        "access_key_id": wide["AccessKeyId"],
        "secret_access_key": wide["SecretAccessKey"],
        "session_token": wide["SessionToken"],
    }
    s3 = ceph.session_client(parts)
    s3.get_object(Bucket=BUCKET, Key=INSIDE)
    assert is_refused(lambda: s3.get_object(Bucket=BUCKET, Key=SIBLING))
    assert is_refused(lambda: s3.put_object(Bucket=BUCKET, Key=INSIDE, Body=b"-"))


def test_a_session_takes_no_role_of_another_key(ceph: Ceph) -> None:
    mine, other = issue(ceph), issue(ceph, "ds/b/")
    sts = Clients(ceph.secrets).sts(ceph.connection(), key=mine.secret)
    for taken in (mine, other):
        arn = taken.handle.connection.role_arn
        assert is_refused(lambda arn=arn: sts.assume_role(RoleArn=arn, RoleSessionName="again"))


def test_the_end_of_a_key_leaves_nothing_of_its_role(ceph: Ceph) -> None:
    issued = issue(ceph)
    name = own_role_name(issued.handle.lease_id)
    assert name in standing(ceph, ceph.connection())
    long_over = replace(issued.handle, expires_at=datetime.now(UTC) - A_DAY)
    assert ceph.provider().revoke(long_over).evidence["ended"] == "role deleted"
    assert name not in standing(ceph, ceph.connection())
    s3 = ceph.session_client(issued.secret.reveal())
    assert is_refused(lambda: s3.get_object(Bucket=BUCKET, Key=INSIDE))


def test_a_key_that_appears_after_its_end_is_not_revived_by_a_role_of_the_same_name(ceph: Ceph) -> None:
    issued = issue(ceph)
    ceph.provider().revoke(issued.handle)
    again = replace(spec_for(ceph.connection(), "ds/a/", lease_id=issued.handle.lease_id), has_own_role=True)
    ceph.provider().issue(again)
    assert not ceph.provider().read_back(issued.handle).is_dead
    ceph.provider().revoke(issued.handle)
    assert ceph.provider().read_back(issued.handle).is_dead


def test_what_somebody_left_behind_is_swept_once_no_session_of_it_can_live(ceph: Ceph) -> None:
    """The worker died after the role was made, and the row of its lease is gone."""
    issued = issue(ceph)
    name, now = own_role_name(issued.handle.lease_id), datetime.now(UTC)
    ceph.provider().tidy(ceph.connection(), now=now)
    assert name in standing(ceph, ceph.connection())
    other = replace(ceph.connection(), role_arn=f"{ceph.connection().role_arn}-other")
    ceph.provider().prepare_role(other, issuer_arn="arn:aws:iam:::user/stranger")
    ceph.provider().tidy(other, now=now + A_DAY)
    assert name in standing(ceph, ceph.connection())
    ceph.provider().tidy(ceph.connection(), now=now + A_DAY)
    assert name not in standing(ceph, ceph.connection())


def test_where_no_key_was_made_its_role_goes_again(ceph: Ceph) -> None:
    before = standing(ceph, ceph.connection())
    strange = replace(ceph.connection(), sts_endpoint="http://127.0.0.1:9")
    with pytest.raises(LakewardenError) as caught:
        ceph.provider().issue(replace(spec_for(strange, "ds/a/"), has_own_role=True))
    assert may_have_made_a_key(caught.value)
    (left,) = standing(ceph, ceph.connection()) - before
    handle = LeaseHandle(
        connection=own_connection(ceph.connection(), _lease_of(left)),
        lease_id=_lease_of(left),
        expires_at=datetime.now(UTC) + A_DAY,
    )
    ceph.provider().revoke(handle)
    closed = replace(ceph.connection(), role_arn=f"{ceph.connection().role_arn}-shut")
    ceph.provider().prepare_role(closed, issuer_arn="arn:aws:iam:::user/stranger")
    with pytest.raises(ProviderFailure) as refused:
        ceph.provider().issue(replace(spec_for(closed, "ds/a/"), has_own_role=True))
    assert not isinstance(refused.value, KeyMayExist)
    assert standing(ceph, closed) == set()
    assert standing(ceph, ceph.connection()) == before


def test_the_test_of_a_connection_that_asks_for_such_roles_makes_one_and_deletes_it(ceph: Ceph) -> None:
    asking = replace(ceph.connection(), options={"own_roles_from": "restricted"})
    before = standing(ceph, asking)
    probes = ceph.provider().verify_connection(asking)
    assert [probe for probe in probes if not probe.passed] == []
    assert [probe.name for probe in probes if question_of(probe.name) == probe.name] == []
    plain = ceph.provider().verify_connection(ceph.connection())
    assert {probe.name for probe in probes} - {probe.name for probe in plain} == {
        "give a key a role of its own",
        "a key with a role of its own reads",
        "delete the role of a key",
    }
    assert standing(ceph, asking) == before


def test_the_test_of_a_connection_says_where_no_such_role_can_be_made(ceph: Ceph) -> None:
    wide = replace(
        ceph.connection(),
        role_arn=f"{ceph.connection().role_arn}-many",
        options={"own_roles_from": "restricted"},
    )
    ceph.provider().prepare_role(wide, issuer_arn="*")
    last = ceph.provider().verify_connection(wide)[-1]
    assert (last.name, last.observed, last.passed) == (
        "give a key a role of its own",
        "LAKE_TRUST_UNCLEAR",
        False,
    )


def test_a_role_that_trusts_many_is_no_model_for_one_of_a_key(ceph: Ceph) -> None:
    wide = replace(ceph.connection(), role_arn=f"{ceph.connection().role_arn}-wide")
    ceph.provider().prepare_role(wide, issuer_arn="*")
    with pytest.raises(ProviderFailure) as caught:
        ceph.provider().issue(replace(spec_for(wide, "ds/a/"), has_own_role=True))
    assert caught.value.code == "LAKE_TRUST_UNCLEAR"
    absent = replace(ceph.connection(), role_arn=f"{ceph.connection().role_arn}-nowhere")
    with pytest.raises(NotFound):
        ceph.provider().issue(replace(spec_for(absent, "ds/a/"), has_own_role=True))


def _lease_of(role: str) -> UUID:
    return UUID(role.removeprefix("lakewarden-"))
