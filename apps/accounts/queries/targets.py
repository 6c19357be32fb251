"""What conflicts of interest are about, by name. Assets are kept further up and named there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any
from uuid import UUID

from apps.accounts.models import (
    ConflictDeclaration,
    ConflictKind,
    Domain,
    Organization,
    Person,
    Project,
    Team,
)
from apps.accounts.queries.directory import account_named
from apps.kernel.actor import Actor

NAMED: dict[str, Any] = {
    ConflictKind.PERSON.value: Person,
    ConflictKind.TEAM.value: Team,
    ConflictKind.PROJECT.value: Project,
    ConflictKind.DOMAIN.value: Domain,
    ConflictKind.ORGANIZATION.value: Organization,
}


def target_named(actor: Actor, kind: str, name: str) -> UUID | None:
    """The one thing of that kind that the actor may see and that is called so; people also by username."""
    if kind not in NAMED:
        return None
    if kind == ConflictKind.PERSON and (account := account_named(actor, name)) is not None:
        uid: UUID = account.person.uid
        return uid
    found = NAMED[kind].objects.visible_to(actor).filter(name__iexact=name.strip())
    uids = list(found.values_list("uid", flat=True)[:2])
    return uids[0] if len(uids) == 1 else None


def names_of_targets(actor: Actor, declarations: Collection[ConflictDeclaration]) -> dict[UUID, str]:
    """One statement for each kind; only of what the reader sees, so that nobody learns by a declaration what
    something is called, or whether there is such a thing."""
    asked: dict[str, set[UUID]] = defaultdict(set)
    for declaration in declarations:
        asked[declaration.kind].add(declaration.target_uid)
    found: dict[UUID, str] = {}
    for kind in sorted(asked.keys() & NAMED.keys()):
        rows = NAMED[kind].objects.visible_to(actor).filter(uid__in=asked[kind])
        found |= dict(rows.values_list("uid", "name"))
    return found
