"""Those who are held to the contract of providers: a provider, somebody who uses its keys, and the same
provider with each kind of fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import LiteralString
from uuid import uuid4

import psycopg
import pytest
from botocore.exceptions import ClientError
from django.conf import settings
from psycopg import sql

from apps.kernel.errors import LakewardenError, NotFound
from apps.lakes.providers.contract import (
    Access,
    ConnectionSpec,
    Issued,
    KeyMayExist,
    LeaseHandle,
    Provider,
    RevokeEffect,
    Scope,
)
from apps.lakes.providers.faults import malformed
from apps.lakes.providers.s3.faults import DENIED, code_of
from apps.lakes.providers.s3.flavors import OPTIONS
from apps.lakes.providers.s3.session_policy import session_policy
from apps.lakes.providers.secret import Secret
from apps.lakes.providers.web import ask
from tests.credentials.doubles import POLICY_BUDGET, KeyCabinet, failing, failure
from tests.lab.azure import AzureHouse
from tests.lab.ceph import Ceph
from tests.lab.demo_lake import DemoLake
from tests.lab.google import GoogleHouse, a_key
from tests.lab.warehouse import POWERLESS_REF, Warehouse, talking_nonsense
from tests.lakes.conftest import BUCKET, OTHER_BUCKET, scope_at, spec_for
from tests.lakes.test_session_policy import a_connection
from tests.listener import Listener

STRANGER_ARN = "arn:aws:iam:::user/stranger"
Gets = Callable[[Secret, str, str, Access], bool]
Broken = tuple[Provider, ConnectionSpec]
SILENT = "http://127.0.0.1:9"
"""Where nobody answers."""


@dataclass(frozen=True, kw_only=True)
class Contender:
    """A provider under test, somebody who uses its keys, and the same provider with each kind of fault.

    `filling` are as many places as fit into one key; a further one is refused as `over`, and `limit` is told.
    `makes_elsewhere`: a key is made by a call, and so may exist though no answer came. `sees`: whether a key
    to `ds/a/` shows a column of it.
    """

    provider: Provider
    connection: ConnectionSpec
    gets: Gets
    transient: Broken
    permanent: Broken
    roleless: Broken
    talking_nonsense: Broken
    filling: Callable[[], tuple[Scope, ...]]
    over: str = "LAKE_POLICY_OVER_BUDGET"
    limit: Mapping[str, int | None] = field(default_factory=dict)
    makes_elsewhere: bool = True
    sees: Callable[[Secret, str], bool] | None = None
    answers: Callable[[], bool] = field(default=lambda: True)

    def issue(self, *prefixes: str, access: Access = Access.READ, ttl: int = 900) -> Issued:
        return self.provider.issue(spec_for(self.connection, *prefixes, access=access, ttl=ttl))

    def issue_own(self, *prefixes: str) -> Issued:
        """By a role that is made for the key."""
        return self.provider.issue(replace(spec_for(self.connection, *prefixes), has_own_role=True))

    def reads(self, issued: Issued, key: str, bucket: str = BUCKET) -> bool:
        return self.gets(issued.secret, bucket, key, Access.READ)

    def writes(self, issued: Issued, key: str, bucket: str = BUCKET) -> bool:
        return self.gets(issued.secret, bucket, key, Access.WRITE)


def of_s3(lake: DemoLake | Ceph, nonsense: Listener) -> Contender:
    provider, connection = lake.provider(), lake.connection()
    budget = OPTIONS[connection.flavor].policy_budget
    closed = replace(connection, role_arn=f"{connection.role_arn}-closed")
    provider.prepare_role(closed, issuer_arn=STRANGER_ARN)

    def moved(address: str) -> Broken:
        return provider, replace(connection, endpoint=address, sts_endpoint=address, iam_endpoint=address)

    def gets(secret: Secret, bucket: str, key: str, access: Access) -> bool:
        s3 = lake.session_client(secret.reveal())
        try:
            if access is Access.READ:
                s3.get_object(Bucket=bucket, Key=key)
                s3.list_objects_v2(Bucket=bucket, Prefix=key)
            else:
                s3.put_object(Bucket=bucket, Key=key, Body=b"of the contract")
        except ClientError as error:
            assert code_of(error) in DENIED
            return False
        return True

    return Contender(
        provider=provider,
        connection=connection,
        gets=gets,
        transient=moved(SILENT),
        permanent=(provider, closed),
        roleless=(provider, replace(connection, role_arn=f"{connection.role_arn}-absent")),
        talking_nonsense=moved(f"http://127.0.0.1:{nonsense.port}"),
        filling=lambda: scopes_filling(budget),
        limit={"budget": budget},
    )


def of_azure(azure: AzureHouse, nonsense: Listener) -> Contender:
    elsewhere = f"http://127.0.0.1:{nonsense.port}"
    connection = azure.connection()
    absent = replace(connection, options={**connection.options, "tenant": "nobody.example.org"})

    def moved(address: str) -> Broken:
        return azure.provider(), replace(connection, endpoint=address, sts_endpoint=address)

    def gets(secret: Secret, bucket: str, key: str, access: Access) -> bool:
        parts = dict(secret.reveal())
        address = parts.pop("account_url")
        return any(used(f"{address}/{bucket}/{key}?{signed}", access, {}) for signed in parts.values())

    return Contender(
        provider=azure.provider(),
        connection=connection,
        gets=gets,
        transient=moved(SILENT),
        permanent=(azure.provider(SECRET="another"), connection),
        roleless=(azure.provider(), absent),
        talking_nonsense=moved(elsewhere),
        filling=ten_places,
        over="LAKE_TOO_MANY_PLACES",
        makes_elsewhere=False,
    )


def of_gcs(google: GoogleHouse, nonsense: Listener) -> Contender:
    elsewhere = f"http://127.0.0.1:{nonsense.port}"
    connection = google.connection()
    absent = replace(connection, options={"service_account": "nobody@research.iam.gserviceaccount.com"})

    def moved(address: str) -> Broken:
        there = replace(connection, endpoint=address, sts_endpoint=address, iam_endpoint=address)
        return google.provider(), there

    def gets(secret: Secret, bucket: str, key: str, access: Access) -> bool:
        bearer = {"Authorization": f"Bearer {secret.reveal()['access_token']}"}
        return used(f"{google.origin}/{bucket}/{key}", access, bearer)

    return Contender(
        provider=google.provider(),
        connection=connection,
        gets=gets,
        transient=moved(SILENT),
        permanent=(google.provider(a_key()[1]), connection),
        roleless=(google.provider(), absent),
        talking_nonsense=moved(elsewhere),
        filling=ten_places,
        over="LAKE_TOO_MANY_PLACES",
    )


def used(address: str, access: Access, headers: Mapping[str, str]) -> bool:
    """Whether a cloud lets somebody read or write there."""
    reads = access is Access.READ
    body = b"" if reads else b"of the contract"
    answer = ask("use", address, method="GET" if reads else "PUT", body=body, headers=headers)
    assert answer.is_good or answer.status in {401, 403}
    return answer.is_good


def of_postgres(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> Iterator[Contender]:
    """A folder of a lake is a table here, and what lies in it are its rows."""
    monkeypatch.setattr(settings, "LAKES_ON_LOOPBACK", True)
    provider, connection = warehouse.provider(), warehouse.connection(BUCKET, OTHER_BUCKET)
    statements: Mapping[Access, LiteralString] = {
        Access.READ: "SELECT * FROM {}",
        Access.WRITE: "INSERT INTO {} (depth) VALUES (1)",
    }

    def does(secret: Secret, bucket: str, statement: sql.Composed) -> bool:
        try:
            with closing(warehouse.key_session(secret.reveal(), bucket)) as session:
                session.execute(statement)
        except (psycopg.OperationalError, psycopg.errors.InsufficientPrivilege):
            return False
        return True

    def gets(secret: Secret, bucket: str, key: str, access: Access) -> bool:
        schema, table = key.split("/")[:2]
        return does(secret, bucket, sql.SQL(statements[access]).format(sql.Identifier(schema, table)))

    def sees(secret: Secret, column: str) -> bool:
        return does(secret, BUCKET, sql.SQL("SELECT {} FROM ds.a").format(sql.Identifier(column)))

    with talking_nonsense() as port:
        yield Contender(
            provider=provider,
            connection=connection,
            gets=gets,
            sees=sees,
            filling=tuple,
            transient=(provider, replace(connection, endpoint="postgresql://127.0.0.1:9")),
            permanent=(provider, replace(connection, secret_ref=POWERLESS_REF)),
            roleless=(provider, warehouse.connection("lake-absent")),
            talking_nonsense=(provider, replace(connection, endpoint=f"postgresql://127.0.0.1:{port}")),
        )


def of_a_double() -> Contender:
    cabinet, connection = KeyCabinet(), a_connection()

    def broken(fault: LakewardenError) -> Broken:
        hook = failing(fault)
        made = KeyCabinet(before_issue=hook, before_revoke=hook, before_read_back=hook)
        return made, connection

    return Contender(
        provider=cabinet,
        connection=connection,
        gets=cabinet.opens,
        transient=broken(failure(is_transient=True)),
        permanent=broken(failure(is_transient=False)),
        roleless=broken(NotFound(*failure(is_transient=False).reasons)),
        talking_nonsense=broken(KeyMayExist(*malformed("AssumeRole", "Planned").reasons)),
        filling=lambda: scopes_filling(POLICY_BUDGET),
        limit={"budget": POLICY_BUDGET},
    )


def ten_places() -> tuple[Scope, ...]:
    return (scope_at("ds/a/"), *(scope_at(f"ds/place-{number}/") for number in range(9)))


def scopes_filling(budget: int) -> tuple[Scope, ...]:
    """As many places as fit, the last with a name that leaves no character over for another place."""
    scopes = [scope_at("ds/a/")]
    while len(session_policy((*scopes, scope_at(f"ds/place-{len(scopes):02}/")))) <= budget:
        scopes.append(scope_at(f"ds/place-{len(scopes):02}/"))
    # A prefix stands in the policy three times: for the objects, and twice for the listing.
    spare = (budget - len(session_policy(tuple(scopes)))) // 3
    scopes[-1] = scope_at(scopes[-1].prefix.text.removesuffix("/") + "x" * spare + "/")
    filled = tuple(scopes)
    assert budget - 3 < len(session_policy(filled)) <= budget
    return filled


def faults_of(contender: Contender, broken: Broken) -> tuple[LakewardenError, ...]:
    """What issuing runs into, and where calls end keys, revoking and reading back."""
    provider, connection = broken
    in_an_hour = datetime.now(UTC) + timedelta(hours=1)
    handle = LeaseHandle(connection=connection, lease_id=uuid4(), expires_at=in_an_hour)
    calls: tuple[Callable[[], object], ...] = (
        lambda: provider.issue(spec_for(connection, "ds/a/", bucket=connection.roots[0].bucket.text)),
        lambda: provider.revoke(handle),
        lambda: provider.read_back(handle),
    )
    ends = contender.provider.capabilities(connection).revoke_effect is RevokeEffect.IMMEDIATE
    return tuple(fault_of(call) for call in (calls if ends else calls[:1]))


def fault_of(call: Callable[[], object]) -> LakewardenError:
    with pytest.raises(LakewardenError) as caught:
        call()
    return caught.value
