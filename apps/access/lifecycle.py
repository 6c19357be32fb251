"""The states of requests, of grants and of policy sets: machines that each have their own clock."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from apps.kernel.errors import invalid_state
from apps.policy.reason import declare


class RequestState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    AWAITING_CONDITIONS = "awaiting_conditions"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class GrantState(StrEnum):
    SCHEDULED = "scheduled"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    REVOKED = "revoked"
    GIVEN_BACK = "given_back"
    SUPERSEDED = "superseded"


class ConditionStatus(StrEnum):
    OPEN = "open"
    MET = "met"
    LAPSED = "lapsed"


class PolicySetState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"


NOT_POSSIBLE = declare(
    "REQUEST_STATE",
    "A request that is %(state)s cannot become %(wanted)s.",
    "Possible from here: %(possible)s.",
)
GRANT_NOT_POSSIBLE = declare(
    "GRANT_STATE",
    "A grant that is %(state)s cannot become %(wanted)s.",
    "Possible from here: %(possible)s.",
)

POLICY_SET_NOT_POSSIBLE = declare(
    "POLICY_SET_STATE",
    "A policy set that is %(state)s cannot become %(wanted)s.",
    "Possible from here: %(possible)s. What is published is changed by a new version.",
)

OPEN_REQUEST = frozenset(
    {
        RequestState.DRAFT,
        RequestState.IN_REVIEW,
        RequestState.RETURNED,
        RequestState.AWAITING_CONDITIONS,
    }
)
CLOSED_REQUEST = frozenset(
    {RequestState.APPROVED, RequestState.REJECTED, RequestState.WITHDRAWN, RequestState.LAPSED}
)
EVALUATED_REQUEST = frozenset({RequestState.IN_REVIEW, RequestState.AWAITING_CONDITIONS})
"""Facts that change behind these are looked at again."""
EDITABLE_REQUEST = frozenset({RequestState.DRAFT, RequestState.RETURNED})
LIVE_GRANT = frozenset({GrantState.SCHEDULED, GrantState.ACTIVE, GrantState.SUSPENDED})
"""Not ended. A suspended grant gives nothing, and may give again."""
GIVING_GRANT = LIVE_GRANT - {GrantState.SUSPENDED}
ENDED_GRANT = frozenset(GrantState) - LIVE_GRANT

REQUEST_MOVES: dict[RequestState, frozenset[RequestState]] = {
    RequestState.DRAFT: frozenset({RequestState.IN_REVIEW, RequestState.APPROVED, RequestState.WITHDRAWN}),
    RequestState.IN_REVIEW: frozenset(
        {
            RequestState.APPROVED,
            RequestState.REJECTED,
            RequestState.RETURNED,
            RequestState.AWAITING_CONDITIONS,
            RequestState.WITHDRAWN,
            RequestState.LAPSED,
        }
    ),
    RequestState.RETURNED: frozenset({RequestState.IN_REVIEW, RequestState.APPROVED, RequestState.WITHDRAWN}),
    RequestState.AWAITING_CONDITIONS: frozenset(
        {
            RequestState.APPROVED,
            RequestState.IN_REVIEW,
            RequestState.RETURNED,
            RequestState.WITHDRAWN,
            RequestState.LAPSED,
        }
    ),
    # Only while its grants have not begun: the rules are asked once more when they do.
    RequestState.APPROVED: frozenset({RequestState.IN_REVIEW, RequestState.RETURNED}),
    RequestState.REJECTED: frozenset(),
    RequestState.WITHDRAWN: frozenset(),
    RequestState.LAPSED: frozenset(),
}

GRANT_MOVES: dict[GrantState, frozenset[GrantState]] = {
    GrantState.SCHEDULED: frozenset({GrantState.ACTIVE, GrantState.SUSPENDED, *ENDED_GRANT}),
    GrantState.ACTIVE: frozenset({GrantState.SUSPENDED, *ENDED_GRANT}),
    GrantState.SUSPENDED: frozenset({GrantState.SCHEDULED, GrantState.ACTIVE, *ENDED_GRANT}),
    **{ended: frozenset() for ended in ENDED_GRANT},
}

POLICY_SET_MOVES: dict[PolicySetState, frozenset[PolicySetState]] = {
    PolicySetState.DRAFT: frozenset({PolicySetState.IN_REVIEW}),
    PolicySetState.IN_REVIEW: frozenset({PolicySetState.DRAFT, PolicySetState.PUBLISHED}),
    PolicySetState.PUBLISHED: frozenset(),
}

S = TypeVar("S", RequestState, GrantState, PolicySetState)


def move_request(state: str, wanted: RequestState) -> RequestState:
    """Raises: InvalidState."""
    return _move(RequestState(state), wanted, REQUEST_MOVES, NOT_POSSIBLE)


def move_grant(state: str, wanted: GrantState) -> GrantState:
    """Raises: InvalidState."""
    return _move(GrantState(state), wanted, GRANT_MOVES, GRANT_NOT_POSSIBLE)


def move_policy_set(state: str, wanted: PolicySetState) -> PolicySetState:
    """Raises: InvalidState."""
    return _move(PolicySetState(state), wanted, POLICY_SET_MOVES, POLICY_SET_NOT_POSSIBLE)


def _move(state: S, wanted: S, moves: dict[S, frozenset[S]], code: str) -> S:
    possible = moves[state]
    if wanted not in possible:
        words = ", ".join(sorted(possible)) or "nothing"
        raise invalid_state(code, state=state.value, wanted=wanted.value, possible=words)
    return wanted
