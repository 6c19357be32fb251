"""Ticket systems, and questions put to them."""

from __future__ import annotations

import itertools
from typing import Any

from apps.access.commands import connect_ticket_system
from apps.access.models import Request, TicketCheck, TicketSystem
from apps.accounts.models import Organization
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now

_numbers = itertools.count(1)


def system(organization: Organization, **given: Any) -> TicketSystem:
    made = {"name": f"TRACKER {next(_numbers)}", "url": "https://tickets.example.org/check"}
    new = connect_ticket_system(actor=SYSTEM, organization_id=organization.uid, **{**made, **given})
    found: TicketSystem = new.system
    return found


def asked_about(request: Request, asked: TicketSystem | None = None) -> TicketCheck:
    """A question that waits to be put."""
    now = database_now()
    return TicketCheck.objects.create(
        revision_id=request.revision_key,
        system=asked or system(request.organization),
        next_at=now,
        created_at=now,
    )
