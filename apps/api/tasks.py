"""Tidying what the API keeps for a while."""

from __future__ import annotations

from celery import shared_task
from django.db.models.functions import Now

from apps.api.models import IdempotencyKey


@shared_task
def prune_idempotency_keys() -> None:
    IdempotencyKey.objects.filter(expires_at__lte=Now()).delete()
