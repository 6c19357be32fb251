"""Who performs a command now."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


class ActorKind(StrEnum):
    PERSON = "person"
    SERVICE = "service"
    SYSTEM = "system"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """`person_id` is the human behind the account: for a service account its accountable owner.

    `scopes` is None for an interactive sign-in and for the machine itself; a token's actor carries the
    token's scopes. `signed_in_at` is when the person last proved in this session who they are, and
    `second_factor_at` when they last did so by a second factor; nobody proves that by a token. `memo` holds
    what was read about the actor during this request, and never longer.
    """

    kind: ActorKind
    account_id: int | None = None
    person_id: int | None = None
    organization_id: int | None = None
    scopes: frozenset[str] | None = None
    request_id: str = ""
    signed_in_at: datetime | None = None
    second_factor_at: datetime | None = None
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_system(self) -> bool:
        return self.kind is ActorKind.SYSTEM

    @property
    def person_key(self) -> int:
        """The id of the person behind the actor; 0, which nobody has, where there is none."""
        return self.person_id or 0

    @property
    def account_key(self) -> int:
        """The id of the account; 0, which none has, for the machine."""
        return self.account_id or 0

    def renewed(self) -> Actor:
        """The same actor with nothing remembered: every command reads the actor's standing anew."""
        return replace(self, memo={})


SYSTEM = Actor(kind=ActorKind.SYSTEM)
