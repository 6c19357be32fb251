"""What the sensitivity classes of an organization demand."""

from __future__ import annotations

from dataclasses import dataclass

from apps.policy.stated import Stated
from apps.policy.vocabulary import Quota

SHORTEST_GRANT_DAYS = 1
"""No class may state a shorter longest grant; an unknown one counts as this."""

SHORTEST_LEASE_MINUTES = 15
"""No provider issues a shorter key, so no class may state less; an unknown longest lease counts as this."""


@dataclass(frozen=True, kw_only=True)
class HandlingFacts(Stated):
    """What a sensitivity class demands. `stages` are role names; "dpo" is an opinion, never an approval."""

    rank: int
    code: str
    max_grant_days: Quota
    max_lease_minutes: Quota
    stages: tuple[str, ...]
    needs_step_up: bool | None
    is_auto_ok_allowed: bool | None

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.max_grant_days, int) and self.max_grant_days < SHORTEST_GRANT_DAYS:
            raise ValueError(f"Class {self.code}: the longest grant is at least {SHORTEST_GRANT_DAYS} day.")
        if isinstance(self.max_lease_minutes, int) and self.max_lease_minutes < SHORTEST_LEASE_MINUTES:
            raise ValueError(
                f"Class {self.code}: the longest lease is at least {SHORTEST_LEASE_MINUTES} minutes."
            )
