"""What follows by itself: label sets are measured anew, and releases of models watched over."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.kernel.actor import SYSTEM
from apps.labeling.commands import keep_release_in_step, review_label_set
from apps.labeling.facts import open_demands
from apps.labeling.models import ItemManifest, LabelSet, LabelSetReview, ModelRelease, RedactionCheck
from apps.labeling.models.erasure import WITHIN


def _review(label_sets: QuerySet[LabelSet]) -> None:
    for uid in label_sets.order_by("pk").values_list("uid", flat=True):
        review_label_set(actor=SYSTEM, label_set_id=uid)


def review_after_erasure(erasure_id: UUID) -> None:
    _review(LabelSet.objects.filter(erased__erasure__uid=erasure_id))


def review_after_items(manifest_id: UUID) -> None:
    version = ItemManifest.objects.values("version").get(uid=manifest_id)["version"]
    _review(LabelSet.objects.filter(version=version))


def review_after_check(check_id: UUID) -> None:
    version = RedactionCheck.objects.values("version").get(uid=check_id)["version"]
    _review(LabelSet.objects.filter(version=version))


@shared_task
def keep_label_sets_in_step() -> None:
    """Those that wait to be measured, and those whose version holds what was to be erased for a day."""
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


@shared_task
def keep_releases_in_step() -> None:
    for release in ModelRelease.objects.standing().order_by("pk").values_list("uid", flat=True).iterator():
        keep_release_in_step(actor=SYSTEM, model_release_id=release)
