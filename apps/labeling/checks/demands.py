"""What is asked of a version of a model before it is released."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from apps.policy.reason import Reason


class Demand(StrEnum):
    """In the order in which one meets them."""

    LINEAGE = "lineage"
    PURPOSE = "purpose"
    STANDING = "standing"
    EXPIRY = "expiry"
    BASIS = "basis"
    LICENSE = "license"
    LABELS = "labels"
    QUALITY = "quality"


ARTICLES = {
    Demand.LINEAGE: ("AI Act Art. 10(2)(b)",),
    Demand.PURPOSE: ("GDPR Art. 5(1)(b)", "GDPR Art. 6(4)"),
    Demand.STANDING: ("GDPR Art. 17(1)", "EDPB 28/2024"),
    Demand.EXPIRY: ("GDPR Art. 5(1)(e)",),
    Demand.BASIS: ("GDPR Art. 6(1)", "GDPR Art. 9(2)", "GDPR Art. 30", "GDPR Art. 35"),
    Demand.LICENSE: ("Data Use Ontology",),
    Demand.LABELS: ("AI Act Art. 10(2)(c)",),
    Demand.QUALITY: ("AI Act Art. 10(3)",),
}


@dataclass(frozen=True, kw_only=True)
class Condition:
    """Met where nothing stands against it."""

    demand: Demand
    obstacles: tuple[Reason, ...]

    @property
    def is_met(self) -> bool:
        return not self.obstacles

    @property
    def articles(self) -> tuple[str, ...]:
        return ARTICLES[self.demand]
