"""The checks that records answer: groups, splits, redaction."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from apps.accounts.roles import Role
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput, NotPermitted
from apps.labeling.checks.around import Around, ItemFacts, RedactionFacts
from apps.labeling.checks.leakage import leaked
from apps.labeling.checks.measured import measure
from apps.labeling.checks.quality import findings_of
from apps.labeling.checks.redaction import redacted
from apps.labeling.checks.subgroups import MOST_GROUPS, compared, subgroups_of
from apps.labeling.checks.terms import Terms
from apps.labeling.imports.annotation import Annotation
from apps.labeling.models import LabelSet, LabelSetReview, RedactionCheck
from apps.labeling.rendering.words import UNMEASURED
from apps.labeling.tasks import review_after_check
from tests.factories import accounts, catalog, labels
from tests.labeling.test_no_false_release import labels as of_three

KINDS = ("shale", "sandstone")


def told(findings: Any) -> list[tuple[str, str]]:
    return [(each.outcome.value, each.reason.code) for each in findings]


def facts(**given: Any) -> ItemFacts:
    return ItemFacts(groups={"a": (), "b": ()}, **given)


def test_leakage_is_told_with_how_many_and_where() -> None:
    across = facts(in_splits=2, hashed=2, of_subjects=2, hashes_across=1, subjects_across=1, examples=(2, 3))
    found = list(leaked(across, Terms()))
    assert told(found) == [
        ("failed", "LABELS_ITEM_IN_TWO_SPLITS"),
        ("failed", "LABELS_SUBJECT_IN_TWO_SPLITS"),
    ]
    assert (found[0].reason.facts["count"], found[0].reason.facts["lines"]) == (1, "2, 3")
    assert told(leaked(facts(in_splits=2, splits=2, hashed=2, of_subjects=1), Terms())) == [
        ("passed", "LABELS_SPLITS_APART")
    ]


@pytest.mark.parametrize(
    ("given", "outcome"),
    [({}, "noted"), ({"in_splits": 2}, "unmeasured"), ({"in_splits": 1, "hashed": 2}, "unmeasured")],
)
def test_leakage_that_cannot_be_told_is_no_pass(given: dict[str, int], outcome: str) -> None:
    assert [each.outcome.value for each in leaked(facts(**given), Terms())] == [outcome]


def test_leakage_without_a_list_hinders_nothing() -> None:
    assert told(leaked(ItemFacts(), Terms())) == [("noted", "LABELS_SPLITS_UNKNOWN")]


@pytest.mark.parametrize(
    ("given", "code", "outcomes"),
    [
        ({}, "LABELS_SPLITS_UNKNOWN", ("noted", "unmeasured")),
        ({"in_splits": 2, "splits": 1, "hashed": 2}, "LABELS_ONE_SPLIT", ("noted", "unmeasured")),
        ({"in_splits": 2, "splits": 2, "hashed": 2}, "LABELS_SPLITS_WITHOUT_PEOPLE", ("noted", "noted")),
    ],
)
def test_one_split_or_nobody_known_is_not_apart(
    given: dict[str, int], code: str, outcomes: tuple[str, str]
) -> None:
    for terms, outcome in zip((Terms(), Terms(is_high_risk=True)), outcomes, strict=True):
        assert told(leaked(facts(**given), terms)) == [(outcome, code)]


def test_without_a_list_of_items_high_risk_is_blocked() -> None:
    around = Around(items=ItemFacts())
    for is_high, outcome in ((False, "noted"), (True, "unmeasured")):
        terms = Terms(resamples=50, is_high_risk=is_high)
        found = findings_of(measure(of_three(), (), terms), terms, around)
        untold = {each.check for each in found if each.reason.code in UNMEASURED}
        assert untold == {"L08", "L09", "L12"}
        assert {each.outcome.value for each in found if each.reason.code in UNMEASURED} == {outcome}


def redaction(**given: Any) -> list[tuple[str, str]]:
    counts = {"seeds": 381, "seeds_found": 381, "audited": 300, "at": database_now(), **given}
    return told(redacted(RedactionFacts(**counts), Terms(is_redacted=True)))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "LABELS_REDACTION_MET"),
        ({"seeds": 380, "seeds_found": 380}, "LABELS_REDACTION_RECALL_LOW"),
        ({"seeds_found": 380}, "LABELS_REDACTION_RECALL_LOW"),
        ({"seeds": 0, "seeds_found": 0}, "LABELS_REDACTION_RECALL_LOW"),
        ({"audited": 299}, "LABELS_REDACTION_AUDIT_SMALL"),
        ({"direct_identifiers": 1}, "LABELS_REDACTION_LEFT_NAMES"),
        ({"at": None}, "LABELS_REDACTION_UNCHECKED"),
    ],
)
def test_redaction_needs_381_names_without_a_miss_and_300_items_without_any(
    given: dict[str, Any], code: str
) -> None:
    outcome = "passed" if not given else "failed"
    assert redaction(**given) == [(outcome, code)]


def test_redaction_that_nobody_asked_for_is_met() -> None:
    assert told(redacted(RedactionFacts(), Terms())) == [("passed", "LABELS_REDACTION_NOT_ASKED")]


def annotations(groups: dict[str, tuple[int, int]]) -> tuple[list[Annotation], ItemFacts]:
    """By group: how many items, and on how many of them the second annotator says otherwise."""
    said, of = [], {}
    for group, (items, wrong) in groups.items():
        for number in range(items):
            item, true = f"{group}-{number}", KINDS[number % 2]
            other = KINDS[(number + 1) % 2] if number < wrong else true
            of[item] = (("site", group),)
            said += [
                Annotation(line=1, item=item, annotator=who, label=label)
                for who, label in (("1", true), ("2", other))
            ]
    return said, ItemFacts(groups=of)


def groups(of: dict[str, tuple[int, int]], **given: Any) -> list[tuple[str, str]]:
    said, items = annotations(of)
    terms = Terms(resamples=50, **given)
    return told(compared(items, subgroups_of(said, items.groups, terms), terms))


UNGROUPED = ("noted", "LABELS_TEAMS_UNKNOWN")


def test_groups_that_are_labeled_alike_pass_and_a_gap_is_flagged() -> None:
    assert groups({"a": (40, 4), "b": (60, 6)}) == [("passed", "LABELS_GROUPS_ALIKE"), UNGROUPED]
    assert groups({"a": (40, 0), "b": (40, 16)}) == [("noted", "LABELS_GROUPS_DISAGREE"), UNGROUPED]


def test_small_groups_are_told_and_not_compared() -> None:
    assert groups({"a": (40, 0), "b": (29, 20)}) == [("noted", "LABELS_GROUP_SMALL"), UNGROUPED]


def test_a_label_that_is_rarer_in_one_group_is_flagged() -> None:
    said, items = annotations({"a": (40, 0), "b": (40, 0)})
    said = [
        Annotation(line=1, item=each.item, annotator=each.annotator, label="shale")
        if each.item.startswith("b-") and int(each.item[2:]) > 9
        else each
        for each in said
    ]
    terms = Terms(resamples=50)
    found = list(compared(items, subgroups_of(said, items.groups, terms), terms))
    rates = {each.reason.facts["label"]: each.reason.facts for each in found if "ratio" in each.reason.facts}
    assert set(rates) == {"sandstone", "shale"}
    assert (rates["sandstone"]["lowest"], rates["sandstone"]["ratio"]) == ("b", "0.250")


def test_agreement_within_a_group_may_be_undefined() -> None:
    said, items = annotations({"a": (40, 0)})
    alone = [each for each in said if each.annotator == "1"]
    terms = Terms(resamples=50)
    (group,) = subgroups_of(alone, items.groups, terms)
    assert [(each.value, each.interval.lower) for each in group.within] == [(None, None)]
    assert ("noted", "LABELS_GROUP_UNDEFINED") in told(compared(items, (group,), terms))


def test_order_of_annotations_changes_nothing() -> None:
    said, items = annotations({"a": (40, 3), "b": (35, 9)})
    terms = Terms(resamples=50)
    assert subgroups_of(said, items.groups, terms) == subgroups_of(said[::-1], items.groups, terms)


def test_more_groups_than_can_be_looked_at_are_told_once() -> None:
    assert groups({f"g{number}": (1, 0) for number in range(MOST_GROUPS + 1)}) == [
        ("noted", "LABELS_GROUPS_MANY"),
        UNGROUPED,
    ]


def test_groups_that_the_policy_compares_have_to_be_known() -> None:
    assert told(compared(ItemFacts(), (), Terms())) == [("noted", "LABELS_GROUPS_NOT_COMPARED")]
    assert told(compared(ItemFacts(), (), Terms(subgroups="Wells"))) == [
        ("unmeasured", "LABELS_GROUPS_UNKNOWN")
    ]


@pytest.mark.django_db
def test_a_check_counts_that_was_there_before_labels_came_and_a_later_one_can_only_block() -> None:
    world = accounts.world()
    version = labels.labeled_version(world.domain, is_redacted=True, redaction="By hand.")
    early = labels.brought(version)
    assert (early.verdict, of_redaction(early)) == ("blocked", ["LABELS_REDACTION_UNCHECKED"])
    noted = labels.redaction_noted(version, by=world[Role.STEWARD].actor)
    review_after_check(noted.uid)
    assert of_redaction(newest(early)) == ["LABELS_REDACTION_AFTERWARDS"]
    late = labels.brought(version)
    assert (late.verdict, of_redaction(late)) == ("release", ["LABELS_REDACTION_MET"])
    for given, verdict in (({"direct_identifiers": 2}, "blocked"), ({}, "release")):
        labels.redaction_noted(version, **given)
        review_after_check(noted.uid)
        assert newest(late).verdict == verdict
    assert newest(early).verdict == "blocked"


def newest(made: LabelSet) -> LabelSetReview:
    return LabelSetReview.objects.filter(label_set=made).latest("pk")


def of_redaction(made: LabelSet | LabelSetReview) -> list[str]:
    return [each["reason"]["code"] for each in made.findings if each["check"] == "L11"]


@pytest.mark.django_db
@pytest.mark.parametrize(("on", "code"), [(0, "MET"), (1, "LATE")])
def test_the_first_day_of_labeling_bounds_the_check(on: int, code: str) -> None:
    """Kept with the set, so that it holds when that is measured anew."""
    world = accounts.world()
    version = labels.labeled_version(world.domain, is_redacted=True, redaction="By hand.")
    noted = labels.redaction_noted(version)
    day = noted.created_at.date() - timedelta(days=on)
    made = labels.brought(version, labels.dated(labels.sound(), day))
    assert of_redaction(made) == [f"LABELS_REDACTION_{code}"]
    review_after_check(noted.uid)
    assert of_redaction(newest(made)) == [f"LABELS_REDACTION_{code}"]


@pytest.mark.parametrize(
    "given",
    [{"seeds": -1, "seeds_found": -1}, {"seeds_found": 382}, {"audited": 10**9}, {"direct_identifiers": -2}],
)
def test_counts_of_a_check_can_be_true(db: None, given: dict[str, int]) -> None:
    world = accounts.world()
    version = catalog.published_asset(world.domain).versions.get()
    with pytest.raises(InvalidInput):
        labels.redaction_noted(version, **given)
    with pytest.raises(NotPermitted):
        labels.redaction_noted(version, by=world[Role.SCIENTIST].actor)
    assert not RedactionCheck.objects.exists()
