"""What leaves it open is no grade: it does not lie above the highest."""

from __future__ import annotations

import pytest

from apps.labeling.checks.measured import measure
from apps.labeling.checks.terms import Terms
from apps.labeling.imports.annotation import Annotation
from apps.labeling.measures.agreement import Scale, alpha, ratings_of

ORDER = ("low", "middle", "high", "unsure")
TERMS = Terms(scale=Scale.ORDINAL, order=ORDER, labels=ORDER, unsure=("unsure",), resamples=20)
SAID = [("low", "low"), ("low", "middle"), ("middle", "middle"), ("high", "high"), ("high", "middle")]


def given(*pairs: tuple[str, str]) -> list[Annotation]:
    return [
        Annotation(line=1, item=str(item), annotator=str(who), label=label)
        for item, pair in enumerate(pairs)
        for who, label in enumerate(pair)
    ]


def test_agreement_is_of_grades_and_who_is_unsure_leaves_it_open() -> None:
    """A control: as a grade above the highest it would change alpha."""
    grades = measure(given(*SAID), (), TERMS)
    both = measure(given(*SAID, ("low", "unsure"), ("unsure", "unsure")), (), TERMS)
    values = ((str(item), label) for item, pair in enumerate(SAID) for label in pair)
    assert grades.agreement.value == pytest.approx(alpha(ratings_of(values, ORDER), Scale.ORDINAL))
    assert both.agreement.value == pytest.approx(
        alpha(ratings_of([*_ratings(SAID), ("5", "low")], ORDER), Scale.ORDINAL)
    )
    as_grade = ratings_of(_ratings([*SAID, ("low", "unsure"), ("unsure", "unsure")]), ORDER)
    assert both.agreement.value != pytest.approx(alpha(as_grade, Scale.ORDINAL))
    assert (both.unsure, grades.unsure) == (3, 0)


def _ratings(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(str(item), label) for item, pair in enumerate(pairs) for label in pair]
