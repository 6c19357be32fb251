"""When it was labeled, and by whom it was settled: days and hours of people, and who looked after what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from apps.accounts.roles import Role
from apps.kernel.clock import database_now
from apps.labeling.checks.around import Around, RedactionFacts, RosterFacts, WhenFacts
from apps.labeling.checks.examined import examined
from apps.labeling.checks.measured import measure
from apps.labeling.checks.quality import findings_of
from apps.labeling.checks.redaction import redacted
from apps.labeling.checks.settling import Standing, settled_apart, settled_of
from apps.labeling.checks.terms import Terms
from apps.labeling.commands import review_label_set
from apps.labeling.imports.reading import read_export
from apps.labeling.imports.worked import day_of, first_day
from apps.labeling.models import Annotator, Label
from apps.labeling.roster.standing import AnnotatorRole, Demands
from tests.factories import accounts, labels, roster
from tests.labeling.exports import box, choice, label_studio, table, task
from tests.labeling.test_who import QUICK, SINCE, SOMEBODY, TODAY

DAY, NEXT = SINCE + timedelta(days=2), SINCE + timedelta(days=3)
HEAD = "item,annotator,label,at,seconds"


def found(content: bytes, *rows: Any, **demands: Any) -> list[tuple[str, str, str]]:
    export = read_export(content)
    asked = Demands(**{"rank": 1, "needs_contract": True, **demands})
    facts = RosterFacts(rows=rows, demands=asked, since=SINCE, on=TODAY)
    around = Around(roster=facts, when=WhenFacts(first=first_day(export.work), work=export.work))
    told = findings_of(measure(export.annotations, export.items, QUICK), QUICK, around)
    return [(each.check, each.outcome.value, each.reason.code) for each in told]


def of(check: str, told: list[tuple[str, str, str]]) -> set[tuple[str, str]]:
    return {(outcome, code) for named, outcome, code in told if named == check}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-20", date(2026, 11, 20)),
        ("2026-11-20T23:30:00Z", date(2026, 11, 20)),
        ("2026-11-20T23:30:00-05:00", date(2026, 11, 21)),
        ("2026-11-20 23:30", date(2026, 11, 20)),
        ("20.11.2026", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("", None),
    ],
)
def test_days_are_told_in_utc(text: str, day: date | None) -> None:
    assert day_of(text) == day


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        ({}, ("passed", "LABELS_BY_QUALIFIED")),
        ({"begins": DAY}, ("passed", "LABELS_BY_QUALIFIED")),
        ({"begins": NEXT}, ("failed", "LABELS_BY_SOMEBODY_NOT_LISTED_THEN")),
        ({"ended": DAY}, ("failed", "LABELS_BY_SOMEBODY_NOT_LISTED_THEN")),
        ({"trained_on": DAY}, ("passed", "LABELS_BY_QUALIFIED")),
        ({"trained_on": NEXT}, ("failed", "ANNOTATOR_NOT_TRAINED")),
        ({"undertaking_on": NEXT}, ("failed", "ANNOTATOR_NOT_BOUND")),
    ],
)
def test_who_labeled_is_looked_at_as_they_were_on_those_days(
    given: Mapping[str, Any], outcome: tuple[str, str]
) -> None:
    content = table(f"a,1,cat,{DAY},5", f"b,1,dog,{NEXT},5", head=HEAD)
    assert of("L02", found(content, replace(SOMEBODY, **given))) == {outcome}


def test_a_row_that_held_on_none_of_the_days_does_not_count() -> None:
    """Without days it would, as it lies in the time of the policy."""
    worse = replace(SOMEBODY, score=0.1, begins=SINCE, ended=SINCE)
    better = replace(SOMEBODY, begins=DAY)
    lines = (f"a,1,cat,{DAY},5", f"b,1,dog,{DAY},5")
    assert of("L02", found(table(*lines, head=HEAD), worse, better)) == {("passed", "LABELS_BY_QUALIFIED")}
    undated = table("a,1,cat,,5", "b,1,dog,,5", head=HEAD)
    assert of("L02", found(undated, worse, better)) == {("failed", "ANNOTATOR_TEST_FAILED")}


@pytest.mark.parametrize("at", ["", f"{TODAY + timedelta(days=1)}"])
def test_without_days_or_with_days_to_come_any_time_of_the_policy_counts(at: str) -> None:
    late = replace(SOMEBODY, begins=TODAY)
    assert of("L02", found(table(f"a,1,cat,{at},5", head=HEAD), late)) == {("passed", "LABELS_BY_QUALIFIED")}


def test_labels_of_days_to_come_say_nothing_of_who_somebody_was() -> None:
    late = table(f"a,1,cat,{DAY},5", f"b,1,dog,{TODAY + timedelta(days=2)},5", head=HEAD)
    assert of("L02", found(late, replace(SOMEBODY, begins=DAY))) == {("unmeasured", "LABELS_OF_DAYS_TO_COME")}


HOURS = 3600
SPARED = ("passed", "LABELS_NOBODY_EXPOSED")


@pytest.mark.parametrize(
    ("lines", "outcome"),
    [
        ((f"a,1,cat,{DAY},{2 * HOURS}", f"b,1,dog,{NEXT},{2 * HOURS}"), SPARED),
        (
            (f"a,1,cat,{DAY},{2 * HOURS}", f"b,1,dog,{DAY},1"),
            ("failed", "LABELS_HOURS_OF_A_DAY_EXCEEDED"),
        ),
        ((f"a,1,cat,{DAY},{HOURS}", f"b,1,dog,,{HOURS}"), SPARED),
        ((f"a,1,cat,{DAY},{HOURS}", f"b,1,dog,,{HOURS + 1}"), ("unmeasured", "LABELS_DAYS_UNKNOWN")),
        ((f"a,1,cat,{DAY},5", f"b,1,dog,{DAY},"), ("unmeasured", "LABELS_HOURS_UNKNOWN")),
    ],
)
def test_hours_are_kept_to_on_each_day(lines: tuple[str, ...], outcome: tuple[str, str]) -> None:
    told = found(table(*lines, head=HEAD), SOMEBODY, is_hard=True, hours_a_day=2)
    assert of("L15", told) == {outcome}


def test_what_was_given_up_was_seen_as_well() -> None:
    head = f"{HEAD},cancelled"
    lines = (f"a,1,cat,{DAY},{2 * HOURS},0", f"b,1,,{DAY},60,1")
    told = found(table(*lines, head=head), SOMEBODY, is_hard=True, hours_a_day=2)
    assert of("L15", told) == {("failed", "LABELS_HOURS_OF_A_DAY_EXCEEDED")}


def test_label_studio_says_on_which_day_and_how_long() -> None:
    at = {"created_at": f"{DAY}T09:00:00.5Z", "updated_at": f"{DAY}T09:00:01Z"}
    later = {"created_at": f"{DAY}T09:00:00Z", "updated_at": f"{NEXT}T09:00:00Z"}
    two = choice(1, "cat", "dog", lead_time=4.0, **at)
    content = label_studio(
        task(1, two),
        task(2, choice(2, "cat", lead_time=2.0, **later)),
        task(3, choice(3, "cat", lead_time=1.0, updated_by=9, **later)),
        task(4, choice(4, "cat", lead_time=8.0)),
    )
    export = read_export(content)
    worked = export.work["1"]
    assert dict(worked.seconds) == {DAY: 5.0, NEXT: 0.0}
    assert (worked.unplaced, worked.undated, worked.most_possible) == (10.0, 1, 15.0)
    assert [each.seconds for each in export.annotations] == [4.0, None, 2.0, 1.0, 8.0]


@pytest.mark.parametrize("column", ["at", "role"])
def test_a_cell_that_says_neither_is_a_fault_of_its_line(column: str) -> None:
    export = read_export(table("a,1,cat,", "b,1,cat,sometime", head=f"item,annotator,label,{column}"))
    (fault,) = export.faults
    assert (fault.line, fault.place, len(export.annotations)) == (3, column, 1)


MET = RedactionFacts(seeds=400, seeds_found=400, audited=300, at=datetime(2026, 11, 20, 12).astimezone())


@pytest.mark.parametrize(
    ("first", "brought", "code"),
    [
        (None, None, "LABELS_REDACTION_MET"),
        (date(2026, 11, 20), None, "LABELS_REDACTION_MET"),
        (date(2026, 11, 19), None, "LABELS_REDACTION_LATE"),
        (None, timedelta(seconds=1), "LABELS_REDACTION_MET"),
        (None, -timedelta(seconds=1), "LABELS_REDACTION_AFTERWARDS"),
        (date(2026, 11, 25), -timedelta(seconds=1), "LABELS_REDACTION_AFTERWARDS"),
    ],
)
def test_a_check_after_the_first_label_does_not_count(
    first: date | None, brought: timedelta | None, code: str
) -> None:
    assert MET.at is not None
    when = WhenFacts(first=first, brought=None if brought is None else MET.at + brought)
    (told,) = redacted(MET, Terms(is_redacted=True), when)
    assert told.reason.code == code


def test_an_earlier_check_counts_where_it_was_met_itself() -> None:
    assert MET.at is not None
    when = WhenFacts(first=date(2026, 11, 19))
    before = replace(MET, at=MET.at - timedelta(days=2))
    for earlier, outcome in ((before, "passed"), (replace(before, audited=10), "failed")):
        (told,) = redacted(replace(MET, earlier=(earlier,)), Terms(is_redacted=True), when)
        assert told.outcome.value == outcome


# Who settled


def settled(content: bytes, standing: Standing = Standing()) -> list[tuple[str, dict[str, Any]]]:  # noqa: B008
    labels_ = examined(content, QUICK, leave_out_faults=False, standing=standing)
    return [(each.reason.code, dict(each.reason.facts)) for each in settled_apart(labels_.settled)]


ROLES = "item,annotator,label,role"
OF_TWO = ("a,1,cat,", "a,2,dog,annotator", "b,1,cat,", "b,2,cat,")


def test_who_settles_what_they_labeled_is_found_item_by_item() -> None:
    lines = (*OF_TWO, "a,1,mouse,adjudicator", "b,3,cat,reviewer")
    ((code, facts),) = settled(table(*lines, head=ROLES))
    assert code == "LABELS_OWN_SETTLED"
    assert (facts["own"], facts["settled"], facts["who"]) == (1, 2, ("1",))


def test_who_settles_what_others_labeled_is_right() -> None:
    assert settled(table(*OF_TWO, "a,3,cat,adjudicator", head=ROLES)) == [
        ("LABELS_SETTLED_BY_OTHERS", {"settled": 1})
    ]
    assert settled(table(*OF_TWO, head=ROLES)) == []


def test_one_person_under_two_numbers_is_one_person() -> None:
    lines = (*OF_TWO, "a,3,cat,adjudicator")
    same = Standing(people={"1": "somebody", "3": "somebody"})
    assert [code for code, _facts in settled(table(*lines, head=ROLES), same)] == ["LABELS_OWN_SETTLED"]


def test_what_was_settled_is_no_answer_of_its_own() -> None:
    """Neither by what the file says nor by the roster."""
    lines = (*OF_TWO, "a,3,cat,adjudicator", "b,3,cat,adjudicator")
    alone = examined(table(*OF_TWO, head=ROLES), QUICK, leave_out_faults=False).measured
    by_role = examined(table(*lines, head=ROLES), QUICK, leave_out_faults=False).measured
    plain = table(*(line.replace("adjudicator", "") for line in lines), head=ROLES)
    standing = Standing(settling=frozenset({"3"}))
    by_roster = examined(plain, QUICK, leave_out_faults=False, standing=standing).measured
    assert by_role.agreement == by_roster.agreement == alone.agreement
    assert examined(plain, QUICK, leave_out_faults=False).measured.agreement != alone.agreement
    assert [each.annotator for each in by_role.annotators] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("more", "own"),
    [
        ({"reviews": [{"created_by": {"id": 2, "email": "two@example.org"}}]}, 1),
        ({"reviews": [{"created_by": 3}, "?", {}]}, 0),
        ({"reviews": [{"created_by": 1}]}, None),
        ({"reviews": "?"}, None),
        ({"updated_by": 2}, 1),
        ({"updated_by": 1}, None),
    ],
)
def test_label_studio_says_who_reviewed_and_changed_it(more: dict[str, Any], own: int | None) -> None:
    content = label_studio(task(1, choice(1, "cat", by=1, **more), choice(2, "cat", by=2)))
    told = settled_of(read_export(content), Standing())
    assert (told.settled, told.own) == ((0, 0) if own is None else (1, own))


@pytest.mark.parametrize(("by", "is_copy"), [(2, True), (1, False)])
def test_what_began_as_a_copy_of_anothers_answer_is_not_independent(by: int, is_copy: bool) -> None:
    content = label_studio(task(1, box(1, "cat", by=1), box(2, "cat", by=by, parent_annotation=1)))
    assert [each.is_settled for each in read_export(content).annotations] == [False, is_copy]


def test_nobody_is_held_against_what_they_said_is_true() -> None:
    lines = ("a,1,cat,0", "a,1,cat,1", "a,2,dog,0", "b,1,cat,0", "b,9,cat,1")
    content = table(*lines, head="item,annotator,label,ground_truth")
    export = read_export(content)
    assert [fault.reason.code for fault in export.faults] == ["LABELS_ID_TWICE"]
    content = content.replace(b"a,1,cat,1", b"a,1,dog,1")
    measured = examined(content, QUICK, leave_out_faults=False).measured
    assert (measured.gold.hits, measured.gold.total, measured.parts[0].own_gold) == (2, 2, 1)
    codes = {each.reason.code for each in findings_of(measured, QUICK)}
    assert "LABELS_GOLD_OWN" in codes


# Kept


@pytest.mark.django_db
def test_of_days_nothing_is_kept_and_what_was_settled_stays_so() -> None:
    world = accounts.world()
    version = labels.labeled_version(world.domain)
    roster.entered(roster.policy_about(version), "9", role=AnnotatorRole.ADJUDICATOR)
    head, *lines = labels.sound().decode().splitlines()
    item = lines[0].split(",")[0]
    today = database_now().date()
    told = [f"{head},at", *(f"{line},{today}" for line in (*lines, f"{item},9,shale,0"))]
    made = labels.brought(version, "\n".join(told).encode(), by=world[Role.STEWARD].actor)
    codes = {each["reason"]["code"] for each in made.findings}
    assert {"LABELS_SETTLED_BY_OTHERS", "LABELS_BY_QUALIFIED"} <= codes
    assert made.verdict == "release"
    assert Label.objects.get(is_settled=True).item == item
    assert not {field.name for field in Label._meta.fields} & {"at", "day", "given_on"}
    assert str(today) not in str({**made.figures, "first_day": ""})
    review = review_label_set(actor=world[Role.STEWARD].actor, label_set_id=made.uid)
    assert (review.verdict, review.figures["agreement"]) == ("release", made.figures["agreement"])
    assert Annotator.objects.count() == 4
