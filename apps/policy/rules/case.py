"""One rule before one request: what a rule may look at, and how it says what it found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Any

from apps.policy.decision import Effect, Finding, Limit, RuleType, Status, Unknown
from apps.policy.facts import (
    AssetFacts,
    ColumnFacts,
    HandlingFacts,
    Identifiability,
    NoLimit,
    RequestFacts,
    Until,
)
from apps.policy.packs import Law
from apps.policy.reason import Reason, Value

ParameterValue = int | tuple[str, ...]
NO_LAW = Law(day=date.min, packs=())


def start_of(day: date) -> datetime:
    """Limits from records end at 00:00 UTC of their date."""
    return datetime.combine(day, time.min, tzinfo=UTC)


def is_clean(column: ColumnFacts) -> bool:
    """Nothing the scan or the steward found contradicts that this column is not about people."""
    is_stated = column.is_confirmed and column.is_personal is False and column.is_criminal is False
    return is_stated and not column.special_kinds


def is_anonymous(asset: AssetFacts, column: ColumnFacts) -> bool:
    """Confirmed, free of findings to the contrary, and anonymised under a valid assessment (rec. 26)."""
    is_stated = column.is_confirmed and column.is_personal is False
    is_assessed = asset.has_anonymity_assessment is True
    return is_stated and is_assessed and column.identifiability is Identifiability.ANONYMISED


@dataclass
class Said:
    """What a rule has found so far, while it goes through the facts."""

    case: Case
    reasons: list[Reason] = field(default_factory=list)
    effects: list[Effect | None] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)

    def object(self, effect: Effect | None, code: str, **facts: Value) -> None:
        """A fact called `columns` names columns that the finding is about."""
        case = self.case
        reason = Reason(code=code, rule=case.rule, articles=case.articles, facts=facts)
        if reason not in self.reasons:
            self.reasons.append(reason)
        self.effects.append(effect)
        columns = facts.get("columns")
        if isinstance(columns, tuple):
            self.columns += [str(name) for name in columns]

    def not_known(self, fact: str, counted_as: str) -> None:
        item = Unknown(fact=fact, counted_as=counted_as)
        if item not in self.unknown:
            self.unknown.append(item)

    def ends(self, until: Until, factor: str, about: str, code: str, **facts: Value) -> None:
        """A recorded end limits; one that nobody recorded would count as passed, so it waits for a record."""
        if until is None:
            self.not_known(f"{factor}.{about}", "passed")
            self.object(Effect.BLOCK, code, **facts)
        elif not isinstance(until, NoLimit):
            self.limits.append(Limit(ends_at=start_of(until), factor=factor, about=about))


@dataclass(frozen=True, kw_only=True)
class Case:
    """The facts, the parameters of the rule, and (for rules that close) the limits the others found."""

    rule: str
    type: RuleType
    articles: tuple[str, ...]
    facts: RequestFacts
    parameters: Mapping[str, ParameterValue]
    exemption: str = ""
    limits: tuple[Limit, ...] = ()
    law: Law = NO_LAW

    def reason(self, code: str, *, field: str = "", **facts: Value) -> Reason:
        return Reason(code=code, rule=self.rule, articles=self.articles, facts=facts, field=field)

    def matched(self, *reasons: Reason, effect: Effect | None = None, **found: Any) -> Finding:
        return self._finding(Status.MATCHED, effect=effect, reasons=reasons, **found)

    def clear(self, **found: Any) -> Finding:
        """The rule does not stand in the way; `facts` still say what it looked at."""
        return self._finding(Status.NOT_MATCHED, **found)

    def answered(self, said: Said, **found: Any) -> Finding:
        """Of all that was said the strongest effect, and every reason; clear where nothing was."""
        carried = {"unknown": tuple(said.unknown), "limits": tuple(said.limits), **found}
        if not said.reasons:
            return self.clear(**carried)
        effects = [effect for effect in said.effects if effect is not None]
        effect = max(effects, key=lambda each: each.force, default=None)
        columns = tuple(sorted(set(said.columns)))
        return self.matched(*said.reasons, effect=effect, columns=columns, **carried)

    def skipped(self) -> Finding:
        return self._finding(Status.SKIPPED, skipped_by=self.exemption)

    def _finding(self, status: Status, **found: Any) -> Finding:
        return Finding(rule=self.rule, type=self.type, articles=self.articles, status=status, **found)

    def number(self, name: str) -> int:
        value = self.parameters[name]
        assert isinstance(value, int)
        return value

    def words(self, name: str) -> tuple[str, ...]:
        value = self.parameters[name]
        assert isinstance(value, tuple)
        return value

    @property
    def parties(self) -> frozenset[str]:
        """Who asks, who receives, and those behind a project or a service account whose word it rests on."""
        subject = self.facts.subject
        return frozenset({self.facts.requester.uid, subject.uid}) | (subject.describers or frozenset())

    @property
    def columns(self) -> Iterator[tuple[AssetFacts, ColumnFacts]]:
        return ((asset, column) for asset in self.facts.assets for column in asset.columns)

    @cached_property
    def personal_columns(self) -> tuple[tuple[AssetFacts, ColumnFacts], ...]:
        """All but those confirmed as not about people: what is not known to be harmless is personal."""
        return tuple(
            (asset, column)
            for asset, column in self.columns
            if not (column.identifiability is Identifiability.NOT_PERSONAL and is_clean(column))
        )

    @cached_property
    def personal_assets(self) -> tuple[AssetFacts, ...]:
        return tuple({asset.uid: asset for asset, _ in self.personal_columns}.values())

    @property
    def special_columns(self) -> tuple[str, ...]:
        return names(pair for pair in self.columns if pair[1].special_kinds)

    @property
    def criminal_columns(self) -> tuple[str, ...]:
        """Unknown counts as criminal."""
        return names(pair for pair in self.columns if pair[1].is_criminal is not False)

    @cached_property
    def is_not_personal(self) -> bool:
        """All requested columns confirmed `not_personal`, and nothing linkable in the project (A00)."""
        return self.facts.linked_personal is False and all(
            column.identifiability is Identifiability.NOT_PERSONAL and is_clean(column)
            for _, column in self.columns
        )

    @cached_property
    def is_anonymous(self) -> bool:
        """All columns anonymised under a valid assessment or `not_personal`, nothing linkable (A03)."""
        return self.facts.linked_personal is False and all(
            is_anonymous(asset, column)
            or (column.identifiability is Identifiability.NOT_PERSONAL and is_clean(column))
            for asset, column in self.columns
        )

    @property
    def is_personal(self) -> bool:
        return not self.is_not_personal and not self.is_anonymous

    @cached_property
    def rank(self) -> int | None:
        """The highest class rank over all columns; `None` where one is unknown or not on the ladder."""
        ladder = {step.rank for step in self.facts.handling}
        ranks = {column.class_rank for _, column in self.columns}
        known = {rank for rank in ranks if rank is not None and rank in ladder}
        return max(known) if known == ranks else None

    @cached_property
    def handling(self) -> tuple[HandlingFacts, ...]:
        """The steps of the ladder up to the rank; all of them where the rank is unknown.

        A class demands what every lower class demands, so that raising a class can never take anything away,
        however the organization has filled in its ladder.
        """
        rank = self.rank
        return tuple(step for step in self.facts.handling if rank is None or step.rank <= rank)

    def is_among_lowest(self, count: int) -> bool:
        """Is the rank one of the `count` lowest of the ladder? An unknown rank is not."""
        lowest = [step.rank for step in self.facts.handling][:count]
        return self.rank is not None and self.rank in lowest


def names(pairs: Iterator[tuple[AssetFacts, ColumnFacts]]) -> tuple[str, ...]:
    """Columns as people and findings name them: "asset/column"."""
    return tuple(sorted(f"{asset.uid}/{column.name}" for asset, column in pairs))
