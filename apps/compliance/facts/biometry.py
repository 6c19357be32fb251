"""Faces, voices, movements: biometric data only where they are used to tell one person from others.

So it depends on the purpose whether such columns are of a special category (GDPR Art. 4(14), 9(1), rec. 51).
"""

from __future__ import annotations

from collections.abc import Iterable

from apps.classification.models import DataCategory
from apps.classification.models.category import SpecialKind
from apps.compliance.lifecycle.purpose import IDENTIFYING, BiometricUse
from apps.compliance.taxonomy.terms import Facet, terms

BIOMETRIC = SpecialKind.BIOMETRIC.value
NOTHING: frozenset[str] = frozenset()


def are_traits(categories: Iterable[str]) -> bool:
    """Whether one of them is of a body or a voice. A query for each step up from terms of one's own."""
    shipped = terms(Facet.CATEGORIES)
    ahead = set(categories)
    while ahead:
        if any(shipped[code].asks_biometric_use for code in ahead & shipped.keys()):
            return True
        own = ahead - shipped.keys()
        above = DataCategory.objects.filter(code__in=own).values_list("parents__code", flat=True)
        ahead = set(above.exclude(parents__code=None)) if own else set()
    return False


def biometric_kinds(categories: Iterable[str], use: BiometricUse | None) -> frozenset[str]:
    """What the use makes of columns of these categories. No query unless it identifies somebody."""
    return frozenset({BIOMETRIC}) if use in IDENTIFYING and are_traits(categories) else NOTHING
