"""Who labeled: on the roster, qualified then, spared; and what drifts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from apps.accounts.roles import Role
from apps.kernel.actor import SYSTEM
from apps.labeling.checks.around import Around, BeforeFacts, CitedFacts, RosterFacts, Shares, WhenFacts
from apps.labeling.checks.drift import WINDOW, worst_runs
from apps.labeling.checks.measured import measure
from apps.labeling.checks.quality import findings_of
from apps.labeling.checks.terms import Finding, Outcome, Terms
from apps.labeling.commands import end_annotator
from apps.labeling.imports.annotation import Annotation
from apps.labeling.measures.proportions import Share, wilson
from apps.labeling.models import Annotator, LabelSet
from apps.labeling.roster.standing import AnnotatorRole, Demands, Listed
from tests.factories import accounts, labels, roster
from tests.factories.accounts import World

TODAY = date(2026, 11, 27)
SINCE = TODAY - timedelta(days=10)
QUICK = Terms(resamples=100)
SOMEBODY = Listed(
    code="1",
    cleared_rank=2,
    trained_on=SINCE,
    score=0.9,
    undertaking_on=SINCE,
    has_contract=True,
    opted_in_hard=True,
    begins=SINCE,
)
OF_GOLD = replace(SOMEBODY, code="gold", role=AnnotatorRole.REVIEWER, cleared_rank=99, score=1.0)


def answers(*who: str, items: int = 60, seconds: float | None = 5.0) -> list[Annotation]:
    made = []
    for item in range(items):
        true = ("cat", "dog")[item % 2]
        for annotator in who:
            made.append(
                Annotation(line=item, item=str(item), annotator=annotator, label=true, seconds=seconds)
            )
        made.append(Annotation(line=item, item=str(item), annotator="gold", label=true, is_gold=True))
    return made


def found(given: list[Annotation], *rows: Listed, **demands: Any) -> list[Finding]:
    asked = Demands(**{"rank": 1, "needs_contract": True, **demands})
    around = Around(roster=RosterFacts(rows=(*rows, OF_GOLD), demands=asked, since=SINCE, on=TODAY))
    return list(findings_of(measure(given, (), QUICK), QUICK, around))


def told(findings: list[Finding], check: str) -> set[tuple[str, str]]:
    return {(each.outcome.value, each.reason.code) for each in findings if each.check == check}


TWO = (SOMEBODY, replace(SOMEBODY, code="2"))


def test_all_of_them_on_the_roster_and_qualified() -> None:
    findings = found(answers("1", "2"), *TWO)
    assert told(findings, "L02") == {("passed", "LABELS_BY_QUALIFIED")}
    assert told(findings, "L15") == {("passed", "LABELS_NOBODY_EXPOSED")}


def test_unknown_numbers_are_counted() -> None:
    (reason,) = [each.reason for each in found(answers("1", "2", "3", "4"), *TWO) if each.check == "L02"]
    assert (reason.code, reason.facts["count"], reason.facts["who"]) == ("LABELS_BY_UNKNOWN", 2, ("3", "4"))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"score": 0.84}, "ANNOTATOR_TEST_FAILED"),
        ({"score": None}, "ANNOTATOR_TEST_FAILED"),
        ({"trained_on": None}, "ANNOTATOR_NOT_TRAINED"),
        ({"trained_on": SINCE + timedelta(days=1)}, "ANNOTATOR_NOT_TRAINED"),
        ({"undertaking_on": None}, "ANNOTATOR_NOT_BOUND"),
        ({"cleared_rank": 0}, "ANNOTATOR_NOT_CLEARED"),
        ({"cleared_rank": None}, "ANNOTATOR_NOT_CLEARED"),
        ({"has_contract": False}, "ANNOTATOR_NO_CONTRACT"),
    ],
)
def test_who_lacked_something_then_is_told(changed: Mapping[str, Any], code: str) -> None:
    findings = found(answers("1", "2"), SOMEBODY, replace(TWO[1], **changed))
    assert told(findings, "L02") == {("failed", code)}


@pytest.mark.parametrize(
    ("demands", "changed", "code"),
    [
        ({"countries": ("NO", "GB")}, {"country": "GB"}, ""),
        ({"countries": ("EEA",)}, {"country": "DE"}, ""),
        ({"countries": ("EEA",)}, {"country": "GB"}, "ANNOTATOR_COUNTRY_EXCLUDED"),
        ({"countries": ("NO",)}, {}, "ANNOTATOR_COUNTRY_UNKNOWN"),
        ({"countries": ("Wherever it is cheap",)}, {"country": "DE"}, "ANNOTATOR_COUNTRY_EXCLUDED"),
        ({}, {}, ""),
        ({"has_conflicts": True}, {"no_conflict_on": SINCE}, ""),
        ({"has_conflicts": True}, {}, "ANNOTATOR_CONFLICT_UNDECLARED"),
        ({"has_conflicts": True}, {"no_conflict_on": TODAY}, "ANNOTATOR_CONFLICT_UNDECLARED"),
    ],
)
def test_countries_and_conflicts_count_where_the_policy_speaks_of_them(
    demands: Mapping[str, Any], changed: Mapping[str, Any], code: str
) -> None:
    met = {"country": "NO" if "NO" in demands.get("countries", ()) else "DE", "no_conflict_on": SINCE}
    gold = replace(OF_GOLD, **met)
    asked = Demands(rank=1, needs_contract=True, **demands)
    rows = (replace(SOMEBODY, **changed), gold)
    around = Around(roster=RosterFacts(rows=rows, demands=asked, since=SINCE, on=TODAY))
    findings = list(findings_of(measure(answers("1"), (), QUICK), QUICK, around))
    lacking = {each for _outcome, each in told(findings, "L02")} - {"LABELS_BY_QUALIFIED"}
    assert (code in lacking) is bool(code)
    if not code:
        assert told(findings, "L02") == {("passed", "LABELS_BY_QUALIFIED")}


@pytest.mark.parametrize(
    ("ended", "begins", "is_known"),
    [
        (SINCE - timedelta(days=1), date(2020, 1, 1), False),
        (SINCE, date(2020, 1, 1), True),
        (None, TODAY, True),
    ],
)
def test_what_counts_is_the_time_in_which_labels_could_be_given(
    ended: date | None, begins: date, is_known: bool
) -> None:
    row = replace(SOMEBODY, begins=begins, ended=ended, trained_on=begins, undertaking_on=begins)
    assert (told(found(answers("1"), row), "L02") == {("passed", "LABELS_BY_QUALIFIED")}) is is_known


def test_a_row_that_lacked_something_counts_beside_a_better_one() -> None:
    worse = replace(SOMEBODY, score=0.5, ended=SINCE + timedelta(days=3))
    findings = found(answers("1", "2"), *TWO, worse)
    assert told(findings, "L02") == {("failed", "ANNOTATOR_TEST_FAILED")}


def test_of_many_the_first_are_told_and_the_others_counted() -> None:
    rows = [replace(SOMEBODY, code=str(each), score=0.1) for each in range(8)]
    findings = [each for each in found(answers(*(row.code for row in rows)), *rows) if each.check == "L02"]
    assert len(findings) == 6
    assert findings[-1].reason.facts["count"] == 3


def test_answers_that_name_nobody_are_not_measured() -> None:
    assert ("unmeasured", "LABELS_BY_UNNAMED") in told(found(answers("1", ""), *TWO), "L02")


def test_who_labels_and_settles_under_two_numbers_is_noted() -> None:
    rows = (
        replace(SOMEBODY, person="p"),
        replace(SOMEBODY, code="2", person="p", role=AnnotatorRole.ADJUDICATOR),
    )
    assert told(found(answers("1", "2"), *rows), "L02") == {
        ("noted", "LABELS_SETTLED_BY_THEMSELVES"),
        ("passed", "LABELS_BY_QUALIFIED"),
    }


@pytest.mark.parametrize(
    ("seconds", "outcome"),
    [
        (60.0, ("passed", "LABELS_NOBODY_EXPOSED")),
        (121.0, ("unmeasured", "LABELS_DAYS_UNKNOWN")),
        (60.0 * 2 * 11 + 1, ("failed", "LABELS_HOURS_EXCEEDED")),
        (None, ("unmeasured", "LABELS_HOURS_UNKNOWN")),
    ],
)
def test_hours_are_kept_to(seconds: float | None, outcome: tuple[str, str]) -> None:
    """Sixty answers, two hours a day, eleven days."""
    hard = {"is_hard": True, "hours_a_day": 2}
    assert told(found(answers("1", seconds=seconds), SOMEBODY, **hard), "L15") == {outcome}
    easy = told(found(answers("1", seconds=seconds), SOMEBODY), "L15")
    assert easy == {("passed", "LABELS_NOBODY_EXPOSED")}


def test_fewer_hours_that_somebody_agreed_to_count() -> None:
    row = replace(SOMEBODY, hours_a_day=1)
    findings = found(answers("1", seconds=61.0), row, is_hard=True, hours_a_day=2)
    assert told(findings, "L15") == {("unmeasured", "LABELS_DAYS_UNKNOWN")}


def test_who_did_not_agree_does_not_see_it() -> None:
    findings = found(answers("1"), replace(SOMEBODY, opted_in_hard=False), is_hard=True, hours_a_day=8)
    assert told(findings, "L15") == {("failed", "ANNOTATOR_NOT_AGREED")}
    assert told(findings, "L02") == {("passed", "LABELS_BY_QUALIFIED")}


@pytest.mark.parametrize(
    ("version", "sha256", "outcome"),
    [("2", "a" * 64, "passed"), ("", "a" * 64, "failed"), ("2", "", "failed")],
)
def test_every_label_cites_schema_and_guideline(version: str, sha256: str, outcome: str) -> None:
    cited = CitedFacts(ref="LP-0001", number=3, guideline_version=version, guideline_sha256=sha256)
    findings = findings_of(measure(answers("1", "2"), (), QUICK), QUICK, Around(cited=cited))
    assert [each.outcome.value for each in findings if each.check == "L01"] == [outcome]


@pytest.mark.parametrize(
    ("first", "outcome"),
    [(None, "passed"), (date(2026, 3, 2), "passed"), (date(2026, 3, 1), "failed")],
)
def test_labels_are_not_older_than_the_guideline_they_cite(first: date | None, outcome: str) -> None:
    cited = CitedFacts(
        ref="LP-0001", number=3, guideline_version="2", guideline_sha256="a" * 64, since=date(2026, 3, 2)
    )
    around = Around(cited=cited, when=WhenFacts(first=first))
    findings = findings_of(measure(answers("1", "2"), (), QUICK), QUICK, around)
    assert [each.outcome.value for each in findings if each.check == "L01"] == [outcome]


# Drift


def drifting(wrong: range, items: int = 100) -> list[Annotation]:
    return [
        replace(each, label="fox") if each.annotator == "2" and int(each.item) in wrong else each
        for each in answers("1", "2", items=items)
    ]


def test_who_was_good_at_first_and_is_not_any_more_is_noted() -> None:
    """Nine of ten are right over all, which is what is asked; of the last twenty only half."""
    codes = {
        each.reason.facts["annotator"]: each.outcome
        for each in found(drifting(range(90, 100)), *TWO)
        if each.reason.code == "LABELS_ANNOTATOR_DRIFTED"
    }
    assert codes == {"2": Outcome.NOTED}
    scattered = [
        replace(each, label="fox") if each.annotator == "2" and int(each.item) % 10 == 0 else each
        for each in answers("1", "2", items=100)
    ]
    assert not any(each.reason.code == "LABELS_ANNOTATOR_DRIFTED" for each in found(scattered, *TWO))


@pytest.mark.parametrize(("items", "hits"), [(WINDOW - 1, None), (WINDOW, 15), (100, 15)])
def test_a_run_is_as_long_as_it_has_to_be(items: int, hits: int | None) -> None:
    given = [each for each in drifting(range(5, 10), items) if not each.is_gold and each.annotator == "2"]
    truth = [
        Annotation(line=1, item=str(item), annotator="9", label=("cat", "dog")[item % 2], is_gold=True)
        for item in range(items)
    ]
    worst = worst_runs(given, truth, 0.9).worst
    assert worst == ({} if hits is None else {"2": Share(hits=hits, total=WINDOW)})


def shares(items: int = 120, **by_label: float) -> tuple[Shares, ...]:
    return (Shares(is_of_regions=False, items=items, by_label=by_label),)


BEFORE = BeforeFacts(number=1, agreement=(1.0, 1.0), gold=wilson(1.0, 120), classes=shares(cat=0.5, dog=0.5))


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({}, set()),
        ({"agreement": (0.5, 0.9)}, {"agreement"}),
        ({"agreement": (None, None)}, set()),
        ({"gold": wilson(0.5, 120)}, {"share of gold that is right"}),
        ({"classes": shares(cat=0.75, dog=0.25)}, {"share of «cat»", "share of «dog»"}),
        ({"classes": shares(cat=0.5, fox=0.5)}, {"share of «dog»", "share of «fox»"}),
        ({"classes": shares(10, cat=0.75, dog=0.25)}, set()),
        ({"classes": ()}, set()),
    ],
)
def test_a_set_that_is_other_than_the_one_before_is_noted(changed: dict[str, Any], what: set[str]) -> None:
    around = Around(before=replace(BEFORE, **changed))
    findings = findings_of(measure(answers("1", "2"), (), QUICK), QUICK, around)
    drifted = [each for each in findings if each.reason.code == "LABELS_OTHER_THAN_BEFORE"]
    assert {each.reason.facts["what"] for each in drifted} == what
    assert {each.outcome for each in drifted} <= {Outcome.NOTED}


# With what is kept here


@pytest.fixture
def world() -> World:
    return accounts.world()


def of_set(made: LabelSet, check: str) -> set[str]:
    return {each["reason"]["code"] for each in made.findings if each["check"] == check}


@pytest.mark.django_db
def test_a_set_is_held_to_the_roster_before_its_names_are_dropped(world: World) -> None:
    version = labels.labeled_version(world.domain)
    made = labels.brought(version)
    assert (made.verdict, of_set(made, "L02")) == ("release", {"LABELS_BY_QUALIFIED"})
    assert of_set(made, "L01") == {"LABELS_CITE_SCHEMA"}
    stranger = labels.sound().replace(b",7,", b",9,")
    made = labels.brought(version, stranger)
    assert (made.verdict, of_set(made, "L02")) == ("blocked", {"LABELS_BY_UNKNOWN"})
    assert set(made.labels.values_list("annotator", flat=True)) == {""}


@pytest.mark.django_db
def test_who_was_taken_off_since_is_still_known_for_what_was_labeled_then(world: World) -> None:
    version = labels.labeled_version(world.domain)
    end_annotator(actor=SYSTEM, annotator_id=Annotator.objects.get(code="7").uid)
    assert labels.brought(version).verdict == "release"


@pytest.mark.django_db
def test_an_address_of_the_house_becomes_the_number_on_the_roster(world: World) -> None:
    names = {"are_raw_kept": True, "raw_activity": world.domain.uid, "raw_retention": world.domain.uid}
    version = labels.labeled_version(world.domain, **names)
    roster.entered(roster.policy_about(version), "expert-3")
    content = labels.sound().replace(b",7,", b",Expert-3,")
    made = labels.brought(version, content, by=world[Role.STEWARD].actor)
    assert set(made.labels.filter(is_gold=False).values_list("annotator", flat=True)) == {"annotator-1", "8"}
    made = labels.brought(version, labels.sound().replace(b",7,", b",expert-3,"))
    assert set(made.labels.filter(is_gold=False).values_list("annotator", flat=True)) == {"expert-3", "8"}


@pytest.mark.django_db
def test_a_set_is_set_against_the_one_before(world: World) -> None:
    version = labels.labeled_version(world.domain)
    assert of_set(labels.brought(version), "L10") == {"LABELS_NOBODY_STANDS_OUT"}
    assert "LABELS_OTHER_THAN_BEFORE" in of_set(labels.brought(version, labels.sound(wrong=60)), "L10")
