"""What happened to ticket systems, and what they said."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from apps.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class TicketSystemConnected(Event, name="access.ticket_system.connected", about="ticket_system_id"):
    ticket_system_id: UUID
    system: str
    origin: str
    tells_assets: bool


@dataclass(frozen=True, kw_only=True)
class TicketSystemChanged(Event, name="access.ticket_system.changed", about="ticket_system_id"):
    ticket_system_id: UUID
    changed: tuple[str, ...]
    origin: str
    tells_assets: bool


@dataclass(frozen=True, kw_only=True)
class TicketSystemEnabled(Event, name="access.ticket_system.enabled", about="ticket_system_id"):
    ticket_system_id: UUID


@dataclass(frozen=True, kw_only=True)
class TicketSystemDisabled(Event, name="access.ticket_system.disabled", about="ticket_system_id"):
    ticket_system_id: UUID


@dataclass(frozen=True, kw_only=True)
class TicketChecked(Event, name="access.ticket.checked", about="request_id"):
    """`standing` is what the system said, or that it does not answer."""

    request_id: UUID
    ticket_check_id: UUID
    ticket_system_id: UUID
    system: str
    standing: str


@dataclass(frozen=True, kw_only=True)
class TicketAskedAgain(Event, name="access.ticket.asked_again", about="request_id"):
    request_id: UUID
    systems: tuple[str, ...]
