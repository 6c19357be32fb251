"""Who lets a suspended grant go on."""

from __future__ import annotations

from datetime import datetime

from apps.access.errors import RESUMES_OWN_GRANT, RESUMES_OWN_SUSPENSION
from apps.access.models import Grant, Suspension
from apps.access.queries.seats import interests_of
from apps.kernel.actor import Actor
from apps.policy.reason import Reason


def why_not_resumed_by(
    actor: Actor, grant: Grant, suspension: Suspension, *, at: datetime
) -> tuple[Reason, ...]:
    """Besides the role: who has an interest in the grant leaves it to others, and so does whoever suspended
    it for cause. Three queries at most."""
    interests = interests_of(actor, pk=grant.revision_id, at=at)
    if interests:
        return (Reason(code=RESUMES_OWN_GRANT), *interests)
    if suspension.is_for_cause and not actor.is_system and suspension.suspended_by_id == actor.person_id:
        return (Reason(code=RESUMES_OWN_SUSPENSION),)
    return ()
