"""When label sets were measured and by which version of their policy, and what became otherwise since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import timezone

from apps.labeling.models import Annotator, ItemManifest, LabelSet, RedactionCheck
from apps.policy.reason import Reason, Value, declare

MOST_MEASUREMENTS = 10

OTHER_VERSION = declare(
    "LABELS_MEASURED_BY_ANOTHER_VERSION",
    "They were measured by version %(by)s of %(ref)s, and version %(number)s is in force now.",
    "Have them measured anew; that is done by itself within minutes, too.",
)
OTHER_ITEMS = declare(
    "LABELS_MEASURED_BEFORE_ITEMS",
    "They were measured before it was said which items the version has.",
    "Have them measured anew; that is done by itself within minutes, too.",
)
OTHER_CHECK = declare(
    "LABELS_MEASURED_BEFORE_CHECK",
    "They were measured before the newest check of what names people.",
    "Have them measured anew; that is done by itself within minutes, too.",
)
OTHER_GROUPS = declare(
    "LABELS_MEASURED_BEFORE_GROUPS",
    "They were measured before somebody came into another group of the roster.",
    "Have them measured anew, where groups of annotators are compared.",
)


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """`uid` is that of the review; none of what was measured when the labels were brought. `by` is the number
    of the version of the policy; `is_waiting`: it is still to be measured."""

    uid: UUID | None
    at: datetime
    by: int
    verdict: str
    is_waiting: bool = False


def measurements_of(label_set: LabelSet) -> tuple[Measurement, ...]:
    """The newest first, and last what was measured first. One query."""
    cited = label_set.policy.number
    rows = label_set.reviews.order_by("-pk").values_list(
        "uid", "created_at", "policy__number", "verdict", "figures__isnull"
    )
    found = [
        Measurement(uid=uid, at=at, by=by or cited, verdict=verdict, is_waiting=is_waiting)
        for uid, at, by, verdict, is_waiting in rows[:MOST_MEASUREMENTS]
    ]
    first = Measurement(uid=None, at=label_set.created_at, by=cited, verdict=label_set.verdict)
    return (*found, first)


def changed_since(label_set: LabelSet) -> tuple[Reason, ...]:
    """What checks read and became otherwise after the set was measured last. One query."""
    measured = LabelSet.objects.with_measure(timezone.now().date()).filter(pk=label_set.pk)
    later = {"created_at__gt": OuterRef("measured_at")}
    of_version = {"version": OuterRef("version"), **later}
    grouped = Annotator.objects.filter(policy=OuterRef("policy__legal_record"), **later).exclude(group="")
    found = measured.annotate(
        is_before_items=Exists(ItemManifest.objects.filter(**of_version)),
        is_before_check=Exists(RedactionCheck.objects.filter(**of_version)),
        is_before_groups=Exists(grouped),
    ).values("measured_by", "in_force", "is_before_items", "is_before_check", "is_before_groups")
    return tuple(_reasons(label_set, **found.get()))


def _reasons(
    label_set: LabelSet,
    *,
    measured_by: int,
    in_force: int | None,
    is_before_items: bool,
    is_before_check: bool,
    is_before_groups: bool,
) -> Iterator[Reason]:
    if in_force is not None and in_force != measured_by:
        facts: dict[str, Value] = {
            "by": measured_by,
            "ref": label_set.policy.legal_record.ref,
            "number": in_force,
        }
        yield Reason(code=OTHER_VERSION, rule="L01", facts=facts)
    if is_before_items:
        yield Reason(code=OTHER_ITEMS, rule="L08")
    if is_before_check:
        yield Reason(code=OTHER_CHECK, rule="L11")
    if is_before_groups:
        yield Reason(code=OTHER_GROUPS, rule="L09")
