"""Tables leave the house as text: one place writes them, and no cell of any is a formula."""

from __future__ import annotations

import ast
import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.kernel import separated
from apps.kernel.separated import FORMULA, as_csv, escaped

APPS = Path(separated.__file__).parents[1]
WRITERS = {"writer", "DictWriter"}


def writers_in(source: str) -> list[int]:
    """The lines on which a table is written past the one place."""
    if "csv" not in source:
        return []
    return sorted(
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and node.attr in WRITERS
        and isinstance(node.value, ast.Name)
        and node.value.id == "csv"
    )


def test_tables_are_written_in_one_place() -> None:
    found = {path.relative_to(APPS): writers_in(path.read_text()) for path in APPS.rglob("*.py")}
    assert [str(path) for path, lines in found.items() if lines] == ["kernel/separated.py"]


def test_a_table_written_elsewhere_would_be_seen() -> None:
    assert writers_in("import csv\ncsv.writer(into).writerow(row)\ncsv.DictWriter(into, names)") == [2, 3]


@pytest.mark.parametrize("first", FORMULA)
def test_what_begins_like_a_formula_is_text_and_nothing_else_is_touched(first: str) -> None:
    assert escaped(f"{first}1+1") == f"'{first}1+1"
    assert escaped(f"1{first}1") == f"1{first}1"


@given(st.lists(st.text(alphabet="=+-@\t\r\n\"',;aé", max_size=6), min_size=2, max_size=2))
def test_every_table_is_read_back_and_holds_no_formula(row: list[str]) -> None:
    read = list(csv.reader(io.StringIO(as_csv(("a", "=b"), [row]).decode(), newline="")))
    assert read == [["a", "'=b"], [escaped(cell) for cell in row]]
    assert not any(cell.startswith(FORMULA) for line in read for cell in line)
