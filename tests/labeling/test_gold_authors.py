"""L02: who says what is true on gold items is on the roster, too."""

from __future__ import annotations

from dataclasses import replace

import pytest

from apps.kernel.actor import SYSTEM
from apps.labeling.checks.terms import Verdict
from apps.labeling.commands import end_annotator
from apps.labeling.imports.annotation import Annotation
from apps.labeling.models import Annotator
from apps.labeling.roster.standing import AnnotatorRole, Listed
from tests.factories import accounts, labels
from tests.labeling.test_who import SOMEBODY, answers, found, told

LABELING = (SOMEBODY, replace(SOMEBODY, code="2"))
MET = ("passed", "LABELS_BY_QUALIFIED")


def by(author: str) -> list[Annotation]:
    return [replace(each, annotator=author) if each.is_gold else each for each in answers("1", "2")]


def of(author: str, *rows: Listed) -> set[tuple[str, str]]:
    return told(found(by(author), *LABELING, *rows), "L02")


def test_who_says_what_is_true_is_known_and_qualified() -> None:
    assert of("gold") == {MET}
    assert of("9") == {("failed", "LABELS_GOLD_BY_UNKNOWN")}
    assert of("") == {("failed", "LABELS_GOLD_BY_UNNAMED")}
    expert = replace(SOMEBODY, code="9", role=AnnotatorRole.ADJUDICATOR)
    assert of("9", expert) == {MET}
    assert of("9", replace(expert, cleared_rank=0)) == {("failed", "ANNOTATOR_NOT_CLEARED")}


def test_an_annotator_says_what_is_true_where_they_did_not_label() -> None:
    assert of("9", replace(SOMEBODY, code="9")) == {MET}
    (own,) = [
        each for each in found(by("2"), *LABELING) if each.outcome.value == "failed" and each.check == "L02"
    ]
    assert (own.reason.code, own.reason.facts) == ("LABELS_GOLD_OF_ANNOTATOR", {"annotator": "2", "own": 60})


@pytest.mark.django_db
def test_labels_with_gold_of_nobody_known_are_blocked() -> None:
    version = labels.labeled_version(accounts.world().domain)
    assert labels.brought(version).verdict == Verdict.RELEASE
    stranger = labels.sound().replace(labels.EXPERT.encode(), b"44")
    made = labels.brought(version, stranger)
    codes = {each["reason"]["code"] for each in made.findings if each["outcome"] == "failed"}
    assert (made.verdict, codes) == (Verdict.BLOCKED, {"LABELS_GOLD_BY_UNKNOWN"})
    row = Annotator.objects.get(code=labels.EXPERT)
    end_annotator(actor=SYSTEM, annotator_id=row.uid)
    assert labels.brought(version).verdict == Verdict.RELEASE, "on the roster while the policy held"
