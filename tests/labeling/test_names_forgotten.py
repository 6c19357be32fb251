"""Who gave which label is kept no longer than the retention schedule of the policy says."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, OperationalError, transaction

from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.catalog.models import AssetVersion
from apps.compliance.lifecycle.labeling import LabelTask
from apps.compliance.lifecycle.retention import RETENTIONS, RetentionAction, RetentionContent, Trigger
from apps.compliance.models import LegalRecord
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidState, NotPermitted, RuleBroken
from apps.labeling import tasks
from apps.labeling.commands import forget_names, names_over, review_label_set
from apps.labeling.models import Label, LabelSet, NamesForgotten
from apps.labeling.tasks import forget_names_over
from tests.factories import accounts, labels
from tests.factories.accounts import World
from tests.factories.records import kept
from tests.labeling.exports import in_coco

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=3)


@pytest.fixture
def world() -> World:
    return accounts.world()


def schedule(world: World, **given: Any) -> LegalRecord:
    said = {
        "name": "Raw labels",
        "data": "Who gave which label",
        "duration": "P2D",
        "max_cap": "P9D",
        **given,
    }
    said = {"trigger": Trigger.COLLECTION, "action": RetentionAction.ERASE, **said}
    return kept(world.organization, RETENTIONS, RetentionContent(**said))


def version_of(world: World, retention: LegalRecord, **given: Any) -> AssetVersion:
    names = {"are_raw_kept": True, "raw_activity": uuid4(), "raw_retention": retention.uid}
    return labels.labeled_version(world.domain, **names, **given)


def codes(label_set: LabelSet) -> set[str]:
    return set(Label.objects.filter(label_set=label_set).values_list("annotator", flat=True))


def test_names_go_when_the_schedule_is_over_and_what_was_measured_stays(world: World) -> None:
    version = version_of(world, schedule(world))
    old = labels.brought(version, labels.sound(wrong=5), at=database_now() - LONG_AGO)
    new = labels.brought(version)
    assert codes(old) == codes(new) == {"7", "8", labels.EXPERT}
    forget_names_over()
    assert (codes(old), codes(new)) == ({""}, {"7", "8", labels.EXPERT})
    told = NamesForgotten.objects.get()
    assert (told.label_set, told.due_on) == (old, old.created_at.date() + timedelta(days=2))
    event = AuditEvent.objects.get(name="labeling.label_set.names_forgotten")
    assert event.subject_uid == old.uid
    review = review_label_set(actor=SYSTEM, label_set_id=old.uid)
    figures = ("agreement", "lower", "upper")
    assert [review.figures[name] for name in figures] == [old.figures[name] for name in figures]
    assert review.verdict == old.verdict
    forget_names_over()
    assert NamesForgotten.objects.count() == 1


def test_nobody_is_known_from_one_item_to_the_next(world: World) -> None:
    version = version_of(world, schedule(world))
    old = labels.brought(version, at=database_now() - LONG_AGO)
    forget_names_over()
    answers = list(Label.objects.filter(label_set=old).values_list("item", "answer"))
    assert len({answer for _item, answer in answers}) == len(answers)


def test_who_labeled_a_file_that_names_nobody_goes_too(world: World) -> None:
    version = version_of(world, schedule(world), task=LabelTask.BOX)
    one = labels.brought(version, in_coco(), labeled_by="7", at=database_now() - LONG_AGO)
    forget_names_over()
    one.refresh_from_db()
    assert (codes(one), one.labeled_by) == ({""}, f"annotator-{one.pk}")
    with pytest.raises(RuleBroken) as refused:
        labels.brought(version, in_coco(shift=1), labeled_by="8", together_with=one.uid)
    assert [reason.code for reason in refused.value.reasons] == ["LABELS_JOINED_NAMELESS"]


def test_a_set_that_a_file_was_added_to_is_as_old_as_the_first(world: World) -> None:
    """Else names would be kept for longer by bringing them once more."""
    version = version_of(world, schedule(world), task=LabelTask.BOX)
    one = labels.brought(version, in_coco(), labeled_by="7", at=database_now() - LONG_AGO)
    both = labels.brought(version, in_coco(shift=1), labeled_by="8", together_with=one.uid)
    assert codes(both) == {"7", "8"}
    forget_names_over()
    assert codes(one) == codes(both) == {""}


def test_one_set_that_is_held_does_not_keep_the_names_of_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = version_of(world, schedule(world))
    sets = [labels.brought(version, at=database_now() - LONG_AGO) for _ in range(2)]

    def but_the_first(**given: Any) -> NamesForgotten:
        if given["label_set_id"] == sets[0].uid:
            raise OperationalError
        made: NamesForgotten = forget_names(**given)
        return made

    monkeypatch.setattr(tasks, "forget_names", but_the_first)
    forget_names_over()
    assert [codes(each) == {""} for each in sets] == [False, True]


@pytest.mark.parametrize(
    "given",
    [
        {"duration": "P9D"},
        {"hold_ref": "Case 7", "hold_until_review": date(2030, 1, 1)},
        {"action": RetentionAction.ARCHIVE},
        {"trigger": Trigger.FIXED_DATE, "trigger_on": date(2999, 1, 1)},
    ],
)
def test_names_stay_while_they_may(world: World, given: dict[str, Any]) -> None:
    old = labels.brought(version_of(world, schedule(world, **given)), at=database_now() - LONG_AGO)
    forget_names_over()
    assert codes(old) == {"7", "8", labels.EXPERT}
    with pytest.raises(InvalidState) as refused:
        forget_names(actor=SYSTEM, label_set_id=old.uid)
    assert [reason.code for reason in refused.value.reasons] == ["LABELS_NAMES_KEPT"]


def test_nobody_but_the_portal_takes_names_out(world: World) -> None:
    old = labels.brought(version_of(world, schedule(world)), at=database_now() - LONG_AGO)
    for role in (Role.STEWARD, Role.OWNER, Role.ADMINISTRATOR):
        with pytest.raises(NotPermitted):
            forget_names(actor=world[role].actor, label_set_id=old.uid)


def test_the_database_lets_names_go_by_it_alone_and_nothing_else(world: World) -> None:
    version = version_of(world, schedule(world))
    old = labels.brought(version, at=database_now() - LONG_AGO)
    rows, sets = Label.objects.filter(label_set=old), LabelSet.objects.filter(pk=old.pk)
    before = [lambda: rows.update(annotator=""), lambda: sets.update(labeled_by=f"annotator-{old.pk}")]
    after = [
        lambda: rows.update(label="shale"),
        lambda: rows.update(annotator="9"),
        lambda: sets.update(labeled_by="9"),
        lambda: sets.update(verdict="release"),
        lambda: NamesForgotten.objects.all().delete(),
    ]
    for change in before:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert list(names_over(database_now().date())) == [old.uid]
    forget_names_over()
    for change in after:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
