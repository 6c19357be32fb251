"""The trail. Rows are inserted, never changed: the database refuses UPDATE, DELETE and TRUNCATE."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from apps.kernel.ids import new_uid


class XidField(models.Field):  # type: ignore[type-arg]
    """PostgreSQL's `xid8`: the transaction that wrote the row, in which order the trail will be sealed."""

    def db_type(self, connection: object) -> str:
        return "xid8"


class CurrentTransaction(models.Func):
    function = "pg_current_xact_id"
    output_field = XidField()


class Outcome(models.TextChoices):
    DONE = "done"
    REFUSED = "refused"


class AuditEvent(models.Model):
    """One thing that happened, or was refused.

    `data` holds allow-listed fields only. Fields that may hold personal data lie in `AuditPersonal`; here
    stays a commitment SHA-256(salt || value) to each, so that erasure drops salt and value and the trail
    still proves what it proved.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=new_uid, editable=False)
    xid = XidField(db_default=CurrentTransaction(), editable=False)
    at = models.DateTimeField()
    request_id = models.CharField(max_length=64, blank=True)
    actor_kind = models.CharField(max_length=8)
    actor_account_id = models.BigIntegerField(null=True)
    actor_person_id = models.BigIntegerField(null=True)
    organization_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=100)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    subject_uid = models.UUIDField(null=True)
    data = models.JSONField()
    commitments = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(F("at").desc(), F("id").desc(), name="audit_event_newest"),
            models.Index("subject_uid", F("id").desc(), name="audit_event_subject"),
            models.Index("actor_person_id", F("id").desc(), name="audit_event_person"),
            models.Index("name", F("id").desc(), name="audit_event_name"),
            models.Index("xid", "id", name="audit_event_sealing_order"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.outcome} {self.subject_uid}"


class AuditPersonal(models.Model):
    """A field of an event that may hold personal data, under its own salt. Deleted by erasure."""

    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="personal")
    field = models.CharField(max_length=60)
    value = models.TextField()
    salt = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "field"], name="audit_personal_once")]

    def __str__(self) -> str:
        return f"{self.field} of event {self.event_id}"


class AuditDelivery(models.Model):
    """An event on its way to one subscriber: the outbox. Done rows stay, they are the proof of delivery."""

    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="deliveries")
    subscriber = models.CharField(max_length=200)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "subscriber"], name="audit_delivery_once")]
        indexes = [
            models.Index("next_at", name="audit_delivery_pending", condition=Q(delivered_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} hears event {self.event_id}"
