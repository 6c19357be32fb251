"""The rules this portal knows. Only what stands in a rulebook is active, and only what stands here can."""

from __future__ import annotations

from types import MappingProxyType

from apps.policy.rules import (
    classification,
    duration,
    exemptions,
    lawfulness,
    limitation,
    permission,
    special,
    subject,
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
    *permission.RULES,
)

CATALOGUE = MappingProxyType({rule.id: rule for rule in _IN_ORDER})
assert len(CATALOGUE) == len(_IN_ORDER), "Two rules share an id."
