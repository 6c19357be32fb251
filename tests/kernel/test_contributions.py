"""What an act would reach: asked below, answered above, and bound to what was seen."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from apps.kernel import contributions
from apps.kernel.actor import SYSTEM, Actor, ActorKind
from apps.kernel.contributions import (
    IMPACT_CHANGED,
    IMPACT_UNSEEN,
    Affected,
    Question,
    contribute,
    expect_impact,
    expect_seen,
    found_once,
    impact_of,
)
from apps.kernel.errors import PreconditionMissing, StaleVersion

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


SOMEBODY = Actor(kind=ActorKind.PERSON, person_id=1)


def test_what_cannot_be_taken_back_is_done_by_who_says_what_they_have_seen(reached: dict[UUID, int]) -> None:
    with pytest.raises(PreconditionMissing, match=IMPACT_UNSEEN) as refusal:
        expect_seen(QUESTION, THING, None, actor=SOMEBODY)
    assert refusal.value.reasons[0].facts == {"number": 3}
    with pytest.raises(StaleVersion, match=IMPACT_CHANGED):
        expect_seen(QUESTION, THING, "0" * 64, actor=SOMEBODY)
    expect_seen(QUESTION, THING, impact_of(QUESTION, THING).digest, actor=SOMEBODY)
    expect_seen(QUESTION, THING, None, actor=SYSTEM)


def test_where_nothing_is_reached_only_some_acts_need_a_look() -> None:
    unheard = Question(name="kernel.unheard", about="thing")
    expect_seen(unheard, THING, None, actor=SOMEBODY, is_nothing_enough=True)
    with pytest.raises(PreconditionMissing):
        expect_seen(unheard, THING, None, actor=SOMEBODY)


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
