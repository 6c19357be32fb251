"""Two answers to one wish, set against each other: what a draft of rules would change."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from apps.policy.decision import Decision, Effect


class Change(StrEnum):
    """The greatest difference between two answers, by what it means for the person who asks."""

    NOW_DENIED = "now_denied"
    NOW_BLOCKED = "now_blocked"
    NO_LONGER_AT_ONCE = "no_longer_at_once"
    MORE_STAGES = "more_stages"
    OTHER_TERMS = "other_terms"
    FEWER_STAGES = "fewer_stages"
    NOW_AT_ONCE = "now_at_once"
    NO_LONGER_BLOCKED = "no_longer_blocked"
    NO_LONGER_DENIED = "no_longer_denied"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """`added` and `removed` are the stages, conditions and rules that come or go, by name."""

    change: Change
    before: str
    after: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    rules: tuple[str, ...]


def difference(before: Decision, after: Decision) -> Difference | None:
    """`None` where the person would notice nothing."""
    change = _change(before, after)
    if change is None:
        return None
    old, new = _demands(before), _demands(after)
    matched = [{each.rule for each in answer.findings if each.is_matched} for answer in (before, after)]
    return Difference(
        change=change,
        before=before.effect.value,
        after=after.effect.value,
        added=tuple(sorted(new - old)),
        removed=tuple(sorted(old - new)),
        rules=tuple(sorted(matched[0] ^ matched[1])),
    )


def _change(before: Decision, after: Decision) -> Change | None:
    if before.effect is not after.effect:
        return _of_effect(before.effect, after.effect)
    old, new = _stages(before), _stages(after)
    if after.effect is Effect.REFER and old != new:
        return Change.FEWER_STAGES if new < old else Change.MORE_STAGES
    same = _demands(before) == _demands(after) and before.ends_at == after.ends_at
    return None if same else Change.OTHER_TERMS


def _of_effect(before: Effect, after: Effect) -> Change:
    if after is Effect.DENY:
        return Change.NOW_DENIED
    if before is Effect.DENY:
        return Change.NO_LONGER_DENIED
    if after is Effect.BLOCK:
        return Change.NOW_BLOCKED
    if before is Effect.BLOCK:
        return Change.NO_LONGER_BLOCKED
    return Change.NOW_AT_ONCE if after is Effect.PERMIT else Change.NO_LONGER_AT_ONCE


def _stages(decision: Decision) -> frozenset[str]:
    asked = ((stage.name, role, stage.count) for stage in decision.stages for role in stage.roles)
    return frozenset(f"{name}: {role} × {count}" for name, role, count in asked)


def _demands(decision: Decision) -> frozenset[str]:
    lease = decision.max_lease_minutes
    return frozenset(
        (
            *_stages(decision),
            *(condition.code for condition in decision.conditions),
            *(each.kind.value for each in decision.obligations),
            *((f"lease {lease} min",) if lease is not None else ()),
            *(("step-up",) if decision.needs_step_up else ()),
        )
    )
