"""What happened to webhooks and preferences. What people were told is no event: it tells of one."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from apps.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class WebhookCreated(Event, name="notifications.webhook.created", about="webhook_id"):
    webhook_id: UUID
    channel: str
    origin: str
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class WebhookChanged(Event, name="notifications.webhook.changed", about="webhook_id"):
    webhook_id: UUID
    changed: tuple[str, ...]
    origin: str
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class WebhookEnabled(Event, name="notifications.webhook.enabled", about="webhook_id"):
    webhook_id: UUID


@dataclass(frozen=True, kw_only=True)
class WebhookDisabled(Event, name="notifications.webhook.disabled", about="webhook_id"):
    """`attempts`: how often the last message was tried in vain; 0 where an administrator disabled it."""

    webhook_id: UUID
    attempts: int


@dataclass(frozen=True, kw_only=True)
class WebhookTested(Event, name="notifications.webhook.tested", about="webhook_id"):
    webhook_id: UUID
    delivery_id: UUID


@dataclass(frozen=True, kw_only=True)
class DeliveryReplayed(Event, name="notifications.delivery.replayed", about="delivery_id"):
    webhook_id: UUID
    delivery_id: UUID


@dataclass(frozen=True, kw_only=True)
class MailPreferenceChanged(Event, name="notifications.preference.changed", about="person_id"):
    person_id: UUID
    kind: str
    mail: str


@dataclass(frozen=True, kw_only=True)
class MailLanguageChosen(Event, name="notifications.language.chosen", about="person_id"):
    person_id: UUID
    language: str
