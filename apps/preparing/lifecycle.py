"""The states of a prepared view."""

from __future__ import annotations

from enum import StrEnum

from apps.kernel.errors import invalid_state
from apps.policy.reason import declare


class ViewState(StrEnum):
    PROPOSED = "proposed"
    """Waits for a second person."""
    QUEUED = "queued"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


NOT_POSSIBLE = declare(
    "VIEW_STATE",
    "A prepared view that is %(state)s cannot become %(wanted)s.",
    "Possible from here: %(possible)s.",
)

MOVES: dict[ViewState, frozenset[ViewState]] = {
    ViewState.PROPOSED: frozenset({ViewState.QUEUED, ViewState.REJECTED, ViewState.WITHDRAWN}),
    ViewState.QUEUED: frozenset({ViewState.RUNNING, ViewState.FAILED, ViewState.WITHDRAWN}),
    # Whoever prepared it may have died: another begins anew.
    ViewState.RUNNING: frozenset({ViewState.RUNNING, ViewState.READY, ViewState.FAILED}),
    ViewState.FAILED: frozenset({ViewState.QUEUED, ViewState.WITHDRAWN}),
    ViewState.READY: frozenset(),
    ViewState.REJECTED: frozenset(),
    ViewState.WITHDRAWN: frozenset(),
}
BEFORE_CONFIRMED = frozenset({ViewState.PROPOSED, ViewState.REJECTED, ViewState.WITHDRAWN})


def move(state: str, wanted: ViewState) -> ViewState:
    """Raises: InvalidState."""
    possible = MOVES[ViewState(state)]
    if wanted not in possible:
        words = ", ".join(sorted(possible)) or "nothing"
        raise invalid_state(NOT_POSSIBLE, state=state, wanted=wanted.value, possible=words)
    return wanted
