"""Lists of records: what they show, how they are searched, and to whom."""

from __future__ import annotations

import pytest

from tests.console.conftest import Browse
from tests.console.records.typed import ACTIVITIES, PURPOSES, drafted, in_review, page_of
from tests.factories import compliance
from tests.factories.access import AccessWorld
from tests.flatness import assert_flat


@pytest.mark.parametrize("path", [PURPOSES, ACTIVITIES])
def test_a_list_shows_what_is_in_force_with_its_next_review(
    world: AccessWorld, browse: Browse, path: str
) -> None:
    page = browse("auditor").get(path).text
    assert "In force" in page
    assert "Review due" in page
    assert f"{path}new/" not in page


def test_a_list_is_searched_by_name_number_and_state(world: AccessWorld, browse: Browse) -> None:
    mine, client = drafted(world, name="Count the whales"), browse("officer")

    def found(query: str) -> list[str]:
        return [row.record.ref for row in client.get(f"{PURPOSES}?{query}").context["rows"]]

    assert found("q=whales") == [mine.ref]
    assert found(f"q={mine.ref.lower()}") == [mine.ref]
    assert found("state=draft") == [mine.ref]
    assert mine.ref not in found("state=active")
    assert found("q=nothing-like-it") == []
    assert "Nothing found" in client.get(f"{PURPOSES}?q=nothing-like-it").text


def test_one_finds_what_waits_for_ones_own_review(world: AccessWorld, browse: Browse) -> None:
    waiting = in_review(world)
    theirs = browse("second_officer").get(f"{PURPOSES}?mine=1").context["rows"]
    assert [row.record.ref for row in theirs] == [waiting.ref]
    assert browse("officer").get(f"{PURPOSES}?mine=1").context["rows"] == []


def test_drafts_are_hidden_from_those_who_do_not_work_on_records(world: AccessWorld, browse: Browse) -> None:
    mine, client = drafted(world, name="Count the whales"), browse("scientist")
    assert "Count the whales" not in client.get(PURPOSES).text
    assert client.get(page_of(mine)).status_code == 404
    assert browse("auditor").get(page_of(mine)).status_code == 200


@pytest.mark.parametrize("path", [PURPOSES, ACTIVITIES])
def test_a_list_is_flat_in_its_rows(world: AccessWorld, browse: Browse, path: str) -> None:
    client = browse("officer")
    client.get(path)

    def make() -> object:
        if path == PURPOSES:
            return drafted(world)
        return compliance.drafted_activity(world.purposes["pay"], world.personal.asset)

    assert_flat(make, lambda: client.get(path).text.count('<th role="rowheader"'), budget=15)
