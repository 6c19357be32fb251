"""Writing the trail, in the transaction of the change it tells of."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

import structlog
from django.db import transaction
from kombu.exceptions import OperationalError

from apps.audit.acting import organization_acted_in
from apps.audit.models import AuditDelivery, AuditEvent, AuditPersonal, Outcome
from apps.kernel.actor import Actor
from apps.kernel.events import Event, subscribers_of
from apps.policy.reason import Reason

log = structlog.get_logger(__name__)
SALT_BYTES = 32


def record(event: Event, *, actor: Actor, at: datetime) -> AuditEvent:
    """Add what happened to the trail, and hand it to its subscribers once it is committed."""
    row = _row(actor=actor, at=at, name=event.name, outcome=Outcome.DONE, subject_uid=event.subject_uid)
    row.data = event.public()
    personal = [
        AuditPersonal(event=row, field=name, value=value, salt=secrets.token_bytes(SALT_BYTES))
        for name, value in event.personal().items()
    ]
    row.commitments = {entry.field: commitment(entry.salt, entry.value) for entry in personal}
    row.save(force_insert=True)
    if personal:
        AuditPersonal.objects.bulk_create(personal)
    _enlist(row, at=at)
    return row


def record_refusal(
    *, command: str, actor: Actor, at: datetime, subject_uid: UUID | None, reasons: Sequence[Reason]
) -> AuditEvent:
    """Add to the trail that something was asked and refused, and why."""
    row = _row(actor=actor, at=at, name=command, outcome=Outcome.REFUSED, subject_uid=subject_uid)
    row.data = {"reasons": [reason.as_json() for reason in reasons]}
    row.save(force_insert=True)
    return row


def commitment(salt: bytes | memoryview, value: str) -> str:
    """SHA-256(salt || value), hexadecimal."""
    return hashlib.sha256(bytes(salt) + value.encode()).hexdigest()


def _row(*, actor: Actor, at: datetime, name: str, outcome: Outcome, subject_uid: UUID | None) -> AuditEvent:
    """It stands in the trail of the organization of whoever acted; where the machine did, in that of what the
    command is about."""
    return AuditEvent(
        at=at,
        request_id=actor.request_id,
        actor_kind=actor.kind,
        actor_account_id=actor.account_id,
        actor_person_id=actor.person_id,
        organization_id=actor.organization_id or organization_acted_in(),
        name=name,
        outcome=outcome,
        subject_uid=subject_uid,
    )


def _enlist(row: AuditEvent, *, at: datetime) -> None:
    deliveries = AuditDelivery.objects.bulk_create(
        AuditDelivery(event=row, subscriber=name, next_at=at) for name in subscribers_of(row.name)
    )
    for delivery in deliveries:
        transaction.on_commit(partial(_dispatch, delivery.pk))


def _dispatch(delivery_id: int) -> None:
    """Wake a worker. A broker that is down costs nothing: the row stays due, and beat sweeps due rows."""
    from apps.audit.tasks import deliver

    try:
        deliver.delay(delivery_id)
    except OperationalError:
        log.warning("broker_unreachable", delivery_id=delivery_id)
