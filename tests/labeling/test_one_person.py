"""One person under several numbers of the roster agrees with nobody, and says no gold for themselves."""

from __future__ import annotations

import pytest

from apps.kernel.actor import SYSTEM
from apps.labeling.checks.measured import measure
from apps.labeling.checks.quality import findings_of
from apps.labeling.checks.terms import Outcome, Terms, Verdict
from apps.labeling.commands import end_annotator, review_label_set
from apps.labeling.models import Label, LabelSet
from tests.factories import accounts, labels
from tests.factories.roster import entered, policy_about
from tests.labeling.test_no_false_release import labels as of_three

ALONE = Terms(resamples=50, annotations_per_item=2)


def outcomes(people: dict[str, str]) -> dict[str, Outcome]:
    found = measure(of_three(), (), ALONE, people)
    return {each.check: each.outcome for each in findings_of(found, ALONE)}


def test_three_numbers_of_two_people_are_two_raters() -> None:
    assert outcomes({})["L03"] is outcomes({"1": "ada", "2": "ada"})["L03"] is Outcome.PASSED
    alone = outcomes({"1": "ada", "2": "ada", "3": "ada"})
    assert (alone["L03"], alone["L04"]) == (Outcome.FAILED, Outcome.FAILED)
    found = measure(of_three(), (), ALONE, {"1": "ada", "3": "ada"})
    assert [row.annotator for row in found.annotators] == ["1", "2", "3"]
    assert {row.gold.total for row in found.annotators} == {50}


def test_nobody_writes_gold_for_their_other_number() -> None:
    found = measure(of_three(), (), ALONE, {"1": "ada", "2": "ada", "3": "ada", "expert": "ada"})
    assert (found.gold.total, found.parts[0].own_gold) == (0, 50)


@pytest.mark.django_db
@pytest.mark.parametrize("are_raw_kept", [True, False])
def test_it_stays_one_person_when_it_is_measured_anew(are_raw_kept: bool) -> None:
    house = accounts.world()
    version = labels.labeled_version(house.domain, are_raw_kept=are_raw_kept, test_score="0.8")
    policy = policy_about(version)
    who = accounts.person(house.organization, email="two@example.org", cleared_rank=9)
    end_annotator(actor=SYSTEM, annotator_id=entered(policy, "7", person_id=who.uid).uid)
    entered(policy, "8", person_id=who.uid)
    content = labels.sound().replace(labels.ADDRESS.encode(), b"8")
    made: LabelSet = labels.brought(version, content)
    for found in (made, review_label_set(actor=SYSTEM, label_set_id=made.uid)):
        told = {each["check"]: each["outcome"] for each in found.findings}
        assert (told["L03"], told["L04"], found.verdict) == ("failed", "failed", Verdict.BLOCKED)
    assert Label.objects.filter(label_set=made, annotator="8").exists() is are_raw_kept
