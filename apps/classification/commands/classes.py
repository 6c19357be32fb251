"""The ladder of sensitivity classes and what each demands, where nobody else has to agree."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from apps.accounts.authorization import authorize
from apps.accounts.commands.organizations import present
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.classification.commands.handling import Handling, check_handling, expect_held
from apps.classification.errors import CLASS_TAKEN, LADDER_LAXER, LADDER_SHARED
from apps.classification.events import ClassAdded, HandlingChanged
from apps.classification.facts import bound_organizations, ladder_of
from apps.classification.models import SensitivityClass
from apps.kernel.actor import Actor
from apps.kernel.errors import conflict, rule_broken

LADDER = "ladder"
"""Whatever changes the ladder, or agrees to a change of it, waits here for each other."""


@command(queue=LADDER)
def add_class(
    *, actor: Actor, rank: int, code: str, label: str, definition: str, handling: Handling, at: datetime
) -> SensitivityClass:
    """Put a class on the ladder of this installation, where that is for one officer alone to say.

    Raises: NotPermitted, InvalidInput, Conflict, RuleBroken (others have to agree).
    """
    authorize(actor=actor, operation=Operation.MANAGE_CLASSES, resource=ladder_of(actor))
    check_handling(handling)
    expect_free(rank, code)
    _expect_alone(actor, is_laxer=adds_laxer(rank, handling))
    return put_on_ladder(
        actor=actor, rank=rank, code=code, label=label, definition=definition, handling=handling, at=at
    )


@command(lock=SensitivityClass, queue=LADDER)
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
    Raises: NotFound, NotPermitted, StaleVersion, InvalidInput, RuleBroken (others have to agree).
    """
    changed = SensitivityClass.objects.visible_to(actor).for_update(sensitivity_class_id)
    authorize(actor=actor, operation=Operation.MANAGE_CLASSES, resource=ladder_of(actor, changed))
    changed.expect_version(seen_version)
    check_handling(handling)
    _expect_alone(actor, is_laxer=handling.is_laxer_than(Handling.of(changed)))
    return demand(changed, handling, actor=actor, at=at)


def put_on_ladder(
    *, actor: Actor, rank: int, code: str, label: str, definition: str, handling: Handling, at: datetime
) -> SensitivityClass:
    added = SensitivityClass.objects.create(
        rank=rank,
        code=code,
        label=present(label),
        definition=definition,
        created_at=at,
        **handling.demands(),
    )
    record(ClassAdded(sensitivity_class_id=added.uid, code=code, rank=rank), actor=actor, at=at)
    return added


def demand(changed: SensitivityClass, handling: Handling, *, actor: Actor, at: datetime) -> SensitivityClass:
    """Raises: RuleBroken, where a role that is newly demanded is held by nobody."""
    expect_held(set(handling.stages) - set(changed.stages), at=at)
    after = {name: value for name, value in handling.demands().items() if getattr(changed, name) != value}
    before = {name: getattr(changed, name) for name in after}
    for name, value in after.items():
        setattr(changed, name, value)
    changed.write(*after)
    event = HandlingChanged(sensitivity_class_id=changed.uid, before=in_words(before), after=in_words(after))
    record(event, actor=actor, at=at)
    return changed


def expect_free(rank: int, code: str) -> None:
    """Raises: Conflict."""
    if SensitivityClass.objects.filter(Q(rank=rank) | Q(code__iexact=code)).exists():
        raise conflict(CLASS_TAKEN, class_code=code, rank=rank)


def adds_laxer(rank: int, handling: Handling) -> bool:
    """Whether a class there would demand less than the one below it, or would be the lowest of all."""
    below = SensitivityClass.objects.filter(rank__lt=rank).order_by("-rank").first()
    return below is None or handling.is_laxer_than(Handling.of(below))


def in_words(demands: dict[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in demands.items()}


def _expect_alone(actor: Actor, *, is_laxer: bool) -> None:
    """Raises: RuleBroken, where an officer of another organization, or a second person, has to agree."""
    if actor.is_system:
        return
    if others := bound_organizations() - {actor.organization_id}:
        raise rule_broken(LADDER_SHARED, others=len(others))
    if is_laxer:
        raise rule_broken(LADDER_LAXER)
