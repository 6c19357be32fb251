"""What the page of a labeling policy says of its labels, and of terms that it leaves to the house."""

from __future__ import annotations

import pytest

from apps.compliance.lifecycle.declaration import specs_of
from apps.compliance.lifecycle.labeling import LabelingPolicyContent, LabelRow
from apps.console.forms.record import Names
from apps.console.forms.shown import show_of
from apps.labeling.checks.terms import Terms
from apps.labeling.roster.standing import LEAST_SCORE

SPECS = specs_of(LabelingPolicyContent)
NOBODY = Names(lines={})
ASSUMED = {
    "release_agreement": Terms().release_agreement,
    "research_agreement": Terms().research_agreement,
    "gold_accuracy": Terms().gold_accuracy,
    "coverage": Terms().coverage,
    "unsure_share": Terms().unsure_share,
    "test_score": LEAST_SCORE,
}


@pytest.mark.parametrize("name", ASSUMED)
def test_what_holds_where_a_policy_says_nothing_is_told_as_it_is_applied(name: str) -> None:
    (line,) = show_of(SPECS[name])("", NOBODY)
    assert (float(line.text), str(line.note)) == (ASSUMED[name], "as nothing else is said")
    (said,) = show_of(SPECS[name])("0.95", NOBODY)
    assert (said.text, said.note) == ("0.95", "")


def test_every_term_that_is_assumed_is_held_against_what_is_applied() -> None:
    assert {name for name, spec in SPECS.items() if spec.otherwise} == set(ASSUMED)


def test_a_question_stands_with_a_label_where_its_answer_is_yes() -> None:
    rows = (
        LabelRow(id="shale", definition="Clay.", is_sensitive=False, leaves_it_open=False),
        LabelRow(id="unsure", definition="It does not tell.", is_sensitive=False, leaves_it_open=True),
    )
    told = [(line.text, line.note) for line in show_of(SPECS["labels"])(rows, NOBODY)]
    assert told == [("shale", "Clay."), ("unsure", "It does not tell. · Does it leave it open? yes")]
