"""Whether rules ask for people whom an organization has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from apps.access.errors import POLICY_POOL_TOO_SMALL
from apps.access.queries.roles import DATA_OWNER, ROLE_OF_STAGE
from apps.accounts.queries import role_holders
from apps.policy.house.rules import PolicySet
from apps.policy.reason import Reason


def unstaffed(house: PolicySet, organization_id: int, *, at: datetime) -> tuple[Reason, ...]:
    """The stages that nobody can fill, whatever is asked for: fewer people in the whole organization hold the
    role, or stand in for it, than the stage needs. One query.

    Owners are named asset by asset, so the coverage map looks at them; it also tells where two are too few.
    """
    stages = [(rule.id, stage) for rule in house.rules for stage in rule.then.stages]
    words = {word for _, stage in stages for word in (*stage.roles, *stage.fallback_roles)}
    held = _held(words, organization_id, at=at)
    return tuple(
        Reason(
            code=POLICY_POOL_TOO_SMALL,
            rule=rule,
            field="text",
            facts={
                "rule": rule,
                "stage": stage.name,
                "role": role,
                "needed": stage.count,
                "held": len(held[role]),
            },
        )
        for rule, stage in stages
        for role in stage.roles
        if DATA_OWNER not in {role, *stage.fallback_roles}
        and len(frozenset().union(*(held[word] for word in (role, *stage.fallback_roles)))) < stage.count
    )


def _held(words: Collection[str], organization_id: int, *, at: datetime) -> Mapping[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    roles = {ROLE_OF_STAGE[word] for word in words if word in ROLE_OF_STAGE}
    if roles:
        rows = role_holders(roles, organization_ids=[organization_id], at=at)
        for role, person in rows.values_list("role", "person"):
            found[role].add(person)
    return found
