"""The report of an export: what it measures, and what it says the labels are good for."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from apps.accounts.models import Organization
from apps.compliance.lifecycle.labeling import LABELING_POLICIES, LabelRow, LabelTask
from apps.compliance.models import LegalRecordVersion
from apps.kernel.clock import database_now
from apps.labeling.checks.coefficients import Coefficient
from apps.labeling.checks.measured import Measured, measure
from apps.labeling.checks.quality import findings_of
from apps.labeling.checks.terms import CHECKS, Outcome, Terms, Verdict, verdict_of
from apps.labeling.facts import terms_of
from apps.labeling.imports.annotation import Annotation
from apps.labeling.measures.agreement import Scale
from apps.labeling.measures.shapes import Box
from tests.factories import accounts
from tests.factories.records import kept, labeling_policy
from tests.labeling.exports import box, label_studio, table, task

QUICK = Terms(resamples=200)
CLASSES = ("cat", "dog", "fox")


def answers(items: int = 200, *, wrong: int = 0, gold: int = 60) -> list[Annotation]:
    """Two annotators; the second is wrong in the first items, gold stands on the last."""
    made = []
    for item in range(items):
        true = CLASSES[item % 3]
        second = CLASSES[(item + 1) % 3] if item < wrong else true
        given = [("1", true), ("2", second)]
        for annotator, label in given:
            made.append(Annotation(line=1, item=str(item), annotator=annotator, label=label, seconds=5.0))
        if item >= items - gold:
            made.append(Annotation(line=1, item=str(item), annotator="expert", label=true, is_gold=True))
    return made


def judged(given: Iterable[Annotation], terms: Terms = QUICK) -> tuple[Measured, dict[str, Outcome], Verdict]:
    measured = measure(list(given), (), terms)
    findings = findings_of(measured, terms)
    worst = list(Outcome)
    told: dict[str, Outcome] = {}
    for each in findings:
        told[each.check] = max(each.outcome, told.get(each.check, Outcome.PASSED), key=worst.index)
    return measured, told, verdict_of(findings)


def test_labels_on_which_people_agree_and_are_right_may_be_released() -> None:
    measured, told, verdict = judged(answers(wrong=5))
    assert set(told.values()) == {Outcome.PASSED}
    assert set(told) == {"L03", "L04", "L05", "L06", "L07", "L08", "L10", "L14"}
    assert verdict is Verdict.RELEASE
    assert measured.agreement.beside.keys() == {Coefficient.COHEN}
    assert (measured.gold.hits, measured.gold.total) == (120, 120)


@pytest.mark.parametrize(
    ("wrong", "verdict"), [(10, Verdict.RELEASE), (30, Verdict.RESEARCH_ONLY), (60, Verdict.BLOCKED)]
)
def test_the_lower_bound_of_agreement_decides(wrong: int, verdict: Verdict) -> None:
    measured, told, said = judged(answers(wrong=wrong))
    assert said is verdict
    assert (measured.agreement.value or 0) > (measured.agreement.interval.lower or 0)
    assert {check for check, outcome in told.items() if outcome is not Outcome.PASSED} <= {"L04"}


def test_answers_of_one_person_agree_with_nobody() -> None:
    measured, told, verdict = judged(each for each in answers() if each.annotator != "2")
    assert (told["L03"], told["L04"], verdict) == (Outcome.FAILED, Outcome.FAILED, Verdict.BLOCKED)
    assert measured.agreement.value is None


def test_who_is_not_named_agrees_with_nobody() -> None:
    _measured, told, verdict = judged(replace(each, annotator="") for each in answers())
    assert (told["L04"], told["L10"], verdict) == (Outcome.FAILED, Outcome.UNMEASURED, Verdict.BLOCKED)


def test_canceled_answers_do_not_count() -> None:
    given = answers()
    extra = [replace(each, annotator="3", label="none", was_cancelled=True) for each in given]
    before, _told, _verdict = judged(given)
    after, _told, _verdict = judged([*given, *extra])
    assert after.cancelled == len(extra)
    assert after.agreement == before.agreement


def test_gold_is_held_against_its_lower_bound_and_needs_every_class() -> None:
    _measured, told, _verdict = judged(answers(gold=49))
    assert told["L07"] is Outcome.FAILED
    given = [each for each in answers() if not (each.is_gold and each.label == "fox")]
    assert judged(given)[1]["L07"] is Outcome.FAILED
    missed = [
        replace(each, label="fox") if each.annotator == "2" and int(each.item) >= 185 else each
        for each in answers()
    ]
    measured, told, _verdict = judged(missed)
    assert told["L07"] is Outcome.FAILED
    assert {row.annotator: row.gold.hits for row in measured.annotators} == {"1": 60, "2": 50}


def test_gold_that_nobody_answered_tells_nothing() -> None:
    aside = [replace(each, item=f"gold-{each.item}") if each.is_gold else each for each in answers()]
    machine = [replace(each, annotator="", is_machine=True) for each in aside if each.is_gold]
    measured, told, verdict = judged([*aside, *(replace(each, is_gold=False) for each in machine)])
    assert (measured.gold.total, sum(measured.parts[0].gold_items.values())) == (0, 0)
    assert (told["L08"], told["L07"], verdict) == (Outcome.PASSED, Outcome.FAILED, Verdict.BLOCKED)
    answered = [each for each in answers() if not (each.label == "fox" and int(each.item) >= 140)]
    gold_of_all = [*answered, *(each for each in answers() if each.is_gold and each.label == "fox")]
    assert judged(gold_of_all, replace(QUICK, gold_items=40))[1]["L07"] is Outcome.FAILED


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_a_check_that_says_nothing_or_was_not_measured_is_not_met(check: str) -> None:
    found = findings_of(measure(answers(), (), QUICK), QUICK)
    assert verdict_of(found) is Verdict.RELEASE
    assert verdict_of(tuple(each for each in found if each.check != check)) is Verdict.BLOCKED
    unmeasured = [
        replace(each, outcome=Outcome.UNMEASURED) if each.check == check else each for each in found
    ]
    assert verdict_of(tuple(unmeasured)) is Verdict.BLOCKED


def test_a_frequent_class_asks_for_gold_of_the_rare_ones() -> None:
    given = [replace(each, label="cat" if int(each.item) < 190 else "dog") for each in answers(gold=200)]
    measured, told, _verdict = judged(given)
    assert told["L06"] is Outcome.NOTED
    assert measured.agreement.ac1 == 1
    rare_untried = [each for each in given if not (each.is_gold and each.label == "dog")]
    assert judged(rare_untried)[1]["L06"] is Outcome.FAILED


def test_unlabeled_items_and_answers_that_leave_it_open_are_counted() -> None:
    given = answers()
    assert findings_of(measure(given, map(str, range(210)), QUICK), QUICK)[-3].check == "L08"
    assert verdict_of(findings_of(measure(given, map(str, range(210)), QUICK), QUICK)) is Verdict.BLOCKED
    unsure = [
        replace(each, label="unsure") if each.annotator == "2" and int(each.item) < 30 else each
        for each in given
    ]
    assert judged(unsure)[1]["L08"] is Outcome.FAILED


def test_machines_are_no_annotators_and_people_look_at_a_share() -> None:
    machine = [
        Annotation(line=1, item=f"m{item}", annotator="", label="cat", is_machine=True) for item in range(10)
    ]
    measured, told, verdict = judged([*answers(), *machine])
    assert (told["L14"], verdict) == (Outcome.UNMEASURED, Verdict.BLOCKED)
    assert {row.annotator for row in measured.annotators} == {"1", "2"}
    person = [replace(each, annotator="1", is_machine=False, seconds=5.0) for each in machine]
    assert judged([*answers(), *machine, *person])[1]["L14"] is Outcome.FAILED
    many = [replace(each, item=f"{each.item}-{copy}") for each in machine for copy in range(40)]
    looked = [replace(each, annotator="1", is_machine=False, seconds=5.0) for each in many[:40]]
    assert judged([*answers(), *many, *looked])[1]["L14"] is Outcome.PASSED


def test_who_gives_one_label_only_or_hurries_stands_out_and_hinders_nothing() -> None:
    same = [replace(each, label="cat") if each.annotator == "2" else each for each in answers()]
    assert judged(same)[1]["L10"] is Outcome.NOTED
    hasty = [
        Annotation(line=1, item=str(item), annotator="3", label=CLASSES[item % 3], seconds=0.2 + item / 100)
        for item in range(21)
    ]
    told = judged([*answers(), *hasty])
    assert (told[1]["L10"], told[2]) == (Outcome.NOTED, Verdict.RELEASE)


def test_regions_agree_where_they_overlap_by_half() -> None:
    def drawn(annotator: str, item: int, left: float, **more: bool) -> Annotation:
        place = Box(left=left, top=0, width=10, height=10)
        return Annotation(
            line=1, item=str(item), annotator=annotator, label="cat", shape=place, is_region=True, **more
        )

    given = [drawn(who, item, item % 2 * 3.0 * (who == "2")) for item in range(4) for who in ("1", "2")]
    assert judged(given)[0].agreement.value == 1
    apart = [drawn(who, item, item % 2 * 6.0 * (who == "2")) for item in range(4) for who in ("1", "2")]
    gold = [drawn("expert", item, 0, is_gold=True) for item in range(4)]
    measured, _told, _verdict = judged([*apart, *gold])
    assert measured.agreement.coefficient is Coefficient.F1
    assert measured.agreement.value == 0.5
    assert {row.annotator: row.gold.value for row in measured.annotators} == {"1": 1, "2": 0.5}


def a_region(
    item: int, annotator: str, *, left: float | None = 0, label: str = "cat", **more: Any
) -> Annotation:
    place = None if left is None else Box(left=left, top=0, width=10, height=10)
    return Annotation(
        line=1, item=f"r{item}", annotator=annotator, label=label, shape=place, is_region=True, **more
    )


def drawn_well(items: int = 60) -> list[Annotation]:
    """Two annotators and gold, all at the same place."""
    return [
        a_region(item, who, is_gold=who == "expert") for item in range(items) for who in ("1", "2", "expert")
    ]


def test_a_few_boxes_do_not_hide_what_was_said_of_whole_items() -> None:
    assert judged(drawn_well())[2] is Verdict.RELEASE
    both, _told, verdict = judged([*answers(), *drawn_well()])
    assert (verdict, len(both.parts)) == (Verdict.RELEASE, 2)
    assert judged(answers(wrong=60))[2] is Verdict.BLOCKED
    measured, told, verdict = judged([*answers(wrong=60), *drawn_well()])
    assert (told["L04"], verdict) == (Outcome.FAILED, Verdict.BLOCKED)
    assert measured.agreement.coefficient is Coefficient.ALPHA
    on_each = [replace(each, item=str(item)) for item in range(200) for each in drawn_well(1)]
    assert judged([*answers(wrong=60), *on_each])[1]["L04"] is Outcome.FAILED


def test_right_boxes_do_not_hide_wrong_answers_on_gold() -> None:
    wrong = [replace(each, label="cat") if each.is_gold else each for each in answers()]
    measured, told, _verdict = judged([*wrong, *drawn_well(500)])
    assert told["L07"] is Outcome.FAILED
    assert measured.gold.total == 120


@pytest.mark.parametrize("at", [0, 2])
def test_a_region_without_a_box_leaves_the_overlap_undefined(at: int) -> None:
    given = drawn_well()
    given[at] = replace(given[at], shape=None)
    measured, told, verdict = judged(given)
    assert measured.agreement.value is None
    assert (told["L04"], told["L07"], verdict) == (Outcome.FAILED, Outcome.FAILED, Verdict.BLOCKED)


def test_whoever_drew_nothing_disagrees_with_whoever_drew() -> None:
    nothing = [
        replace(each, shape=None, is_region=False, label="") if each.annotator == "2" else each
        for each in drawn_well()
    ]
    assert judged(nothing)[0].agreement.value == 0
    bare = [Annotation(line=1, item=f"b{item}", annotator=who, label="") for item in range(9) for who in "12"]
    measured, _told, verdict = judged([*drawn_well(), *bare])
    assert (measured.labeled, measured.agreement.value, verdict) == (69, 1, Verdict.RELEASE)


def test_an_item_that_was_handed_in_without_a_label_is_not_labeled() -> None:
    bare = [Annotation(line=1, item=f"b{item}", annotator=who, label="") for item in range(9) for who in "12"]
    measured, told, verdict = judged([*answers(), *bare])
    assert (measured.labeled, told["L08"], verdict) == (200, Outcome.FAILED, Verdict.BLOCKED)
    mute = [replace(each, label="") if each.annotator == "2" else each for each in answers()]
    assert judged(mute)[1]["L04"] is Outcome.FAILED


@pytest.mark.parametrize(
    ("scale", "coefficient"), [(Scale.INTERVAL, {Coefficient.ICC}), (Scale.ORDINAL, set())]
)
def test_beside_stands_what_fits_the_scale(scale: Scale, coefficient: set[Coefficient]) -> None:
    given = [replace(each, label=str(CLASSES.index(each.label))) for each in answers(wrong=9)]
    assert set(judged(given, replace(QUICK, scale=scale))[0].agreement.beside) == coefficient
    third = [replace(each, annotator="3") for each in answers() if each.annotator == "1"]
    assert set(judged([*answers(), *third])[0].agreement.beside) == {Coefficient.FLEISS}


def told_of(path: Path, *options: str) -> str:
    out = io.StringIO()
    call_command("label_report", str(path), *options, stdout=out)
    return out.getvalue()


def test_the_report_says_what_the_labels_are_good_for(tmp_path: Path) -> None:
    lines = [f"{each.item},{each.annotator},{each.label},{int(each.is_gold)}" for each in answers(wrong=30)]
    file = tmp_path / "labels.csv"
    file.write_bytes(table(*lines, head="item,annotator,label,ground_truth"))
    said = told_of(file)
    assert "csv: 460 annotations on 200 items" in said
    assert "L04 research_only: With 95 percent the agreement (krippendorff_alpha) is at least 0.6" in said
    assert "cat | 134 |" in said
    assert said.endswith("Verdict: research_only\n")
    assert told_of(file, "--seed", "1") == said


def test_nothing_is_measured_where_something_is_wrong_unless_it_is_left_out_knowingly(tmp_path: Path) -> None:
    file = tmp_path / "labels.json"
    file.write_bytes(label_studio(task(1, box(1, "cat", x=90)), task(2, box(2, "cat"), box(3, "cat", by=2))))
    with pytest.raises(CommandError, match="Nothing was measured"):
        told_of(file)
    said = told_of(file, "--skip-faults")
    assert "line 2 annotations.0.result.0.value: The annotation reaches outside its item" in said
    assert "Agreement (f1_at_half_overlap, nominal): 1.000" in said


def test_the_report_refuses_with_a_reason(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        told_of(tmp_path / "none.csv")
    file = tmp_path / "labels.csv"
    file.write_bytes(b"name,age\n")
    with pytest.raises(CommandError, match="no export that is known"):
        told_of(file)
    file.write_bytes(table("a,1,low", "a,2,high"))
    with pytest.raises(CommandError, match="Nothing was measured"):
        told_of(file, "--scale", "ratio")


def a_policy(ref: str = "LP-0001", stage: str = "active", **given: Any) -> Organization:
    """Of an organization that has one in force."""
    organization: Organization = accounts.organization()
    rows = tuple(
        LabelRow(id=id_, definition=id_, is_sensitive=False, leaves_it_open=id_ == "unsure")
        for id_ in (*CLASSES, "unsure")
    )
    accounts.person(organization)
    record = kept(organization, LABELING_POLICIES, labeling_policy(labels=rows, **given), stage=stage)
    assert record.ref == ref
    return organization


@pytest.mark.django_db
def test_labels_are_held_to_the_policy_under_which_they_were_made(tmp_path: Path) -> None:
    house = a_policy(annotations_per_item=2, release_agreement="0.68")
    lines = [f"{each.item},{each.annotator},{each.label},{int(each.is_gold)}" for each in answers(wrong=30)]
    file = tmp_path / "labels.csv"
    file.write_bytes(table(*lines, head="item,annotator,label,ground_truth"))
    held = ("--policy", "lp-0001", "--organization", house.code)
    assert told_of(file).endswith("Verdict: research_only\n")
    assert told_of(file, *held).endswith("Verdict: release\n")
    file.write_bytes(table(*lines, "a,1,wolf,0", head="item,annotator,label,ground_truth"))
    assert "wolf" in told_of(file)
    with pytest.raises(CommandError, match="Nothing was measured"):
        told_of(file, *held)
    said = told_of(file, *held, "--skip-faults")
    assert "line 462 a: The label «wolf» is not in the schema of the labeling policy." in said


@pytest.mark.django_db
def test_a_policy_that_is_not_in_force_holds_nothing(tmp_path: Path) -> None:
    house = a_policy()
    file = tmp_path / "labels.csv"
    file.write_bytes(table("a,1,cat"))
    assert "Verdict" in told_of(file, "--policy", "LP-0001", "--organization", house.code)
    LegalRecordVersion.objects.filter(legal_record__organization=house).update(
        record_status="retired", ended_at=database_now()
    )
    for options in (
        ("--policy", "LP-0001", "--organization", house.code),
        ("--policy", "LP-0002", "--organization", house.code),
        ("--policy", "LP-0001"),
    ):
        with pytest.raises(CommandError, match=r"in force|Say whose"):
            told_of(file, *options)


@pytest.mark.django_db
@pytest.mark.parametrize("stage", ["draft", "piloted", "paused"])
def test_a_policy_that_does_not_govern_measures_nothing(tmp_path: Path, stage: str) -> None:
    house, file = a_policy(stage=stage), tmp_path / "labels.csv"
    file.write_bytes(table("a,1,cat"))
    with pytest.raises(CommandError, match=f"at the stage «{stage}»"):
        told_of(file, "--policy", "LP-0001", "--organization", house.code)


def test_a_policy_says_the_scale_and_what_leaves_it_open() -> None:
    content = labeling_policy(task=LabelTask.ORDINAL, coverage="0.9", gold_items=80, verified_share="0.05")
    terms = terms_of(content, seed=5)
    assert (terms.scale, terms.order) == (Scale.ORDINAL, ("sandstone", "shale", "unsure"))
    assert (terms.unsure, terms.annotations_per_item, terms.seed) == (("unsure",), 3, 5)
    assert (terms.coverage, terms.gold_items, terms.verified_share) == (0.9, 80, 0.1)
    assert terms_of(labeling_policy(gold_items=5)).gold_items == 50
    assert terms_of(labeling_policy(task=LabelTask.REGRESSION, labels=())).scale is Scale.INTERVAL
    asked = terms_of(
        labeling_policy(overlap_share="0.3", audited_items=400, machine_share="0.5", machine_tool="Forest")
    )
    assert (asked.overlap_share, asked.audited_items, asked.machine_share) == (0.3, 400, 0.5)
    less = terms_of(labeling_policy(overlap_share="0.01", audited_items=3, machine_tool="Forest"))
    assert (less.overlap_share, less.audited_items, less.machine_share) == (0.1, 300, 1.0)
    assert terms_of(labeling_policy(machine_share="0.5")).machine_share == 0


def test_a_file_with_several_labels_is_measured_label_by_label(tmp_path: Path) -> None:
    lines = ["item,annotator,label"]
    for item in range(40):
        for who in ("1", "2"):
            lines += [f"{item},{who},{label}" for label in (("cat", "dog") if item % 2 else ("fox",))]
    file = tmp_path / "several.csv"
    file.write_text("\n".join(lines))
    told = told_of(file, "--several", "--unsure", "fox")
    assert "label | alpha | both | one alone | neither" in told
    assert "L05 passed: An item takes any number of labels" in told
    assert "cat + dog" in told_of(file) and "cat + dog" not in told
    with pytest.raises(CommandError, match="classes"):
        told_of(file, "--several", "--scale", "ordinal")
    with pytest.raises(CommandError, match="gold-tolerance"):
        told_of(file, "--gold-tolerance", "0.5")
