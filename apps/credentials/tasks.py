"""The reaper: no key without a lease, no lease without an end."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.db.models import QuerySet

from apps.credentials.commands import expire_lease, fail_lease, request_revocations_of_grant
from apps.credentials.commands.ending import end_key
from apps.credentials.lifecycle import LeaseState
from apps.credentials.models import Lease
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.lakes.models import Lake
from apps.lakes.providers.registry import provider_for

INTENT_MAY_TAKE = timedelta(minutes=2)
BATCH = 200


def revoke_keys_of_grant(grant_uid: UUID) -> None:
    """A grant has ended, by whatever way: its keys end too."""
    for lease in request_revocations_of_grant(actor=SYSTEM, grant_id=grant_uid):
        end_key(lease.uid)


@shared_task
def reap() -> None:
    """Give up on intents nobody finished, try due revocations again, write down what has run out."""
    now = database_now()
    unfinished = Lease.objects.filter(state=LeaseState.INTENT, created_at__lte=now - INTENT_MAY_TAKE)
    for lease_id in _some(unfinished):
        fail_lease(actor=SYSTEM, lease_id=lease_id, fault="NEVER_CONFIRMED", nothing_made=False)
    over = Lease.objects.filter(ended_at__isnull=True, expires_at__lte=now)
    for lease_id in _some(over.exclude(state=LeaseState.INTENT)):
        expire_lease(actor=SYSTEM, lease_id=lease_id)
    due = Lease.objects.filter(state=LeaseState.REVOKE_REQUESTED, next_attempt_at__lte=now)
    for lease_id in _some(due):
        end_key(lease_id)


@shared_task
def tidy_lakes() -> None:
    """Drop what revocations left behind at the providers and time has made needless."""
    now = database_now()
    for lake in Lake.objects.all():
        connection = lake.spec()
        provider_for(connection).tidy(connection, now=now)


def _some(leases: QuerySet[Lease]) -> list[UUID]:
    return list(leases.order_by("pk").values_list("uid", flat=True)[:BATCH])
