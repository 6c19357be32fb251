"""Measures that an impact assessment leaves to be done: finished with what shows it, once each."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from apps.compliance.lifecycle.cycle import Standing, Taken, Taker
from apps.compliance.lifecycle.dpia import ActionItem, DpiaContent, DpiaStage
from apps.compliance.lifecycle.dpia.decision import CYCLE
from apps.compliance.lifecycle.dpia.measures import FINISH, FINISHING, Finished, finished_in, still_open

AT = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
ENCRYPT, TRAIN = (
    ActionItem(what=what, owner="Works manager", due_on=date(2026, 12, 1))
    for what in ("Encrypt the disks", "Train the staff")
)
CONTENT = DpiaContent(name="Shifts", activities=(UUID(int=1),), actions=(ENCRYPT, TRAIN))


def finished(**given: Any) -> Finished:
    made: dict[str, Any] = {"measure": ENCRYPT.what, "done_on": AT.date(), "evidence": "Ticket 7"}
    return Finished(**{**made, **given})


def log(*said: Finished) -> tuple[Taken, ...]:
    return tuple(
        Taken(step=FINISHING, before="approved", after="approved", said=each, at=AT) for each in said
    )


def codes(said: Finished, *before: Finished) -> set[str]:
    standing = Standing(content=CONTENT, log=log(*before), at=AT)
    return {reason.code for reason in FINISH.check(said, standing)}


def test_a_measure_is_finished_in_the_words_of_the_assessment_and_once() -> None:
    assert codes(finished()) == set()
    assert codes(finished(measure="Burn the disks")) == {"DPIA_MEASURE_UNKNOWN"}
    assert codes(finished(), finished()) == {"DPIA_MEASURE_DONE"}
    assert codes(finished(measure=TRAIN.what), finished()) == set()


def test_what_shows_it_has_a_day_that_has_come_and_a_hash_that_is_one() -> None:
    assert codes(finished(done_on=AT.date() + timedelta(days=1))) == {"EVIDENCE_AHEAD"}
    assert codes(finished(evidence_sha256="b" * 64)) == set()
    for wrong in ("b" * 63, "B" * 64, "b" * 64 + "\n"):
        assert codes(finished(evidence_sha256=wrong)) == {"EVIDENCE_HASH_MALFORMED"}


def test_what_is_finished_is_left_open_no_more() -> None:
    assert still_open(CONTENT, ()) == (ENCRYPT, TRAIN)
    assert still_open(CONTENT, log(finished())) == (TRAIN,)
    assert set(finished_in(log(finished(), finished(measure=TRAIN.what)))) == {ENCRYPT.what, TRAIN.what}


def test_the_assessment_stays_where_it_is_and_a_compliance_officer_vouches() -> None:
    assert FINISH.taker is Taker.DECIDER
    assert [FINISH.stage_after(finished(), stage) for stage in ("approved", "draft")] == ["approved", "draft"]
    assert all(FINISH in CYCLE.possible(stage) for stage in DpiaStage)
