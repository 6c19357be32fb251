"""May this actor do this to that? One question, one place; the answer is never remembered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from apps.accounts.operations import OPERATIONS, Grounds, Operation
from apps.accounts.roles import ObjectPermission, Role
from apps.kernel.actor import Actor, ActorKind
from apps.kernel.errors import NotPermitted
from apps.kernel.questions import planned_once
from apps.policy.reason import Reason, Value, declare

NOT_PERMITTED = declare(
    "NOT_PERMITTED",
    "This is not yours to do: %(operation)s.",
    "It takes one of these: %(grounds)s. An administrator of your organization can help.",
)
SCOPE_MISSING = declare(
    "TOKEN_SCOPE_MISSING",
    "This token does not carry the scope «%(scope)s», which this needs: %(operation)s.",
    "Use a token with the scope %(scope)s, or sign in.",
)
NOT_ACTIVE = declare(
    "ACTOR_NOT_ACTIVE",
    "The account, or the person behind it, is not active.",
    "Ask an administrator of your organization.",
)
IN_PERSON = "in_person"
"""Stands among the grounds of a refusal for being the one it belongs to."""


@dataclass(frozen=True, kw_only=True)
class Resource:
    """What an operation is about, as far as permission goes.

    `persons` are the people it belongs to, acting in person; `accounts` the service accounts it belongs to. A
    service account never stands in for its owner.
    """

    kind: str
    uid: UUID | None = None
    organization_id: int
    domain_id: int | None = None
    asset_ids: frozenset[int] = frozenset()
    persons: frozenset[int] = frozenset()
    accounts: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class HeldRole:
    role: Role
    organization_id: int
    domain_id: int | None

    def covers(self, *, organization_id: int, domain_id: int | None) -> bool:
        in_domain = self.domain_id is None or self.domain_id == domain_id
        return self.organization_id == organization_id and in_domain


@dataclass(frozen=True, kw_only=True)
class Ties:
    """What ties a person to others now: ids of people, and uids of targets by kind of conflict of interest.

    `faces`: the person, and those for whom they answer by delegation. `linked`: those, and whom the person
    delegated to. `barred`: the faces, and everybody whom a delegation ties to one of them. The conflicts are
    those of the faces; `teammates` are the people of the teams among their targets.
    """

    faces: frozenset[int]
    linked: frozenset[int]
    barred: frozenset[int]
    conflicts: Mapping[str, frozenset[UUID]]
    teammates: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Whether the actor may act at all, and the roles held now. Service accounts hold no roles.

    `person` is the id of the human behind the account, as facts name people; None where nobody may act.
    """

    is_active: bool
    person: UUID | None
    roles: tuple[HeldRole, ...]
    ties: Ties

    def holds(self, role: Role, *, organization_id: int, domain_id: int | None = None) -> bool:
        return any(
            held.role is role and held.covers(organization_id=organization_id, domain_id=domain_id)
            for held in self.roles
        )


def authorize(*, actor: Actor, operation: Operation, resource: Resource) -> None:
    """Raises: NotPermitted, with what it would have taken.

    What follows is told in the trail of the resource's organization, also where the machine acts.
    """
    actor.memo["organization_id"] = resource.organization_id
    if actor.is_system:
        return
    grounds = OPERATIONS[operation]
    if actor.scopes is not None and grounds.scope not in actor.scopes:
        raise _refusal(SCOPE_MISSING, operation, resource, scope=grounds.scope.value)
    standing = standing_of(actor)
    if not standing.is_active:
        raise _refusal(NOT_ACTIVE, operation, resource)
    if not _stands_on(grounds, actor, standing, resource):
        raise _refusal(NOT_PERMITTED, operation, resource, grounds=_codes(grounds))


def may(*, actor: Actor, operation: Operation, resource: Resource) -> bool:
    """`authorize` as a question, for screens and links."""
    try:
        authorize(actor=actor, operation=operation, resource=resource)
    except NotPermitted:
        return False
    return True


