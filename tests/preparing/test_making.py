"""Views of Parquet and CSV files, made in memory."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.preparing.recipe import Recipe
from apps.preparing.recipe.filtering import Comparing, Comparison, Joined, Missing, Rows
from tests.preparing.shelves import ASSET, CANARY, KEEP, MASK, TWO, Shelf, made, parquet, recipe_of, rows_of

cells = st.none() | st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


# What a view holds


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(cells, cells), max_size=12))
def test_what_is_dropped_or_masked_is_nowhere_in_the_file(rows: list[tuple[str | None, str | None]]) -> None:
    secret = [f"{CANARY}{first}" for first, _ in rows]
    source = Shelf(
        a__parquet=parquet(
            {
                "name": pa.array(secret, pa.string()),
                "number": pa.array(secret, pa.string()),
                "note": pa.array([second for _, second in rows], pa.string()),
            }
        )
    )
    target, _ = made(recipe_of(("name", "number", "note"), number=MASK, note=KEEP), source)
    assert CANARY.encode() not in target.files["part-00001.parquet"]
    assert b"name" not in target.files["part-00001.parquet"]
    assert rows_of(target)["note"] == [second for _, second in rows]


@settings(deadline=None, max_examples=60)
@given(st.lists(cells, min_size=1, max_size=12))
def test_equal_values_keep_equal_pseudonyms_and_different_ones_do_not(values: list[str | None]) -> None:
    source = Shelf(a__parquet=parquet({"id": pa.array(values, pa.string())}))
    target, _ = made(recipe_of(("id",), id=MASK), source)
    masked = rows_of(target)["id"]
    for one, first in zip(values, masked, strict=True):
        assert (first is None) == (one is None)
        for other, second in zip(values, masked, strict=True):
            assert (first == second) == (one == other)


def test_pseudonyms_tell_nothing_without_the_key_and_join_no_other_dataset() -> None:
    source = Shelf(a__parquet=parquet({"id": ["4711"], "ref": ["4711"]}))
    recipe = recipe_of(("id", "ref"), id=MASK, ref=MASK)
    ours, _ = made(recipe, source)
    again, _ = made(recipe, source)
    elsewhere, _ = made(recipe, source, secret="another secret, as long as the first one")
    other_asset, _ = made(recipe, source, asset=type(ASSET)(int=8))
    found = [rows_of(shelf) for shelf in (ours, elsewhere, other_asset)]
    assert rows_of(again) == rows_of(ours)
    assert len({value for rows in found for column in rows.values() for value in column}) == 6


def test_a_number_and_the_same_number_as_text_have_one_pseudonym() -> None:
    recipe = recipe_of(("id",), id=MASK)
    numbers, _ = made(recipe, Shelf(a__parquet=parquet({"id": [1, 2]})))
    texts, _ = made(recipe, Shelf(a__csv=b"id\n1\n2\n"))
    assert texts.files["part-00001.csv"].decode().split() == [
        '"id"',
        *(f'"{each}"' for each in rows_of(numbers)["id"]),
    ]


def test_numbers_days_and_texts_are_generalized() -> None:
    source = Shelf(
        a__parquet=parquet(
            {
                "age": pa.array([-1, 0, 9, 10, None], pa.int32()),
                "pay": pa.array([1.25, 0.5, -0.1, 3.0, None]),
                "born": pa.array([datetime.date(1990, 5, 17)] * 4 + [None]),
                "seen": pa.array([datetime.datetime(2020, 12, 31, 23, 59)] * 4 + [None], pa.timestamp("us")),
                "post": ["10115", "1", "äöü-x", "", None],
                "kind": ["a", "b", "b", "c", None],
            }
        )
    )
    target, done = made(
        recipe_of(
            ("age", "pay", "born", "seen", "post", "kind"),
            age={"step": "bins", "width": "10"},
            pay={"step": "bins", "width": "0.5"},
            born={"step": "period", "span": "year"},
            seen={"step": "period", "span": "month"},
            post={"step": "beginning", "letters": 2},
            kind={"step": "most", "count": 2},
        ),
        source,
    )
    assert rows_of(target) == {
        "age": [-10, 0, 0, 10, None],
        "pay": [1.0, 0.5, -0.5, 3.0, None],
        "born": [datetime.date(1990, 1, 1)] * 4 + [None],
        "seen": [datetime.date(2020, 12, 1)] * 4 + [None],
        "post": ["10", "1", "äö", "", None],
        "kind": ["a", "b", "b", "(other)", None],
    }
    assert done.types["age"] == "int64"


def test_a_moment_in_a_zone_keeps_the_month_it_has_there() -> None:
    late = datetime.datetime(2020, 12, 31, 23, 30, tzinfo=datetime.UTC)
    source = Shelf(a__parquet=parquet({"at": pa.array([late], pa.timestamp("us", tz="Europe/Berlin"))}))
    target, _ = made(recipe_of(("at",), at={"step": "period", "span": "month"}), source)
    assert rows_of(target) == {"at": [datetime.date(2021, 1, 1)]}


def test_the_most_frequent_are_counted_over_all_files_and_the_rows_that_remain() -> None:
    recipe = recipe_of(("kind", "n"), "n > 0", kind={"step": "most", "count": 2})
    source = Shelf(a__csv=b"kind,n\na,1\nb,0\nb,0\nb,0\nc,1\n", b__csv=b"kind,n\na,1\nc,1\nd,1\n")
    target, done = made(recipe, source)
    assert target.files["part-00002.csv"].decode().split() == ['"kind"', '"a"', '"c"', '"(other)"']
    assert (done.files, done.rows_in, done.rows_out) == (2, 8, 5)


def test_nothing_else_of_a_file_is_carried_over() -> None:
    """Tools describe all columns beside the data, and the name of a file may tell a value."""
    table = pa.table({"id": ["1"], "diagnosis": ["x"]}, metadata={b"pandas": b'{"columns": ["diagnosis"]}'})
    sink = io.BytesIO()
    pq.write_table(table, sink)
    source = Shelf(**{"diagnosis=x/b__parquet": sink.getvalue()})
    target, _ = made(recipe_of(("id", "diagnosis"), id=KEEP), source)
    assert list(target.files) == ["part-00001.parquet"]
    assert b"diagnosis" not in target.files["part-00001.parquet"]


def test_cells_of_a_csv_file_arrive_as_they_were() -> None:
    hostile = '=cmd|"/c calc"!A1', "a\nb", "c,d", "", "Ω\u202e"
    text = "x,y\n" + "".join('"{}",\n'.format(each.replace('"', '""')) for each in hostile)
    target, _ = made(recipe_of(("x", "y"), x=KEEP), Shelf(a__csv=text.encode()))
    with io.TextIOWrapper(io.BytesIO(target.files["part-00001.csv"]), newline="") as read:
        assert read.read() == '"x"\n' + "".join('"{}"\n'.format(each.replace('"', '""')) for each in hostile)


def test_a_file_without_rows_gives_one_without_rows() -> None:
    for source in (
        Shelf(a__csv=b"x,y\n"),
        Shelf(a__parquet=parquet({"x": pa.array([], pa.string()), "y": []})),
    ):
        target, done = made(recipe_of(("x", "y"), x=KEEP), source)
        assert (len(target.files), done.rows_out) == (1, 0)


# Which rows remain

small = st.none() | st.integers(-2, 2)
words = st.none() | st.sampled_from(["", "a", "b"])
leaves = (
    st.builds(
        Comparison, column=st.just("n"), how=st.sampled_from(Comparing), value=st.decimals(-2, 2, places=1)
    )
    | st.builds(
        Comparison, column=st.just("w"), how=st.sampled_from(Comparing), value=st.sampled_from(["", "a", "b"])
    )
    | st.builds(Missing, column=st.sampled_from(["n", "w"]), is_there=st.booleans())
)
choices: st.SearchStrategy[Rows] = st.recursive(
    leaves,
    lambda inner: st.builds(
        Joined, parts=st.lists(inner, min_size=2, max_size=3).map(tuple), takes_all=st.booleans()
    ),
    max_leaves=6,
)


def _remains(rows: Rows, row: Mapping[str, Any]) -> bool | None:
    """The three values of SQL: what compares with nothing is unknown."""
    if isinstance(rows, Joined):
        answers = [_remains(part, row) for part in rows.parts]
        decided = not rows.takes_all
        return decided if decided in answers else None if None in answers else rows.takes_all
    value = row[rows.column]
    if isinstance(rows, Missing):
        return (value is not None) == rows.is_there
    if value is None:
        return None
    return {
        Comparing.EQUAL: value == rows.value,
        Comparing.UNEQUAL: value != rows.value,
        Comparing.LESS: value < rows.value,
        Comparing.AT_MOST: value <= rows.value,
        Comparing.MORE: value > rows.value,
        Comparing.AT_LEAST: value >= rows.value,
    }[rows.how]


@settings(deadline=None, max_examples=150)
@given(choices, st.lists(st.tuples(small, words), max_size=10))
def test_a_row_remains_where_what_is_known_says_so(
    rows: Rows, values: list[tuple[int | None, str | None]]
) -> None:
    table = [{"n": number, "w": word} for number, word in values]
    expected = [row for row in table if _remains(rows, row)]
    source = Shelf(
        a__parquet=parquet(
            {
                "n": pa.array([row["n"] for row in table], pa.int64()),
                "w": pa.array([row["w"] for row in table], pa.string()),
            }
        )
    )
    recipe = Recipe(steps=recipe_of(("n", "w"), "n > 0", n=KEEP, w=KEEP).steps, rows=rows)
    target, _ = made(recipe, source)
    found = rows_of(target)
    assert [{"n": n, "w": w} for n, w in zip(found["n"], found["w"], strict=True)] == expected


def test_days_moments_and_truths_are_compared() -> None:
    day, moment = datetime.date(2020, 5, 1), datetime.datetime(2020, 5, 1, 12)
    source = Shelf(
        a__parquet=parquet(
            {
                "d": pa.array([day, None]),
                "t": pa.array([moment, None], pa.timestamp("ns", tz="UTC")),
                "b": pa.array([True, False]),
            }
        )
    )
    for text, count in (
        ("d = '2020-05-01'", 1),
        ("d > '2020-05-01'", 0),
        ("t >= '2020-05-01T12:00:00'", 1),
        ("t > '2020-05-01T11:00:00+00:00'", 1),
        ("b = 'false'", 1),
    ):
        _, done = made(recipe_of(("d", "t", "b"), text, b=KEEP), source)
        assert done.rows_out == count, text


def test_numbers_written_as_text_are_compared_as_numbers() -> None:
    _, done = made(recipe_of(("n",), "n >= 9", n=KEEP), Shelf(a__csv=b"n\n10\n9\n8.9\n\n"))
    assert (done.rows_in, done.rows_out) == (3, 2)


def test_a_nested_column_may_be_dropped() -> None:
    target, _ = made(recipe_of(TWO, x=KEEP), Shelf(a__parquet=parquet({"id": [{"deep": 1}], "x": [1]})))
    assert rows_of(target) == {"x": [1]}


def test_a_column_whose_name_begins_as_another_is_not_taken_along() -> None:
    source = Shelf(a__parquet=parquet({"a": ["1"], "a.b": [CANARY]}))
    target, _ = made(recipe_of(("a", "a.b"), a=KEEP), source)
    assert CANARY.encode() not in target.files["part-00001.parquet"]


@pytest.mark.parametrize(
    "column",
    [
        pa.nulls(1),
        pa.array([True]),
        pa.array([1], pa.uint8()),
        pa.array([1.5], pa.float16()),
        pa.array([1], pa.decimal128(5, 1)),
        pa.array([1], pa.date32()),
        pa.array([1], pa.time64("us")),
        pa.array([1], pa.timestamp("us", "UTC")),
        pa.array([1], pa.duration("us")),
        pa.array([b"ab"], pa.binary(2)),
        pa.array([b"ab"], pa.large_binary()),
        pa.array(["ab"]).dictionary_encode(),
    ],
    ids=lambda column: str(column.type),
)
def test_every_plain_type_is_read_and_stays_as_it_was(column: pa.Array) -> None:
    target, _ = made(recipe_of(TWO, id=KEEP), Shelf(a__parquet=parquet({"id": column, "x": [1]})))
    assert rows_of(target) == {"id": column.to_pylist()}


def test_texts_arrive_as_they_were_however_they_are_packed() -> None:
    texts = ["short", None, "", "ü" * 300, "short"]
    for kind in (pa.string(), pa.large_string()):
        for packed in (True, False):
            content = parquet({"id": pa.array(texts, kind), "x": [1] * 5}, use_dictionary=packed)
            target, _ = made(recipe_of(TWO, id=KEEP), Shelf(a__parquet=content))
            assert rows_of(target) == {"id": texts}
