"""Files of which no view can be made: what is wrong is said, and no cell with it."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from apps.kernel.errors import LakewardenError, RuleBroken
from apps.kernel.texts import remedy, sentence
from apps.preparing import errors
from apps.preparing.recipe import Recipe
from apps.preparing.work import reading
from apps.preparing.work.stepping import MOST_VALUES
from tests.preparing.shelves import CANARY, KEEP, MASK, TWO, Shelf, made, parquet, recipe_of

RAGGED = f"id,x\n1,{CANARY}\n2,{CANARY},3\n".encode()
MANY_VALUES = "id,x\n" + "".join(f"{CANARY}{number},1\n" for number in range(MOST_VALUES + 1))


@pytest.mark.parametrize(
    ("name", "content", "recipe", "code"),
    [
        ("a.csv", RAGGED, recipe_of(TWO, id=KEEP), errors.FILE_UNREADABLE),
        ("a.csv", b"id,x\n\xff\xfe,1\n", recipe_of(TWO, id=KEEP), errors.FILE_UNREADABLE),
        ("a.csv", b"", recipe_of(TWO, id=KEEP), errors.FILE_UNREADABLE),
        ("a.csv", b"id,x\n" + b"y" * (3 << 20) + b",1\n", recipe_of(TWO, id=KEEP), errors.FILE_UNREADABLE),
        ("a.csv", f"{CANARY},1\n2,3\n".encode(), recipe_of(TWO, id=KEEP), errors.COLUMNS_DIFFER),
        ("a.csv", b"id,x,more\n1,2,3\n", recipe_of(TWO, id=KEEP), errors.COLUMNS_DIFFER),
        ("a.csv", b"id,id\n1,2\n", recipe_of(TWO, id=KEEP), errors.COLUMN_TWICE_IN_FILE),
        ("a.csv", f"id,x\n{CANARY},1\n".encode(), recipe_of(TWO, "id > 3", id=KEEP), errors.ROWS_UNFIT),
        (
            "a.csv",
            f"id,x\n{CANARY},1\n".encode(),
            recipe_of(TWO, id={"step": "bins", "width": "10"}),
            errors.COLUMN_UNFIT,
        ),
        (
            "a.csv",
            f"id,x\n{CANARY},1\n".encode(),
            recipe_of(TWO, id={"step": "period", "span": "year"}),
            errors.COLUMN_UNFIT,
        ),
        (
            "a.csv",
            MANY_VALUES.encode(),
            recipe_of(TWO, id={"step": "most", "count": 2}),
            errors.TOO_MANY_VALUES,
        ),
        ("a.parquet", b"PAR1" + b"0" * 100, recipe_of(TWO, id=KEEP), errors.FILE_UNREADABLE),
        ("a.parquet", parquet({"id": [[1]], "x": [1]}), recipe_of(TWO, id=KEEP), errors.COLUMN_NESTED),
        ("a.parquet", parquet({"id": [[1]], "x": [1]}), recipe_of(TWO, id=MASK), errors.COLUMN_NESTED),
        ("a.parquet", parquet({"id": [1], "x": [1]}), recipe_of(TWO, "x = 'a'", id=KEEP), errors.ROWS_UNFIT),
        (
            "a.parquet",
            parquet({"id": [-(2**63)], "x": [1]}),
            recipe_of(TWO, id={"step": "bins", "width": "10"}),
            errors.COLUMN_UNFIT,
        ),
        (
            "a.parquet",
            parquet({"id": [True], "x": [1]}),
            recipe_of(TWO, id={"step": "bins", "width": "10"}),
            errors.COLUMN_UNFIT,
        ),
        ("a.csv.gz", b"x", recipe_of(TWO, id=KEEP), errors.FILE_FORMAT),
        ("_SUCCESS", b"", recipe_of(TWO, id=KEEP), errors.NO_FILES),
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


def test_a_row_group_that_is_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_ROW_GROUP", 1 << 20)
    wide = {"id": pa.array([bytes([n % 256]) * 100 for n in range(20_000)], pa.binary()), "x": [1] * 20_000}
    with pytest.raises(RuleBroken) as refused:
        made(recipe_of(TWO, id=KEEP), Shelf(a__parquet=parquet(wide, use_dictionary=False)))
    assert refused.value.code == errors.ROW_GROUP_TOO_LARGE
    made(recipe_of(TWO, x=KEEP), Shelf(a__parquet=parquet(wide, use_dictionary=False)))


def refusal_of(recipe: Recipe, content: bytes) -> str:
    with pytest.raises(RuleBroken) as refused:
        made(recipe, Shelf(a__parquet=content))
    return refused.value.code


def test_a_file_that_unpacks_to_more_than_fits_is_refused_by_its_own_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every bound is looked at before anything is unpacked: `iter_batches` is never asked."""
    content = parquet({"id": ["a"] * 3_000, "x": list(range(3_000))}, row_group_size=1_000)
    recipe = recipe_of(TWO, x=KEEP)
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
    assert refusal_of(recipe_of(TWO, id=KEEP), content) == errors.VALUES_TOO_LARGE
    made(recipe_of(TWO, x=KEEP), Shelf(a__parquet=content))


def test_values_of_one_width_are_counted_before_they_are_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four thousand of them that are missing take no room in the file, and four hundred megabytes out of it;
    so do columns of wide numbers, if there are enough."""
    rows = 4_000
    content = parquet({"id": pa.nulls(rows, pa.binary(100_000)), "x": pa.nulls(rows, pa.decimal256(50, 1))})
    assert len(content) < 2_000
    made(recipe_of(TWO, x=KEEP), Shelf(a__parquet=content))
    few = parquet({"id": pa.nulls(3, pa.binary(100_000)), "x": [1] * 3})
    made(recipe_of(TWO, id=KEEP), Shelf(a__parquet=few))
    monkeypatch.setattr(reading, "_batches", None)
    assert refusal_of(recipe_of(TWO, id=KEEP), content) == errors.VALUES_TOO_LARGE
    monkeypatch.setattr(reading, "LARGEST_BATCH", rows * 32 - 1)
    assert refusal_of(recipe_of(TWO, x=KEEP), content) == errors.VALUES_TOO_LARGE


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
    made(recipe_of(TWO, x=most), Shelf(a__parquet=content))
    monkeypatch.setattr(reading, "_batches", None)
    with pytest.raises(RuleBroken) as refused:
        made(recipe_of(TWO, id=KEEP, x=most), Shelf(a__parquet=content))
    (reason,) = refused.value.reasons
    assert reason.code == code
    assert "«id»" in sentence(reason) and told in sentence(reason)
