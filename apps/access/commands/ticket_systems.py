"""Ticket systems: connected, changed, switched off and on. Their secret is shown once."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from uuid import UUID

from apps.access.errors import TICKET_SYSTEM_STANDS, TICKET_SYSTEM_TAKEN
from apps.access.events import (
    TicketSystemChanged,
    TicketSystemConnected,
    TicketSystemDisabled,
    TicketSystemEnabled,
)
from apps.access.models import TicketSystem
from apps.accounts.authorization import Resource, authorize
from apps.accounts.models import Organization
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.characters import check_name
from apps.kernel.errors import conflict, invalid_state
from apps.kernel.outbound import outbound
from apps.kernel.sealing import seal, unseal

SEALED_FOR = "ticket system"


@dataclass(frozen=True, kw_only=True)
class Secrets:
    """What lies sealed in a ticket system: its address, and what signs the questions to it."""

    url: str
    secret: str


@dataclass(frozen=True, kw_only=True)
class NewTicketSystem:
    """A ticket system, with what signs the questions to it at the one moment it is shown."""

    system: TicketSystem
    secret: str = field(repr=False)


@command(lock=Organization)
def connect_ticket_system(
    *, actor: Actor, organization_id: UUID, name: str, url: str, tells_assets: bool = False, at: datetime
) -> NewTicketSystem:
    """Have a system asked about tickets, under the name by which rules name it.

    Raises: NotFound, NotPermitted, InvalidInput (name, address), Conflict.
    """
    organization = Organization.objects.visible_to(actor).one(organization_id)
    authorize(actor=actor, operation=Operation.MANAGE_TICKET_SYSTEM, resource=_in(organization.pk))
    check_name(name)
    if TicketSystem.objects.filter(organization=organization, name=name).exists():
        raise conflict(TICKET_SYSTEM_TAKEN, name=name)
    secret = secrets.token_urlsafe(32)
    system = TicketSystem(organization=organization, name=name, tells_assets=tells_assets, created_at=at)
    _aim(system, Secrets(url=url, secret=secret))
    system.save(force_insert=True)
    event = TicketSystemConnected(
        ticket_system_id=system.uid, system=name, origin=system.origin, tells_assets=tells_assets
    )
    record(event, actor=actor, at=at)
    return NewTicketSystem(system=system, secret=secret)


@command(lock=TicketSystem)
def change_ticket_system(
    *,
    actor: Actor,
    ticket_system_id: UUID,
    seen_version: int | None = None,
    url: str | None = None,
    tells_assets: bool | None = None,
    at: datetime,
) -> TicketSystem:
    """Change what is given. The name stays: rules name it.

    Raises: NotFound, NotPermitted, InvalidInput (address), StaleVersion.
    """
    system = _managed(actor, ticket_system_id)
    system.expect_version(seen_version)
    given = {"url": url, "tells_assets": tells_assets}
    changed = tuple(sorted(name for name, value in given.items() if value is not None))
    _aim(system, Secrets(url=url or opened(system).url, secret=opened(system).secret))
    system.tells_assets = system.tells_assets if tells_assets is None else tells_assets
    system.write("origin", "sealed", "tells_assets")
    _record_change(system, changed, actor, at)
    return system


@command(lock=TicketSystem)
def renew_ticket_secret(*, actor: Actor, ticket_system_id: UUID, at: datetime) -> NewTicketSystem:
    """Sign with another secret from now on; the earlier one signs nothing more.

    Raises: NotFound, NotPermitted.
    """
    system = _managed(actor, ticket_system_id)
    secret = secrets.token_urlsafe(32)
    _aim(system, Secrets(url=opened(system).url, secret=secret))
    system.write("origin", "sealed")
    _record_change(system, ("secret",), actor, at)
    return NewTicketSystem(system=system, secret=secret)


@command(lock=TicketSystem)
def disable_ticket_system(*, actor: Actor, ticket_system_id: UUID, at: datetime) -> TicketSystem:
    """Ask it nothing more. What it has answered stands; what it has not waits.

    Raises: NotFound, NotPermitted, InvalidState.
    """
    system = _managed(actor, ticket_system_id)
    if not system.is_active:
        raise invalid_state(TICKET_SYSTEM_STANDS, state="disabled")
    system.is_active, system.disabled_at = False, at
    system.write("is_active", "disabled_at")
    record(TicketSystemDisabled(ticket_system_id=system.uid), actor=actor, at=at)
    return system


@command(lock=TicketSystem)
def enable_ticket_system(*, actor: Actor, ticket_system_id: UUID, at: datetime) -> TicketSystem:
    """Ask it again, first what waits.  Raises: NotFound, NotPermitted, InvalidState."""
    system = _managed(actor, ticket_system_id)
    if system.is_active:
        raise invalid_state(TICKET_SYSTEM_STANDS, state="enabled")
    system.is_active, system.disabled_at = True, None
    system.write("is_active", "disabled_at")
    system.checks.filter(answered_at__isnull=True).update(attempts=0, next_at=at)
    record(TicketSystemEnabled(ticket_system_id=system.uid), actor=actor, at=at)
    return system


def opened(system: TicketSystem) -> Secrets:
    """Raises: ProviderFailure."""
    found: Mapping[str, str] = json.loads(unseal(system.sealed, use=SEALED_FOR))
    return Secrets(**found)


def _managed(actor: Actor, ticket_system_id: UUID) -> TicketSystem:
    system = TicketSystem.objects.visible_to(actor).for_update(ticket_system_id)
    resource = _in(system.organization_id)
    authorize(actor=actor, operation=Operation.MANAGE_TICKET_SYSTEM, resource=resource)
    return system


def _aim(system: TicketSystem, meant: Secrets) -> None:
    origin = outbound().destination(meant.url).origin
    system.origin = f"{origin.scheme}://{origin.host}:{origin.port}"
    system.sealed = seal(json.dumps(asdict(meant)), use=SEALED_FOR)


def _record_change(system: TicketSystem, changed: tuple[str, ...], actor: Actor, at: datetime) -> None:
    event = TicketSystemChanged(
        ticket_system_id=system.uid,
        changed=changed,
        origin=system.origin,
        tells_assets=system.tells_assets,
    )
    record(event, actor=actor, at=at)


def _in(organization_id: int) -> Resource:
    return Resource(kind="ticket system", organization_id=organization_id)
