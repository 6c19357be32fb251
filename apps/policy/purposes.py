"""When a set of permitted purposes admits a requested one, where a concept may have many parents."""

from __future__ import annotations

from collections.abc import Mapping, Set

from apps.policy.facts import AssetFacts, ColumnFacts, LawfulBasis

Parents = Mapping[str, Set[str]]


def permits(permitted: Set[str], requested: str, parents: Parents) -> bool:
    """Is `requested` in the set, or is every one of its parents (and there is one) admitted by the set?

    A root is admitted only where it is named; a concept that is its own ancestor admits nothing by descent.
    """
    return _climb(permitted, requested, parents, frozenset())


def _climb(permitted: Set[str], requested: str, parents: Parents, below: frozenset[str]) -> bool:
    if requested in permitted:
        return True
    above = parents.get(requested, frozenset())
    if not above or requested in below:
        return False
    return all(_climb(permitted, parent, parents, below | {requested}) for parent in above)


def rests_on_consent(asset: AssetFacts) -> bool:
    """Unknown basis of collection counts as consent, the strictest."""
    return asset.original_basis in (LawfulBasis.CONSENT, None)


def column_permits(asset: AssetFacts, column: ColumnFacts, requested: str, parents: Parents) -> bool:
    """Is the purpose permitted for this column of this version?

    Consent is specific (GDPR Art. 4(11)): no descent, except below a research area the consent itself names
    (rec. 33) and which the column permits.
    """
    if not rests_on_consent(asset):
        return permits(column.permitted_purposes, requested, parents)
    named = column.permitted_purposes & {asset.research_area or ""}
    return requested in column.permitted_purposes or permits(named, requested, parents)


def gap(asset: AssetFacts, requested: str, parents: Parents) -> tuple[ColumnFacts, ...]:
    """The requested columns that do not permit the purpose; the version permits it when there are none."""
    return tuple(column for column in asset.columns if not column_permits(asset, column, requested, parents))
