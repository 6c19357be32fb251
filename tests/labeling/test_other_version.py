"""Labels under a version of their policy that came after them: measured anew by what it asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.catalog.models import AssetVersion
from apps.compliance.events import RecordApproved
from apps.compliance.lifecycle.labeling import LabelTask
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import NotPermitted
from apps.kernel.events import subscribers_of
from apps.labeling import tasks
from apps.labeling.commands import review_label_set
from apps.labeling.learning import labels_of
from apps.labeling.models import LabelSet, LabelSetReview
from apps.labeling.releases import label_sets_of
from apps.labeling.rendering import words
from apps.labeling.rendering.measurements import changed_since
from apps.labeling.rendering.report import report_on
from apps.labeling.tasks import keep_label_sets_in_step, review_after_policy
from tests.access.refusals import refused
from tests.factories import accounts, labels, roster
from tests.factories.accounts import World
from tests.factories.labels import policy_restated
from tests.factories.records import restated

pytestmark = pytest.mark.django_db
STRICTER = {"release_agreement": "0.999", "research_agreement": "0.7"}


@pytest.fixture
def world() -> World:
    return accounts.world()


@pytest.fixture
def version(world: World) -> AssetVersion:
    return labels.labeled_version(world.domain)


def newest(label_set: LabelSet) -> LabelSetReview:
    return label_set.reviews.select_related("policy").latest("pk")


def found(review: Any, check: str) -> list[tuple[str, str]]:
    return [(each["outcome"], each["reason"]["code"]) for each in review.findings if each["check"] == check]


def test_it_hears_of_versions_that_come_into_force() -> None:
    assert review_after_policy in subscribers_of(RecordApproved.name).values()


def test_another_threshold_is_asked_of_labels_that_were_there(version: AssetVersion) -> None:
    made = labels.brought(version, labels.sound(wrong=3))
    assert made.verdict == "release"
    stricter = policy_restated(version, **STRICTER)
    review_after_policy(stricter.legal_record.uid)
    review = newest(made)
    assert (review.verdict, review.policy) == ("research_only", stricter)
    assert found(review, "L01") == [("passed", "LABELS_CITE_WHAT_GOES_ON")]
    assert found(review, "L04") == [("research_only", "LABELS_AGREEMENT_TENTATIVE")]
    event = AuditEvent.objects.filter(name="labeling.label_set.reviewed").latest("pk")
    assert (event.data["policy_version"], event.data["verdict"]) == (2, "research_only")


def test_what_is_read_is_the_newest_and_the_first_can_be_read_still(
    world: World, version: AssetVersion
) -> None:
    made = labels.brought(version, labels.sound(wrong=3))
    stricter = policy_restated(version, **STRICTER)
    review_after_policy(stricter.legal_record.uid)
    (released,) = label_sets_of([made.asset_version_id])
    assert released.current_verdict == "research_only"
    purpose = stricter.said.purposes[0]
    (learned,) = labels_of([(version.asset, version)], purpose, on=database_now().date())
    assert learned.verdict == "research_only"
    now, then = report_on(made), report_on(made, made)
    assert (now.verdict, now.policy.number) == ("research_only", 2)
    assert (then.verdict, then.policy.number) == ("release", 1)
    made.refresh_from_db()
    assert made.verdict == "release"


@pytest.mark.parametrize(
    ("changes", "changed"),
    [
        ({"guideline_sha256": "b" * 64}, ["guideline_sha256"]),
        ({"guideline_version": "3"}, ["guideline_version"]),
        ({"task": LabelTask.REGRESSION, "measure": None}, ["task"]),
        ({"labels": ()}, ["labels"]),
        ({"datasets": ()}, ["datasets"]),
    ],
)
def test_labels_of_another_schema_or_guideline_are_given_anew(
    version: AssetVersion, changes: dict[str, Any], changed: list[str]
) -> None:
    made = labels.brought(version)
    record = roster.policy_about(version)
    policy_restated(version, **changes)
    review_after_policy(record.uid)
    review = newest(made)
    assert review.verdict == "blocked"
    (told,) = [each for each in review.findings if each["check"] == "L01"]
    assert (told["outcome"], told["reason"]["code"]) == ("failed", "LABELS_CITE_WHAT_CHANGED")
    assert list(told["reason"]["facts"]["changed"]) == changed
    assert found(review, "L04") == found(made, "L04")
    (check,) = [each for each in report_on(made).checks if each.code == "L01"]
    assert words.sentence(check.reason).endswith(f"labels rest on: {changed[0]}.")


def test_what_comes_back_counts_again(version: AssetVersion) -> None:
    made = labels.brought(version)
    record = roster.policy_about(version)
    first = record.versions.get().said
    for content in (replace(first, guideline_version="3"), first):
        restated(record, content)
        review_after_policy(record.uid)
    assert [each.verdict for each in made.reviews.order_by("pk")] == ["blocked", "release"]


def test_who_labeled_is_held_to_what_was_asked_when_they_did(version: AssetVersion) -> None:
    made = labels.brought(version)
    stricter = policy_restated(version, test_score="0.99", is_redacted=True)
    review_after_policy(stricter.legal_record.uid)
    review = newest(made)
    assert found(review, "L02") == found(made, "L02")
    assert found(review, "L11") == [("failed", "LABELS_REDACTION_UNCHECKED")]
    labels.redaction_noted(version)
    tasks._review(LabelSet.objects.filter(pk=made.pk))
    assert found(newest(made), "L11") == [("passed", "LABELS_REDACTION_MET")]


def test_each_is_measured_once_and_a_worker_that_died_is_followed_by_another(
    version: AssetVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    sets = [labels.brought(version) for _ in range(3)]
    stricter = policy_restated(version, **STRICTER)
    real, seen = tasks.review_label_set, []

    def dies(**given: Any) -> Any:
        seen.append(given["label_set_id"])
        if len(seen) == 2:
            raise KeyboardInterrupt
        return real(**given)

    monkeypatch.setattr(tasks, "review_label_set", dies)
    with pytest.raises(KeyboardInterrupt):
        review_after_policy(stricter.legal_record.uid)
    assert seen == [sets[2].uid, sets[1].uid]
    monkeypatch.undo()
    for _ in range(2):
        keep_label_sets_in_step()
    assert [made.reviews.count() for made in sets] == [1, 1, 1]


def test_one_that_cannot_be_measured_does_not_keep_the_others(
    version: AssetVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    sets = [labels.brought(version) for _ in range(2)]
    stricter = policy_restated(version, **STRICTER)
    real = tasks.review_label_set

    def refuses(**given: Any) -> Any:
        if given["label_set_id"] == sets[1].uid:
            raise OperationalError("It is locked.")
        return real(**given)

    monkeypatch.setattr(tasks, "review_label_set", refuses)
    review_after_policy(stricter.legal_record.uid)
    assert [made.reviews.count() for made in sets] == [1, 0]


def test_what_begins_later_counts_from_then_on(version: AssetVersion) -> None:
    made = labels.brought(version)
    soon = policy_restated(version, effective_from=database_now().date() + timedelta(days=2))
    review_after_policy(soon.legal_record.uid)
    assert not made.reviews.exists()
    assert not LabelSet.objects.behind(database_now().date()).exists()
    assert LabelSet.objects.behind(soon.effective_from).get() == made


def test_labels_under_the_version_in_force_are_left_alone(version: AssetVersion) -> None:
    made = labels.brought(version)
    review_after_policy(roster.policy_about(version).uid)
    keep_label_sets_in_step()
    assert not made.reviews.exists()


def asked(version: AssetVersion) -> int:
    record = roster.policy_about(version)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        list(LabelSet.objects.filter(policy__legal_record=record).behind(database_now().date()))
    return len(queries)


def test_which_are_behind_is_one_question_however_many(version: AssetVersion) -> None:
    labels.brought(version)
    policy_restated(version, **STRICTER)
    few = asked(version)
    restated(record := roster.policy_about(version), record.versions.get(record_status="approved").said)
    labels.brought(version)
    assert asked(version) == few


def test_somebody_may_ask_for_it(world: World, version: AssetVersion) -> None:
    made = labels.brought(version)
    stricter = policy_restated(version, **STRICTER)
    review = review_label_set(actor=world[Role.STEWARD].actor, label_set_id=made.uid)
    assert review.policy == stricter
    for role in (Role.SCIENTIST, Role.AUDITOR):
        with refused(NotPermitted):
            review_label_set(actor=world[role].actor, label_set_id=made.uid)


def codes(made: LabelSet) -> list[str]:
    return [reason.code for reason in changed_since(made)]


def test_what_changed_since_is_told_until_it_is_measured_anew(version: AssetVersion) -> None:
    made = labels.brought(version)
    assert codes(made) == []
    policy_restated(version, **STRICTER)
    assert codes(made) == ["LABELS_MEASURED_BY_ANOTHER_VERSION"]
    labels.redaction_noted(version)
    roster.entered(roster.policy_about(version), "21", group="north")
    labels.with_items(version, b"item\nother")
    assert codes(made) == [
        "LABELS_MEASURED_BY_ANOTHER_VERSION",
        "LABELS_MEASURED_BEFORE_ITEMS",
        "LABELS_MEASURED_BEFORE_CHECK",
        "LABELS_MEASURED_BEFORE_GROUPS",
    ]
    review_label_set(actor=SYSTEM, label_set_id=made.uid)
    assert codes(made) == []


def test_where_names_are_no_longer_kept_figures_tell_none(world: World) -> None:
    version = labels.labeled_version(world.domain, are_raw_kept=True)
    made = labels.brought(version)
    assert {each["annotator"] for each in made.figures["annotators"]} == {"7", "8"}
    policy_restated(version, are_raw_kept=False)
    review = review_label_set(actor=SYSTEM, label_set_id=made.uid)
    assert {each["annotator"] for each in review.figures["annotators"]} == {"1", "2"}
