"""L03: what annotators disagree about is settled, where the policy asks for that."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from apps.compliance.lifecycle.labeling import Adjudication
from apps.kernel.actor import SYSTEM
from apps.labeling.checks.disputes import Disputes, disputes_of
from apps.labeling.checks.measured import measure
from apps.labeling.checks.parts import answers_of
from apps.labeling.checks.quality import findings_of
from apps.labeling.checks.terms import Terms
from apps.labeling.commands import review_label_set
from apps.labeling.imports.reading import read_export
from apps.labeling.measures.agreement import Scale
from apps.labeling.roster.standing import AnnotatorRole
from tests.factories import accounts, labels, roster
from tests.labeling.exports import box, label_studio, table, task

TERMS = Terms(adjudication="expert", resamples=10)
HEAD = "item,annotator,label,role,ground_truth"


def found(*lines: str, terms: Terms = TERMS) -> Disputes | None:
    export = read_export(table(*(line + "," * (4 - line.count(",")) for line in lines), head=HEAD))
    assert not export.faults
    people = [each for each in export.annotations if each.is_answer]
    return disputes_of(export.annotations, answers_of(people), terms)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("a,1,cat", "a,2,cat"), (0, 0, 0)),
        (("a,1,cat", "a,2,dog"), (1, 1, 1)),
        (("a,1,cat", "a,2,dog", "b,1,cat", "b,2,cat"), (1, 1, 1)),
        (("a,1,cat", "a,2,cat", "a,3,dog"), (1, 1, 0)),
        (("a,1,cat", "a,2,unsure"), (0, 0, 0)),
        (("a,1,cat", "a,2,dog", "a,3,unsure"), (1, 1, 1)),
        (("a,1,cat", "a,2,dog", "a,3,cat,adjudicator"), (1, 0, 0)),
        (("a,1,cat", "a,2,dog", "a,3,cat,,1"), (1, 0, 0)),
        (("a,1,cat", "a,2,dog", "a,3,unsure,adjudicator"), (1, 1, 1)),
        (("a,1,cat", "a,2,dog", "a,3,cat,adjudicator", "a,4,dog,reviewer"), (1, 1, 1)),
    ],
)
def test_an_item_is_disputed_until_it_is_settled(lines: tuple[str, ...], told: tuple[int, int, int]) -> None:
    disputes = found(*lines)
    assert disputes is not None
    assert (disputes.disputed, disputes.open, disputes.tied) == told


def test_of_several_labels_each_has_its_own_majority() -> None:
    terms = replace(TERMS, is_by_label=True)
    lines = ("a,1,cat", "a,1,dog", "a,2,cat")
    assert found(*lines, terms=terms) == Disputes(disputed=1, open=1, tied=1)
    assert found(*lines, "a,3,cat", terms=terms) == Disputes(disputed=1, open=1, tied=0)


def of_l03(content: bytes, terms: Terms) -> list[tuple[str, str]]:
    export = read_export(content)
    findings = findings_of(measure(export.annotations, export.items, terms), terms)
    said = [(each.outcome.value, each.reason.code) for each in findings if each.check == "L03"]
    return said[1:]


@pytest.mark.parametrize(
    ("adjudication", "told"),
    [
        ("expert", [("research_only", "LABELS_DISPUTES_UNSETTLED")]),
        ("majority", [("noted", "LABELS_DISPUTES_TIED")]),
        ("none", []),
        ("", []),
    ],
)
def test_who_has_to_settle_decides_what_comes_of_it(adjudication: str, told: list[tuple[str, str]]) -> None:
    terms = replace(TERMS, adjudication=adjudication)
    assert of_l03(table("a,1,cat", "a,2,dog"), terms) == told
    decided = table("a,1,cat", "a,2,dog", "a,3,cat")
    settled = [("passed", "LABELS_DISPUTES_SETTLED")]
    assert of_l03(decided, terms) == (settled if adjudication == "majority" else told)


def test_of_numbers_and_of_what_is_drawn_it_is_said_that_it_was_not_measured() -> None:
    told = [("noted", "LABELS_DISPUTES_UNDEFINED")]
    assert of_l03(table("a,1,1.5", "a,2,1.6"), replace(TERMS, scale=Scale.INTERVAL)) == told
    assert of_l03(label_studio(task(1, box(1, "cat"), box(2, "cat", by=2))), TERMS) == told
    assert of_l03(table("a,1,some words", "a,2,others"), replace(TERMS, is_free=True)) == []


@pytest.mark.django_db
def test_a_set_with_open_disputes_is_for_research_until_an_expert_settled_them() -> None:
    named = {"are_raw_kept": True, "raw_activity": uuid4(), "raw_retention": uuid4()}
    asked = {"adjudication": Adjudication.EXPERT, "adjudicators": "The geologists."}
    version = labels.labeled_version(accounts.world().domain, **named, **asked)
    roster.entered(roster.policy_about(version), "9", role=AnnotatorRole.ADJUDICATOR)
    lines = [line for line in labels.sound(wrong=2).decode().splitlines() if not line.endswith(",1")]
    gold = labels.sound().decode().splitlines()[1:]
    content = "\n".join([*lines, *(line for line in gold if line.endswith(",1"))])
    made = labels.brought(version, _answered(content))
    told = [each["reason"]["code"] for each in made.findings if each["check"] == "L03"]
    assert (made.verdict, told[-1]) == ("research_only", "LABELS_DISPUTES_UNSETTLED")
    assert review_label_set(actor=SYSTEM, label_set_id=made.uid).verdict == "research_only"
    items = list(dict.fromkeys(line.partition(",")[0] for line in lines[1:]))[:2]
    settled = "item,annotator,label,role\n" + "\n".join(f"{item},9,shale,adjudicator" for item in items)
    both = labels.brought(version, settled.encode(), together_with=made.uid)
    told = [each["reason"]["code"] for each in both.findings if each["check"] == "L03"]
    assert (both.verdict, told[-1]) == ("release", "LABELS_DISPUTES_SETTLED")


def _answered(content: str) -> bytes:
    """Gold is of other items, which both answered rightly."""
    head, *lines = content.splitlines()
    more = [
        f"{item},{who},{label},0"
        for item, _who, label, is_gold in (line.split(",") for line in lines)
        if is_gold == "1"
        for who in ("7", labels.ADDRESS)
    ]
    return "\n".join([head, *lines, *more]).encode()
