"""What a record lacks, and when it has to be looked at again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from apps.compliance.lifecycle.deadlines import months_after
from apps.compliance.lifecycle.declaration import (
    PERIOD_REVERSED,
    REVIEW_TOO_LATE,
    Around,
    Content,
    Kind,
    found,
    unfilled,
)
from apps.compliance.lifecycle.evidence import exchangeable
from apps.policy.reason import Reason, declare

REVIEW_GRACE = timedelta(days=30)

REVIEW_DUE = declare(
    "RECORD_REVIEW_DUE",
    "The review of this record was due on %(due)s.",
    "Look whether it is still true, and have a new version approved. From %(grace_ends)s on, access that "
    "needs the record is blocked.",
)
REVIEW_OVERDUE = declare(
    "RECORD_REVIEW_OVERDUE",
    "The review of this record was due on %(due)s, and its time of grace is over.",
    "Look whether it is still true, and have a new version approved.",
)


@dataclass(frozen=True, kw_only=True)
class Findings:
    """`faults` [E] always keep a version from being approved, `gaps` [C] where the thing is only planned."""

    faults: tuple[Reason, ...] = ()
    gaps: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()
    is_running: bool = False

    @property
    def obstacles(self) -> tuple[Reason, ...]:
        return self.faults if self.is_running else (*self.faults, *self.gaps)

    @property
    def doubts(self) -> tuple[Reason, ...]:
        return (*self.gaps, *self.warnings) if self.is_running else self.warnings


def judge(kind: Kind, content: Content, around: Around) -> Findings:
    return Findings(
        faults=(
            *unfilled(kind, content),
            *_period(kind, content, around),
            *exchangeable(content.evidence, "evidence"),
            *kind.faults(content, around),
        ),
        gaps=tuple(kind.gaps(content, around)),
        warnings=tuple(kind.warnings(content, around)),
        is_running=kind.is_running(content),
    )


def _period(kind: Kind, content: Content, around: Around) -> Iterator[Reason]:
    begins, ends, review = content.effective_from, content.effective_to, content.next_review
    if begins and ends and ends <= begins:
        days = {"effective_from": begins.isoformat(), "effective_to": ends.isoformat()}
        yield found(PERIOD_REVERSED, "effective_to", "", **days)
    months = kind.months_to_review(content)
    if review and review > months_after(around.today, months):
        day = review.isoformat()
        yield found(REVIEW_TOO_LATE, "next_review", "V-29", "GDPR Art. 24(1)", next_review=day, months=months)


def review_due_on(kind: Kind, content: Content, approved_on: date) -> date:
    latest = months_after(approved_on, kind.months_to_review(content))
    return min(content.next_review, latest) if content.next_review else latest


def is_overdue(due: date, today: date) -> bool:
    """Past its grace: access that needs the record is blocked (V-29)."""
    return today > due + REVIEW_GRACE


def overdue(due: date, today: date) -> tuple[Reason, ...]:
    """V-29: a warning for thirty days, then it blocks."""
    if today <= due:
        return ()
    told = {"due": due.isoformat()}
    if is_overdue(due, today):
        return (found(REVIEW_OVERDUE, "next_review", "V-29", "GDPR Art. 24(1)", **told),)
    ends = (due + REVIEW_GRACE).isoformat()
    return (found(REVIEW_DUE, "next_review", "V-29", "GDPR Art. 24(1)", grace_ends=ends, **told),)
