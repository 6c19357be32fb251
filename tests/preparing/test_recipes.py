"""What a recipe may say, and how it is read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.kernel.errors import InvalidInput
from apps.preparing import errors
from apps.preparing.recipe import Drop, Keep, parsed_rows, recipe_from, recipe_of
from apps.preparing.recipe.filtering import Comparing, Comparison, Joined, Missing, Rows, as_text
from tests.preparing.shelves import steps

KNOWN = ("id", "age", "town")
names = st.text(min_size=1, max_size=6).filter(lambda text: text.strip() == text)
constants = st.text(max_size=6) | st.decimals(
    min_value=-1000, max_value=1000, places=2, allow_nan=False, allow_infinity=False
)
comparisons = st.builds(
    Comparison, column=names, how=st.sampled_from(Comparing), value=constants
) | st.builds(Missing, column=names, is_there=st.booleans())


def _joined(inner: st.SearchStrategy[Rows]) -> st.SearchStrategy[Rows]:
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.builds(Joined, parts=parts, takes_all=st.booleans())


every_choice = st.recursive(comparisons, _joined, max_leaves=8)


@given(every_choice)
def test_a_choice_of_rows_is_read_as_it_was_written(rows: Rows) -> None:
    assert parsed_rows(as_text(rows)) == rows


def test_and_binds_closer_than_or() -> None:
    assert parsed_rows("a = 1 OR b = 2 and c = 3") == parsed_rows("a = 1 OR (b = 2 AND c = 3)")
    assert parsed_rows("a = 1 OR b = 2 and c = 3") != parsed_rows("(a = 1 OR b = 2) AND c = 3")


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("age", 4),
        ("age =", 6),
        ("age = town", 7),
        ("age = 1 AND", 12),
        ("(age = 1", 9),
        ("age = 1) OR 1 = 1", 8),
        ("age = 1; DROP TABLE x", 8),
        ("age IS NOT 3", 12),
        ("__import__('os')", 11),
        ("age = 'open", 7),
        ("age = 1e9", 7),
        ("NOT age = 1", 5),
        ("(" * 11 + "age = 1" + ")" * 11, 11),
    ],
)
def test_what_is_no_comparison_is_refused_with_its_place(text: str, position: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        parsed_rows(text)
    assert refused.value.code == errors.ROWS_MALFORMED
    assert refused.value.reasons[0].facts["position"] == position


def test_a_choice_of_rows_has_bounds() -> None:
    parsed_rows(" OR ".join(["a = 1"] * 50))
    for text, code in (
        (" OR ".join(["a = 1"] * 51), errors.ROWS_MALFORMED),
        ("a = '" + "x" * 2000 + "'", errors.ROWS_TOO_LONG),
    ):
        with pytest.raises(InvalidInput) as refused:
            parsed_rows(text)
        assert refused.value.code == code


def test_a_column_of_which_nothing_is_said_is_dropped() -> None:
    recipe = recipe_from(steps([{"column": "age", "step": "keep"}]), "", KNOWN)
    assert (recipe.steps["id"], recipe.steps["age"]) == (Drop(), Keep())
    assert recipe.left == ("age",)


def test_a_recipe_is_the_same_after_it_was_stored() -> None:
    asked: list[dict[str, Any]] = [
        {"column": "id", "step": "mask"},
        {"column": "age", "step": "bins", "width": "2.50"},
        {"column": "town", "step": "most", "count": 3},
    ]
    recipe = recipe_from(steps(asked), "age >= 18 AND town IS NOT NULL", KNOWN)
    again = recipe_of(recipe.document)
    assert again == recipe
    assert again.sha256 == recipe.sha256
    other = recipe_from(
        steps([{**asked[0], "step": "keep"}, *asked[1:]]), "age >= 18 AND town IS NOT NULL", KNOWN
    )
    assert other.sha256 != recipe.sha256


def test_what_rows_are_chosen_by_is_carried_into_every_column() -> None:
    """A dropped diagnosis is still told by a view of those who have it."""
    recipe = recipe_from(steps([{"column": "id", "step": "mask"}]), "age > 90", KNOWN)
    assert recipe.carried == {"id": ["age", "id"]}
    assert recipe.needed == ("id", "age")


@pytest.mark.parametrize(
    ("columns", "rows", "code", "field"),
    [
        ([{"column": "id", "step": "keep"}], "salary > 3", errors.ROWS_COLUMN_UNKNOWN, "rows"),
        ([{"column": "salary", "step": "keep"}], "", errors.STEP_COLUMN_UNKNOWN, "columns.0.column"),
        ([{"column": "id", "step": "keep"}] * 2, "", errors.STEP_COLUMN_TWICE, "columns.1.column"),
        ([{"column": "id", "step": "drop"}], "", errors.NOTHING_LEFT, "columns"),
        ([{"column": each, "step": "keep"} for each in KNOWN], "", errors.NOTHING_CHANGED, "columns"),
        ([{"column": "id", "step": "bins"}], "", errors.STEP_WIDTH, "columns.0.width"),
        ([{"column": "id", "step": "bins", "width": "0"}], "", errors.STEP_WIDTH, "columns.0.width"),
        ([{"column": "id", "step": "bins", "width": "NaN"}], "", errors.STEP_WIDTH, "columns.0.width"),
        ([{"column": "id", "step": "bins", "width": "ten"}], "", errors.STEP_WIDTH, "columns.0.width"),
        ([{"column": "id", "step": "period"}], "", errors.STEP_SPAN, "columns.0.span"),
        ([{"column": "id", "step": "beginning", "letters": 0}], "", errors.STEP_LETTERS, "columns.0.letters"),
        ([{"column": "id", "step": "most", "count": 1}], "", errors.STEP_COUNT, "columns.0.count"),
    ],
)
def test_a_faulty_recipe_is_refused_at_the_field(
    columns: list[dict[str, Any]], rows: str, code: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        recipe_from(steps(columns), rows, KNOWN)
    assert (refused.value.code, refused.value.reasons[0].field) == (code, field)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        recipe_from(
            steps([{"column": "id", "step": "bins"}, {"column": "no", "step": "keep"}]), "x = ", KNOWN
        )
    assert [reason.code for reason in refused.value.reasons] == [
        errors.STEP_WIDTH,
        errors.STEP_COLUMN_UNKNOWN,
        errors.ROWS_MALFORMED,
    ]


def test_a_number_is_compared_as_it_was_written() -> None:
    assert parsed_rows("a = 1.50") == Comparison(column="a", how=Comparing.EQUAL, value=Decimal("1.5"))
