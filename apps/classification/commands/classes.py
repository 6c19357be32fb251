"""The ladder of sensitivity classes and what each demands."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from apps.accounts.authorization import authorize
from apps.accounts.commands.organizations import present
from apps.accounts.models import Organization
from apps.accounts.operations import Operation
from apps.accounts.queries import role_holders
from apps.accounts.roles import Role
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.models import Asset
from apps.classification.errors import (
    CLASS_TAKEN,
    LIMIT_TOO_SHORT,
    STAGE_ROLE_UNFILLED,
    STAGE_ROLE_UNKNOWN,
)
from apps.classification.events import ClassAdded, HandlingChanged
from apps.classification.facts import ladders
from apps.classification.models import SensitivityClass, StageRole
from apps.kernel.actor import Actor
from apps.kernel.errors import conflict, invalid, rule_broken
from apps.policy.facts import SHORTEST_GRANT_DAYS, SHORTEST_LEASE_MINUTES


@dataclass(frozen=True, kw_only=True)
class Handling:
    """What a class demands. A limit of `None` states that there is none."""

    max_grant_days: int | None
    max_lease_minutes: int | None
    stages: tuple[str, ...]
    needs_step_up: bool
    is_auto_ok_allowed: bool
    is_break_glass_allowed: bool = False


@command
def add_class(
    *, actor: Actor, rank: int, code: str, label: str, definition: str, handling: Handling, at: datetime
) -> SensitivityClass:
    """Put a class on the ladder of this installation.  Raises: NotPermitted, InvalidInput, Conflict."""
    for ladder in ladders():
        authorize(actor=actor, operation=Operation.MANAGE_CLASSES, resource=ladder)
    _check(handling)
    if SensitivityClass.objects.filter(Q(rank=rank) | Q(code__iexact=code)).exists():
        raise conflict(CLASS_TAKEN, class_code=code, rank=rank)
    added = SensitivityClass.objects.create(
        rank=rank,
        code=code,
        label=present(label),
        definition=definition,
        created_at=at,
        **_demands(handling),
    )
    record(ClassAdded(sensitivity_class_id=added.uid, code=code, rank=rank), actor=actor, at=at)
    return added


@command(lock=SensitivityClass)
def change_handling(
    *,
    actor: Actor,
    sensitivity_class_id: UUID,
    handling: Handling,
    seen_version: int | None = None,
    at: datetime,
) -> SensitivityClass:
    """Change what a class demands from now on; decisions that were made keep what they were made from.

    A role that it newly demands is held in every organization with assets; who owns data is named asset by
    asset.
    Raises: NotFound, NotPermitted, StaleVersion, InvalidInput, RuleBroken.
    """
    changed = SensitivityClass.objects.visible_to(actor).for_update(sensitivity_class_id)
    for ladder in ladders(changed):
        authorize(actor=actor, operation=Operation.MANAGE_CLASSES, resource=ladder)
    changed.expect_version(seen_version)
    _check(handling)
    _expect_held(set(handling.stages) - set(changed.stages), at=at)
    after = {name: value for name, value in _demands(handling).items() if getattr(changed, name) != value}
    before = {name: getattr(changed, name) for name in after}
    for name, value in after.items():
        setattr(changed, name, value)
    changed.write(*after)
    event = HandlingChanged(sensitivity_class_id=changed.uid, before=_words(before), after=_words(after))
    record(event, actor=actor, at=at)
    return changed


def _check(handling: Handling) -> None:
    least = {"max_grant_days": SHORTEST_GRANT_DAYS, "max_lease_minutes": SHORTEST_LEASE_MINUTES}
    for name, shortest in least.items():
        given: int | None = getattr(handling, name)
        if given is not None and given < shortest:
            raise invalid(name, LIMIT_TOO_SHORT, given=given, least=shortest)
    for role in handling.stages:
        if role not in StageRole.values:
            raise invalid("stages", STAGE_ROLE_UNKNOWN, role=role, known=", ".join(StageRole.values))


def _expect_held(words: set[str], *, at: datetime) -> None:
    """Raises: RuleBroken, where people with one of the roles are wanted and an organization has none."""
    for word in sorted(words - {StageRole.DATA_OWNER.value}):
        places = Organization.objects.filter(pk__in=Asset.objects.values("organization"))
        ids = list(places.values_list("pk", flat=True))
        held = role_holders({Role(word)}, organization_ids=ids, at=at)
        lacking = places.exclude(pk__in=held.values("organization")).order_by("name")
        if names := tuple(lacking.values_list("name", flat=True)):
            raise rule_broken(STAGE_ROLE_UNFILLED, field="stages", role=word, organizations=names)


def _demands(handling: Handling) -> dict[str, object]:
    demands: dict[str, object] = {field.name: getattr(handling, field.name) for field in fields(handling)}
    return {**demands, "stages": list(handling.stages)}


def _words(demands: dict[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in demands.items()}
