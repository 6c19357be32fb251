"""Does a processing need an impact assessment? WP248's criteria, answered by the screening and by the facts.

What the facts show counts beside what the screening says, and nothing that was not answered counts as no.
Only that training a model is innovative is an assumption, which a stated no takes back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from apps.policy.facts import Action, ActivityFacts, AssetFacts, RequestFacts
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
    shown = set(_shown(facts, asset))
    held = facts.joint.screened if facts.joint is not None else None
    if union:
        shown |= set(_shown_jointly(facts)) | (CRITERIA if held is None else held)
    if ScreeningPoint.INNOVATIVE in stated_no:
        shown.discard(ScreeningPoint.INNOVATIVE)
    points = CRITERIA | DECISIVE
    unknown = points - stated_yes - stated_no - shown
    yes = frozenset((stated_yes | shown | unknown) & points)
    is_listed = ScreeningPoint.EXEMPT_LIST in stated_yes and not yes & DECISIVE
    is_exempt = ScreeningPoint.ASSESSED_IN_LAW in stated_yes or is_listed
    return Screened(yes=yes, unknown=frozenset(unknown), is_exempt=is_exempt)


def _shown(facts: RequestFacts, asset: AssetFacts) -> Iterator[ScreeningPoint]:
    people, decision = asset.people, facts.purpose.automated_decision
    is_sensitive = any(column.special_kinds or column.is_criminal for column in asset.columns)
    if decision not in (AutomatedDecision.NONE, None):
        yield ScreeningPoint.EVALUATION
    if decision is AutomatedDecision.SOLELY_SIGNIFICANT:
        yield from (ScreeningPoint.AUTOMATED_DECISION, ScreeningPoint.PREVENTS_RIGHT)
    if facts.ai_system is not None and facts.ai_system.risk_class is AiRiskClass.HIGH_ANNEX_III:
        yield ScreeningPoint.AUTOMATED_DECISION
    if is_sensitive or any(column.categories & HIGHLY_PERSONAL for column in asset.columns):
        yield ScreeningPoint.SENSITIVE
    if Action.TRAIN in facts.actions:
        yield ScreeningPoint.INNOVATIVE
    if people is None:
        return
    if people.is_monitored:
        yield ScreeningPoint.MONITORING
    if people.is_large_scale:
        yield ScreeningPoint.LARGE_SCALE
    if people.is_large_scale and is_sensitive:
        yield ScreeningPoint.LARGE_SCALE_SENSITIVE
    if people.has_children or (people.subjects or frozenset()) & VULNERABLE:
        yield ScreeningPoint.VULNERABLE


def _shown_jointly(facts: RequestFacts) -> Iterator[ScreeningPoint]:
    """Across everything held and asked for; whether it links is unknown counts as linked."""
    joint = facts.joint
    if joint is None:
        return
    if facts.linked_personal is not False and joint.personal_assets > 1:
        yield ScreeningPoint.MATCHING
    if facts.linked_personal is not False and (joint.special_kinds or joint.categories & HIGHLY_PERSONAL):
        yield ScreeningPoint.SENSITIVE
