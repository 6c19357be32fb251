"""Whose word it is that the role of a key is gone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from botocore.exceptions import ClientError

from apps.kernel.errors import ProviderFailure
from apps.lakes.providers.contract import Flavor, LeaseHandle, own_role_name
from apps.lakes.providers.keyring import EnvironmentSecrets
from apps.lakes.providers.s3 import S3Provider
from apps.lakes.providers.s3.clients import Clients
from apps.lakes.providers.s3.own_roles import own_connection
from tests.lakes.test_session_policy import a_connection

OURS = "arn:aws:iam::123456789012:role/geo/lakewarden"
THEIRS = "arn:aws:iam::210987654321:role/geo/lakewarden"


@dataclass
class Account:
    """What somebody is told who asks for roles there."""

    roles: set[str] = field(default_factory=set)

    def get_role(self, *, RoleName: str) -> dict[str, Any]:  # noqa: N803 - the name of the service
        for arn in self.roles:
            if arn.rpartition("/")[2] == RoleName:
                return {"Role": {"RoleName": RoleName, "Arn": arn}}
        raise ClientError({"Error": {"Code": "NoSuchEntity"}}, "GetRole")

    def list_role_policies(self, *, RoleName: str) -> dict[str, Any]:  # noqa: N803
        self.get_role(RoleName=RoleName)
        return {"PolicyNames": []}

    def delete_role(self, *, RoleName: str) -> None:  # noqa: N803
        self.roles.remove(self.get_role(RoleName=RoleName)["Role"]["Arn"])


def handle_of(lease_id: UUID) -> LeaseHandle:
    shared = replace(a_connection(), flavor=Flavor.CEPH, role_arn=OURS, endpoint="https://lake.example.org")
    ends_at = datetime.now(UTC) + timedelta(hours=1)
    return LeaseHandle(connection=own_connection(shared, lease_id), lease_id=lease_id, expires_at=ends_at)


def provider_at(account: Account, monkeypatch: pytest.MonkeyPatch) -> S3Provider:
    monkeypatch.setattr(Clients, "iam", lambda _self, _connection: account)
    return S3Provider(EnvironmentSecrets({}))


@pytest.mark.parametrize("known", [(), (THEIRS,)], ids=["empty", "with a role of that name"])
def test_another_account_that_knows_no_such_role_proves_no_end(
    known: Collection[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    provider, handle = provider_at(Account(roles=set(known)), monkeypatch), handle_of(uuid4())
    for asking in (provider.revoke, provider.read_back):
        with pytest.raises(ProviderFailure) as refused:
            asking(handle)
        assert (refused.value.code, refused.value.is_transient) == ("LAKE_ROLE_NOT_PROVEN_GONE", True)
        assert refused.value.reasons[0].facts == {"role": "lakewarden"}


def test_the_account_of_the_connection_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    handle = handle_of(uuid4())
    account = Account(roles={OURS, handle.connection.role_arn})
    assert handle.connection.role_arn.endswith(own_role_name(handle.lease_id))
    provider = provider_at(account, monkeypatch)
    assert not provider.read_back(handle).is_dead
    assert provider.revoke(handle).evidence["ended"] == "role deleted"
    assert account.roles == {OURS}
    assert provider.read_back(handle).is_dead
