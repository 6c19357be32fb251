"""Bounds as they are told: one that just misses what is asked never reads as if it met it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.console.ranges import Measure, ranges_of
from apps.console.templatetags.labels import lower_bound
from apps.labeling.checks.findings import at_least, at_most
from apps.labeling.checks.measured import Measured, measure
from apps.labeling.checks.quality import findings_of
from apps.labeling.checks.terms import Outcome, Terms
from apps.labeling.imports.annotation import Annotation
from apps.labeling.management.commands import label_report
from apps.labeling.measures.proportions import ItemShare
from apps.labeling.measures.resampling import Interval
from apps.labeling.rendering import printed

TERMS = Terms(resamples=20)


@given(st.floats(-1, 1))
def test_no_bound_is_told_as_more_than_it_is(value: float) -> None:
    """Held against fractions."""
    told, above = Fraction(at_least(value)), Fraction(at_most(value))
    exact = Fraction(Decimal(repr(value)))
    assert told <= exact <= above
    assert above - told <= Fraction(1, 1000)


@pytest.mark.parametrize("value", [0.57, 0.29, 0.8, 0.9, 0.001, 1.0, 0.0])
def test_what_has_three_digits_stays_as_it_is(value: float) -> None:
    assert at_least(value) == at_most(value) == f"{value:.3f}"
    assert (at_least(None), at_most(None)) == ("undefined", "undefined")


def measured(lower: float) -> Measured:
    given = [
        Annotation(line=1, item=str(item), annotator=who, label="ab"[item % 2], seconds=5.0)
        for item in range(120)
        for who in ("1", "2")
    ]
    found = measure(given, (), TERMS)
    (part,) = found.parts
    interval = Interval(lower=lower, upper=0.95001, resamples=20)
    gold = replace(part.on_gold, of_all=ItemShare(hits=947, total=1000, items=1000, mean=0.9174))
    changed = replace(part, agreement=replace(part.agreement, value=0.85, interval=interval), on_gold=gold)
    return replace(found, parts=(changed,))


@pytest.mark.parametrize(("lower", "told"), [(0.7996, "0.799"), (0.79999, "0.799"), (0.8, "0.800")])
def test_in_sentences(lower: float, told: str) -> None:
    found = measured(lower)
    (agreement,) = (each for each in findings_of(found, TERMS) if each.check == "L04")
    assert agreement.reason.facts["lower"] == told
    assert (agreement.outcome is Outcome.PASSED) is (lower >= 0.8)
    (right,) = (each for each in findings_of(found, TERMS) if "GOLD_M" in each.reason.code)
    assert found.gold.lower == pytest.approx(0.8987, abs=0.0001)
    assert (right.outcome, right.reason.facts["lower"]) == (Outcome.FAILED, "0.898")


def test_in_pictures_in_print_and_on_the_command_line() -> None:
    (row,) = ranges_of([Measure(name="a", value=0.85, lower=0.7996, upper=0.9001)], needed=0.8).rows
    assert row.bounds == "0.799 – 0.901"
    assert printed._bounded(0.85, 0.7996, 0.9001) == "0.850 (0.799 – 0.901)"
    share = ItemShare(hits=917, total=1000, items=1000, mean=0.9174)
    assert label_report._share(share).endswith("[0.898, 0.933]")
    assert lower_bound(0.7996) == "0.799"
