"""Approving several requests that are alike: the same command for each, under what was read of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.access.commands.verdicts import approve_request
from apps.access.errors import NOT_ALIKE, NOT_WAITING_FOR_YOU, TOGETHER_MANY, TOGETHER_TWICE
from apps.access.models import Request
from apps.access.queries.together import are_alike, waiting_together
from apps.kernel.actor import Actor
from apps.kernel.errors import LakewardenError, invalid, rule_broken
from apps.policy.reason import Reason

MOST_TOGETHER = 50


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """One request of a frozen list: with the revision and the evaluation that were read."""

    request_id: UUID
    revision_sha256: str
    decision_id: UUID


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one of them; no reasons where the approval is on record. Without `request` it does not
    wait for the actor, or not any more."""

    request_id: UUID
    request: Request | None
    reasons: tuple[Reason, ...]


def approve_together(
    *, actor: Actor, chosen: Sequence[Chosen], reason: str = "", at: datetime | None = None
) -> tuple[Outcome, ...]:
    """Say yes to each, in the order of the list. One that is refused changes nothing for the others.

    Raises: InvalidInput (none, too many, or one twice), RuleBroken (not alike; then nothing is done).
    """
    ids = [each.request_id for each in chosen]
    if not 0 < len(ids) <= MOST_TOGETHER:
        raise invalid("items", TOGETHER_MANY, most=MOST_TOGETHER)
    if len(set(ids)) != len(ids):
        raise invalid("items", TOGETHER_TWICE)
    rows = {row.request.uid: row for row in waiting_together(actor, ids)}
    if rows and not are_alike(list(rows.values())):
        raise rule_broken(NOT_ALIKE, field="items")
    return tuple(
        _approved(actor, each, rows[each.request_id].request, reason, at)
        if each.request_id in rows
        else Outcome(request_id=each.request_id, request=None, reasons=(Reason(code=NOT_WAITING_FOR_YOU),))
        for each in chosen
    )


def _approved(actor: Actor, chosen: Chosen, request: Request, reason: str, at: datetime | None) -> Outcome:
    try:
        approve_request(
            actor=actor,
            request_id=chosen.request_id,
            revision_sha256=chosen.revision_sha256,
            decision_id=chosen.decision_id,
            reason=reason,
            at=at,
        )
    except LakewardenError as fault:
        return Outcome(request_id=chosen.request_id, request=request, reasons=fault.reasons)
    return Outcome(request_id=chosen.request_id, request=request, reasons=())
