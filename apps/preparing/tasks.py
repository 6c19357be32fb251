"""Preparing views by themselves, and what must end when somebody died over it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from celery import shared_task

from apps.credentials.lifecycle import LeaseState
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.preparing.commands import end_house_key, expire_house_key, fail_house_key
from apps.preparing.lifecycle import ViewState
from apps.preparing.models import HouseKey, PreparedView
from apps.preparing.work.job import prepared

INTENT_MAY_TAKE = timedelta(minutes=2)
BATCH = 100


@shared_task
def prepare(view_id: str) -> None:
    prepared(UUID(view_id))


def wake(view_id: UUID) -> None:
    """A view may be prepared: some worker does it."""
    prepare.delay(str(view_id))


@shared_task
def keep_views_in_step() -> None:
    """Wake a worker for views that wait, or whose worker died; end what keys of the house are left over."""
    for view in PreparedView.objects.filter(state__in=[ViewState.QUEUED, ViewState.RUNNING])[:BATCH]:
        wake(view.uid)
    reap_house_keys()


def reap_house_keys() -> None:
    """No key of the house without an end. Those of a run that goes on are left to it."""
    now = database_now()
    living = HouseKey.objects.filter(ended_at__isnull=True)
    over = living.filter(expires_at__lte=now).exclude(state=LeaseState.INTENT)
    for key in over.order_by("pk")[:BATCH]:
        expire_house_key(actor=SYSTEM, house_key_id=key.uid)
    unfinished = living.filter(state=LeaseState.INTENT, created_at__lte=now - INTENT_MAY_TAKE)
    for key in unfinished.order_by("pk")[:BATCH]:
        fail_house_key(actor=SYSTEM, house_key_id=key.uid, fault="NEVER_CONFIRMED", nothing_made=False)
    for key in living.filter(state=LeaseState.REVOKE_REQUESTED, next_attempt_at__lte=now)[:BATCH]:
        end_house_key(key.uid)
    orphaned = living.filter(state=LeaseState.ISSUED).exclude(view__state=ViewState.RUNNING)
    for key in orphaned.order_by("pk")[:BATCH]:
        end_house_key(key.uid)


def end_keys_of_lake(lake_id: UUID) -> None:
    """A lake was halted: the keys of the house end as all others do."""
    for key in HouseKey.objects.filter(lake__uid=lake_id, ended_at__isnull=True).order_by("pk"):
        end_house_key(key.uid)
