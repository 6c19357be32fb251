"""The states of a version of a record, and those of a purpose as a whole."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from apps.kernel.errors import invalid_state
from apps.policy.reason import declare


class RecordStatus(StrEnum):
    """Is the description true and signed off? Only approved versions are read by the policy.

    What was returned is a draft again; what was rejected stays as it was, and another version may follow.
    """

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    RETIRED = "retired"


class PurposeStanding(StrEnum):
    """May an approved purpose be relied on at all?"""

    STANDING = "standing"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


RECORD_STATE = declare(
    "RECORD_STATE",
    "A version of a record that is %(state)s cannot become %(wanted)s.",
    "Possible from here: %(possible)s.",
)
PURPOSE_STANDING = declare(
    "PURPOSE_STANDING",
    "A purpose that is %(state)s cannot become %(wanted)s.",
    "Possible from here: %(possible)s.",
)

_NEXT = {
    RecordStatus.DRAFT: frozenset({RecordStatus.IN_REVIEW}),
    RecordStatus.IN_REVIEW: frozenset({RecordStatus.APPROVED, RecordStatus.DRAFT, RecordStatus.REJECTED}),
    RecordStatus.APPROVED: frozenset({RecordStatus.SUPERSEDED, RecordStatus.RETIRED}),
    RecordStatus.REJECTED: frozenset[RecordStatus](),
    RecordStatus.SUPERSEDED: frozenset[RecordStatus](),
    RecordStatus.RETIRED: frozenset[RecordStatus](),
}

_NEXT_STANDING = {
    PurposeStanding.STANDING: frozenset({PurposeStanding.SUSPENDED, PurposeStanding.WITHDRAWN}),
    PurposeStanding.SUSPENDED: frozenset({PurposeStanding.STANDING, PurposeStanding.WITHDRAWN}),
    PurposeStanding.WITHDRAWN: frozenset[PurposeStanding](),
}


def move(state: str, wanted: RecordStatus) -> RecordStatus:
    """Raises: InvalidState."""
    possible = _NEXT[RecordStatus(state)]
    if wanted not in possible:
        words = ", ".join(sorted(possible)) or "nothing"
        raise invalid_state(RECORD_STATE, state=state, wanted=wanted.value, possible=words)
    return wanted


def move_standing(state: str, wanted: PurposeStanding) -> PurposeStanding:
    """Raises: InvalidState."""
    possible = _NEXT_STANDING[PurposeStanding(state)]
    if wanted not in possible:
        words = ", ".join(sorted(possible)) or "nothing"
        raise invalid_state(PURPOSE_STANDING, state=state, wanted=wanted.value, possible=words)
    return wanted


def review_due(approved_on: date) -> date:
    """A record is looked at again within twelve months of its approval."""
    try:
        return approved_on.replace(year=approved_on.year + 1)
    except ValueError:  # 29 February
        return date(approved_on.year + 1, 3, 1)
