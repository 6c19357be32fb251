"""What an act would reach: asked below, answered above, and bound to what was seen."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from apps.kernel import contributions
from apps.kernel.contributions import (
    IMPACT_CHANGED,
    Affected,
    Question,
    contribute,
    expect_impact,
    found_once,
    impact_of,
)
from apps.kernel.errors import StaleVersion

QUESTION = Question(name="kernel.test", about="thing")
THING, ONE, OTHER = (UUID(int=number) for number in range(3))


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> dict[UUID, int]:
    """Versions of the things that two floors answer with; what is changed here changes their answers."""
    monkeypatch.setattr(contributions, "_CONTRIBUTORS", {})
    versions = {OTHER: 1, ONE: 1}

    def grants(_uid: UUID) -> list[Affected]:
        return [Affected(kind="grant", uid=uid, row_version=number) for uid, number in versions.items()]

    def leases(_uid: UUID) -> list[Affected]:
        return [Affected(kind="lease", uid=ONE, row_version=1)]

    for answering in (leases, grants):
        contribute(QUESTION, answering)
    return versions


def test_everybody_answers_and_the_order_does_not_count(reached: dict[UUID, int]) -> None:
    told = [(each.kind, each.uid) for each in impact_of(QUESTION, THING).affected]
    assert told == [("grant", ONE), ("grant", OTHER), ("lease", ONE)]


@pytest.mark.parametrize("change", ["another version", "one more", "one less"])
def test_what_was_seen_is_held_against_what_is_there(reached: dict[UUID, int], change: str) -> None:
    seen = impact_of(QUESTION, THING).digest
    expect_impact(QUESTION, THING, seen)
    if change == "one less":
        del reached[OTHER]
    else:
        reached[ONE if change == "another version" else THING] = 2
    with pytest.raises(StaleVersion, match=IMPACT_CHANGED):
        expect_impact(QUESTION, THING, seen)
    expect_impact(QUESTION, THING, None)


def test_a_question_that_nobody_answers_reaches_nothing() -> None:
    assert impact_of(Question(name="kernel.unheard", about="thing"), THING).affected == ()


def test_what_several_need_is_found_once_an_answer_and_then_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(contributions, "_CONTRIBUTORS", {})
    looked: list[UUID] = []
    find = found_once(lambda uid: looked.append(uid) or len(looked))
    for kind in ("grant", "lease"):
        contribute(QUESTION, _told_as(kind, find))
    assert [each.row_version for each in impact_of(QUESTION, THING).affected] == [1, 1]
    assert [each.row_version for each in impact_of(QUESTION, THING).affected] == [2, 2]
    assert (find(THING), looked) == (3, [THING] * 3)


def _told_as(kind: str, find: Callable[[UUID], int]) -> Callable[[UUID], list[Affected]]:
    def contributor(uid: UUID) -> list[Affected]:
        return [Affected(kind=kind, uid=ONE, row_version=find(uid))]

    contributor.__qualname__ = kind
    return contributor
