"""Reading files of labels, also those whose reader died, and watching over releases of models."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.labeling.commands import forget_file, keep_release_in_step
from apps.labeling.lifecycle import ImportState
from apps.labeling.models import LabelImport, ModelRelease
from apps.labeling.work.job import worked

BATCH = 100


@shared_task
def read_labels(import_id: str) -> None:
    worked(UUID(import_id))


def wake(label_import_id: UUID) -> None:
    """A file was brought: some worker reads it."""
    read_labels.delay(str(label_import_id))


@shared_task
def keep_imports_in_step() -> None:
    """Wake a worker for files that wait, or whose worker died; delete the bytes whose time is over."""
    for each in LabelImport.objects.filter(state__in=[ImportState.QUEUED, ImportState.RUNNING])[:BATCH]:
        wake(each.uid)
    for each in LabelImport.objects.filter(kept_until__lte=database_now()).order_by("pk")[:BATCH]:
        forget_file(actor=SYSTEM, label_import_id=each.uid)


@shared_task
def keep_releases_in_step() -> None:
    for release in ModelRelease.objects.standing().order_by("pk").values_list("uid", flat=True).iterator():
        keep_release_in_step(actor=SYSTEM, model_release_id=release)
