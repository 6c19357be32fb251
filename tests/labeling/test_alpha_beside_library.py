"""Alpha beside the library `krippendorff`, on random data with gaps and on every scale. It and NumPy are
packages of developers alone: what is measured at run time needs neither."""

from __future__ import annotations

import math

import krippendorff
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from apps.labeling.measures.agreement import Scale, alpha, ratings_of

TABLES = st.integers(2, 5).flatmap(
    lambda coders: st.lists(
        st.lists(st.none() | st.integers(1, 6), min_size=coders, max_size=coders), min_size=2, max_size=30
    )
)
"""A row for each item, a cell for each coder; nothing where a coder did not answer."""


@pytest.mark.parametrize("scale", list(Scale))
@given(table=TABLES)
def test_alpha_is_what_the_library_finds(scale: Scale, table: list[list[int | None]]) -> None:
    answers = [
        (str(item), str(value)) for item, row in enumerate(table) for value in row if value is not None
    ]
    ours = alpha(ratings_of(answers), scale)
    assume(ours is not None)
    by_coder = [
        [math.nan if value is None else float(value) for value in coder] for coder in zip(*table, strict=True)
    ]
    theirs = krippendorff.alpha(reliability_data=by_coder, level_of_measurement=scale.value)
    assert ours == pytest.approx(theirs, abs=1e-12)


def test_another_scale_would_be_noticed() -> None:
    table = [[1.0, 2.0, 3.0, 3.0, 1.0], [1.0, 2.0, 3.0, 4.0, 5.0]]
    answers = [(str(item), str(int(value))) for row in table for item, value in enumerate(row)]
    theirs = krippendorff.alpha(reliability_data=table, level_of_measurement="interval")
    assert alpha(ratings_of(answers), Scale.NOMINAL) != pytest.approx(theirs, abs=0.01)
    assert alpha(ratings_of(answers), Scale.INTERVAL) == pytest.approx(theirs, abs=1e-12)
