"""What an approver types, turned into what is taken away and into conditions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from apps.access.errors import CONDITION_EMPTY, END_IN_THE_PAST, NARROWING_UNKNOWN, ONLY_A_YES_NARROWS
from apps.access.granting import narrowing_of, what_is_left
from apps.access.models import Decision, VerdictKind
from apps.kernel.clock import end_of_day
from apps.kernel.errors import invalid, rule_broken
from apps.policy.conditions import ConditionCheck, ConditionKind, ConditionSpec
from apps.policy.narrowing import Narrowing
from apps.policy.snapshot import to_json

LONGEST_DUE_DAYS = 3650


@dataclass(frozen=True, kw_only=True)
class NarrowingDraft:
    """Columns are named "asset uid/column"; the last day is a day, to its end in the organization's zone."""

    assets: Sequence[UUID] = ()
    columns: Sequence[str] = ()
    actions: Sequence[str] = ()
    ends_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class ConditionDraft:
    kind: ConditionKind
    text: str
    due_days: int | None = None

    def spec(self) -> ConditionSpec:
        """The same words for the same moment are one condition, whoever set it.  Raises: InvalidInput."""
        text = self.text.strip()
        if not text:
            raise invalid("conditions", CONDITION_EMPTY)
        digest = hashlib.sha256(text.casefold().encode()).hexdigest()
        return ConditionSpec(
            code=f"SET-{digest[:12]}",
            kind=self.kind,
            text=text,
            check=ConditionCheck.MANUAL,
            due_days=self.due_days,
        )


@dataclass(frozen=True, kw_only=True)
class Terms:
    """On what terms somebody says yes; without any, as it was asked."""

    narrowing: NarrowingDraft | None = None
    conditions: Sequence[ConditionDraft] = ()


def read_terms(terms: Terms, kind: VerdictKind, decision: Decision, *, at: datetime) -> dict[str, Any]:
    """What a verdict keeps of it. Where nothing is taken away, what is left is what was left before.

    Raises: InvalidInput (nothing of that kind was asked for), RuleBroken (nothing would be left).
    """
    narrowing = _read(terms.narrowing, decision, at=at) if terms.narrowing else Narrowing()
    conditions = [to_json(each.spec()) for each in terms.conditions]
    if kind is not VerdictKind.APPROVE and (conditions or not narrowing.is_nothing):
        raise rule_broken(ONLY_A_YES_NARROWS)
    if not narrowing.is_nothing:
        what_is_left(decision.revision, narrowing_of(decision).joined(narrowing))
    return {"narrowing": narrowing.as_json(), "conditions": conditions}


def _read(draft: NarrowingDraft, decision: Decision, *, at: datetime) -> Narrowing:
    revision = decision.revision
    items = revision.asked
    assets = frozenset(str(uid) for uid in draft.assets)
    _check("narrowing.assets", assets, {str(item.asset.uid) for item in items})
    _check("narrowing.actions", frozenset(draft.actions), set(revision.actions))
    if draft.columns:
        known = {
            f"{item.asset.uid}/{name}"
            for item in items
            for name in item.columns or item.version.columns.values_list("name", flat=True)
        }
        _check("narrowing.columns", frozenset(draft.columns), known)
    zone = revision.request.organization.time_zone
    ends_at = end_of_day(draft.ends_on, zone) if draft.ends_on else None
    if ends_at is not None and ends_at <= max(at, revision.starts_at):
        raise rule_broken(END_IN_THE_PAST, field="narrowing.ends_on", ends_on=ends_at.isoformat())
    return Narrowing(
        assets=assets,
        columns=frozenset(draft.columns),
        actions=frozenset(draft.actions),
        ends_at=ends_at,
    )


def _check(field: str, named: frozenset[str], known: set[str]) -> None:
    for name in sorted(named - known):
        raise invalid(field, NARROWING_UNKNOWN, name=name)
