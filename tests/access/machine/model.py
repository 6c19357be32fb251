"""The model: what it knows of requests and grants, and who there is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from apps.access.commands import ConditionDraft
from apps.accounts.roles import Role
from apps.policy.conditions import ConditionKind

ROUTE = ("owner", "privacy")
HOLDS: dict[str, set[str]] = {
    "owner": {"owner"},
    "second_owner": {"owner"},
    "officer": {"privacy"},
    "second_officer": {"privacy"},
    "owner_and_officer": {"owner", "privacy"},
}
WATCHING = {"dpo", "auditor", *HOLDS}
EVERYBODY = ("scientist", "colleague", "dpo", "auditor", *HOLDS)
PAIRS = {
    "owner": ("second_owner", Role.OWNER),
    "second_owner": ("owner", Role.OWNER),
    "officer": ("second_officer", Role.COMPLIANCE_OFFICER),
    "second_officer": ("officer", Role.COMPLIANCE_OFFICER),
}
"""Who may stand in for whom, and in what."""
EXTENDABLE_FOR = timedelta(days=30)
REQUESTERS = ("scientist", "colleague", "owner", "owner_and_officer")
KINDS = ("personal", "personal", "harmless", "blocked")
BOUND = (ConditionDraft(kind=ConditionKind.BEFORE, text="Sign the statement."),)


@dataclass
class Asked:
    """What the model knows of a request."""

    uid: UUID
    requester: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    moves: list[str] = field(default_factory=lambda: ["draft"])
    is_sent: bool = False
    stage: int = 0
    fillers: set[str] = field(default_factory=set)
    is_bound: bool = False
    recused: set[str] = field(default_factory=set)
    assignee: str | None = None
    cut: datetime | None = None
    is_robots: bool = False
    extends: UUID | None = None
    questions: dict[UUID, bool] = field(default_factory=dict)
    readings: list[dict[str, Any]] = field(default_factory=list)

    @property
    def state(self) -> str:
        return self.moves[-1]

    @property
    def is_open(self) -> bool:
        return self.state in {"draft", "in_review", "returned", "awaiting_conditions"}

    @property
    def end(self) -> datetime:
        """Of a grant, by what is asked and what approvers took away."""
        return min(self.ends_at, self.cut or self.ends_at)

    def begin_review(self) -> None:
        """Nobody has said anything of what is asked now."""
        self.stage, self.fillers, self.is_bound = 0, set(), False
        self.assignee = self.cut = None


@dataclass
class Given:
    """What the model knows of a grant."""

    uid: UUID
    ask: UUID
    kind: str
    person: str
    not_before: datetime
    not_after: datetime
    moves: list[str]
    suspended_by: str = ""
    is_for_cause: bool = False
    is_withheld: bool = False
    is_robots: bool = False

    def is_extendable(self, now: datetime) -> bool:
        return self.moves[-1] in {"active", "expired"} and now <= self.not_after + EXTENDABLE_FOR

    @property
    def is_live(self) -> bool:
        return self.moves[-1] in {"scheduled", "active", "suspended"}
