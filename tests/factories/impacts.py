"""What an act would reach, as somebody has looked at it. Plain calls of queries."""

from __future__ import annotations

from uuid import UUID

from apps.access.commands import PUBLISHING
from apps.accounts.commands import LEAVING
from apps.classification.commands import CLASSIFYING
from apps.compliance.commands import ENDING_PURPOSE, TAKING_EFFECT
from apps.kernel.contributions import Question, impact_of

__all__ = ["CLASSIFYING", "ENDING_PURPOSE", "LEAVING", "PUBLISHING", "TAKING_EFFECT", "looked_at"]


def looked_at(question: Question, uid: UUID) -> str:
    """What acting names as `seen_impact`."""
    return impact_of(question, uid).digest
