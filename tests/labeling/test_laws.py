"""Laws that every coefficient keeps: names and order change nothing, who always agree have 1, and what has no
meaning has no value. Those of alpha on all scales stand with its published values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.labeling.checks.coefficients import Agreement, Coefficient
from apps.labeling.checks.measured import measure
from apps.labeling.checks.terms import Terms
from apps.labeling.imports.annotation import Annotation
from apps.labeling.measures.agreement import Scale, ac1, ratings_of
from apps.labeling.measures.raters import cohen_kappa, fleiss_kappa, icc_2_1
from apps.labeling.measures.regions import Item, drawings, f1, matched
from apps.labeling.measures.shapes import Box, overlap_of_boxes

TABLES = st.integers(2, 4).flatmap(
    lambda raters: st.lists(
        st.lists(st.sampled_from("123"), min_size=raters, max_size=raters), min_size=1, max_size=12
    )
)
"""A row for each item, a column for each annotator."""
PLACES = st.builds(
    lambda label, left, top, wide, high: (label, Box(left=left, top=top, width=wide, height=high)),
    st.sampled_from(("cat", "dog")),
    st.integers(0, 6),
    st.integers(0, 6),
    st.integers(1, 8),
    st.integers(1, 8),
)
DRAWINGS = st.lists(st.lists(st.lists(PLACES, max_size=4), min_size=2, max_size=3), min_size=1, max_size=4)
"""By item and annotator."""

Table = list[list[str]]
Drawings = Sequence[Sequence[Sequence[tuple[str, Box]]]]


def moved(table: Table, data: st.DataObject) -> Table:
    """Other items first, and other annotators."""
    columns = data.draw(st.permutations(range(len(table[0]))))
    return [[row[column] for column in columns] for row in data.draw(st.permutations(table))]


def kappas(table: Table) -> list[float | None]:
    ratings = ratings_of((str(item), value) for item, row in enumerate(table) for value in row)
    found = [fleiss_kappa(ratings), ac1(ratings), icc_2_1([[float(value) for value in row] for row in table])]
    if len(table[0]) == 2:
        found.append(cohen_kappa((row[0], row[1]) for row in table))
    return found


def about(values: Sequence[float | None]) -> list[object]:
    return [value if value is None else pytest.approx(value, abs=1e-9) for value in values]


@given(table=TABLES, data=st.data())
@settings(deadline=None)
def test_names_and_order_change_no_kappa(table: Table, data: st.DataObject) -> None:
    """Fleiss' and Cohen's kappa, AC1 and ICC(2,1)."""
    assert kappas(moved(table, data)) == about(kappas(table))


@given(values=st.lists(st.sampled_from("123"), min_size=2, max_size=12), raters=st.integers(2, 4))
def test_who_always_agree_have_one_or_nothing_to_agree_on(values: list[str], raters: int) -> None:
    found = kappas([[value] * raters for value in values])
    assert found == about([1 if len(set(values)) > 1 else None] * len(found))


# Boxes


def by_item(drawings: Drawings) -> Mapping[str, Mapping[str, Sequence[tuple[str, Box]]]]:
    return {
        str(item): {str(annotator): drawn for annotator, drawn in enumerate(row)}
        for item, row in enumerate(drawings)
    }


@given(drawn_by=DRAWINGS, data=st.data())
@settings(deadline=None)
def test_names_and_order_change_no_f1_of_boxes(drawn_by: Drawings, data: st.DataObject) -> None:
    others = [
        [data.draw(st.permutations(drawn)) for drawn in data.draw(st.permutations(row))]
        for row in data.draw(st.permutations(drawn_by))
    ]
    before, after = (sorted(drawings(by_item(each)).items) for each in (drawn_by, others))
    assert after == about(before)


def test_boxes_that_could_go_with_several_find_as_many_partners_as_there_are() -> None:
    """Each overlaps the next by half. With the best overlap first two of the four would be left alone."""
    first, second = (
        [Box(left=left, top=0, width=10, height=1) for left in lefts] for lefts in ((0, 3), (2.9, 6))
    )
    shares = [[round(overlap_of_boxes(one, other), 2) for other in second] for one in first]
    assert shares == [[0.55, 0.25], [0.98, 0.54]]
    item = Item((*first, *second))
    assert [matched(item, first, second), matched(item, second, first)] == [2, 2]


@given(row=st.lists(PLACES, min_size=1, max_size=5))
def test_who_draw_the_same_have_one(row: list[tuple[str, Box]]) -> None:
    item = Item(box for _label, box in row)
    assert f1(item, row, row[::-1])[0] == 1
    assert drawings({"a": {"1": row, "2": row}}).items == (1,)
    assert f1(item, [], []) == (None, {}, {})
    assert drawings({"a": {"1": [], "2": []}, "b": {"1": row}}).items == ()


@given(first=st.lists(PLACES, max_size=4), second=st.lists(PLACES, max_size=4))
def test_as_many_are_matched_as_an_oracle_finds(
    first: list[tuple[str, Box]], second: list[tuple[str, Box]]
) -> None:
    """Among all ways of pairing them."""
    fits = [
        (one, other)
        for one, (label, box) in enumerate(first)
        for other, (named, drawn) in enumerate(second)
        if label == named and overlap_of_boxes(box, drawn) >= 0.5
    ]
    most = max(
        size
        for size in range(min(len(first), len(second)) + 1)
        for chosen in combinations(fits, size)
        if len({one for one, _ in chosen}) == len({other for _, other in chosen}) == size
    )
    share, _labels, _called = f1(Item(box for _label, box in (*first, *second)), first, second)
    assert (share or 0) * (len(first) + len(second)) == pytest.approx(2 * most)


# The whole measurement


def annotations(table: Table, names: Sequence[str], drawings: Drawings) -> list[Annotation]:
    told = [
        Annotation(line=1, item=f"told-{item}", annotator=who, label=value)
        for item, row in enumerate(table)
        for who, value in zip(names, row, strict=False)
    ]
    drawn = [
        Annotation(line=1, item=f"drawn-{item}", annotator=who, label=label, shape=box, is_region=True)
        for item, row in enumerate(drawings)
        for who, given in zip(names, row, strict=False)
        for label, box in given
    ]
    return told + drawn


def told(agreement: Agreement) -> list[object]:
    interval, beside = agreement.interval, agreement.beside
    values = [agreement.value, interval.lower, interval.upper, agreement.raw, agreement.ac1, *beside.values()]
    return [agreement.coefficient, *about(values)]


@given(table=TABLES, drawings=DRAWINGS, scale=st.sampled_from(list(Scale)), data=st.data())
@settings(deadline=None, max_examples=50)
def test_names_and_order_change_nothing_that_is_measured(
    table: Table, drawings: Drawings, scale: Scale, data: st.DataObject
) -> None:
    """Alpha on every scale, its bounds, AC1, the kappas beside it, and F1 of boxes with its bounds."""
    terms = Terms(resamples=20, scale=scale)
    given_ = annotations(table, "abcd", drawings)
    names = data.draw(st.permutations("abcd"))
    others = data.draw(st.permutations(annotations(table, names, drawings)))
    before, after = (measure(each, (), terms).parts for each in (given_, others))
    assert [told(part.agreement) for part in after] == [told(part.agreement) for part in before]
    assert {part.agreement.coefficient for part in before} <= {Coefficient.ALPHA, Coefficient.F1}
