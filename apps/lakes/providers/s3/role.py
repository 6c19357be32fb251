"""The role that keys are narrowed from: who may assume it, and what it could open at most.

Two locks stand against a session that assumes the role again to shed its policy: the trust demands that the
caller holds no session (`aws:TokenIssueTime` is absent), and users are handed an endpoint without STS.
"""

from __future__ import annotations

import json
from typing import Any

from apps.kernel.errors import Conflict
from apps.lakes.providers.contract import ConnectionSpec
from apps.lakes.providers.s3.endpoint import role_of, role_parts
from apps.lakes.providers.s3.faults import faults_by_meaning
from apps.lakes.providers.s3.flavors import OPTIONS, capabilities_of
from apps.lakes.providers.s3.session_policy import READ_OBJECT, WRITE_OBJECT

SCOPE_POLICY = "lakewarden-scope"


def trust_policy(connection: ConnectionSpec, *, issuer_arn: str) -> str:
    """Only the issuer, only without a session, and with the connection's ExternalId where it has one and the
    server can tell.

    AWS IAM User Guide, "The confused deputy problem".
    """
    condition: dict[str, object] = {"Null": {"aws:TokenIssueTime": "true"}}
    if connection.external_id is not None and OPTIONS[connection.flavor].knows_external_id:
        condition["StringEquals"] = {"sts:ExternalId": connection.external_id}
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": [issuer_arn]},
        "Action": ["sts:AssumeRole"],
        "Condition": condition,
    }
    return _json({"Version": "2012-10-17", "Statement": [statement]})


def widest_policy(connection: ConnectionSpec) -> str:
    """What the role itself may do: the connection's roots, no more."""
    partition, _ = role_parts(connection)
    arn = f"arn:{partition}:s3:::"
    objects = [f"{arn}{root.bucket}/{root.prefix}*" for root in connection.roots]
    buckets = sorted({f"{arn}{root.bucket}" for root in connection.roots})
    return _json(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": [*READ_OBJECT, *WRITE_OBJECT], "Resource": objects},
                {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": buckets},
            ],
        }
    )


def prepare_role(iam: Any, connection: ConnectionSpec, *, issuer_arn: str) -> None:
    """Create the role, or bring an existing one up to date. Denials in force are left alone, and so is the
    longest session of an existing role, which not every server lets change.
    """
    role = role_of(connection)
    name = role.name
    trust = trust_policy(connection, issuer_arn=issuer_arn)
    said: dict[str, Any] = {"Path": role.path} if role.path != "/" else {}
    try:
        with faults_by_meaning("CreateRole"):
            iam.create_role(
                RoleName=name, AssumeRolePolicyDocument=trust, **said, **longest_session(connection)
            )
    except Conflict:
        with faults_by_meaning("UpdateAssumeRolePolicy"):
            iam.update_assume_role_policy(RoleName=name, PolicyDocument=trust)
    with faults_by_meaning("PutRolePolicy"):
        iam.put_role_policy(RoleName=name, PolicyName=SCOPE_POLICY, PolicyDocument=widest_policy(connection))


def longest_session(connection: ConnectionSpec) -> dict[str, int]:
    """What is said of it when the role is made; nothing where the server bounds none.

    AWS IAM API Reference, CreateRole: MaxSessionDuration is an hour unless said, and at least that.
    """
    if not OPTIONS[connection.flavor].bounds_sessions:
        return {}
    longest = int(capabilities_of(connection).ttl_max.total_seconds())
    return {"MaxSessionDuration": max(longest, 3600)}


def keeps_roles(connection: ConnectionSpec) -> bool:
    """Whether the server has roles with policies of their own."""
    return OPTIONS[connection.flavor].keeps_role_policies


def _json(document: dict[str, object]) -> str:
    return json.dumps(document, separators=(",", ":"))
