"""The session policy: what one key may do, and nothing else.

The effective right is role policy ∩ session policy (AWS IAM User Guide, "Session policies"), so a call
without one would hand out the whole role. The document is therefore built for every key, never empty, and
measured before it is sent.
"""

from __future__ import annotations

import json

from apps.kernel.errors import ProviderFailure
from apps.lakes.providers.contract import Access, Scope
from apps.lakes.providers.limits import POLICY_OVER_BUDGET
from apps.policy.reason import Reason

READ_OBJECT = ("s3:GetObject",)
WRITE_OBJECT = ("s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts")

_Statement = dict[str, object]


def session_policy(scopes: tuple[Scope, ...], *, partition: str = "aws") -> str:
    """The policy document as compact ASCII JSON without a space in it.

    Spaces would be sent as `\\u0020`, because some servers do not decode the `+` of a form body; the grammar
    of prefixes admits none, so this is a second lock.
    """
    document = {"Version": "2012-10-17", "Statement": _statements(scopes, partition)}
    compact = json.dumps(document, separators=(",", ":"), ensure_ascii=True)
    return compact.replace(" ", "\\u0020")


def fitting_policy(scopes: tuple[Scope, ...], *, partition: str, budget: int) -> str:
    """The policy, if it keeps to the budget.  Raises: ProviderFailure (permanent) that says how to split."""
    policy = session_policy(scopes, partition=partition)
    if len(policy) <= budget:
        return policy
    facts = {
        "scopes": len(scopes),
        "length": len(policy),
        "budget": budget,
        "fitting": _fitting(scopes, partition, budget),
    }
    raise ProviderFailure(Reason(code=POLICY_OVER_BUDGET, facts=facts), is_transient=False)


def _statements(scopes: tuple[Scope, ...], partition: str) -> list[_Statement]:
    places = {(scope.bucket.text, scope.prefix.text) for scope in scopes}
    written = {(scope.bucket.text, scope.prefix.text) for scope in scopes if scope.access is Access.WRITE}
    statements = []
    for actions, chosen in ((READ_OBJECT, places - written), (READ_OBJECT + WRITE_OBJECT, written)):
        if chosen:
            statements.append(_objects(actions, chosen, partition))
    statements.extend(
        _listing(bucket, sorted(prefix for owner, prefix in places if owner == bucket), partition)
        for bucket in sorted({bucket for bucket, _ in places})
    )
    return statements


def _objects(actions: tuple[str, ...], places: set[tuple[str, str]], partition: str) -> _Statement:
    arns = [f"arn:{partition}:s3:::{bucket}/{prefix}*" for bucket, prefix in sorted(places)]
    return {"Effect": "Allow", "Action": list(actions), "Resource": arns}


def _listing(bucket: str, prefixes: list[str], partition: str) -> _Statement:
    patterns = [pattern for prefix in prefixes for pattern in (prefix, f"{prefix}*")]
    return {
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": f"arn:{partition}:s3:::{bucket}",
        "Condition": {"StringLike": {"s3:prefix": patterns}},
    }


def _fitting(scopes: tuple[Scope, ...], partition: str, budget: int) -> int:
    count = len(scopes)
    while count > 0 and len(session_policy(scopes[:count], partition=partition)) > budget:
        count -= 1
    return count
