"""Programs and chat rooms that are told, and every message on its way to them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.authorization import standing_of
from apps.accounts.models import Organization
from apps.accounts.roles import Role
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet


class Channel(models.TextChoices):
    """In which form a message is sent."""

    WEBHOOK = "webhook", _("signed JSON")
    SLACK = "slack", _("Slack, by an incoming webhook")
    SLACK_BOT = "slack_bot", _("Slack, by a bot that can change its messages")
    TEAMS = "teams", _("Microsoft Teams, by a workflow")


class WebhookQuerySet(HouseQuerySet["Webhook"]):
    def visible_to(self, actor: Actor) -> WebhookQuerySet:
        """Those of the organizations one administers."""
        if actor.is_system:
            return self
        held = standing_of(actor).roles
        places = {
            each.organization_id
            for each in held
            if each.role is Role.ADMINISTRATOR and each.domain_id is None
        }
        return self.filter(organization__in=places)


class Webhook(BaseModel):
    """Where messages of an organization go.

    The address and what signs or opens it are secrets: both lie sealed, `origin` is what is shown of them.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    channel = models.CharField(max_length=12, choices=Channel.choices)
    origin = models.CharField(max_length=300)
    sealed = models.BinaryField()
    room = models.CharField(max_length=120, blank=True)
    events = ArrayField(models.CharField(max_length=100))
    is_active = models.BooleanField(default=True)
    disabled_at = models.DateTimeField(null=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="webhook_name_once"),
            models.CheckConstraint(
                condition=Q(is_active=True, disabled_at__isnull=True)
                | Q(is_active=False, disabled_at__isnull=False),
                name="webhook_disabled_at",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DeliveryQuerySet(HouseQuerySet["WebhookDelivery"]):
    def visible_to(self, actor: Actor) -> DeliveryQuerySet:
        return self.filter(webhook__in=Webhook.objects.visible_to(actor))

    def waiting(self) -> DeliveryQuerySet:
        return self.filter(delivered_at__isnull=True, webhook__is_active=True)


class WebhookDelivery(BaseModel):
    """One message to one webhook: ids, the name of what happened and a link; no names, no typed text.

    `thread` is what chat rooms know the message by, so that it can follow the state of what it is about.
    """

    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="deliveries")
    event_uid = models.UUIDField()
    event_name = models.CharField(max_length=100)
    about_uid = models.UUIDField(null=True)
    payload = models.JSONField()
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    status_code = models.PositiveSmallIntegerField(null=True)
    fault = models.CharField(max_length=60, blank=True)
    thread = models.CharField(max_length=80, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event_uid"], name="webhook_delivery_once"),
        ]
        indexes = [
            models.Index("webhook", F("id").desc(), name="webhook_delivery_newest"),
            models.Index("webhook", "about_uid", name="webhook_delivery_about"),
            models.Index("next_at", name="webhook_delivery_due", condition=Q(delivered_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.event_name} to {self.webhook_id}"

    @property
    def state(self) -> str:
        if self.delivered_at:
            return "delivered"
        return "tried" if self.fault else "waiting"
