"""How much attention a request deserves: marks with their reasons, and a number to sort by.

A risk mark decides nothing. It orders the work of those who decide, and tells them where to look first.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from apps.policy.facts import RequestFacts
from apps.policy.regions import EEA
from apps.policy.vocabulary import Action, Identifiability, Relation


class Risk(StrEnum):
    SPECIAL_CATEGORY = "special_category"
    CRIMINAL = "criminal"
    HIGHEST_CLASS = "highest_class"
    OUTSIDE_EEA = "outside_eea"
    LEAVES_THE_HOUSE = "leaves_the_house"
    NOT_CONFIRMED = "not_confirmed"
    EXTERNAL = "external"
    PERSONAL = "personal"


WEIGHT = {
    Risk.SPECIAL_CATEGORY: 8,
    Risk.CRIMINAL: 8,
    Risk.HIGHEST_CLASS: 5,
    Risk.OUTSIDE_EEA: 4,
    Risk.LEAVES_THE_HOUSE: 3,
    Risk.NOT_CONFIRMED: 2,
    Risk.EXTERNAL: 2,
    Risk.PERSONAL: 1,
}


def risks_of(facts: RequestFacts) -> tuple[Risk, ...]:
    """The marks, the heaviest first. What is not known counts as if it were so."""
    columns = [column for asset in facts.assets for column in asset.columns]
    highest = max((step.rank for step in facts.handling), default=0)
    classes = [column.class_rank for column in columns]
    is_personal = any(column.identifiability is not Identifiability.NOT_PERSONAL for column in columns)
    tests = {
        Risk.SPECIAL_CATEGORY: any(column.special_kinds for column in columns),
        Risk.CRIMINAL: any(column.is_criminal for column in columns),
        Risk.HIGHEST_CLASS: any(rank is None or rank >= highest for rank in classes),
        Risk.OUTSIDE_EEA: is_personal and facts.place_of_processing not in EEA,
        Risk.LEAVES_THE_HOUSE: not facts.actions.isdisjoint({Action.EXPORT, Action.SHARE}),
        Risk.NOT_CONFIRMED: not all(column.is_confirmed for column in columns),
        Risk.EXTERNAL: facts.subject.relation in {None, Relation.CONTRACTOR, Relation.VENDOR},
        Risk.PERSONAL: is_personal,
    }
    return tuple(sorted((risk for risk, holds in tests.items() if holds), key=lambda risk: -WEIGHT[risk]))


def weight_of(risks: Iterable[Risk]) -> int:
    return sum(WEIGHT[risk] for risk in risks)
