"""What has to be true besides the answer: before a grant begins, while it lasts, or after it has ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class ConditionKind(StrEnum):
    """`before`: no grant begins without it. `during`: its lapse suspends. `after`: due once it has ended."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class ConditionCheck(StrEnum):
    """Who finds that it is met: a person by evidence, or the portal by a fact."""

    MANUAL = "manual"
    AUTOMATIC = "automatic"


class AutomaticCheck(StrEnum):
    """The conditions whose facts the portal knows; access has a check for each. `TICKET_OPEN` is set by the
    portal itself, where a rule wants the word of a ticket system: no rule names it."""

    AGREEMENTS_ACCEPTED = "AGREEMENTS_ACCEPTED"
    ACTIVITY_APPROVED = "ACTIVITY_APPROVED"
    CLEARED_FOR_CLASS = "CLEARED_FOR_CLASS"
    UNDER_CONTRACT = "UNDER_CONTRACT"
    REGISTER_MODEL = "REGISTER_MODEL"
    TICKET_OPEN = "TICKET_OPEN"

    @property
    def kinds(self) -> frozenset[ConditionKind]:
        """A model is made of data that were granted: it cannot be asked for before."""
        if self is AutomaticCheck.TICKET_OPEN:
            return frozenset()
        after = frozenset(ConditionKind) - {ConditionKind.BEFORE}
        return after if self is AutomaticCheck.REGISTER_MODEL else frozenset(ConditionKind)


_STRICTEST_KIND = (ConditionKind.BEFORE, ConditionKind.DURING, ConditionKind.AFTER)
_STRICTEST_CHECK = (ConditionCheck.MANUAL, ConditionCheck.AUTOMATIC)


@dataclass(frozen=True, kw_only=True)
class ConditionSpec:
    """One condition. `code` is stable, `text` what has to be done, `due_days` counts from approval (`before`
    and `during`) or from the end of the grant (`after`); `None` sets no day."""

    code: str
    kind: ConditionKind
    text: str
    check: ConditionCheck
    due_days: int | None = None

    def __post_init__(self) -> None:
        if not self.code or (self.due_days is not None and self.due_days < 0):
            raise ValueError(f"Condition {self.code!r} has no code, or is due before it is set.")


def united_conditions(conditions: Iterable[ConditionSpec]) -> tuple[ConditionSpec, ...]:
    """Conditions of one code become one, in which the strictest of each part stands; ordered by code."""
    by_code: dict[str, list[ConditionSpec]] = {}
    for condition in conditions:
        by_code.setdefault(condition.code, []).append(condition)
    return tuple(_strictest(by_code[code]) for code in sorted(by_code))


def _strictest(same: list[ConditionSpec]) -> ConditionSpec:
    due = [condition.due_days for condition in same if condition.due_days is not None]
    return ConditionSpec(
        code=same[0].code,
        kind=min((condition.kind for condition in same), key=_STRICTEST_KIND.index),
        text=min(same, key=_strictness).text,
        check=min((condition.check for condition in same), key=_STRICTEST_CHECK.index),
        due_days=min(due, default=None),
    )


def _strictness(condition: ConditionSpec) -> tuple[int, int, float, str]:
    due = float("inf") if condition.due_days is None else float(condition.due_days)
    kind, check = _STRICTEST_KIND.index(condition.kind), _STRICTEST_CHECK.index(condition.check)
    return kind, check, due, condition.text
