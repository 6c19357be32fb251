"""What systems that keep tickets have said."""

from __future__ import annotations

from dataclasses import dataclass

from apps.policy.stated import Stated
from apps.policy.vocabulary import TicketStanding


@dataclass(frozen=True, kw_only=True)
class TicketFacts(Stated):
    """What one connected ticket system has said about the ticket that the requester named."""

    system: str
    standing: TicketStanding
