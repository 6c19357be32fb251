"""Does a processing need an impact assessment? WP248's criteria, answered by the screening and by the facts.

What the facts show counts beside what the screening says, and nothing that was not answered counts as no.
Only that training a model is innovative is an assumption, which a stated no takes back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from apps.policy.facts import Action, ActivityFacts, AssetFacts, PeopleFacts, RequestFacts
from apps.policy.law_words import AiRiskClass, AutomatedDecision, ScreeningPoint

CRITERIA = frozenset(
    {
        ScreeningPoint.EVALUATION,
        ScreeningPoint.AUTOMATED_DECISION,
        ScreeningPoint.MONITORING,
        ScreeningPoint.SENSITIVE,
        ScreeningPoint.LARGE_SCALE,
        ScreeningPoint.MATCHING,
        ScreeningPoint.VULNERABLE,
        ScreeningPoint.INNOVATIVE,
        ScreeningPoint.PREVENTS_RIGHT,
    }
)
DECISIVE = frozenset(
    {
        ScreeningPoint.SYSTEMATIC_EVALUATION,
        ScreeningPoint.LARGE_SCALE_SENSITIVE,
        ScreeningPoint.PUBLIC_MONITORING,
        ScreeningPoint.AUTHORITY_LIST,
    }
)
VULNERABLE = frozenset(
    {"Child", "Patient", "Employee", "ElderlyDataSubject", "AsylumSeeker", "VulnerableDataSubject"}
)
MAKING_OR_USING = frozenset({Action.TRAIN, Action.DEPLOY, Action.INVOKE})
HIGHLY_PERSONAL = frozenset(
    {
        *("Location", "CurrentLocation", "GPSCoordinate", "TravelHistory"),
        *(
            "Financial",
            "FinancialAccount",
            "AccountIdentifier",
            "BankAccount",
            "PaymentCard",
            "Transactional",
        ),
        *("Communication", "EmailContent", "PrivateContent", "CallLog"),
    }
)


@dataclass(frozen=True, kw_only=True)
class Screened:
    """Points that hold, and those among them that hold only because nobody answered."""

    yes: frozenset[ScreeningPoint]
    unknown: frozenset[ScreeningPoint]
    is_exempt: bool

    @property
    def criteria(self) -> frozenset[ScreeningPoint]:
        return self.yes & CRITERIA

    @property
    def decisive(self) -> frozenset[ScreeningPoint]:
        return self.yes & DECISIVE

    def is_required(self, threshold: int) -> bool:
        """GDPR Art. 35(3), (4); by guidance where so many criteria are met. Art. 35(10) takes all away."""
        return not self.is_exempt and (bool(self.decisive) or len(self.criteria) >= threshold)


def screened(facts: RequestFacts, asset: AssetFacts, activity: ActivityFacts, *, union: bool) -> Screened:
    """For one version under one activity; `union` adds what the requester or project holds besides."""
    screening = activity.screening
    stated_yes = screening.yes if screening else frozenset()
    stated_no = screening.no if screening else frozenset()
    shown = dict(_shown(facts, asset))
    if ScreeningPoint.INNOVATIVE in stated_no:
        shown.pop(ScreeningPoint.INNOVATIVE, None)
    held = facts.joint.screened if facts.joint is not None else None
    if union:
        shown = {**dict.fromkeys(CRITERIA if held is None else held, held is not None), **shown}
        shown |= dict(_shown_jointly(facts))
    points = CRITERIA | DECISIVE
    unanswered = points - stated_yes - stated_no - shown.keys()
    yes = (stated_yes | shown.keys() | unanswered) & points
    unknown = unanswered | {point for point, is_known in shown.items() if not is_known} - stated_yes
    is_listed = ScreeningPoint.EXEMPT_LIST in stated_yes and not yes & DECISIVE
    is_exempt = ScreeningPoint.ASSESSED_IN_LAW in stated_yes or is_listed
    return Screened(yes=frozenset(yes), unknown=frozenset(unknown), is_exempt=is_exempt)


def _shown(facts: RequestFacts, asset: AssetFacts) -> Iterator[tuple[ScreeningPoint, bool]]:
    """Points that the facts show, and whether they do for sure: a fact nobody stated counts as if it did."""
    yield from _shown_by_use(facts)
    columns = asset.columns
    is_sensitive = any(column.special_kinds or column.is_criminal for column in columns)
    may_be_sensitive = is_sensitive or any(column.is_criminal is None for column in columns)
    if may_be_sensitive or any(column.categories & HIGHLY_PERSONAL for column in columns):
        yield ScreeningPoint.SENSITIVE, True
    people = asset.people
    is_large = people.is_large_scale if people is not None else None
    if is_large is not False and may_be_sensitive:
        yield ScreeningPoint.LARGE_SCALE_SENSITIVE, bool(is_large and is_sensitive)
    yield from _unless_no(ScreeningPoint.LARGE_SCALE, is_large)
    yield from _unless_no(ScreeningPoint.MONITORING, people.is_monitored if people is not None else None)
    yield from _unless_no(ScreeningPoint.VULNERABLE, _is_vulnerable(people))


def _unless_no(point: ScreeningPoint, holds: bool | None) -> Iterator[tuple[ScreeningPoint, bool]]:
    if holds is not False:
        yield point, holds is True


def _is_vulnerable(people: PeopleFacts | None) -> bool | None:
    if people is None:
        return None
    if people.has_children or (people.subjects or frozenset()) & VULNERABLE:
        return True
    return None if people.has_children is None or people.subjects is None else False


def _shown_by_use(facts: RequestFacts) -> Iterator[tuple[ScreeningPoint, bool]]:
    decision = facts.purpose.automated_decision
    if decision is not AutomatedDecision.NONE:
        yield ScreeningPoint.EVALUATION, decision is not None
    is_significant = None if decision is None else decision is AutomatedDecision.SOLELY_SIGNIFICANT
    yield from _unless_no(ScreeningPoint.PREVENTS_RIGHT, is_significant)
    yield from _unless_no(ScreeningPoint.AUTOMATED_DECISION, is_significant)
    if not facts.actions.isdisjoint(MAKING_OR_USING):
        known = facts.ai_system.risk_class if facts.ai_system is not None else None
        if known in (AiRiskClass.HIGH_ANNEX_III, None) and is_significant is False:
            yield ScreeningPoint.AUTOMATED_DECISION, known is not None
    if Action.TRAIN in facts.actions:
        yield ScreeningPoint.INNOVATIVE, True


def _shown_jointly(facts: RequestFacts) -> Iterator[tuple[ScreeningPoint, bool]]:
    """Across everything held and asked for. Not knowing whether it links counts as linked."""
    joint = facts.joint
    if joint is None:
        return
    if facts.linked_personal is not False and joint.personal_assets > 1:
        yield ScreeningPoint.MATCHING, facts.linked_personal is True
    if facts.linked_personal is not False and (joint.special_kinds or joint.categories & HIGHLY_PERSONAL):
        yield ScreeningPoint.SENSITIVE, facts.linked_personal is True
