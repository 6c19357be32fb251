"""The states of a lease. `revoked` is said only after the provider was asked; else it `outlives` honestly."""

from __future__ import annotations

from enum import StrEnum

from apps.kernel.errors import invalid_state
from apps.policy.reason import declare


class Whereabouts(StrEnum):
    """Where something that a key asked for lies, seen from what it opens. `ABOVE`: on the way there, such as
    the bucket itself, which tools look at by themselves."""

    INSIDE = "inside"
    ABOVE = "above"
    OUTSIDE = "outside"


class LeaseState(StrEnum):
    INTENT = "intent"
    ISSUED = "issued"
    FAILED = "failed"
    EXPIRED = "expired"
    REVOKE_REQUESTED = "revoke_requested"
    REVOKED = "revoked"
    OUTLIVES = "outlives"


NOT_POSSIBLE = declare(
    "LEASE_STATE",
    "A lease that is %(state)s cannot become %(wanted)s.",
    "Possible from here: %(possible)s.",
)

MOVES: dict[LeaseState, frozenset[LeaseState]] = {
    LeaseState.INTENT: frozenset({LeaseState.ISSUED, LeaseState.FAILED, LeaseState.REVOKE_REQUESTED}),
    LeaseState.ISSUED: frozenset({LeaseState.EXPIRED, LeaseState.REVOKE_REQUESTED}),
    LeaseState.REVOKE_REQUESTED: frozenset({LeaseState.REVOKED, LeaseState.OUTLIVES, LeaseState.EXPIRED}),
    LeaseState.OUTLIVES: frozenset({LeaseState.EXPIRED, LeaseState.REVOKED}),
    LeaseState.FAILED: frozenset(),
    # A key that was made after its lease had been ended is revoked once more.
    LeaseState.EXPIRED: frozenset({LeaseState.REVOKE_REQUESTED}),
    LeaseState.REVOKED: frozenset({LeaseState.REVOKE_REQUESTED}),
}

OVERDUE_AFTER = 6
"""Attempts in vain after which a revocation is told to people, and stands on the board."""

CUTTABLE = frozenset({LeaseState.INTENT, LeaseState.ISSUED})


def move(state: str, wanted: LeaseState) -> LeaseState:
    """Raises: InvalidState."""
    possible = MOVES[LeaseState(state)]
    if wanted not in possible:
        words = ", ".join(sorted(possible)) or "nothing"
        raise invalid_state(NOT_POSSIBLE, state=state, wanted=wanted.value, possible=words)
    return wanted
