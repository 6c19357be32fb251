"""Which shapes are held against each other, and how many may be while somebody waits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.compliance.lifecycle.labeling import LabelTask
from apps.kernel.errors import RuleBroken
from apps.labeling.measures.nearby import compared, nearby
from apps.labeling.measures.regions import OVERLAP, Item, matched
from apps.labeling.measures.scanning import polygon
from apps.labeling.measures.shapes import Box, Shape, Span
from apps.labeling.models import LabelSet
from tests.factories import accounts, labels
from tests.factories.accounts import World
from tests.labeling.exports import coco

PLACES = st.floats(0, 30)
LENGTHS = st.floats(0.01, 20)
SHAPES: st.SearchStrategy[Shape] = st.one_of(
    st.builds(Box, left=PLACES, top=PLACES, width=LENGTHS, height=LENGTHS),
    st.builds(lambda at, long: Span(start=at, end=at + long), PLACES, LENGTHS),
    st.builds(lambda at, long: polygon([[at, at, at + long, at, at, at + long]]), PLACES, LENGTHS),
)


@given(first=st.lists(SHAPES, max_size=8), second=st.lists(SHAPES, max_size=8))
def test_all_that_overlap_by_half_are_looked_at(first: list[Shape], second: list[Shape]) -> None:
    item = Item((*first, *second))
    for one, places in zip(first, nearby(first, second), strict=True):
        alike = {at for at, other in enumerate(second) if item.overlap(one, other) >= OVERLAP}
        assert alike <= set(places)


@given(at=PLACES, long=LENGTHS, share=st.floats(0.5, 1))
def test_those_that_overlap_by_just_half_are_too(at: float, long: float, share: float) -> None:
    wide = Box(left=at, top=0, width=long, height=1)
    first = Box(left=at, top=0, width=long * share, height=1)
    last = Box(left=at + long * (1 - share), top=0, width=long * share, height=1)
    for one in (first, last):
        assert [list(each) for each in nearby([one], [wide])] == [[0]]
        assert [list(each) for each in nearby([wide], [one])] == [[0]]


def test_boxes_far_from_each_other_are_not_held_against_each_other() -> None:
    """A control: where all lie in one place, each is."""
    apart = [Box(left=20.0 * at, top=0, width=10, height=10) for at in range(500)]
    together = [Box(left=0, top=0, width=10, height=10)] * 500
    for boxes, held in ((apart, 500), (together, 250_000)):
        drawn = [("one", "cat", who, box) for who in ("1", "2") for box in boxes]
        assert compared(drawn, 1_000_000) == held
    assert matched(Item(apart), apart, apart) == 500


def test_counting_ends_where_it_is_too_many() -> None:
    drawn = [("one", "cat", who, Box(left=0, top=0, width=1, height=1)) for who in "12" for _ in range(1000)]
    assert 5_000 < compared(drawn, 5_000) < 10_000


@pytest.mark.django_db
def test_what_takes_long_is_left_to_a_worker() -> None:
    world: World = accounts.world()
    version = labels.labeled_version(world.domain, task=LabelTask.BOX)
    crowd = coco(
        *(
            {
                "id": 2 * at + who,
                "image_id": 1,
                "category_id": 1,
                "annotator": who,
                "bbox": [10, 10, 40, 30],
            }
            for at in range(1_500)
            for who in (1, 2)
        ),
        categories=[{"id": 1, "name": "shale"}],
    )
    with pytest.raises(RuleBroken) as refused:
        labels.brought(version, crowd)
    assert [reason.code for reason in refused.value.reasons] == ["LABELS_TOO_MANY_AT_ONCE"]
    assert not LabelSet.objects.filter(version=version).exists()
