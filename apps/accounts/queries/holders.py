"""What would be without an owner or a steward: domains here, assets further up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from guardian.utils import get_group_obj_perms_model, get_user_obj_perms_model

from apps.accounts.models import Account, AccountKind, Domain, PersonStatus, RoleAssignment
from apps.accounts.roles import ROLE_GIVES, ObjectPermission, Role

KEPT_BY = (ObjectPermission.OWN, ObjectPermission.STEWARD)
"""Somebody must be accountable for a thing, and somebody must keep it right."""


def people_acting(*, but: int | None = None) -> QuerySet[Account]:
    """Accounts through which an active person acts, perhaps without those of one person."""
    found = Account.objects.filter(
        kind=AccountKind.PERSON, is_active=True, person__status=PersonStatus.ACTIVE
    )
    return found.exclude(person=but) if but else found


def held_by_name(target: Any, permission: ObjectPermission, accounts: QuerySet[Account]) -> tuple[Any, Any]:
    """Ids of the targets on which any of the accounts, or a team of theirs, holds the permission."""
    codename = f"{permission.word}_{target._meta.model_name}"
    by_account: Any = get_user_obj_perms_model(target)
    by_team: Any = get_group_obj_perms_model(target)
    return (
        by_account.objects.filter(permission__codename=codename, user__in=accounts).values("content_object"),
        by_team.objects.filter(permission__codename=codename, group__in=accounts.values("groups")).values(
            "content_object"
        ),
    )


def domains_without(
    permission: ObjectPermission, *, organization_id: int, at: datetime, but: int | None = None
) -> QuerySet[Domain]:
    """The domains in which nobody but that person holds it; none where it is held organization-wide."""
    roles = [role.value for role in Role if permission in ROLE_GIVES[role]]
    acting = people_acting(but=but)
    held = RoleAssignment.objects.held_at(at).filter(
        role__in=roles, organization=organization_id, person__in=acting.values("person")
    )
    everywhere, here = held.filter(domain__isnull=True), held.filter(domain=OuterRef("pk"))
    found: QuerySet[Domain] = Domain.objects.filter(organization=organization_id)
    found = found.filter(~Exists(everywhere), ~Exists(here))
    for named in held_by_name(Domain, permission, acting):
        found = found.exclude(pk__in=named)
    return found
