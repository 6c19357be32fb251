"""The states of a campaign and of what it asks, and what follows where nobody answers."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from apps.kernel.errors import invalid_state
from apps.policy.reason import declare


class CampaignState(StrEnum):
    """A draft that is given up is closed without ever having been open."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class ItemState(StrEnum):
    """`unanswered`: the day came and nobody had answered; `ended`: the grant had ended by itself before."""

    OPEN = "open"
    KEPT = "kept"
    REMOVED = "removed"
    UNANSWERED = "unanswered"
    ENDED = "ended"


class Answer(StrEnum):
    KEEP = "keep"
    REMOVE = "remove"


class NoAnswer(StrEnum):
    """What becomes of access about which nobody answered."""

    SUSPEND = "suspend"
    KEEP = "keep"
    REVOKE = "revoke"


class Pool(StrEnum):
    """Who is asked: the first of these among whom somebody may answer."""

    DATA_OWNER = "data_owner"
    STEWARD = "steward"
    COMPLIANCE_OFFICER = "compliance_officer"
    NOBODY = "nobody"


CAMPAIGN_NOT_POSSIBLE = declare(
    "CAMPAIGN_STATE",
    "A campaign that is %(state)s cannot become %(wanted)s.",
    "Possible from here: %(possible)s.",
)
ITEM_NOT_POSSIBLE = declare(
    "REVIEW_STATE",
    "This review is %(state)s; there is nothing to answer any more.",
    "Look at the campaign to see what became of it.",
)

CAMPAIGN_MOVES: dict[CampaignState, frozenset[CampaignState]] = {
    CampaignState.DRAFT: frozenset({CampaignState.OPEN, CampaignState.CLOSED}),
    CampaignState.OPEN: frozenset({CampaignState.CLOSED}),
    CampaignState.CLOSED: frozenset(),
}
ITEM_MOVES: dict[ItemState, frozenset[ItemState]] = {
    ItemState.OPEN: frozenset(
        {ItemState.KEPT, ItemState.REMOVED, ItemState.UNANSWERED, ItemState.ENDED},
    ),
    ItemState.KEPT: frozenset(),
    ItemState.REMOVED: frozenset(),
    ItemState.UNANSWERED: frozenset(),
    ItemState.ENDED: frozenset(),
}
STATE_OF_ANSWER = {Answer.KEEP: ItemState.KEPT, Answer.REMOVE: ItemState.REMOVED}

S = TypeVar("S", CampaignState, ItemState)


def move_campaign(state: str, wanted: CampaignState) -> CampaignState:
    """Raises: InvalidState."""
    return _move(CampaignState(state), wanted, CAMPAIGN_MOVES, CAMPAIGN_NOT_POSSIBLE)


def move_item(state: str, wanted: ItemState) -> ItemState:
    """Raises: InvalidState."""
    return _move(ItemState(state), wanted, ITEM_MOVES, ITEM_NOT_POSSIBLE)


def _move(state: S, wanted: S, moves: dict[S, frozenset[S]], code: str) -> S:
    possible = moves[state]
    if wanted not in possible:
        words = ", ".join(sorted(possible)) or "nothing"
        raise invalid_state(code, state=state.value, wanted=wanted.value, possible=words)
    return wanted
