"""Webhooks: made, changed, put to the test, switched off and on. Their secret is shown once."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from uuid import UUID

from apps.accounts.authorization import Resource, authorize
from apps.accounts.models import Organization
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.characters import check_name
from apps.kernel.errors import conflict, invalid, invalid_state
from apps.kernel.events import declared_events
from apps.kernel.ids import new_uid
from apps.kernel.outbound import outbound
from apps.kernel.sealing import seal, unseal
from apps.notifications.channels.message import Secrets
from apps.notifications.errors import (
    WEBHOOK_DISABLED,
    WEBHOOK_EVENT_UNKNOWN,
    WEBHOOK_NAME_TAKEN,
    WEBHOOK_STANDS,
    WEBHOOK_TOKEN_ANEW,
    WEBHOOK_WITHOUT_TOKEN,
)
from apps.notifications.events import (
    DeliveryReplayed,
    WebhookChanged,
    WebhookCreated,
    WebhookDisabled,
    WebhookEnabled,
    WebhookTested,
)
from apps.notifications.models import Channel, Webhook, WebhookDelivery
from apps.notifications.notices import told_to_programs
from apps.notifications.notices.standing import may_be_chatted

SEALED_FOR = "webhook"
CHATTING = frozenset({Channel.SLACK, Channel.SLACK_BOT, Channel.TEAMS})


@dataclass(frozen=True, kw_only=True)
class NewWebhook:
    """A webhook, with what signs its messages at the one moment it is shown; empty for chat rooms."""

    webhook: Webhook
    secret: str = field(repr=False)


@command(lock=Organization)
def create_webhook(
    *,
    actor: Actor,
    organization_id: UUID,
    name: str,
    channel: Channel,
    url: str,
    events: Collection[str],
    token: str = "",
    room: str = "",
    at: datetime,
) -> NewWebhook:
    """Have messages sent to an address. Nothing is sent yet: test it.

    Raises: NotFound, NotPermitted, InvalidInput (name, address, events, a bot without token), Conflict.
    """
    organization = Organization.objects.visible_to(actor).one(organization_id)
    authorize(actor=actor, operation=Operation.MANAGE_WEBHOOK, resource=_in(organization.pk))
    secret = secrets.token_urlsafe(32) if channel is Channel.WEBHOOK else token
    webhook = Webhook(organization=organization, channel=channel, room=room, created_at=at)
    _rename(webhook, name)
    _aim(webhook, Secrets(url=url, secret=secret))
    webhook.events = _known(events, channel)
    webhook.save(force_insert=True)
    event = WebhookCreated(
        webhook_id=webhook.uid, channel=channel.value, origin=webhook.origin, events=tuple(webhook.events)
    )
    record(event, actor=actor, at=at)
    return NewWebhook(webhook=webhook, secret=secret if channel is Channel.WEBHOOK else "")


@command(lock=Webhook)
def change_webhook(
    *,
    actor: Actor,
    webhook_id: UUID,
    seen_version: int | None = None,
    name: str | None = None,
    url: str | None = None,
    events: Collection[str] | None = None,
    token: str | None = None,
    room: str | None = None,
    at: datetime,
) -> Webhook:
    """Change what is given. What signs messages to a program stays; for another secret, make another webhook.
    The token of a bot is given anew with an address elsewhere: nobody learns it by having it sent to them.

    Raises: NotFound, NotPermitted, InvalidInput, Conflict (name), StaleVersion.
    """
    webhook = _managed(actor, webhook_id)
    webhook.expect_version(seen_version)
    given = {"name": name, "url": url, "events": events, "token": token, "room": room}
    changed = tuple(sorted(field for field, value in given.items() if value is not None))
    if name is not None:
        _rename(webhook, name)
    webhook.room = webhook.room if room is None else room
    meant, before = opened(webhook), webhook.origin
    secret = token if token is not None and webhook.channel == Channel.SLACK_BOT else meant.secret
    _aim(webhook, Secrets(url=meant.url if url is None else url, secret=secret))
    if webhook.channel == Channel.SLACK_BOT and webhook.origin != before and not token:
        raise invalid("token", WEBHOOK_TOKEN_ANEW, origin=before)
    webhook.events = webhook.events if events is None else _known(events, webhook.channel)
    webhook.write("name", "room", "origin", "sealed", "events")
    event = WebhookChanged(
        webhook_id=webhook.uid, changed=changed, origin=webhook.origin, events=tuple(webhook.events)
    )
    record(event, actor=actor, at=at)
    return webhook


@command(lock=Webhook)
def disable_webhook(*, actor: Actor, webhook_id: UUID, attempts: int = 0, at: datetime) -> Webhook:
    """Send nothing more to it; what waits goes on waiting. `attempts` in vain are the machine's to count.

    Raises: NotFound, NotPermitted, InvalidState.
    """
    webhook = _managed(actor, webhook_id)
    if not webhook.is_active:
        raise invalid_state(WEBHOOK_STANDS, state="disabled")
    webhook.is_active, webhook.disabled_at = False, at
    webhook.write("is_active", "disabled_at")
    in_vain = attempts if actor.is_system else 0
    record(WebhookDisabled(webhook_id=webhook.uid, attempts=in_vain), actor=actor, at=at)
    return webhook


@command(lock=Webhook)
def enable_webhook(*, actor: Actor, webhook_id: UUID, at: datetime) -> Webhook:
    """Send to it again, first what waits.  Raises: NotFound, NotPermitted, InvalidState."""
    webhook = _managed(actor, webhook_id)
    if webhook.is_active:
        raise invalid_state(WEBHOOK_STANDS, state="enabled")
    webhook.is_active, webhook.disabled_at = True, None
    webhook.write("is_active", "disabled_at")
    webhook.deliveries.filter(delivered_at__isnull=True).update(attempts=0, next_at=at)
    record(WebhookEnabled(webhook_id=webhook.uid), actor=actor, at=at)
    return webhook


@command(lock=Webhook)
def test_webhook(*, actor: Actor, webhook_id: UUID, at: datetime) -> WebhookDelivery:
    """Send a message that says it is a test.  Raises: NotFound, NotPermitted, InvalidState (disabled)."""
    webhook = _managed(actor, webhook_id)
    _demand_active(webhook)
    uid = new_uid()
    delivery = WebhookDelivery.objects.create(
        webhook=webhook,
        event_uid=uid,
        event_name=WebhookTested.name,
        payload={"event": WebhookTested.name, "id": str(uid), "at": at.isoformat()},
        next_at=at,
        created_at=at,
    )
    record(WebhookTested(webhook_id=webhook.uid, delivery_id=delivery.uid), actor=actor, at=at)
    return delivery


@command(lock=WebhookDelivery)
def replay_delivery(*, actor: Actor, webhook_delivery_id: UUID, at: datetime) -> WebhookDelivery:
    """Send a message once more, now, under its own id.  Raises: NotFound, NotPermitted, InvalidState."""
    delivery = WebhookDelivery.objects.visible_to(actor).for_update(webhook_delivery_id)
    webhook = delivery.webhook
    authorize(actor=actor, operation=Operation.MANAGE_WEBHOOK, resource=_in(webhook.organization_id))
    _demand_active(webhook)
    delivery.attempts, delivery.next_at, delivery.delivered_at = 0, at, None
    delivery.write("attempts", "next_at", "delivered_at")
    record(DeliveryReplayed(webhook_id=webhook.uid, delivery_id=delivery.uid), actor=actor, at=at)
    return delivery


def opened(webhook: Webhook) -> Secrets:
    """Raises: ProviderFailure."""
    found: Mapping[str, str] = json.loads(unseal(webhook.sealed, use=SEALED_FOR))
    return Secrets(**found)


def _managed(actor: Actor, webhook_id: UUID) -> Webhook:
    webhook = Webhook.objects.visible_to(actor).for_update(webhook_id)
    authorize(actor=actor, operation=Operation.MANAGE_WEBHOOK, resource=_in(webhook.organization_id))
    return webhook


def _rename(webhook: Webhook, name: str) -> None:
    check_name(name)
    others = Webhook.objects.filter(organization=webhook.organization_id, name=name).exclude(uid=webhook.uid)
    if others.exists():
        raise conflict(WEBHOOK_NAME_TAKEN, name=name)
    webhook.name = name


def _aim(webhook: Webhook, meant: Secrets) -> None:
    if webhook.channel == Channel.SLACK_BOT and not (meant.secret and webhook.room):
        raise invalid("room" if meant.secret else "token", WEBHOOK_WITHOUT_TOKEN)
    origin = outbound().destination(meant.url).origin
    webhook.origin = f"{origin.scheme}://{origin.host}:{origin.port}"
    webhook.sealed = seal(json.dumps(asdict(meant)), use=SEALED_FOR)


def _known(events: Collection[str], channel: str) -> list[str]:
    possible = told_to_programs() & declared_events().keys()
    known = {name for name in possible if channel not in CHATTING or may_be_chatted(name)}
    for event in events:
        if event not in known:
            raise invalid("events", WEBHOOK_EVENT_UNKNOWN, event=event, known=", ".join(sorted(known)))
    return sorted(set(events))


def _demand_active(webhook: Webhook) -> None:
    if not webhook.is_active:
        raise invalid_state(WEBHOOK_DISABLED)


def _in(organization_id: int) -> Resource:
    return Resource(kind="webhook", organization_id=organization_id)
