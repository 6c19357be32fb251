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

from apps.kernel.errors import LakewardenError, RuleBroken
from apps.kernel.texts import remedy, sentence
from apps.preparing import errors
from apps.preparing.recipe import Recipe, recipe_from
from apps.preparing.recipe.filtering import Comparing, Comparison, Joined, Missing, Rows
from apps.preparing.work import reading
from apps.preparing.work.stepping import MOST_VALUES
from tests.preparing.shelves import ASSET, Shelf, made, parquet, rows_of
from tests.preparing.shelves import steps as drafts

CANARY = "canary-4711"
cells = st.none() | st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


def _recipe(known: tuple[str, ...], rows: str = "", **steps: dict[str, Any]) -> Recipe:
    return recipe_from(drafts({"column": name, **step} for name, step in steps.items()), rows, known)


KEEP, MASK = {"step": "keep"}, {"step": "mask"}


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
    target, _ = made(_recipe(("name", "number", "note"), number=MASK, note=KEEP), source)
    assert CANARY.encode() not in target.files["part-00001.parquet"]
    assert b"name" not in target.files["part-00001.parquet"]
    assert rows_of(target)["note"] == [second for _, second in rows]


@settings(deadline=None, max_examples=60)
@given(st.lists(cells, min_size=1, max_size=12))
def test_equal_values_keep_equal_pseudonyms_and_different_ones_do_not(values: list[str | None]) -> None:
    source = Shelf(a__parquet=parquet({"id": pa.array(values, pa.string())}))
    target, _ = made(_recipe(("id",), id=MASK), source)
    masked = rows_of(target)["id"]
    for one, first in zip(values, masked, strict=True):
        assert (first is None) == (one is None)
        for other, second in zip(values, masked, strict=True):
            assert (first == second) == (one == other)


def test_pseudonyms_tell_nothing_without_the_key_and_join_no_other_dataset() -> None:
    source = Shelf(a__parquet=parquet({"id": ["4711"], "ref": ["4711"]}))
    recipe = _recipe(("id", "ref"), id=MASK, ref=MASK)
    ours, _ = made(recipe, source)
    again, _ = made(recipe, source)
    elsewhere, _ = made(recipe, source, secret="another secret, as long as the first one")
    other_asset, _ = made(recipe, source, asset=type(ASSET)(int=8))
    found = [rows_of(shelf) for shelf in (ours, elsewhere, other_asset)]
    assert rows_of(again) == rows_of(ours)
    assert len({value for rows in found for column in rows.values() for value in column}) == 6


