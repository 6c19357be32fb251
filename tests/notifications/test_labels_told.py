"""Who hears of items that were to be erased and are still there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.compliance.lifecycle.occurrences import Happening
from apps.compliance.models import Duty, Occurrence
from apps.kernel.clock import database_now
from apps.labeling.models import LabelSet, LabelSetReview
from apps.labeling.tasks import keep_label_sets_in_step
from tests.factories import labels
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
    duty = Duty.objects.filter(occurrence=occurred).earliest("pk")
    labels.erased(version, "core-0", duty_id=duty.uid)
    keep_label_sets_in_step()
    assert [each for each in hear() if each.code == "erasure_overdue"] == notices
