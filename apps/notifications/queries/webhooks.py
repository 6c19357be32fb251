"""Reads of webhooks and of what was sent to them."""

from __future__ import annotations

from apps.accounts.authorization import Resource, authorize, may
from apps.accounts.operations import Operation
from apps.kernel.actor import Actor
from apps.kernel.models import HouseQuerySet
from apps.notifications.models import Webhook, WebhookDelivery


def webhooks_visible_to(actor: Actor) -> HouseQuerySet[Webhook]:
    return Webhook.objects.visible_to(actor).select_related("organization")


def deliveries_visible_to(actor: Actor) -> HouseQuerySet[WebhookDelivery]:
    return WebhookDelivery.objects.visible_to(actor).select_related("webhook")


def may_manage(actor: Actor) -> bool:
    return may(actor=actor, operation=Operation.MANAGE_WEBHOOK, resource=_at_home(actor))


def demand_manager(actor: Actor) -> None:
    """Raises: NotPermitted."""
    authorize(actor=actor, operation=Operation.MANAGE_WEBHOOK, resource=_at_home(actor))


def _at_home(actor: Actor) -> Resource:
    return Resource(kind="webhook", organization_id=actor.organization_id or 0)
