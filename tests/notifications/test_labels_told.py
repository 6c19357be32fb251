"""Who hears of items that were to be erased and are still there, and of labels that are good for less."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from apps.accounts.models import Person
from apps.compliance.lifecycle.occurrences import Happening
from apps.compliance.models import Duty, Occurrence
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.labeling.commands import lift_pause, pause_unsteady, review_label_set
from apps.labeling.models import LabelSet, LabelSetReview
from apps.labeling.tasks import keep_label_sets_in_step
from tests.factories import labels, records, roster
from tests.factories.access import AccessWorld
from tests.factories.occurrences import in_effect
from tests.notifications.conftest import Heard

pytestmark = pytest.mark.django_db


def looked_at_long_ago(label_set: LabelSet) -> None:
    LabelSetReview.objects.create(
        label_set=label_set,
        verdict="release",
        findings=[],
        figures={},
        created_at=database_now() - timedelta(days=2),
    )


def test_of_an_erasure_that_is_overdue_who_answers_for_the_data_hears_once(
    world: AccessWorld, hear: Heard
) -> None:
    version = labels.labeled_version(world.domain)
    sets = [labels.brought(version) for _ in range(2)]
    given = {"approver": world["second_officer"], "has_other_ground": False}
    occurred = in_effect(world.organization, Happening.ERASURE_GRANTED, version, **given)
    for each in sets:
        looked_at_long_ago(each)
    keep_label_sets_in_step()
    assert not [each for each in hear() if each.code == "erasure_overdue"]
    a_day_ago = database_now() - timedelta(hours=25)
    Occurrence.objects.filter(pk=occurred.pk).update(took_effect_at=a_day_ago)
    for _ in range(2):
        keep_label_sets_in_step()
    notices = [each for each in hear() if each.code == "erasure_overdue"]
    people = {each.person_id for each in notices}
    assert {world.players[name].person.pk for name in ("steward", "owner")} <= people
    assert world.players["scientist"].person.pk not in people
    assert len(notices) == len(people)
    duty = Duty.objects.filter(occurrence=occurred, asset=version.asset).earliest("pk")
    labels.erased(version, duty_id=duty.uid, none_here=True)
    keep_label_sets_in_step()
    assert [each for each in hear() if each.code == "erasure_overdue"] == notices


def test_who_answers_for_the_data_hears_where_labels_are_good_for_less(
    world: AccessWorld, hear: Heard
) -> None:
    version = labels.labeled_version(world.domain)
    made = labels.brought(version, labels.sound(wrong=3))
    policy = roster.policy_about(version)
    first = policy.versions.get().said
    review_label_set(actor=SYSTEM, label_set_id=made.uid)
    assert not [each for each in hear() if each.code == "labels_worse"]
    records.restated(policy, replace(first, release_agreement="0.999"))
    for _ in range(2):
        review_label_set(actor=SYSTEM, label_set_id=made.uid)
    notices = [each for each in hear() if each.code == "labels_worse"]
    people = {each.person_id for each in notices}
    assert {world.players[name].person.pk for name in ("steward", "owner")} <= people
    assert world.players["scientist"].person.pk not in people
    assert len(notices) == len(people)
    records.restated(policy, first)
    review_label_set(actor=SYSTEM, label_set_id=made.uid)
    assert [each for each in hear() if each.code == "labels_worse"] == notices


def test_who_is_paused_hears_of_it_and_of_its_end(world: AccessWorld, hear: Heard) -> None:
    version = labels.labeled_version(world.domain, are_raw_kept=True)
    scientist = world.players["scientist"].person
    Person.objects.filter(pk=scientist.pk).update(cleared_rank=roster.HIGHEST_RANK)
    row = roster.entered(roster.policy_about(version), "21", person_id=scientist.uid)
    made = labels.brought(version, labels.unsteady(by="21"))
    pause_unsteady(actor=SYSTEM, label_set_id=made.uid)
    told = {each.person_id for each in hear() if each.code == "annotator_paused"}
    assert {scientist.pk, world.players["steward"].person.pk, world.players["owner"].person.pk} <= told
    assert world.players["colleague"].person.pk not in told
    lift_pause(actor=world["owner"], annotator_id=row.uid, why="They were trained anew.")
    assert {each.person_id for each in hear() if each.code == "pause_lifted"} == {scientist.pk}
