"""Areas and parts of texts held against each other: by what is known of triangles and circles, point by
point, and by laws that no order and no name changes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.labeling.checks.coefficients import Agreement, Coefficient
from apps.labeling.checks.figures import figures_of
from apps.labeling.checks.measured import measure
from apps.labeling.checks.terms import Terms
from apps.labeling.imports.annotation import Annotation
from apps.labeling.measures.regions import Item, dice, drawings, f1
from apps.labeling.measures.scanning import ellipse, mask, polygon, scanned
from apps.labeling.measures.shapes import Area, Box, Shape, Span
from apps.labeling.measures.stretches import length, shared, united

TERMS = Terms(resamples=20)
DICE = Terms(resamples=20, is_dice=True)
SIDE = 12
"""Of the pictures that are counted point by point."""
CORNERS = st.tuples(st.integers(0, SIDE), st.integers(0, SIDE))
RINGS = st.lists(CORNERS, min_size=3, max_size=6)
BITS = st.lists(st.booleans(), min_size=SIDE * SIDE, max_size=SIDE * SIDE)
Point = tuple[int, int]


def ring(points: Sequence[tuple[float, float]]) -> Area:
    return polygon([[place for point in points for place in point]])


def painted(bits: Sequence[bool]) -> Area:
    counts, is_in = [0], False
    for bit in bits:
        if bit != is_in:
            counts.append(0)
            is_in = bit
        counts[-1] += 1
    return mask(counts, left=0, top=0, width=SIDE)


def cut_through(points: Sequence[Point], row: int) -> list[Fraction]:
    """Where the middle of the row crosses the sides of a ring, exactly."""
    middle, found = Fraction(2 * row + 1, 2), []
    for (x, y), (x_too, y_too) in zip(points, (*points[1:], points[0]), strict=True):
        if min(y, y_too) <= middle < max(y, y_too):
            found.append(x + (middle - y) * Fraction(x_too - x, y_too - y))
    return sorted(found)


@given(points=RINGS)
def test_a_polygon_covers_what_lies_between_its_sides(points: list[Point]) -> None:
    rows = [cut_through(points, row) for row in range(SIDE)]
    exact = sum(end - begin for row in rows for begin, end in zip(row[::2], row[1::2], strict=True))
    assert length(scanned(ring(points), (1, 1))) == pytest.approx(float(exact), abs=1e-6)


@given(one=BITS, other=BITS)
@settings(max_examples=30)
def test_masks_share_the_points_that_both_cover(one: list[bool], other: list[bool]) -> None:
    both = sum(here and there for here, there in zip(one, other, strict=True))
    either = sum(here or there for here, there in zip(one, other, strict=True))
    first, second = painted(one), painted(other)
    item = Item((first, second))
    assert item.overlap(first, second) == pytest.approx(both / either if either else 1.0)
    if either:
        assert item.dice([first], [second]) == pytest.approx(2 * both / (sum(one) + sum(other)))
        assert length(united([scanned(each, (1, 1)) for each in (first, second)])) == either


def test_a_triangle_and_its_square() -> None:
    triangle, square = ring([(0, 0), (400, 0), (0, 400)]), Box(left=0, top=0, width=400, height=400)
    item = Item((triangle, square))
    assert item.overlap(triangle, square) == pytest.approx(1 / 2, rel=1e-6)
    assert item.dice([triangle], [square]) == pytest.approx(2 / 3, rel=1e-6)


def test_two_circles_share_a_lens() -> None:
    """Of radius 200, their middles 200 apart."""
    lens = 200**2 * (2 * math.pi / 3 - math.sqrt(3) / 2)
    one, other = (ellipse(x, 300, 200, 200, turned) for x, turned in ((300, 0), (500, 33)))
    covered = 2 * math.pi * 200**2 - lens
    assert Item((one, other)).overlap(one, other) == pytest.approx(lens / covered, rel=1e-3)
    assert Item((one, other)).dice([one], [other]) == pytest.approx(lens / (math.pi * 200**2), rel=1e-3)


@given(
    points=RINGS,
    bits=BITS,
    across=st.integers(0, 500),
    down=st.integers(0, 500),
    box=st.tuples(CORNERS, CORNERS),
)
@settings(max_examples=50)
def test_where_it_lies_changes_nothing(
    points: list[Point], bits: list[bool], across: int, down: int, box: tuple[Point, Point]
) -> None:
    (left, top), (wide, high) = box

    def drawn(x: int, y: int) -> list[Shape]:
        here = mask([0, SIDE], left=x, top=y, width=SIDE)
        moved = [(place + x, place_too + y) for place, place_too in points]
        return [ring(moved), Box(left=left + x, top=top + y, width=wide, height=high), here]

    one, other = drawn(0, 0), drawn(across, down)
    for first in range(3):
        for second in range(3):
            before = Item(one).overlap(one[first], one[second])
            assert Item(other).overlap(other[first], other[second]) == pytest.approx(before, abs=1e-6)
    assert Item(other).dice(other[:1], other[1:]) == pytest.approx(Item(one).dice(one[:1], one[1:]), abs=1e-6)


def test_what_one_drew_twice_counts_once() -> None:
    first = Box(left=0, top=0, width=100, height=100)
    half = ring([(0, 0), (50, 0), (50, 100), (0, 100), (0, 50)])
    item = Item((first, half))
    assert item.dice([first, half, half], [first]) == 1
    assert item.dice([half, half], [first]) == pytest.approx(2 / 3)


def test_kinds_share_nothing_and_spans_share_their_length() -> None:
    word, longer, box = Span(start=0, end=10), Span(start=5, end=15), Box(left=0, top=0, width=10, height=10)
    item = Item((word, longer, box, ring([(0, 0), (9, 0), (0, 9)])))
    assert item.overlap(word, longer) == pytest.approx(1 / 3)
    assert item.overlap(word, word) == 1
    assert item.overlap(word, Span(start=10, end=20)) == item.overlap(word, box) == 0
    assert f1(item, [("a", word)], [("a", Span(start=0, end=5))])[0] == 1
    assert f1(item, [("a", word)], [("a", Span(start=0, end=4))])[0] == 0
    assert f1(item, [("a", word)], [("b", word)])[0] == 0


def test_a_mask_of_another_picture_covers_nothing_here() -> None:
    one = mask([0, 9], left=0, top=0, width=3, across=1, down=1)
    other = replace(one, across=2.0)
    assert Item((one, other)).overlap(one, other) == 0


# As annotators draw


SHAPES = st.one_of(
    st.builds(
        lambda place, size: Box(left=place[0], top=place[1], width=size[0], height=size[1]),
        CORNERS,
        st.tuples(st.integers(1, SIDE), st.integers(1, SIDE)),
    ),
    RINGS.map(ring),
    BITS.map(painted),
    st.builds(lambda x, wide, turned: ellipse(x, 6, wide, 3, turned), *[st.integers(1, SIDE)] * 3),
    st.builds(lambda start, long: Span(start=start, end=start + long), *[st.integers(1, SIDE)] * 2),
)
DRAWN = st.lists(st.tuples(st.sampled_from(("cat", "dog")), SHAPES), max_size=3)
DRAWINGS = st.lists(st.lists(DRAWN, min_size=2, max_size=3), min_size=1, max_size=3)


def put_down(drawn_by: Sequence[Sequence[Sequence[tuple[str, Shape]]]], names: str) -> list[Annotation]:
    return [
        Annotation(line=1, item=str(item), annotator=who, label=label, shape=shape, is_region=True)
        for item, row in enumerate(drawn_by)
        for who, drawn in zip(names, row, strict=False)
        for label, shape in drawn
    ]


def told(agreement: Agreement) -> list[object]:
    values = agreement.value, agreement.interval.lower, agreement.interval.upper
    return [each if each is None else pytest.approx(each, abs=1e-9) for each in values]


@pytest.mark.parametrize("terms", [TERMS, DICE], ids=["f1", "dice"])
@given(drawn_by=DRAWINGS, data=st.data())
@settings(deadline=None, max_examples=40)
def test_names_and_order_change_no_agreement(
    terms: Terms, drawn_by: list[list[list[tuple[str, Shape]]]], data: st.DataObject
) -> None:
    names = "".join(data.draw(st.permutations("abc")))
    others = data.draw(st.permutations(put_down(drawn_by, names)))
    before, after = (measure(each, (), terms).parts[0] for each in (put_down(drawn_by, "abc"), others))
    assert told(after.agreement) == told(before.agreement)
    assert [(each.value, each.answers) for each in after.classes] == [
        (each.value, each.answers) for each in before.classes
    ]
    for one, other in zip(before.classes, after.classes, strict=True):
        assert other.agreement == pytest.approx(one.agreement, abs=1e-9)


@given(drawn=st.lists(st.tuples(st.sampled_from(("cat", "dog")), SHAPES), min_size=1, max_size=4))
@settings(deadline=None, max_examples=40)
def test_who_draw_the_same_have_one_and_who_draw_apart_have_none(drawn: list[tuple[str, Shape]]) -> None:
    elsewhere: list[tuple[str, Shape]] = [
        (label, Box(left=200, top=200, width=9, height=9)) for label, _ in drawn
    ]
    for by in (dice, f1):
        same = drawings({"1": {"a": drawn, "b": drawn[::-1]}}, by)
        is_seen = by is dice or all(not isinstance(shape, Box) or shape.width for _, shape in drawn)
        assert not is_seen or list(same.items) == [pytest.approx(1.0)]
        assert drawings({"1": {"a": drawn, "b": elsewhere}}, by).items == (0.0,)


def test_dice_is_the_mean_over_labels_and_items_and_f1_counts_regions() -> None:
    left, right = (Box(left=at, top=0, width=10, height=10) for at in (0, 5))
    far = Box(left=50, top=0, width=10, height=10)
    drawn = {
        "1": {"a": [("cat", left), ("dog", far)], "b": [("cat", left)]},
        "2": {"a": [("cat", left)], "b": [("cat", right)]},
    }
    by_dice, by_f1 = drawings(drawn, dice), drawings(drawn, f1)
    assert list(by_dice.items) == [pytest.approx(0.5)] * 2
    assert by_dice.labels == {"cat": [pytest.approx(1), pytest.approx(0.5)], "dog": [0]}
    assert list(by_f1.items) == [pytest.approx(2 / 3), 0]
    assert by_f1.labels == {"cat": [1, 0], "dog": [0]}
    assert by_dice.annotators["a"] == by_dice.annotators["b"] == list(by_dice.items)


def test_the_terms_say_by_what_areas_are_held_against_each_other() -> None:
    drawn_by = [[[("cat", ring([(0, 0), (10, 0), (0, 10)]))], [("cat", painted([True] * SIDE * SIDE))]]]
    given_ = put_down(drawn_by, "ab")
    counted, covered = (measure(given_, (), terms).agreement for terms in (TERMS, DICE))
    assert (counted.coefficient, counted.value) == (Coefficient.F1, 0)
    assert (covered.coefficient, covered.value) == (
        Coefficient.DICE,
        pytest.approx(100 / (50 + 144), rel=0.01),
    )


def test_what_is_shared_of_stretches() -> None:
    assert shared((0, 2, 4, 8), (1, 5, 7, 9)) == 1 + 1 + 1
    assert list(united([(0, 2, 4, 8), (1, 5), (9, 10)])) == [0, 8, 9, 10]


def test_who_draw_the_same_place_and_call_it_otherwise_are_confused() -> None:
    """A place that both call the same is not, whatever else one of them draws there."""
    place, near, far = (Box(left=left, top=0, width=10, height=10) for left in (0, 1, 90))
    item = Item((place, near, far))
    held = f1(item, [("cat", place), ("dog", far)], [("dog", near), ("dog", far)])
    assert held.called == {("cat", "dog"): 1, ("dog", "dog"): 1}
    assert f1(item, [("dog", near), ("dog", far)], [("cat", place), ("dog", far)]).called == held.called
    both = f1(item, [("cat", place), ("dog", place)], [("dog", near)])
    assert both.called == {("dog", "dog"): 1}
    told = drawings({"a": {"1": [("cat", place)], "2": [("dog", near)], "3": [("cat", near)]}})
    assert told.called == {("cat", "cat"): 1, ("cat", "dog"): 2}


@given(
    rows=st.lists(
        st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 8)), max_size=5), min_size=2, max_size=2
    )
)
def test_in_which_order_they_drew_confuses_nobody_else(rows: list[list[tuple[str, int]]]) -> None:
    first, second = (
        [(label, Box(left=left, top=0, width=10, height=1)) for label, left in row] for row in rows
    )
    item = Item(shape for _label, shape in (*first, *second))
    called = f1(item, first, second).called
    assert f1(item, second[::-1], first[::-1]).called == called
    assert sum(count for (one, other), count in called.items() if one == other) * 2 == pytest.approx(
        (f1(item, first, second).share or 0) * (len(first) + len(second))
    )


def test_the_figures_of_regions_hold_what_is_confused() -> None:
    def drew(who: str, label: str, item: int) -> Annotation:
        box = Box(left=0, top=0, width=10, height=10)
        return Annotation(line=1, item=str(item), annotator=who, label=label, shape=box, is_region=True)

    given = [
        drew(who, "cat" if item < 9 or who == "1" else "dog", item) for item in range(12) for who in "12"
    ]
    (part,) = figures_of(measure(given, (), TERMS), are_named=False)["parts"]
    assert part["confusion"] == {"labels": ["cat", "dog"], "counts": [[9, 3], [3, 0]]}
