"""What is told of releases of models, to who owns the model and who released it; and of items that were to be
erased and are still there, and labels that are good for less than before, to who looks after the dataset and
who owns it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from apps.accounts.roles import ObjectPermission
from apps.audit.models import AuditEvent
from apps.catalog.queries import people_holding
from apps.kernel.events import Plain
from apps.labeling.checks.erasing import OPEN
from apps.labeling.checks.terms import Verdict
from apps.labeling.models import Annotator, LabelSet, LabelSetReview, ModelRelease
from apps.notifications.notices.people import accounts_of
from apps.notifications.notices.registry import Telling, subject_of, tells


@tells("labeling.release.fell")
def release_fell(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    release = ModelRelease.objects.select_related("version__asset").get(uid=subject_of(event))
    asset = release.version.asset
    people = people_holding(ObjectPermission.OWN, asset)
    if release.released_by_id is not None:
        people |= {release.released_by_id}
    yield Telling(
        code="release_fell",
        to=accounts_of(people),
        about=release.version.uid,
        assets=(asset.uid,),
        facts={"number": release.version.number},
    )


@tells("labeling.annotator.paused")
def annotator_paused(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """To them, where they are of the house, to who wrote the policy, and to who looks after the data."""
    row = Annotator.objects.select_related("policy").get(uid=subject_of(event))
    label_set = LabelSet.objects.select_related("version__asset").get(uid=event.data["label_set_id"])
    asset = label_set.version.asset
    people = people_holding(ObjectPermission.STEWARD, asset) | people_holding(ObjectPermission.OWN, asset)
    wrote = row.policy.versions.exclude(submitted_by=None).values_list("submitted_by", flat=True)
    yield Telling(
        code="annotator_paused",
        to=accounts_of({*people, row.person_id, wrote.order_by("-number").first()}),
        about=row.policy.uid,
        assets=(asset.uid,),
        facts={"annotator": row.code, "number": label_set.number, "ref": row.policy.ref},
    )


@tells("labeling.annotator.pause_lifted")
def pause_lifted(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """To them, where they are of the house."""
    row = Annotator.objects.select_related("policy").get(uid=subject_of(event))
    if row.person_id is not None:
        facts: dict[str, Plain] = {"annotator": row.code, "ref": row.policy.ref}
        yield Telling(code="pause_lifted", to=accounts_of({row.person_id}), about=row.policy.uid, facts=facts)


@tells("labeling.label_set.reviewed")
def reviewed_anew(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    label_set = LabelSet.objects.select_related("version__asset", "policy").get(uid=subject_of(event))
    yield from _erasure_overdue(label_set, event)
    yield from _worse(label_set, event)


def _worse(label_set: LabelSet, event: AuditEvent) -> Iterator[Telling]:
    """Where labels are good for less than they were when they were measured before."""
    known = label_set.reviews.filter(created_at__lte=event.at).order_by("-pk")
    verdicts = [*known.exclude(figures=None).values_list("verdict", flat=True)[:2], label_set.verdict]
    order = list(Verdict)
    now, before = (order.index(Verdict(each)) for each in verdicts[:2])
    if now <= before:
        return
    asset = label_set.version.asset
    people = people_holding(ObjectPermission.STEWARD, asset) | people_holding(ObjectPermission.OWN, asset)
    yield Telling(
        code="labels_worse",
        to=accounts_of(people),
        about=label_set.uid,
        assets=(asset.uid,),
        facts={"number": label_set.number},
    )


def _erasure_overdue(label_set: LabelSet, event: AuditEvent) -> Iterator[Telling]:
    """Once a day has gone by since an occurrence took effect, and no more until another one asks."""
    newest, *before = label_set.reviews.filter(created_at__lte=event.at).order_by("-pk")[:2]
    is_told_by_another = LabelSet.objects.filter(version=label_set.version_id, pk__gt=label_set.pk).exists()
    found, known = _asked(newest), max((_asked(each) for each in before), default=0)
    if is_told_by_another or found <= known:
        return
    asset = label_set.version.asset
    people = people_holding(ObjectPermission.STEWARD, asset) | people_holding(ObjectPermission.OWN, asset)
    yield Telling(
        code="erasure_overdue",
        to=accounts_of(people),
        about=label_set.version.uid,
        assets=(asset.uid,),
        facts={"number": label_set.version.number},
    )


def _asked(review: LabelSetReview) -> int:
    """By how many occurrences without an answer."""
    reasons = (finding["reason"] for finding in review.findings)
    return max((reason["facts"]["count"] for reason in reasons if reason["code"] == OPEN), default=0)
