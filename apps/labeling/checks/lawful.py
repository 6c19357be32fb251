"""Whether what a model is for, the law and the licenses of the data allow that it learned from them.

The rules are those by which access to the data is decided, heard for training and putting to use. Who asks,
and from where, is judged where access is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from apps.labeling.checks.demands import ARTICLES, Demand
from apps.policy.decision import Effect, Finding
from apps.policy.engine import heard
from apps.policy.facts import AssetFacts, ColumnFacts, Identifiability, RequestFacts
from apps.policy.reason import Reason, Value, declare
from apps.policy.rules.agreements import AGREEMENT_ENDED
from apps.policy.rules.assessment import APPROVED, DPIA_MISSING
from apps.policy.rules.case import is_anonymous, is_clean, start_of
from apps.policy.screening import screened

PURPOSE_UNKNOWN = declare(
    "RELEASE_PURPOSE_UNKNOWN",
    "No AI system that is on record names version %(version)s of %(model)s, so nobody said what it is for.",
    "Have an AI system approved that names the model and the purposes it is trained and used for.",
)
SYSTEM_WITHOUT_PURPOSE = declare(
    "RELEASE_SYSTEM_WITHOUT_PURPOSE",
    "%(system)s uses the model and names no purpose.",
    "Name the purposes it is trained and used for in a version of the record, and have that approved.",
)
NOT_JUDGED = declare(
    "RELEASE_NOT_JUDGED",
    "What the model is for is not known, and so it cannot be told whether the records allow it.",
    "Put its purpose on record first.",
)
RETENTION_OVER = declare(
    "RELEASE_RETENTION_OVER",
    "The model learned from %(dataset)s, which was to be kept until %(ended_on)s.",
    "Train a version on data that may still be kept, or have the retention of these set anew.",
)
RETENTION_UNKNOWN = declare(
    "RELEASE_RETENTION_UNKNOWN",
    "The model learned from %(dataset)s, and nobody said how long these data of people may be kept.",
    "State it with the origin of the version, or in a retention schedule about the dataset.",
)
AGREEMENT_OVER = declare(
    "RELEASE_AGREEMENT_OVER",
    "The model learned from %(dataset)s, and the agreement on these data ended on %(ended_on)s.",
    "Have it renewed, or train a version on other data.",
)
AGREEMENT_END_UNKNOWN = declare(
    "RELEASE_AGREEMENT_END_UNKNOWN",
    "The model learned from %(dataset)s, and nobody said when the agreement on these data ends.",
    "State it with the origin of the version.",
)
GROUND_ENDED = declare(
    "RELEASE_GROUND_ENDED",
    "What the training on %(dataset)s rests on, %(about)s, ended on %(ended_on)s.",
    "Have it renewed or reviewed.",
)
DPIA_NEEDED = declare(
    "RELEASE_DPIA_MISSING",
    "The model learned special categories of data from %(dataset)s, without an approved impact assessment of:"
    " %(activities)s.",
    "Have the impact assessment approved.",
)
LICENSE_UNKNOWN = declare(
    "RELEASE_LICENSE_UNKNOWN",
    "The model learned from %(dataset)s, and nobody said where these data come from and on what terms.",
    "State the origin of the version, with the agreement or license they came under; without one they are"
    " taken to be our own.",
)

PURPOSE_RULES = ("PURPOSE", "A06", "A07", "A08", "A09")
BASIS_RULES = ("A01", "V-02", "ART6-GROUND", "A02", "A10", "V-04", "A11", "A12", "A16", "A18", "A19")
LICENSE_RULES = ("A33",)
DEMANDED = {
    **dict.fromkeys(PURPOSE_RULES, Demand.PURPOSE),
    **dict.fromkeys(BASIS_RULES, Demand.BASIS),
    **dict.fromkeys(LICENSE_RULES, Demand.LICENSE),
}
REFUSING = (Effect.DENY, Effect.BLOCK)
END_OF_PURPOSE = "purpose_end"
EVERYTHING = "*"
JUDGED = (Demand.PURPOSE, Demand.EXPIRY, Demand.BASIS, Demand.LICENSE)


@dataclass(frozen=True, kw_only=True)
class SystemFacts:
    """An AI system on record that names the model."""

    system: str
    has_purpose: bool


@dataclass(frozen=True, kw_only=True)
class UseOfData:
    """One version of data that a model was trained on, with one purpose of it. `facts` are about that version
    alone; `is_shown`: it may be named. `has_origin`: somebody stated where the data come from."""

    facts: RequestFacts
    purpose: str
    dataset: str
    is_shown: bool
    has_origin: bool

    @property
    def asset(self) -> AssetFacts:
        return self.facts.assets[0]


Found = Iterator[tuple[Demand, Reason]]


def objections(
    systems: Iterable[SystemFacts], uses: Iterable[UseOfData], *, model: str, version: int
) -> Mapping[Demand, tuple[Reason, ...]]:
    """What stands against each of these demands; once, with however many data and purposes it is so."""
    found: dict[Demand, list[Reason]] = {demand: [] for demand in JUDGED}
    for demand, reason in (*_of_systems(tuple(systems), model, version), *_of_uses(uses)):
        if reason not in found[demand]:
            found[demand].append(reason)
    return {demand: tuple(reasons) for demand, reasons in found.items()}


def _of_systems(systems: tuple[SystemFacts, ...], model: str, version: int) -> Found:
    if not systems:
        yield Demand.PURPOSE, _reason(PURPOSE_UNKNOWN, Demand.PURPOSE, model=model, version=version)
    for each in systems:
        if not each.has_purpose:
            yield Demand.PURPOSE, _reason(SYSTEM_WITHOUT_PURPOSE, Demand.PURPOSE, system=each.system)
    if not any(each.has_purpose for each in systems):
        for demand in (Demand.EXPIRY, Demand.BASIS, Demand.LICENSE):
            yield demand, Reason(code=NOT_JUDGED, articles=ARTICLES[demand])


def _of_uses(uses: Iterable[UseOfData]) -> Found:
    for use in uses:
        findings = heard(use.facts, tuple(DEMANDED))
        for finding in findings:
            yield from _refusals(use, finding)
        yield from _ended(use, findings)
        yield from _unassessed(use, findings)
        if not use.has_origin and not use.asset.agreements:
            yield Demand.LICENSE, _reason(LICENSE_UNKNOWN, Demand.LICENSE, dataset=use.dataset)


def _refusals(use: UseOfData, finding: Finding) -> Found:
    if finding.effect not in REFUSING:
        return
    for reason in finding.reasons:
        demand = Demand.EXPIRY if reason.code == AGREEMENT_ENDED else DEMANDED[finding.rule]
        yield demand, _named(reason, use)


def _ended(use: UseOfData, findings: Iterable[Finding]) -> Found:
    now, data = use.facts.now, use.asset
    if any(not _is_about_nobody(data, column) for column in data.columns):
        until = data.retention_ends_on
        if until is None:
            yield Demand.EXPIRY, _reason(RETENTION_UNKNOWN, Demand.EXPIRY, dataset=use.dataset)
        elif isinstance(until, date) and start_of(until) <= now:
            yield Demand.EXPIRY, _over(RETENTION_OVER, use, until)
    agreed = data.agreement_ends_on
    if agreed is None:
        yield Demand.EXPIRY, _reason(AGREEMENT_END_UNKNOWN, Demand.EXPIRY, dataset=use.dataset)
    elif isinstance(agreed, date) and start_of(agreed) <= now:
        yield Demand.EXPIRY, _over(AGREEMENT_OVER, use, agreed)
    told = (finding for finding in findings if finding.effect not in REFUSING)
    for limit in (limit for finding in told for limit in finding.limits):
        if limit.ends_at <= now and limit.factor != END_OF_PURPOSE:
            yield Demand.EXPIRY, _over(GROUND_ENDED, use, limit.ends_at.date(), about=limit.about)


def _is_about_nobody(data: AssetFacts, column: ColumnFacts) -> bool:
    is_free = column.identifiability is Identifiability.NOT_PERSONAL and is_clean(column)
    return is_free or is_anonymous(data, column)


def _unassessed(use: UseOfData, findings: Iterable[Finding]) -> Found:
    """Special categories ask for the assessment by themselves, also where the screening counts too little."""
    screening = next(finding for finding in findings if finding.rule == "A16")
    is_told = any(reason.code == DPIA_MISSING for reason in screening.reasons)
    if screening.skipped_by or is_told or not any(column.special_kinds for column in use.asset.columns):
        return
    lacking = tuple(
        activity.ref
        for activity in use.asset.activities
        if use.facts.purpose.uid in activity.purposes
        and (activity.dpia is None or activity.dpia.state not in APPROVED)
        and not screened(use.facts, use.asset, activity, union=False).is_exempt
    )
    if lacking:
        given: dict[str, Value] = {"dataset": use.dataset, "activities": lacking}
        yield Demand.BASIS, _reason(DPIA_NEEDED, Demand.BASIS, **given)


def _over(code: str, use: UseOfData, ended_on: date, **given: Value) -> Reason:
    return _reason(code, Demand.EXPIRY, dataset=use.dataset, ended_on=ended_on.isoformat(), **given)


def _reason(code: str, demand: Demand, **facts: Value) -> Reason:
    return Reason(code=code, articles=ARTICLES[demand], facts=facts)


def _named(reason: Reason, use: UseOfData) -> Reason:
    """With the name of the data in place of their number, and with the purpose."""
    facts = {name: _said(value, use) for name, value in reason.facts.items()}
    return replace(reason, facts={**facts, "purpose": use.purpose})


def _said(value: Value, use: UseOfData) -> Value:
    if isinstance(value, tuple):
        return tuple(dict.fromkeys(_said(each, use) for each in value))
    if not isinstance(value, str) or not value.startswith(use.asset.uid):
        return value
    column = value.removeprefix(use.asset.uid).removeprefix("/")
    is_whole = column in ("", EVERYTHING) or not use.is_shown
    return use.dataset if is_whole else f"{use.dataset}/{column}"
