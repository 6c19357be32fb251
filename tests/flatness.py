"""As many queries for twelve rows as for two."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

BUDGET = 8


def assert_flat(make: Callable[[], object], fetch: Callable[[], int], *, budget: int = BUDGET) -> None:
    """`make` adds one row, `fetch` lists them and returns how many it got."""
    for _ in range(2):
        make()
    fetch()
    few, few_rows = _counted(fetch)
    for _ in range(10):
        make()
    many, many_rows = _counted(fetch)
    assert many_rows >= few_rows + 10
    said = "\n".join(query["sql"][:200] for query in many.captured_queries)
    assert len(many) == len(few), said
    assert len(many) <= budget, said


def _counted(fetch: Callable[[], int]) -> tuple[CaptureQueriesContext, int]:
    with CaptureQueriesContext(connection) as queries:
        rows = fetch()
    return queries, rows
