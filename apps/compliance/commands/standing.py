"""Suspending, resuming and withdrawing a purpose as a whole. Access that rests on it ends at its next use."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.compliance import events
from apps.compliance.commands import review
from apps.compliance.errors import PURPOSE_NEVER_APPROVED, STANDING_REASON_MISSING
from apps.compliance.lifecycle import PurposeStanding, move_standing
from apps.compliance.models import Purpose
from apps.kernel.actor import Actor
from apps.kernel.contributions import Impact, Question, expect_seen, impact_of
from apps.kernel.errors import invalid, invalid_state

ENDING_PURPOSE = Question(name="compliance.end_purpose", about="purpose")
"""What would stop with a purpose, for now or for good."""


@command(lock=Purpose)
def suspend_purpose(
    *, actor: Actor, purpose_id: UUID, reason: str, seen_impact: str | None = None, at: datetime
) -> Purpose:
    """Stop relying on a purpose for now. `seen_impact` is the digest of what that was shown to affect.

    Raises: NotFound, NotPermitted, PreconditionMissing, StaleVersion, InvalidState, InvalidInput.
    """
    purpose = _moved(actor, purpose_id, PurposeStanding.SUSPENDED, reason)
    expect_seen(ENDING_PURPOSE, purpose.uid, seen_impact, actor=actor)
    record(events.PurposeSuspended(purpose_id=purpose.uid, reason=reason), actor=actor, at=at)
    return purpose


@command(lock=Purpose)
def resume_purpose(*, actor: Actor, purpose_id: UUID, at: datetime) -> Purpose:
    """Rely on a suspended purpose again.  Raises: NotFound, NotPermitted, InvalidState."""
    purpose = _moved(actor, purpose_id, PurposeStanding.STANDING, "")
    record(events.PurposeResumed(purpose_id=purpose.uid), actor=actor, at=at)
    return purpose


@command(lock=Purpose)
def withdraw_purpose(
    *, actor: Actor, purpose_id: UUID, reason: str, seen_impact: str | None = None, at: datetime
) -> Purpose:
    """Give a purpose up for good. `seen_impact` is the digest of what that was shown to affect.

    Raises: NotFound, NotPermitted, PreconditionMissing, StaleVersion, InvalidState, InvalidInput.
    """
    purpose = _moved(actor, purpose_id, PurposeStanding.WITHDRAWN, reason)
    expect_seen(ENDING_PURPOSE, purpose.uid, seen_impact, actor=actor)
    record(events.PurposeWithdrawn(purpose_id=purpose.uid, reason=reason), actor=actor, at=at)
    return purpose


def impact_of_ending(*, actor: Actor, purpose_id: UUID) -> Impact:
    """What would stop with the purpose, for those who may end it.  Raises: NotFound, NotPermitted."""
    purpose = Purpose.objects.visible_to(actor).one(purpose_id)
    resource = review.record_resource("purpose", purpose)
    authorize(actor=actor, operation=Operation.APPROVE_RECORD, resource=resource)
    return impact_of(ENDING_PURPOSE, purpose.uid)


def _moved(actor: Actor, purpose_id: UUID, wanted: PurposeStanding, reason: str) -> Purpose:
    purpose = Purpose.objects.visible_to(actor).for_update(purpose_id)
    resource = review.record_resource("purpose", purpose)
    authorize(actor=actor, operation=Operation.APPROVE_RECORD, resource=resource)
    standing = move_standing(purpose.standing, wanted)
    if not purpose.versions.filter(approved_at__isnull=False).exists():
        raise invalid_state(PURPOSE_NEVER_APPROVED, ref=purpose.ref)
    if wanted is not PurposeStanding.STANDING and not reason.strip():
        raise invalid("reason", STANDING_REASON_MISSING)
    purpose.standing, purpose.standing_reason = standing, reason
    return purpose.write("standing", "standing_reason")
