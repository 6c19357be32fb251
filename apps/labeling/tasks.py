"""Watching over releases of models: what they rest on may fall later."""

from __future__ import annotations

from celery import shared_task

from apps.kernel.actor import SYSTEM
from apps.labeling.commands import keep_release_in_step
from apps.labeling.models import ModelRelease


@shared_task
def keep_releases_in_step() -> None:
    for release in ModelRelease.objects.standing().order_by("pk").values_list("uid", flat=True).iterator():
        keep_release_in_step(actor=SYSTEM, model_release_id=release)
