"""Policy's answer: the effect, every finding behind it, and what a grant would carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from apps.policy import snapshot
from apps.policy.conditions import ConditionCheck, ConditionKind, ConditionSpec
from apps.policy.facts import Obligation, ObligationKind
from apps.policy.reason import Reason, Value
from apps.policy.route import StageSpec

__all__ = [
    "ConditionCheck",
    "ConditionKind",
    "ConditionSpec",
    "Decision",
    "Effect",
    "Finding",
    "Limit",
    "Obligation",
    "ObligationKind",
    "RuleType",
    "StageSpec",
    "Status",
    "Unknown",
]


class Effect(StrEnum):
    """What a rule says, and what the decision says."""

    DENY = "deny"
    BLOCK = "block"
    REFER = "refer"
    PERMIT = "permit"

    @property
    def force(self) -> int:
        """Combining: deny beats block beats refer beats permit."""
        return _FORCE[self]

    @property
    def laxness(self) -> int:
        """For comparing decisions: a deny and a block open equally little."""
        return _LAXNESS[self]


_FORCE = {Effect.DENY: 3, Effect.BLOCK: 2, Effect.REFER: 1, Effect.PERMIT: 0}
_LAXNESS = {Effect.DENY: 0, Effect.BLOCK: 0, Effect.REFER: 1, Effect.PERMIT: 2}


class RuleType(StrEnum):
    """Text of a regulation; guidance of authorities; our default, which the organization may tune."""

    LAW = "LAW"
    GUIDE = "GUIDE"
    POLICY = "POLICY"


class Status(StrEnum):
    MATCHED = "matched"
    NOT_MATCHED = "not_matched"
    SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True, order=True)
class Limit:
    """A grant may not reach beyond `ends_at` because of `factor`; `about` names the record or class."""

    ends_at: datetime
    factor: str
    about: str = ""


@dataclass(frozen=True, kw_only=True, order=True)
class Unknown:
    """A fact nobody stated, and the value it was taken for."""

    fact: str
    counted_as: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one rule found. `facts` are the values it used, `columns` ("asset/column") those it would drop.

    `effect` is `None` where the rule only adds a limit, an obligation, a condition or an exemption, or did
    not match.
    """

    rule: str
    type: RuleType
    articles: tuple[str, ...]
    status: Status
    effect: Effect | None = None
    reasons: tuple[Reason, ...] = ()
    facts: Mapping[str, Value] = field(default_factory=dict, hash=False)
    unknown: tuple[Unknown, ...] = ()
    columns: tuple[str, ...] = ()
    stages: tuple[StageSpec, ...] = ()
    limits: tuple[Limit, ...] = ()
    max_lease_minutes: int | None = None
    obligations: frozenset[Obligation] = frozenset()
    conditions: tuple[ConditionSpec, ...] = ()
    notify: frozenset[str] = frozenset()
    needs_step_up: bool = False
    is_auto_ok: bool = False
    skipped_by: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", MappingProxyType(dict(sorted(self.facts.items()))))

    @property
    def is_matched(self) -> bool:
        return self.status is Status.MATCHED

    def as_json(self) -> dict[str, object]:
        parts: dict[str, object] = {
            name: snapshot.to_json(getattr(self, name))
            for name in self.__dataclass_fields__
            if name not in ("reasons",)
        }
        parts["reasons"] = [snapshot.to_json(reason.as_json()) for reason in self.reasons]
        return parts


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The whole answer. `ends_at` is the earliest limit or the end asked for; `limiting_factor` names it.

    `stages` are those a request would go through, also where it waits for a record. Same facts and same
    rulebook give the same bytes of `as_json()`.
    """

    effect: Effect
    findings: tuple[Finding, ...]
    stages: tuple[StageSpec, ...]
    limits: tuple[Limit, ...]
    ends_at: datetime
    limiting_factor: str
    max_lease_minutes: int | None
    obligations: frozenset[Obligation]
    conditions: tuple[ConditionSpec, ...]
    notify: frozenset[str]
    needs_step_up: bool
    rulebook_sha256: str
    facts_sha256: str

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Of the matched findings, the weightiest effect first, then in the order of the rulebook."""
        matched = [finding for finding in self.findings if finding.is_matched]
        matched.sort(key=lambda finding: -finding.effect.force if finding.effect else 1)
        return tuple(reason for finding in matched for reason in finding.reasons)

    @property
    def deciding_reasons(self) -> tuple[Reason, ...]:
        """Only those whose effect is the effect of the decision."""
        return tuple(
            reason for finding in self.findings if finding.effect is self.effect for reason in finding.reasons
        )

    @property
    def may_be_submitted(self) -> bool:
        """A blocked request waits for the missing record; a denied one may not be sent."""
        return self.effect is not Effect.DENY

    @property
    def droppable_columns(self) -> tuple[str, ...]:
        """Columns ("asset/column") without which the denials that name columns would not stand."""
        return tuple(
            sorted(
                {
                    name
                    for finding in self.findings
                    if finding.effect is Effect.DENY
                    for name in finding.columns
                }
            )
        )

    def as_json(self) -> dict[str, object]:
        parts: dict[str, object] = {
            name: snapshot.to_json(getattr(self, name))
            for name in self.__dataclass_fields__
            if name != "findings"
        }
        parts["findings"] = [finding.as_json() for finding in self.findings]
        return parts

    def as_bytes(self) -> bytes:
        return snapshot.canonical_bytes(self.as_json())
