"""The states of a classification and of a change of the ladder, and what counts as laxer: the laxer waits for
a second person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from apps.kernel.errors import invalid_state
from apps.policy.reason import declare
from apps.policy.vocabulary import Identifiability


class ClassificationStatus(StrEnum):
    PROPOSED = "proposed"
    CURRENT = "current"
    SUPERSEDED = "superseded"
    REJECTED = "rejected"


class LadderChangeState(StrEnum):
    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


NOT_POSSIBLE = declare(
    "CLASSIFICATION_STATE",
    "A classification that is %(state)s cannot become %(wanted)s.",
    "Look at the present classification of the column, and classify it anew if it should change.",
)

LADDER_CHANGE_CLOSED = declare(
    "LADDER_CHANGE_CLOSED",
    "This change of the ladder is %(state)s already.",
    "Look at what the class demands now, and propose it anew if it should change.",
)

_NEXT = {
    ClassificationStatus.PROPOSED: frozenset(
        {ClassificationStatus.CURRENT, ClassificationStatus.SUPERSEDED, ClassificationStatus.REJECTED}
    ),
    ClassificationStatus.CURRENT: frozenset({ClassificationStatus.SUPERSEDED}),
    ClassificationStatus.SUPERSEDED: frozenset[ClassificationStatus](),
    ClassificationStatus.REJECTED: frozenset[ClassificationStatus](),
}

_HOW_IDENTIFYING = {
    Identifiability.NOT_PERSONAL: 0,
    Identifiability.ANONYMISED: 1,
    Identifiability.PSEUDONYMISED: 2,
    Identifiability.IDENTIFIED: 3,
}


def move(state: str, wanted: ClassificationStatus) -> ClassificationStatus:
    """Raises: InvalidState."""
    if wanted not in _NEXT[ClassificationStatus(state)]:
        raise invalid_state(NOT_POSSIBLE, state=state, wanted=wanted.value)
    return wanted


def close_ladder_change(state: str, wanted: LadderChangeState) -> LadderChangeState:
    """It comes into force, or is rejected or withdrawn; nothing follows.  Raises: InvalidState."""
    if state != LadderChangeState.PROPOSED:
        raise invalid_state(LADDER_CHANGE_CLOSED, state=state)
    return wanted


@dataclass(frozen=True, kw_only=True)
class Saying:
    """What is said about a column; `personal` holds those of its `categories` that are about people."""

    rank: int
    categories: frozenset[str]
    personal: frozenset[str]
    identifiability: Identifiability

    def is_laxer_than(self, other: Saying) -> bool:
        """In any respect: a lower class, a personal category gone, or less identifying."""
        return (
            self.rank < other.rank
            or not other.personal <= self.personal
            or _HOW_IDENTIFYING[self.identifiability] < _HOW_IDENTIFYING[other.identifiability]
        )

    def joined_with(self, other: Saying) -> Saying:
        """The stricter of both in every respect."""
        most = max(self.identifiability, other.identifiability, key=_HOW_IDENTIFYING.__getitem__)
        return Saying(
            rank=max(self.rank, other.rank),
            categories=self.categories | other.personal,
            personal=self.personal | other.personal,
            identifiability=most,
        )
