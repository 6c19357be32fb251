"""What a decision is made from: stated facts, frozen. `None` is "not known", and is never taken for "no".

Dates of records end (or begin) at 00:00 UTC of their day. That there is no limit is stated as `NO_LIMIT`.
"""

from __future__ import annotations

from apps.policy.facts.agreement import AgreementFacts, UseFacts
from apps.policy.facts.assessment import DpiaConditionFacts, DpiaFacts, NationalConditionFacts, ScreeningFacts
from apps.policy.facts.asset import ActivityFacts, AssetFacts, ColumnFacts
from apps.policy.facts.handling import SHORTEST_GRANT_DAYS, SHORTEST_LEASE_MINUTES, HandlingFacts
from apps.policy.facts.labeling import LabelingFacts, LabelsFacts, RedactionFacts
from apps.policy.facts.obligation import Obligation
from apps.policy.facts.party import ControllerFacts, PartyFacts, TransferFacts
from apps.policy.facts.purpose import CompatibilityFacts, PurposeFacts
from apps.policy.facts.request import JointFacts, RequestFacts
from apps.policy.facts.standing import ConsentFacts, HoldFacts, PeopleFacts, PinFacts, RowFacts
from apps.policy.facts.subject import SubjectFacts
from apps.policy.facts.system import AiSystemFacts
from apps.policy.facts.ticket import TicketFacts
from apps.policy.stated import WronglyStated
from apps.policy.vocabulary import (
    NO_LIMIT,
    Action,
    Art9Condition,
    Art10Basis,
    Clearance,
    Identifiability,
    LawfulBasis,
    NoLimit,
    ObligationKind,
    Outcome,
    Presumption,
    PurposeState,
    Quota,
    Relation,
    SubjectKind,
    TicketStanding,
    Until,
)

__all__ = [
    "NO_LIMIT",
    "SHORTEST_GRANT_DAYS",
    "SHORTEST_LEASE_MINUTES",
    "Action",
    "ActivityFacts",
    "AgreementFacts",
    "AiSystemFacts",
    "Art9Condition",
    "Art10Basis",
    "AssetFacts",
    "Clearance",
    "ColumnFacts",
    "CompatibilityFacts",
    "ConsentFacts",
    "ControllerFacts",
    "DpiaConditionFacts",
    "DpiaFacts",
    "HandlingFacts",
    "HoldFacts",
    "Identifiability",
    "JointFacts",
    "LabelingFacts",
    "LabelsFacts",
    "LawfulBasis",
    "NationalConditionFacts",
    "NoLimit",
    "Obligation",
    "ObligationKind",
    "Outcome",
    "PartyFacts",
    "PeopleFacts",
    "PinFacts",
    "Presumption",
    "PurposeFacts",
    "PurposeState",
    "Quota",
    "RedactionFacts",
    "Relation",
    "RequestFacts",
    "RowFacts",
    "ScreeningFacts",
    "SubjectFacts",
    "SubjectKind",
    "TicketFacts",
    "TicketStanding",
    "TransferFacts",
    "Until",
    "UseFacts",
    "WronglyStated",
]
