"""Reads of ticket systems and of what they have said."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from apps.access.models import Request, TicketCheck, TicketSystem
from apps.accounts.authorization import Resource, authorize, may
from apps.accounts.operations import Operation
from apps.kernel.actor import Actor
from apps.kernel.models import HouseQuerySet


def ticket_systems_visible_to(actor: Actor) -> HouseQuerySet[TicketSystem]:
    return TicketSystem.objects.visible_to(actor).select_related("organization")


def may_manage_ticket_systems(actor: Actor) -> bool:
    return may(actor=actor, operation=Operation.MANAGE_TICKET_SYSTEM, resource=_at_home(actor))


def demand_ticket_manager(actor: Actor) -> None:
    """Raises: NotPermitted."""
    authorize(actor=actor, operation=Operation.MANAGE_TICKET_SYSTEM, resource=_at_home(actor))


def ticket_checks_of(actor: Actor, request_id: UUID) -> QuerySet[TicketCheck]:
    """Whom the current revision's ticket was put to.  Raises: NotFound, where the request is hidden."""
    return ticket_checks_on(Request.objects.visible_to(actor).one(request_id))


def ticket_checks_on(request: Request) -> QuerySet[TicketCheck]:
    """`ticket_checks_of` a request that was read already."""
    return TicketCheck.objects.filter(revision=request.revision_key).select_related("system").order_by("pk")


def _at_home(actor: Actor) -> Resource:
    return Resource(kind="ticket system", organization_id=actor.organization_id or 0)
