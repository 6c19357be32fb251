"""Changing what binds several organizations: one proposes, each of them agrees.

The ladder is the installation's, and nobody's office reaches beyond their organization. So a change holds
once an officer of every organization with data has agreed to it; and where it is laxer, two people, whether
there is one organization or several.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from apps.accounts.authorization import authorize, standing_of
from apps.accounts.commands.organizations import present
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.classification.commands.classes import (
    LADDER,
    adds_laxer,
    demand,
    expect_free,
    in_words,
    put_on_ladder,
)
from apps.classification.commands.handling import Handling, check_handling, expect_held
from apps.classification.errors import (
    LADDER_AGREED_ALREADY,
    LADDER_CHANGE_OPEN,
    LADDER_CHANGE_YOURS,
    LADDER_NOT_YOURS,
    LADDER_NOTHING_NEW,
    LADDER_REASON_MISSING,
    LADDER_SECOND_PERSON,
)
from apps.classification.events import (
    LadderChangeAgreed,
    LadderChangeProposed,
    LadderChangeRejected,
    LadderChangeWithdrawn,
)
from apps.classification.facts import lacking_of, ladder_of
from apps.classification.lifecycle import LADDER_CHANGE_CLOSED, LadderChangeState, close_ladder_change
from apps.classification.models import LadderChange, LadderConsent, SensitivityClass
from apps.kernel.actor import Actor
from apps.kernel.errors import NotPermitted, conflict, invalid, invalid_state, rule_broken
from apps.policy.reason import Reason

WORDS = ("rank", "code", "label", "definition")


@command(queue=LADDER)
def propose_class(
    *, actor: Actor, rank: int, code: str, label: str, definition: str, handling: Handling, at: datetime
) -> LadderChange:
    """Propose a class for the ladder. It stands there at once where nobody else has to agree.

    Raises: NotPermitted, InvalidInput, Conflict, RuleBroken (a role that nobody holds).
    """
    authorize(actor=actor, operation=Operation.MANAGE_CLASSES, resource=ladder_of(actor))
    check_handling(handling)
    expect_free(rank, code)
    expect_held(set(handling.stages), at=at)
    document = {"rank": rank, "code": code, "label": present(label), "definition": definition}
    change = LadderChange(document={**document, **handling.demands()}, is_laxer=adds_laxer(rank, handling))
    return _propose(change, before={}, after={**document, **handling.demands()}, actor=actor, at=at)


@command(lock=SensitivityClass, queue=LADDER)
def propose_handling(
    *,
    actor: Actor,
    sensitivity_class_id: UUID,
    handling: Handling,
    seen_version: int | None = None,
    at: datetime,
) -> LadderChange:
    """Propose what a class should demand. It does at once where nobody else has to agree.

    Raises: NotFound, NotPermitted, StaleVersion, InvalidInput, Conflict (another change is open), RuleBroken.
    """
    held = SensitivityClass.objects.visible_to(actor).for_update(sensitivity_class_id)
    authorize(actor=actor, operation=Operation.MANAGE_CLASSES, resource=ladder_of(actor, held))
    held.expect_version(seen_version)
    check_handling(handling)
    present_demands, wanted = Handling.of(held).demands(), handling.demands()
    after = {name: value for name, value in wanted.items() if value != present_demands[name]}
    if not after:
        raise rule_broken(LADDER_NOTHING_NEW)
    if LadderChange.objects.proposed().filter(sensitivity_class=held).exists():
        raise conflict(LADDER_CHANGE_OPEN)
    expect_held(set(handling.stages) - set(held.stages), at=at)
    change = LadderChange(
        sensitivity_class=held,
        document={"code": held.code, **wanted},
        base_version=held.row_version,
        is_laxer=handling.is_laxer_than(Handling.of(held)),
    )
    before = {name: present_demands[name] for name in after}
    return _propose(change, before=before, after=after, actor=actor, at=at)


@command(lock=LadderChange, queue=LADDER)
def agree_to_ladder_change(*, actor: Actor, ladder_change_id: UUID, at: datetime) -> LadderChange:
    """Say yes for one's organization. The last yes that is needed puts the change in force.

    Raises: NotFound, NotPermitted, InvalidState, StaleVersion (the class has changed meanwhile), Conflict,
    RuleBroken.
    """
    change = _open(actor, ladder_change_id)
    if change.proposed_by_id in standing_of(actor).ties.linked:
        reason = Reason(code=LADDER_SECOND_PERSON, rule="A38")
        raise NotPermitted(reason)
    if change.consents.filter(person=actor.person_key).exists():
        raise invalid_state(LADDER_AGREED_ALREADY)
    _agree(change, actor=actor, at=at)
    record(LadderChangeAgreed(ladder_change_id=change.uid, code=change.code), actor=actor, at=at)
    return _settle(change, actor=actor, at=at)


@command(lock=LadderChange, queue=LADDER)
def reject_ladder_change(*, actor: Actor, ladder_change_id: UUID, reason: str, at: datetime) -> LadderChange:
    """Say no for one's organization: the ladder stays.

    Raises: NotFound, NotPermitted, InvalidState, InvalidInput, RuleBroken (one's own is withdrawn).
    """
    change = _open(actor, ladder_change_id)
    if change.proposed_by_id == actor.person_id:
        raise rule_broken(LADDER_CHANGE_YOURS)
    if not reason.strip():
        raise invalid("reason", LADDER_REASON_MISSING)
    change.rejection_reason = reason
    _close(change, LadderChangeState.REJECTED, actor=actor, at=at)
    event = LadderChangeRejected(ladder_change_id=change.uid, code=change.code, reason=reason)
    record(event, actor=actor, at=at)
    return change


@command(lock=LadderChange, queue=LADDER)
def withdraw_ladder_change(*, actor: Actor, ladder_change_id: UUID, at: datetime) -> LadderChange:
    """Take back what one proposed.  Raises: NotFound, NotPermitted, InvalidState, RuleBroken."""
    change = _open(actor, ladder_change_id)
    if change.proposed_by_id != actor.person_id:
        raise rule_broken(LADDER_NOT_YOURS)
    _close(change, LadderChangeState.WITHDRAWN, actor=actor, at=at)
    record(LadderChangeWithdrawn(ladder_change_id=change.uid, code=change.code), actor=actor, at=at)
    return change


def _propose(
    change: LadderChange, *, before: dict[str, Any], after: dict[str, Any], actor: Actor, at: datetime
) -> LadderChange:
    change.organization_id, change.proposed_by_id = actor.organization_id or 0, actor.person_key
    change.created_at = at
    change.save(force_insert=True)
    event = LadderChangeProposed(
        ladder_change_id=change.uid,
        code=change.code,
        is_laxer=change.is_laxer,
        before=in_words(before),
        after=in_words(after),
    )
    record(event, actor=actor, at=at)
    _agree(change, actor=actor, at=at)
    return _settle(change, actor=actor, at=at)


def _agree(change: LadderChange, *, actor: Actor, at: datetime) -> None:
    LadderConsent.objects.create(
        change=change,
        organization_id=actor.organization_id or 0,
        person_id=actor.person_key,
        created_at=at,
    )


def _settle(change: LadderChange, *, actor: Actor, at: datetime) -> LadderChange:
    """Puts the change in force where nobody has to agree any more."""
    if lacking_of(change, at=at).is_anybody:
        return change
    handling = Handling.of(change.document)
    held = change.sensitivity_class
    if held is None:
        words = {name: change.document[name] for name in WORDS}
        expect_free(words["rank"], words["code"])
        change.sensitivity_class = put_on_ladder(actor=actor, handling=handling, at=at, **words)
    else:
        held = SensitivityClass.objects.for_update(held.uid)
        held.expect_version(change.base_version)
        change.sensitivity_class = demand(held, handling, actor=actor, at=at)
    _close(change, LadderChangeState.IN_FORCE, actor=actor, at=at)
    return change


def _close(change: LadderChange, state: LadderChangeState, *, actor: Actor, at: datetime) -> None:
    change.state = close_ladder_change(change.state, state)
    change.closed_by_id, change.closed_at = actor.person_key, at
    change.write("state", "closed_by", "closed_at", "rejection_reason", "sensitivity_class")


def _open(actor: Actor, ladder_change_id: UUID) -> LadderChange:
    change = LadderChange.objects.visible_to(actor).for_update(ladder_change_id)
    authorize(actor=actor, operation=Operation.MANAGE_CLASSES, resource=ladder_of(actor))
    if change.state != LadderChangeState.PROPOSED:
        raise invalid_state(LADDER_CHANGE_CLOSED, state=change.state)
    return change
