"""Object permissions, given and taken per account and per team. They never give data."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from guardian.shortcuts import assign_perm, remove_perm
from guardian.utils import get_group_obj_perms_model, get_user_obj_perms_model

from apps.accounts.authorization import Resource, authorize
from apps.accounts.commands.organizations import domain_resource
from apps.accounts.errors import (
    HOLDER_OUTSIDE_ORGANIZATION,
    PERMISSION_HELD_ALREADY,
    PERMISSION_NOT_HELD,
    ROLE_TO_ONESELF,
)
from apps.accounts.events import PermissionGiven, PermissionTaken
from apps.accounts.models import Account, Domain, Team
from apps.accounts.operations import Operation
from apps.accounts.roles import ObjectPermission
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.errors import conflict, invalid_state, rule_broken
from apps.kernel.models import BaseModel


@command(lock=Domain)
def give_domain_permission(
    *, actor: Actor, domain_id: UUID, permission: ObjectPermission, holder_id: UUID, at: datetime
) -> None:
    """Let an account or a team do something with every asset of a domain.

    Raises: NotFound, NotPermitted, RuleBroken, Conflict.
    """
    domain = Domain.objects.visible_to(actor).for_update(domain_id)
    give(domain, domain_resource(domain), permission, holder_id, actor=actor, at=at)


@command(lock=Domain)
def take_domain_permission(
    *, actor: Actor, domain_id: UUID, permission: ObjectPermission, holder_id: UUID, at: datetime
) -> None:
    """Take it back.  Raises: NotFound, NotPermitted, InvalidState."""
    domain = Domain.objects.visible_to(actor).for_update(domain_id)
    take(domain, domain_resource(domain), permission, holder_id, actor=actor, at=at)


def give(
    target: BaseModel,
    resource: Resource,
    permission: ObjectPermission,
    holder_id: UUID,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """The one way an object permission is given, whatever the target. Never to oneself."""
    authorize(actor=actor, operation=Operation.GIVE_PERMISSION, resource=resource)
    holder = _holder(actor, holder_id)
    if _reaches(holder, actor):
        raise rule_broken(ROLE_TO_ONESELF, field="holder_id")
    if holder.organization_id != resource.organization_id:
        raise rule_broken(HOLDER_OUTSIDE_ORGANIZATION, field="holder_id", kind=resource.kind)
    if _held(target, permission, holder):
        raise conflict(PERMISSION_HELD_ALREADY, permission=permission.word)
    assign_perm(_codename(target, permission), _guardian(holder), target)
    record(PermissionGiven(**_told(target, permission, holder)), actor=actor, at=at)


def take(
    target: BaseModel,
    resource: Resource,
    permission: ObjectPermission,
    holder_id: UUID,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """The one way an object permission is taken back."""
    authorize(actor=actor, operation=Operation.GIVE_PERMISSION, resource=resource)
    holder = _holder(actor, holder_id)
    if not _held(target, permission, holder):
        raise invalid_state(PERMISSION_NOT_HELD, permission=permission.word)
    remove_perm(_codename(target, permission), _guardian(holder), target)
    record(PermissionTaken(**_told(target, permission, holder)), actor=actor, at=at)


def _holder(actor: Actor, holder_id: UUID) -> Account | Team:
    """An account or a team; their uids never meet. A team is locked: its members do not change now."""
    found = Team.objects.visible_to(actor).filter(uid=holder_id).values_list("pk", flat=True).first()
    team = Team.objects.select_for_update(of=("self",)).select_related("group").filter(pk=found or 0).first()
    return team or Account.objects.visible_to(actor).one(holder_id)


def _guardian(holder: Account | Team) -> models.Model:
    return holder.group if isinstance(holder, Team) else holder


def _reaches(holder: Account | Team, actor: Actor) -> bool:
    if actor.is_system:
        return False
    if isinstance(holder, Team):
        return Account.objects.filter(groups=holder.group, person=actor.person_id).exists()
    return holder.person_id == actor.person_id


def _held(target: BaseModel, permission: ObjectPermission, holder: Account | Team) -> bool:
    is_team = isinstance(holder, Team)
    table: Any = get_group_obj_perms_model(target) if is_team else get_user_obj_perms_model(target)
    found = table.objects.filter(content_object=target, permission__codename=_codename(target, permission))
    return bool(found.filter(**{"group" if is_team else "user": _guardian(holder)}).exists())


def _codename(target: BaseModel, permission: ObjectPermission) -> str:
    return f"{permission.word}_{target._meta.model_name}"


def _told(target: BaseModel, permission: ObjectPermission, holder: Account | Team) -> dict[str, Any]:
    return {
        "target_id": target.uid,
        "target_kind": str(target._meta.model_name),
        "permission": permission.word,
        "holder_kind": "team" if isinstance(holder, Team) else "account",
        "holder_id": holder.uid,
    }
