"""Who lets a suspended grant go on."""

from __future__ import annotations

from datetime import datetime

from apps.access.errors import RESUMES_OWN_GRANT, RESUMES_OWN_SUSPENSION
from apps.access.models import Grant, Suspension
from apps.access.queries.seats import INTERESTED, interests_in
from apps.kernel.actor import Actor
from apps.policy.reason import Reason

INTERESTED_IN_GRANT = tuple(f"revision__{name}" for name in INTERESTED)


def why_not_resumed_by(
    actor: Actor, grant: Grant, suspension: Suspension, *, at: datetime
) -> tuple[Reason, ...]:
    """Besides the role: who has an interest in the grant leaves it to others, and so does whoever suspended
    it for cause. Two queries at most, where the grant comes with its revision and those interested."""
    if suspension.is_for_cause and not actor.is_system and suspension.suspended_by_id == actor.person_id:
        return (Reason(code=RESUMES_OWN_SUSPENSION),)
    interests = interests_in(actor, grant.revision, at=at)
    return (Reason(code=RESUMES_OWN_GRANT), *interests) if interests else ()
