"""The rules this portal knows. Only what stands in a rulebook is active, and only what stands here can."""

from __future__ import annotations

from types import MappingProxyType

from apps.policy.rules import (
    agreements,
    assessment,
    classification,
    consent,
    duration,
    exemptions,
    labeling,
    lawfulness,
    limitation,
    minimisation,
    parties,
    people,
    permission,
    places,
    special,
    standing,
    subject,
    systems,
    transfers,
)
from apps.policy.rules.rule import Rule

_IN_ORDER: tuple[Rule, ...] = (
    *subject.RULES,
    *exemptions.RULES,
    *classification.RULES,
    *lawfulness.RULES,
    *limitation.RULES,
    *special.RULES,
    *duration.RULES,
    *consent.RULES,
    *minimisation.RULES,
    *assessment.RULES,
    *transfers.RULES,
    *places.RULES,
    *parties.RULES,
    *people.RULES,
    *agreements.RULES,
    *systems.RULES,
    *labeling.RULES,
    *standing.RULES,
    *permission.RULES,
)

CATALOGUE = MappingProxyType({rule.id: rule for rule in _IN_ORDER})
assert len(CATALOGUE) == len(_IN_ORDER), "Two rules share an id."