def test_a_number_and_the_same_number_as_text_have_one_pseudonym() -> None:
    recipe = _recipe(("id",), id=MASK)
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
        _recipe(
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
    target, _ = made(_recipe(("at",), at={"step": "period", "span": "month"}), source)
    assert rows_of(target) == {"at": [datetime.date(2021, 1, 1)]}


def test_the_most_frequent_are_counted_over_all_files_and_the_rows_that_remain() -> None:
    recipe = _recipe(("kind", "n"), "n > 0", kind={"step": "most", "count": 2})
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
    target, _ = made(_recipe(("id", "diagnosis"), id=KEEP), source)
    assert list(target.files) == ["part-00001.parquet"]
    assert b"diagnosis" not in target.files["part-00001.parquet"]


def test_cells_of_a_csv_file_arrive_as_they_were() -> None:
    hostile = '=cmd|"/c calc"!A1', "a\nb", "c,d", "", "Ω\u202e"
    text = "x,y\n" + "".join('"{}",\n'.format(each.replace('"', '""')) for each in hostile)
    target, _ = made(_recipe(("x", "y"), x=KEEP), Shelf(a__csv=text.encode()))
    with io.TextIOWrapper(io.BytesIO(target.files["part-00001.csv"]), newline="") as read:
        assert read.read() == '"x"\n' + "".join('"{}"\n'.format(each.replace('"', '""')) for each in hostile)


def test_a_file_without_rows_gives_one_without_rows() -> None:
    for source in (
        Shelf(a__csv=b"x,y\n"),
        Shelf(a__parquet=parquet({"x": pa.array([], pa.string()), "y": []})),
    ):
        target, done = made(_recipe(("x", "y"), x=KEEP), source)
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
    recipe = Recipe(steps=_recipe(("n", "w"), "n > 0", n=KEEP, w=KEEP).steps, rows=rows)
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
        _, done = made(_recipe(("d", "t", "b"), text, b=KEEP), source)
        assert done.rows_out == count, text


def test_numbers_written_as_text_are_compared_as_numbers() -> None:
    _, done = made(_recipe(("n",), "n >= 9", n=KEEP), Shelf(a__csv=b"n\n10\n9\n8.9\n\n"))
    assert (done.rows_in, done.rows_out) == (3, 2)


# What cannot be done is said, and no cell with it

RAGGED = f"id,x\n1,{CANARY}\n2,{CANARY},3\n".encode()
MANY_VALUES = "id,x\n" + "".join(f"{CANARY}{number},1\n" for number in range(MOST_VALUES + 1))
TWO = ("id", "x")


@pytest.mark.parametrize(
    ("name", "content", "recipe", "code"),
    [
        ("a.csv", RAGGED, _recipe(TWO, id=KEEP), errors.FILE_UNREADABLE),
        ("a.csv", b"id,x\n\xff\xfe,1\n", _recipe(TWO, id=KEEP), errors.FILE_UNREADABLE),
        ("a.csv", b"", _recipe(TWO, id=KEEP), errors.FILE_UNREADABLE),
        ("a.csv", b"id,x\n" + b"y" * (3 << 20) + b",1\n", _recipe(TWO, id=KEEP), errors.FILE_UNREADABLE),
        ("a.csv", f"{CANARY},1\n2,3\n".encode(), _recipe(TWO, id=KEEP), errors.COLUMNS_DIFFER),
        ("a.csv", b"id,x,more\n1,2,3\n", _recipe(TWO, id=KEEP), errors.COLUMNS_DIFFER),
        ("a.csv", b"id,id\n1,2\n", _recipe(TWO, id=KEEP), errors.COLUMN_TWICE_IN_FILE),
        ("a.csv", f"id,x\n{CANARY},1\n".encode(), _recipe(TWO, "id > 3", id=KEEP), errors.ROWS_UNFIT),
        (
            "a.csv",
            f"id,x\n{CANARY},1\n".encode(),
            _recipe(TWO, id={"step": "bins", "width": "10"}),
            errors.COLUMN_UNFIT,
        ),
        (
            "a.csv",
            f"id,x\n{CANARY},1\n".encode(),
            _recipe(TWO, id={"step": "period", "span": "year"}),
            errors.COLUMN_UNFIT,
        ),
        (
            "a.csv",
            MANY_VALUES.encode(),
            _recipe(TWO, id={"step": "most", "count": 2}),
            errors.TOO_MANY_VALUES,
        ),
        ("a.parquet", b"PAR1" + b"0" * 100, _recipe(TWO, id=KEEP), errors.FILE_UNREADABLE),
        ("a.parquet", parquet({"id": [[1]], "x": [1]}), _recipe(TWO, id=KEEP), errors.COLUMN_NESTED),
        ("a.parquet", parquet({"id": [[1]], "x": [1]}), _recipe(TWO, id=MASK), errors.COLUMN_NESTED),
        ("a.parquet", parquet({"id": [1], "x": [1]}), _recipe(TWO, "x = 'a'", id=KEEP), errors.ROWS_UNFIT),
        (
            "a.parquet",
            parquet({"id": [-(2**63)], "x": [1]}),
            _recipe(TWO, id={"step": "bins", "width": "10"}),
            errors.COLUMN_UNFIT,
        ),
        (
            "a.parquet",
            parquet({"id": [True], "x": [1]}),
            _recipe(TWO, id={"step": "bins", "width": "10"}),
            errors.COLUMN_UNFIT,
        ),
        ("a.csv.gz", b"x", _recipe(TWO, id=KEEP), errors.FILE_FORMAT),
        ("_SUCCESS", b"", _recipe(TWO, id=KEEP), errors.NO_FILES),
    ],
    ids=str,
)
def test_data_that_do_not_fit_are_refused_without_a_cell(
    name: str, content: bytes, recipe: Recipe, code: str
) -> None:
    source = Shelf()
    source.files[name] = content
    with pytest.raises(LakewardenError) as refused:
        made(recipe, source)
    reason = refused.value.reasons[0]
    assert reason.code == code
    assert CANARY not in f"{sentence(reason)} {remedy(reason)} {refused.value!r}"
    assert refused.value.__cause__ is None


def test_a_nested_column_may_be_dropped() -> None:
    target, _ = made(_recipe(TWO, x=KEEP), Shelf(a__parquet=parquet({"id": [{"deep": 1}], "x": [1]})))
    assert rows_of(target) == {"x": [1]}


def test_a_column_whose_name_begins_as_another_is_not_taken_along() -> None:
    source = Shelf(a__parquet=parquet({"a": ["1"], "a.b": [CANARY]}))
    target, _ = made(_recipe(("a", "a.b"), a=KEEP), source)
    assert CANARY.encode() not in target.files["part-00001.parquet"]


def test_a_row_group_that_is_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_ROW_GROUP", 1 << 20)
    wide = {"id": pa.array([bytes([n % 256]) * 100 for n in range(20_000)], pa.binary()), "x": [1] * 20_000}
    with pytest.raises(RuleBroken) as refused:
        made(_recipe(TWO, id=KEEP), Shelf(a__parquet=parquet(wide, use_dictionary=False)))
    assert refused.value.code == errors.ROW_GROUP_TOO_LARGE
    made(_recipe(TWO, x=KEEP), Shelf(a__parquet=parquet(wide, use_dictionary=False)))


def refusal_of(recipe: Recipe, content: bytes) -> str:
    with pytest.raises(RuleBroken) as refused:
        made(recipe, Shelf(a__parquet=content))
    return refused.value.code


def test_a_file_that_unpacks_to_more_than_fits_is_refused_by_its_own_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every bound is looked at before anything is unpacked: `iter_batches` is never asked."""
    content = parquet({"id": ["a"] * 3_000, "x": list(range(3_000))}, row_group_size=1_000)
    recipe = _recipe(TWO, x=KEEP)
    made(recipe, Shelf(a__parquet=content))
    monkeypatch.setattr(reading, "_batches", None)
    for bound, limit, code in (
        ("MOST_ROWS", 2_999, errors.TOO_MANY_ROWS),
        ("MOST_COLUMNS", 1, errors.TOO_MANY_COLUMNS),
        ("LARGEST_FILE", 3_000, errors.FILE_UNPACKS_TOO_LARGE),
        ("LARGEST_ROW_GROUP", 1_000, errors.ROW_GROUP_TOO_LARGE),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(reading, bound, limit)
            assert refusal_of(recipe, content) == code


def test_one_long_text_that_every_row_repeats_is_not_written_out() -> None:
    """A megabyte stands in the file once, and four thousand rows of it would take four gigabytes."""
    long = "x" * (1 << 20)
    content = parquet({"id": pa.array([long] * 4_000).dictionary_encode(), "x": [1] * 4_000})
    assert len(content) < 100_000
    assert refusal_of(_recipe(TWO, id=KEEP), content) == errors.VALUES_TOO_LARGE
    made(_recipe(TWO, x=KEEP), Shelf(a__parquet=content))


def test_values_of_one_width_are_counted_before_they_are_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four thousand of them that are missing take no room in the file, and four hundred megabytes out of it;
    so do columns of wide numbers, if there are enough."""
    rows = 4_000
    content = parquet({"id": pa.nulls(rows, pa.binary(100_000)), "x": pa.nulls(rows, pa.decimal256(50, 1))})
    assert len(content) < 2_000
    made(_recipe(TWO, x=KEEP), Shelf(a__parquet=content))
    few = parquet({"id": pa.nulls(3, pa.binary(100_000)), "x": [1] * 3})
    made(_recipe(TWO, id=KEEP), Shelf(a__parquet=few))
    monkeypatch.setattr(reading, "_batches", None)
    assert refusal_of(_recipe(TWO, id=KEEP), content) == errors.VALUES_TOO_LARGE
    monkeypatch.setattr(reading, "LARGEST_BATCH", rows * 32 - 1)
    assert refusal_of(_recipe(TWO, x=KEEP), content) == errors.VALUES_TOO_LARGE


@pytest.mark.parametrize(
    ("kind", "value", "code", "told"),
    [
        (pa.string_view(), "a", errors.COLUMN_TYPE, "string_view"),
        (pa.binary_view(), b"a", errors.COLUMN_TYPE, "binary_view"),
        (pa.uuid(), b"0" * 16, errors.COLUMN_TYPE, "arrow.uuid"),
        (pa.list_(pa.string()), ["a"], errors.COLUMN_NESTED, "list<"),
        (pa.list_(pa.float64(), 2), [1.0, 2.0], errors.COLUMN_NESTED, "fixed_size_list<"),
    ],
    ids=str,
)
def test_a_type_whose_room_nobody_knows_is_refused_before_it_is_unpacked(
    kind: pa.DataType, value: Any, code: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The most frequent values are counted first of all, in batches with every column that is read."""
    content = parquet({"id": pa.array([value], kind), "x": ["a"]})
    most = {"step": "most", "count": 2}
    made(_recipe(TWO, x=most), Shelf(a__parquet=content))
    monkeypatch.setattr(reading, "_batches", None)
    with pytest.raises(RuleBroken) as refused:
        made(_recipe(TWO, id=KEEP, x=most), Shelf(a__parquet=content))
    (reason,) = refused.value.reasons
    assert reason.code == code
    assert "«id»" in sentence(reason) and told in sentence(reason)


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
    target, _ = made(_recipe(TWO, id=KEEP), Shelf(a__parquet=parquet({"id": column, "x": [1]})))
    assert rows_of(target) == {"id": column.to_pylist()}


def test_texts_arrive_as_they_were_however_they_are_packed() -> None:
    texts = ["short", None, "", "ü" * 300, "short"]
    for kind in (pa.string(), pa.large_string()):
        for packed in (True, False):
            content = parquet({"id": pa.array(texts, kind), "x": [1] * 5}, use_dictionary=packed)
            target, _ = made(_recipe(TWO, id=KEEP), Shelf(a__parquet=content))
            assert rows_of(target) == {"id": texts}
