"""The states of an asset."""

from __future__ import annotations

from enum import StrEnum

from apps.kernel.errors import invalid_state
from apps.policy.reason import declare


class AssetState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


NOT_POSSIBLE = declare(
    "ASSET_STATE",
    "An asset that is %(state)s cannot be %(wanted)s.",
    "Possible from here: %(possible)s.",
)

_NEXT = {
    AssetState.DRAFT: frozenset({AssetState.PUBLISHED, AssetState.RETIRED}),
    AssetState.PUBLISHED: frozenset({AssetState.RETIRED}),
    AssetState.RETIRED: frozenset[AssetState](),
}


def move(state: str, wanted: AssetState) -> AssetState:
    """Raises: InvalidState."""
    possible = _NEXT[AssetState(state)]
    if wanted not in possible:
        words = ", ".join(sorted(possible)) or "nothing"
        raise invalid_state(NOT_POSSIBLE, state=state, wanted=wanted.value, possible=words)
    return wanted
