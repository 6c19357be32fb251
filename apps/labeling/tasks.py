"""What follows by itself: label sets are measured anew, and releases of models watched over."""

from __future__ import annotations

from uuid import UUID

import structlog
from celery import shared_task
from django.db import OperationalError
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import LakewardenError
from apps.labeling.commands import (
    forget_file,
    forget_names,
    keep_release_in_step,
    names_over,
    pause_unsteady,
    review_label_set,
)
from apps.labeling.facts import open_demands
from apps.labeling.lifecycle import ImportState
from apps.labeling.models import (
    ErasedVersion,
    ItemManifest,
    LabelImport,
    LabelSet,
    LabelSetReview,
    ModelRelease,
    RedactionCheck,
)
from apps.labeling.models.erasure import WITHIN
from apps.labeling.work.job import worked

log = structlog.get_logger(__name__)
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


def _review(label_sets: QuerySet[LabelSet]) -> None:
    for uid in label_sets.order_by("pk").values_list("uid", flat=True):
        review_label_set(actor=SYSTEM, label_set_id=uid)


def _catch_up(label_sets: QuerySet[LabelSet]) -> None:
    """By the version in force, the newest first. Each is kept by itself: who begins again goes on where it
    broke off, and one that cannot be measured now does not keep the others waiting."""
    today = database_now().date()
    behind = LabelSet.objects.behind(today)
    for uid in label_sets.filter(pk__in=behind.values("pk")).order_by("-pk").values_list("uid", flat=True):
        if behind.filter(uid=uid).exists():
            try:
                review_label_set(actor=SYSTEM, label_set_id=uid)
            except (LakewardenError, OperationalError):
                log.exception("labels_not_measured", label_set_id=str(uid))


def review_after_policy(legal_record_id: UUID) -> None:
    """A version of a labeling policy came into force: what was measured by another is measured by it."""
    _catch_up(LabelSet.objects.filter(policy__legal_record__uid=legal_record_id))


def review_after_erasure(erasure_id: UUID) -> None:
    """Those that lost items, and where it answers a duty, all that this was asked of."""
    answered = ErasedVersion.objects.filter(erasure__uid=erasure_id, erasure__duty__isnull=False)
    is_told = Q(erased__erasure__uid=erasure_id) | Q(version__in=answered.values("version"))
    _review(LabelSet.objects.filter(is_told).distinct())


def review_after_items(manifest_id: UUID) -> None:
    """What was brought later was held to the list already."""
    manifest = ItemManifest.objects.get(uid=manifest_id)
    _review(LabelSet.objects.filter(version=manifest.version_id, created_at__lt=manifest.created_at))


def review_after_check(check_id: UUID) -> None:
    version = RedactionCheck.objects.values("version").get(uid=check_id)["version"]
    _review(LabelSet.objects.filter(version=version))


def pause_after_labels(label_set_id: UUID) -> None:
    """Labels were brought: whoever stands out in them is paused."""
    pause_unsteady(actor=SYSTEM, label_set_id=label_set_id)


@shared_task
def keep_label_sets_in_step() -> None:
    """Those that wait to be measured, those whose version holds what was to be erased for a day, and those
    that were measured by another version of their policy than the one in force."""
    newest = LabelSetReview.objects.filter(label_set=OuterRef("pk")).order_by("-pk")
    waiting = LabelSet.objects.annotate(last=Subquery(newest.values("pk")[:1])).filter(
        last__in=LabelSetReview.objects.filter(figures__isnull=True)
    )
    _review(waiting)
    demands = open_demands().filter(version=OuterRef("version")).order_by("-occurrence__took_effect_at")
    _review(
        LabelSet.objects.annotate(
            looked_at=Coalesce(Subquery(newest.values("created_at")[:1]), "created_at"),
            demanded_at=Subquery(demands.values("occurrence__took_effect_at")[:1]) + WITHIN,
        ).filter(looked_at__lt=F("demanded_at"))
    )
    _catch_up(LabelSet.objects.all())


@shared_task
def forget_names_over() -> None:
    """Who gave which label, where it may be kept no longer. Each by itself: one that cannot be changed now
    does not keep the names of the others."""
    for uid in names_over(database_now().date()):
        try:
            forget_names(actor=SYSTEM, label_set_id=uid)
        except (LakewardenError, OperationalError):
            log.exception("names_not_forgotten", label_set_id=str(uid))


@shared_task
def keep_releases_in_step() -> None:
    for release in ModelRelease.objects.standing().order_by("pk").values_list("uid", flat=True).iterator():
        keep_release_in_step(actor=SYSTEM, model_release_id=release)
