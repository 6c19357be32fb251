"""What a grant demands of its holder."""

from __future__ import annotations

from dataclasses import dataclass

from apps.policy.stated import Stated
from apps.policy.vocabulary import ObligationKind


@dataclass(frozen=True, kw_only=True)
class Obligation(Stated):
    """What a grant demands of its holder: `columns` as "asset/column" (empty: all), `value` its parameter.

    `no_download` binds every action but `export`, which has stages of its own.
    """

    kind: ObligationKind
    columns: frozenset[str] = frozenset()
    value: str = ""
