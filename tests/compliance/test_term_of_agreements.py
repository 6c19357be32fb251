"""The term of an agreement on the use of data: what its days, and what people, bring it to. No database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from apps.compliance.lifecycle.cycle import Standing, Taken
from apps.compliance.lifecycle.following import Lifted, Takes, what_follows_an_agreement
from apps.compliance.lifecycle.use_agreements import (
    AgreementStage,
    Modifier,
    Permission,
    UseAgreementContent,
    stage_on,
)
from apps.compliance.lifecycle.use_agreements.term import CYCLE, Certified, Fate, Followed, Terminated

S = AgreementStage
ON = date(2026, 11, 26)
AT = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
HASH = "a" * 64


def agreement(**given: Any) -> UseAgreementContent:
    made: dict[str, Any] = {
        "name": "With the clinic",
        "parties": (UUID(int=1),),
        "assets": (UUID(int=2),),
        "purposes": (UUID(int=3),),
        "document_ref": "D-1",
        "signed_on": date(2026, 1, 31),
        "permission": Permission.NRES,
        "forbids_reidentification": False,
        "forbids_sharing": True,
        "needs_destruction_certificate": True,
    }
    return UseAgreementContent(**{**made, **given})


@pytest.mark.parametrize(
    ("begins", "ends", "months", "stage"),
    [
        (ON + timedelta(days=1), date(2028, 1, 1), None, S.SIGNED),
        (ON, date(2028, 1, 1), None, S.ACTIVE),
        (ON, ON + timedelta(days=61), None, S.ACTIVE),
        (ON, ON + timedelta(days=60), None, S.EXPIRING),
        (ON, ON + timedelta(days=1), None, S.EXPIRING),
        (ON - timedelta(days=9), ON, None, S.EXPIRED),
        (ON - timedelta(days=9), date(2028, 1, 1), 9, S.EXPIRED),  # nine months after 31 January
        (ON - timedelta(days=9), date(2028, 1, 1), 11, S.EXPIRING),
        (ON - timedelta(days=9), None, None, S.ACTIVE),
    ],
)
def test_days_bring_an_agreement_near_its_end_and_to_it(
    begins: date, ends: date | None, months: int | None, stage: AgreementStage
) -> None:
    terms = {"modifiers": frozenset({Modifier.TS}), "months": months} if months else {}
    assert stage_on(agreement(**terms), begins, ends, ON) is stage


def step(slug: str, said: Any, before: str, after: str, at: datetime = AT) -> Taken:
    return Taken(step=slug, before=before, after=after, said=said, at=at)


def test_the_certificate_is_due_within_thirty_days_of_the_end_and_not_where_none_was_agreed() -> None:
    over = step("follow", Followed(stage=S.EXPIRED), S.EXPIRING, S.EXPIRED)
    ended = step("terminate", Terminated(ended_on=date(2026, 11, 1), why="Sold."), S.ACTIVE, S.TERMINATED)
    retired = step("follow", Followed(stage=S.TERMINATED), S.ACTIVE, S.TERMINATED)
    content = agreement(effective_to=date(2026, 10, 1))

    def due(*log: Taken, **given: Any) -> Any:
        said = agreement(effective_to=content.effective_to, **given)
        return CYCLE.due(Standing(content=said, log=log, at=AT))

    assert due(over) == date(2026, 10, 31)
    assert due(ended) == date(2026, 12, 1)
    assert due(retired) == date(2026, 12, 26)
    assert due() is None
    assert due(over, needs_destruction_certificate=False) is None
    assert due(over, step("certify-destruction", None, S.EXPIRED, S.CERTIFIED)) is None
    assert due(over, step("follow", Followed(stage=S.ACTIVE), S.EXPIRED, S.ACTIVE)) is None


def test_what_has_not_come_yet_is_neither_ended_nor_certified() -> None:
    standing = Standing(content=agreement(), log=(), at=AT)
    steps = {each.slug: each for each in CYCLE.steps}

    def codes(slug: str, said: Any) -> set[str]:
        return {reason.code for reason in steps[slug].check(said, standing)}

    tomorrow = ON + timedelta(days=1)
    assert codes("terminate", Terminated(ended_on=tomorrow, why="Sold.")) == {"AGREEMENT_END_AHEAD"}
    assert codes("terminate", Terminated(ended_on=ON, why="Sold.")) == set()
    certified = {"fate": Fate.DESTROYED, "certificate_ref": "C-1"}
    assert codes("certify-destruction", Certified(done_on=tomorrow, **certified)) == {"EVIDENCE_AHEAD"}
    for hashed, refusal in (("", set()), (HASH, set()), ("A" * 64, {"EVIDENCE_HASH_MALFORMED"})):
        said = Certified(done_on=ON, certificate_sha256=hashed, **certified)
        assert codes("certify-destruction", said) == refusal


def test_what_follows_depends_on_the_stage_and_on_whether_the_data_have_to_go() -> None:
    def follows(stage: AgreementStage, *, needs: bool | None = True) -> list[type]:
        said = agreement(needs_destruction_certificate=needs)
        return [type(each) for each in what_follows_an_agreement(said, stage)]

    for stage in (S.EXPIRED, S.TERMINATED):
        assert follows(stage) == follows(stage, needs=None) == [Takes]
        assert follows(stage, needs=False) == []
    for stage in (S.SIGNED, S.ACTIVE, S.EXPIRING):
        assert follows(stage) == [Lifted]
    assert follows(S.CERTIFIED) == []