def may_each(*, actor: Actor, operations: Iterable[Operation], resource: Resource) -> frozenset[Operation]:
    """Those of the operations that `authorize` would let pass. One statement, however many."""
    if actor.is_system:
        return frozenset(operations)
    standing = standing_of(actor)
    asked = {
        operation: OPERATIONS[operation]
        for operation in operations
        if actor.scopes is None or OPERATIONS[operation].scope in actor.scopes
    }
    if not standing.is_active or not asked:
        return frozenset()
    wanted = frozenset().union(*(grounds.permissions for grounds in asked.values()))
    held = _permissions_held(actor, wanted, resource)
    return frozenset(
        operation
        for operation, grounds in asked.items()
        if (grounds.is_for_own and _is_own(actor, resource))
        or _stands_by_role(grounds, standing, resource)
        or not grounds.permissions.isdisjoint(held)
    )


def standing_of(actor: Actor) -> Standing:
    """One query a command or request."""
    if "standing" not in actor.memo:
        actor.memo["standing"] = _read_standing(actor)
    standing: Standing = actor.memo["standing"]
    return standing


def has_object_permission(actor: Actor, permission: ObjectPermission, asset_ids: frozenset[int]) -> bool:
    """Whether the actor holds the permission on every one of the assets, by whatever way. One statement."""
    if not asset_ids or actor.account_id is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT a.asset_id) FROM acl_keys(%s, %s::smallint) k"
            " JOIN accounts_acl a USING (perm, principal)"
            " WHERE a.asset_id = ANY(%s)"
            " AND (a.expires_at IS NULL OR a.expires_at > statement_timestamp())",
            [actor.account_id, permission.value, sorted(asset_ids)],
        )
        return bool(cursor.fetchone()[0] == len(asset_ids))


def has_any_object_permission(
    actor: Actor, permissions: frozenset[ObjectPermission], asset_ids: frozenset[int]
) -> bool:
    """Whether the actor holds one of the permissions on every one of the assets. One statement."""
    resource = Resource(kind="asset", organization_id=0, asset_ids=asset_ids)
    return bool(asset_ids) and bool(_permissions_held(actor, permissions, resource))


def has_domain_permission(actor: Actor, permission: ObjectPermission, domain_id: int | None) -> bool:
    """The same for a whole domain: by a role in scope, or by an object permission on the domain."""
    if domain_id is None or actor.account_id is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM acl_keys(%(account)s, %(perm)s::smallint) k JOIN accounts_domain d"
            " ON k.principal IN (principal(5, d.id), principal(4, d.organization_id))"
            " WHERE k.perm = 0 AND d.id = %(domain)s)",
            {"account": actor.account_id, "perm": permission.value, "domain": domain_id},
        )
        return bool(cursor.fetchone()[0])


def _stands_on(grounds: Grounds, actor: Actor, standing: Standing, resource: Resource) -> bool:
    if grounds.is_for_own and _is_own(actor, resource):
        return True
    if _stands_by_role(grounds, standing, resource):
        return True
    for permission in sorted(grounds.permissions):
        if resource.asset_ids:
            if has_object_permission(actor, permission, resource.asset_ids):
                return True
        elif has_domain_permission(actor, permission, resource.domain_id):
            return True
    return False


def _stands_by_role(grounds: Grounds, standing: Standing, resource: Resource) -> bool:
    return any(
        standing.holds(role, organization_id=resource.organization_id, domain_id=resource.domain_id)
        for role in grounds.roles
    )


def _permissions_held(
    actor: Actor, wanted: frozenset[ObjectPermission], resource: Resource
) -> frozenset[ObjectPermission]:
    """Of the wanted permissions those held on every asset of the resource, or on its domain."""
    if not resource.asset_ids:
        domain = resource.domain_id
        return frozenset(each for each in wanted if has_domain_permission(actor, each, domain))
    if actor.account_id is None or not wanted:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT w.wanted FROM unnest(%(wanted)s::smallint[]) w(wanted)"
            " WHERE (SELECT count(DISTINCT a.asset_id) FROM acl_keys(%(account)s, w.wanted) k"
            " JOIN accounts_acl a USING (perm, principal) WHERE a.asset_id = ANY(%(assets)s)"
            " AND (a.expires_at IS NULL OR a.expires_at > statement_timestamp())) = %(count)s",
            {
                "wanted": sorted(each.value for each in wanted),
                "account": actor.account_id,
                "assets": sorted(resource.asset_ids),
                "count": len(resource.asset_ids),
            },
        )
        return frozenset(ObjectPermission(row[0]) for row in cursor.fetchall())


