"""The states of a file of labels on its way in."""

from __future__ import annotations

from enum import StrEnum

from apps.kernel.errors import invalid_state
from apps.policy.reason import declare


class ImportState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"


NOT_POSSIBLE = declare(
    "LABEL_IMPORT_STATE",
    "A file of labels that is %(state)s cannot become %(wanted)s.",
    "Possible from here: %(possible)s.",
)

MOVES: dict[ImportState, frozenset[ImportState]] = {
    ImportState.QUEUED: frozenset({ImportState.RUNNING, ImportState.REFUSED}),
    # Whoever read it may have died: another begins anew.
    ImportState.RUNNING: frozenset({ImportState.RUNNING, ImportState.DONE, ImportState.REFUSED}),
    ImportState.REFUSED: frozenset({ImportState.QUEUED}),
    ImportState.DONE: frozenset(),
}


def move(state: str, wanted: ImportState) -> ImportState:
    """Raises: InvalidState."""
    possible = MOVES[ImportState(state)]
    if wanted not in possible:
        words = ", ".join(sorted(possible)) or "nothing"
        raise invalid_state(NOT_POSSIBLE, state=state, wanted=wanted.value, possible=words)
    return wanted
