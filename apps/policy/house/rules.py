"""A rule of the house before one request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from apps.policy import snapshot
from apps.policy.decision import Effect, Finding, RuleType, Unknown
from apps.policy.facts import RequestFacts
from apps.policy.house.effects import (
    BEYOND_CAP,
    HOUSE_RULE_ADDS,
    HOUSE_RULE_BLOCKS,
    HOUSE_RULE_DENIES,
    HOUSE_RULE_GRANTS,
    HOUSE_RULE_UNDECIDED,
    Then,
)
from apps.policy.house.matches import Match, conjoined, shown
from apps.policy.reason import Reason, Value
from apps.policy.route import KeepVerdicts, StageSpec
from apps.policy.rules.case import Case


@dataclass(frozen=True, kw_only=True)
class HouseRule:
    """`about` says in a sentence why there is such a rule; `articles` what it rests on, if on law."""

    id: str
    about: str
    when: tuple[Match, ...]
    then: Then
    articles: tuple[str, ...] = ()

    def evaluate(self, facts: RequestFacts, *, auto_ok_below_rank: int) -> Finding:
        case = Case(rule=self.id, type=RuleType.POLICY, articles=self.articles, facts=facts, parameters={})
        read = [(match, match.read(case)) for match in self.when]
        answers = {match.fact: match.holds(reading) for match, reading in read}
        looked_at: dict[str, Value] = {match.fact: shown(reading) for match, reading in read}
        holds = conjoined(match.holds(reading) for match, reading in read)
        missing = tuple(sorted(name for name, answer in answers.items() if answer is None))
        if self.then.auto_ok:
            return self._grants(case, holds, looked_at, missing, auto_ok_below_rank)
        if holds is False:
            return case.clear(facts=looked_at)
        unknown = tuple(Unknown(fact=name, counted_as="met") for name in missing) if holds is None else ()
        return self._adds(case, looked_at, unknown)

    def _grants(
        self,
        case: Case,
        holds: bool | None,
        looked_at: dict[str, Value],
        missing: tuple[str, ...],
        below: int,
    ) -> Finding:
        """Never for a high class, nor where the class forbids it, nor special or criminal data, nor what the
        parties have described themselves, whatever the rule says."""
        guards: dict[str, Value] = {
            "class": case.rank is not None and case.rank < below,
            "class_allows": all(step.is_auto_ok_allowed is True for step in case.handling),
            "not_special": not case.special_columns and not case.criminal_columns,
            "confirmed": all(column.is_confirmed for _, column in case.columns),
            "described_by_others": not any(case.parties & a.described_by for a in case.facts.assets),
        }
        looked_at = {**looked_at, **guards}
        if holds and all(guards.values()):
            reason = case.reason(HOUSE_RULE_GRANTS, rule=self.id, about=self.about)
            return case.matched(reason, effect=Effect.PERMIT, facts=looked_at, is_auto_ok=True)
        unknown = tuple(Unknown(fact=name, counted_as="not met") for name in missing)
        return case.clear(facts=looked_at, unknown=unknown)

    def _adds(self, case: Case, looked_at: dict[str, Value], unknown: tuple[Unknown, ...]) -> Finding:
        then = self.then
        columns, actions = then.cap.columns_beyond(case), then.cap.actions_beyond(case)
        effect, reasons = self._said(case, unknown, beyond=(*actions, *columns))
        if then.ticket is not None and (fault := then.ticket.fault(case)):
            reasons = (fault,) if effect is None else (*reasons, fault)
            effect = effect if effect is Effect.DENY else Effect.BLOCK
            unknown = (*unknown, *then.ticket.unknown(case))
        return case.matched(
            *reasons,
            effect=effect,
            facts=looked_at,
            unknown=unknown,
            columns=columns if effect is Effect.DENY else (),
            stages=then.stages,
            limits=then.cap.limits(case),
            max_lease_minutes=then.cap.ttl_minutes,
            conditions=then.conditions,
            notify=then.notify,
        )

    def _said(
        self, case: Case, unknown: tuple[Unknown, ...], *, beyond: tuple[str, ...]
    ) -> tuple[Effect | None, tuple[Reason, ...]]:
        """What is not known cannot refuse for good: as a record can cure it, it blocks."""
        then, stated = self.then, {"rule": self.id, "about": self.about}
        if unknown and (then.deny or beyond):
            missing = tuple(each.fact for each in unknown)
            return Effect.BLOCK, (case.reason(HOUSE_RULE_UNDECIDED, rule=self.id, missing=missing),)
        if then.deny:
            return Effect.DENY, (case.reason(HOUSE_RULE_DENIES, named=then.deny, fix=then.fix, **stated),)
        if beyond:
            return Effect.DENY, (case.reason(BEYOND_CAP, beyond=beyond, **stated),)
        if then.block:
            return Effect.BLOCK, (case.reason(HOUSE_RULE_BLOCKS, named=then.block, fix=then.fix, **stated),)
        return then.effect, (case.reason(HOUSE_RULE_ADDS, **stated),)


@dataclass(frozen=True, kw_only=True)
class PolicySet:
    """Build one with `reader.read_policy_set`. `document` is what the rules were read from; `kept` names the
    stages, whoever asks for them, whose verdicts are kept while the facts are unchanged."""

    name: str
    auto_ok_below_rank: int
    rules: tuple[HouseRule, ...]
    document: Mapping[str, Any] = field(hash=False)
    kept: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "document", MappingProxyType(dict(self.document)))

    def as_dict(self) -> dict[str, Any]:
        stated: dict[str, Any] = snapshot.to_json(self.document)
        return stated

    @cached_property
    def sha256(self) -> str:
        """Of the canonical JSON (RFC 8785); comments and the order of names do not count."""
        return snapshot.sha256_of(self.as_dict())

    @property
    def rule_ids(self) -> tuple[str, ...]:
        return tuple(rule.id for rule in self.rules)

    def keeping(self, stages: tuple[StageSpec, ...]) -> tuple[StageSpec, ...]:
        """The same stages, with the word for those whose verdicts are kept."""
        word = KeepVerdicts.UNCHANGED_FACTS
        return tuple(replace(each, keep_verdicts=word) if each.name in self.kept else each for each in stages)

    def findings(self, facts: RequestFacts) -> tuple[Finding, ...]:
        return tuple(rule.evaluate(facts, auto_ok_below_rank=self.auto_ok_below_rank) for rule in self.rules)