def _is_own(actor: Actor, resource: Resource) -> bool:
    if actor.kind is ActorKind.SERVICE:
        return actor.account_id in resource.accounts
    return actor.person_id in resource.persons


STANDING = """
WITH actor AS (
    SELECT p.id AS person_id, p.uid
    FROM accounts_account a JOIN accounts_person p ON p.id = a.person_id
    WHERE a.id = %s AND a.is_active AND p.status = 'active'
), in_force AS (
    SELECT delegator_id, delegate_id FROM accounts_delegation
    WHERE starts_at <= statement_timestamp() AND ends_at > statement_timestamp()
      AND (ended_at IS NULL OR ended_at > statement_timestamp())
), face AS (
    SELECT person_id FROM actor
    UNION
    SELECT f.delegator_id FROM in_force f JOIN actor a ON a.person_id = f.delegate_id
), declared AS (
    SELECT kind, target_uid FROM accounts_conflictdeclaration
    WHERE person_id IN (SELECT person_id FROM face) AND starts_at <= statement_timestamp()
      AND (ends_at IS NULL OR ends_at > statement_timestamp())
)
SELECT 'person', person_id, NULL, NULL, uid FROM actor
UNION ALL
SELECT 'role', r.organization_id, r.domain_id, r.role, NULL
FROM accounts_roleassignment r JOIN actor a USING (person_id)
WHERE r.starts_at <= statement_timestamp() AND (r.ends_at IS NULL OR r.ends_at > statement_timestamp())
UNION ALL
SELECT 'delegation', delegator_id, delegate_id, NULL, NULL FROM in_force
WHERE delegator_id IN (SELECT person_id FROM face) OR delegate_id IN (SELECT person_id FROM face)
UNION ALL
SELECT 'conflict', NULL, NULL, kind, target_uid FROM declared
UNION ALL
SELECT 'teammate', m.person_id, NULL, NULL, NULL
FROM declared d
JOIN accounts_team t ON d.kind = 'team' AND t.uid = d.target_uid
JOIN accounts_account_groups g USING (group_id)
JOIN accounts_account m ON m.id = g.account_id AND m.person_id IS NOT NULL
"""


def _read_standing(actor: Actor) -> Standing:
    read: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    with planned_once(), connection.cursor() as cursor:
        cursor.execute(STANDING, [actor.account_id])
        for kind, *said in cursor.fetchall():
            read[kind].append(tuple(said))
    roles = tuple(
        HeldRole(role=Role(role), organization_id=organization_id, domain_id=domain_id)
        for organization_id, domain_id, role, _ in read["role"]
        if actor.kind is ActorKind.PERSON
    )
    person, uid = next(((first, uid) for first, _, _, uid in read["person"]), (0, None))
    return Standing(is_active=uid is not None, person=uid, roles=roles, ties=_ties(person, read))


def _ties(person: int, read: Mapping[str, list[tuple[Any, ...]]]) -> Ties:
    delegations = {(delegator, delegate) for delegator, delegate, _, _ in read["delegation"]}
    faces = {person, *(delegator for delegator, delegate in delegations if delegate == person)}
    conflicts: dict[str, set[UUID]] = defaultdict(set)
    for _, _, kind, target in read["conflict"]:
        conflicts[kind].add(target)
    return Ties(
        faces=frozenset(faces),
        linked=frozenset(faces.union(delegate for delegator, delegate in delegations if delegator == person)),
        barred=frozenset({person}.union(*delegations)),
        conflicts={kind: frozenset(targets) for kind, targets in conflicts.items()},
        teammates=frozenset(first for first, _, _, _ in read["teammate"]),
    )


def _codes(grounds: Grounds) -> tuple[str, ...]:
    """Roles by their names, object permissions as `may_view`; screens put words in their place."""
    codes = [role.value for role in sorted(grounds.roles)]
    codes += [f"may_{permission.word}" for permission in sorted(grounds.permissions)]
    return (*codes, IN_PERSON) if grounds.is_for_own else tuple(codes)


def _refusal(code: str, operation: Operation, resource: Resource, **facts: Value) -> NotPermitted:
    said: dict[str, Value] = {"kind": resource.kind, "operation": operation.value, **facts}
    return NotPermitted(Reason(code=code, rule=f"operation:{operation.value}", facts=said))
