"""The cycle of a kind of record, beside the review of its versions: stages, and who takes which step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from apps.kernel.contributions import Exhibit, Question
from apps.kernel.errors import invalid_state
from apps.policy.reason import Reason, declare


class Taker(StrEnum):
    """Who takes a step: who writes the record, a compliance officer who decides, the DPO, the owner; or the
    clock, which no person takes for it."""

    WRITER = "writer"
    DECIDER = "decider"
    DPO = "dpo"
    OWNER = "owner"
    MACHINE = "machine"


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A step that was taken: `said` is what was filled in."""

    step: str
    before: str
    after: str
    said: Any
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What a step may look at: the description in force, what was done so far, the moment, and what floors
    above have to show of it."""

    content: Any
    log: tuple[Taken, ...]
    at: datetime
    shown: tuple[Exhibit, ...] = ()

    def last(self, step: str) -> Taken | None:
        return next((each for each in reversed(self.log) if each.step == step), None)


@dataclass(frozen=True, kw_only=True)
class Stopped:
    """A clock of the law that stands: since when, by which article, and when it would end if it went on
    today."""

    since: date
    article: str
    would_end: date | None


@dataclass(frozen=True, kw_only=True)
class NothingSaid:
    """A step that asks for nothing."""


STAYS = ""
"""Instead of a stage: the record stays where it is."""
BACK = "<"
"""Instead of a stage: the record goes on where it stood before it came to where it is; `afters` name where
that may be."""
StepCheck = Callable[[Any, Standing], Iterable[Reason]]


def no_check(said: Any, standing: Standing) -> Iterator[Reason]:
    return iter(())


Completion = Callable[[Any, Standing], Any]


def as_said(said: Any, standing: Standing) -> Any:
    return said


@dataclass(frozen=True, kw_only=True)
class Step:
    """`after` may depend on what is said, or be `STAYS` or `BACK`. A step that `needs_description` waits
    for a version that is approved."""

    slug: str
    verb: Any
    icon: str
    before: tuple[str, ...]
    after: str | Callable[[Any], str]
    taker: Taker
    said: type[Any] = NothingSaid
    check: StepCheck = no_check
    needs_description: bool = False
    lead: Any = ""
    afters: tuple[str, ...] = ()
    """Where it may lead, if that depends on what is said or done before."""
    second_to: str = ""
    """A step that somebody else has to have taken: whoever took it last does not take this one."""
    asks: Question | None = None
    """What floors above are asked to show of the record."""
    completed: Completion = as_said
    """What is said, with what the portal itself knows in place of what was typed; after the check."""

    @property
    def leads_to(self) -> tuple[str, ...]:
        if self.after == STAYS:
            return self.before
        if self.after == BACK:
            return self.afters
        return (self.after,) if isinstance(self.after, str) else self.afters

    def stage_after(self, said: Any, stage: str, log: tuple[Taken, ...] = ()) -> str:
        if self.after == STAYS:
            return stage
        if self.after == BACK:
            return next(taken.before for taken in reversed(log) if taken.after == stage != taken.before)
        return self.after if isinstance(self.after, str) else self.after(said)


@dataclass(frozen=True, kw_only=True)
class Cycle:
    """`stages` words every stage; nothing leads out of `ends`.

    A version that says another thing in one of `anew_where` takes the step `anew`, where it is possible.
    """

    begins: str
    ends: tuple[str, ...]
    stages: type[Any]
    steps: tuple[Step, ...]
    due: Callable[[Standing], date | datetime | None] = lambda standing: None
    """By when the law wants the next step: a day, or a moment where hours count."""
    due_article: str = ""
    stopped: Callable[[Standing], Stopped | None] = lambda standing: None
    """Whether the clock stands, where the law lets it stand."""
    anew: str = ""
    anew_where: tuple[str, ...] = ()

    def possible(self, stage: str) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if stage in step.before)

    def changed_between(self, before: Any, after: Any) -> tuple[str, ...]:
        """What another version says that has to be tried out anew."""
        return tuple(name for name in self.anew_where if getattr(before, name) != getattr(after, name))

    def step(self, slug: str, stage: str) -> Step:
        """Raises: InvalidState where the record is at another stage, or its kind has no such step."""
        found = next((step for step in self.possible(stage) if step.slug == slug), None)
        if found is None:
            words = ", ".join(step.slug for step in self.possible(stage)) or "nothing"
            raise invalid_state(STEP_IMPOSSIBLE, step=slug, stage=stage, possible=words)
        return found


CYCLE_ENDED = declare(
    "RECORD_CYCLE_ENDED",
    "%(ref)s is at its end, and this version would have to begin anew: it changes %(changed)s.",
    "Begin another record with what this version says.",
)
STEP_IMPOSSIBLE = declare(
    "RECORD_STEP_IMPOSSIBLE",
    "The step «%(step)s» is not taken at the stage «%(stage)s».",
    "Possible from here: %(possible)s.",
)
DESCRIPTION_NEEDED = declare(
    "RECORD_DESCRIPTION_NEEDED",
    "%(ref)s has no approved version yet, and this step rests on one.",
    "Have what it says approved first.",
)
