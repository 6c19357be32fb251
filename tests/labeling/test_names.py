"""Names that are looked for in what was told of files."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from apps.labeling.imports.names import Names

TEXT = st.text(alphabet="ab_/. é7", max_size=12)


@given(names=st.sets(TEXT.filter(bool), min_size=1, max_size=4), text=TEXT)
def test_a_name_is_found_where_it_stands_as_a_whole(names: set[str], text: str) -> None:
    """As one expression for each name finds it, which is slow where there are many."""
    one_by_one = any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in names)
    assert Names(names).is_one_in(text) == one_by_one


def test_a_part_of_a_word_is_no_name() -> None:
    assert not Names({"core-1"}).is_one_in("core-12 is not among the items")
    assert Names({"core-1"}).is_one_in("«core-1» is not among the items")
