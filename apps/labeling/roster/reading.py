"""The roster of a labeling policy as rules look at it, and what the policy and the class of its data ask."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from apps.catalog.models import AssetVersion
from apps.classification.queries import effective_classes
from apps.compliance.facts.around import RECIPIENT_PARTY, around_named
from apps.compliance.lifecycle.data_sheets import listed as listed_words
from apps.compliance.lifecycle.labeling import LabelingPolicyContent, Workforce
from apps.compliance.lifecycle.labeling.checks import share_of
from apps.compliance.lifecycle.parties import ContractClause
from apps.labeling.models import Annotator
from apps.labeling.roster.standing import LEAST_SCORE, AnnotatorRole, Demands, Listed

OUTSIDE = (Workforce.VENDOR, Workforce.CROWD)


def demands_of(content: LabelingPolicyContent, rank: int | None) -> Demands:
    return Demands(
        score=share_of(content.test_score, LEAST_SCORE),
        rank=rank,
        needs_contract=content.workforce in OUTSIDE,
        countries=listed_words(content.countries),
        has_conflicts=bool(content.conflicts.strip()),
        is_hard=content.has_hard_content is True,
        hours_a_day=content.hours_a_day,
    )


def rank_of(versions: Iterable[AssetVersion]) -> int | None:
    """The highest class of them all; of what nobody has classified nothing is known. Two queries."""
    classes = [each.sensitivity_class for each in effective_classes(versions).values()]
    return max((each.rank for each in classes if each is not None), default=None)


def newest_versions(datasets: Collection[UUID]) -> list[AssetVersion]:
    found = AssetVersion.objects.filter(asset__uid__in=datasets).order_by("asset_id", "-number")
    return list(found.distinct("asset_id"))


def listed(rows: Iterable[Annotator], *, on: date) -> tuple[Listed, ...]:
    """One query besides, where somebody works for a party."""
    found = tuple(rows)
    bound = bound_parties({row.contract.uid for row in found if row.contract is not None}, on=on)
    return tuple(_listed(row, bound) for row in found)


def bound_parties(parties: Collection[UUID], *, on: date) -> Mapping[UUID, bool]:
    """Whether their contract is in force that day and says all that the law asks for (Art. 28(3) GDPR)."""
    named = around_named((("contract", RECIPIENT_PARTY, uid) for uid in parties), on=on) if parties else None
    told = {uid: named.of(uid) if named else None for uid in parties}
    return {
        uid: each is not None and each.is_in_force and set(ContractClause) <= each.content.clauses
        for uid, each in told.items()
    }


def _listed(row: Annotator, bound: Mapping[UUID, bool]) -> Listed:
    return Listed(
        code=row.code,
        person=str(row.person.uid) if row.person else "",
        group=row.group,
        role=AnnotatorRole(row.role),
        cleared_rank=row.cleared_rank,
        trained_on=row.trained_on,
        score=row.test_score,
        undertaking_on=row.undertaking_on,
        has_contract=row.contract is not None and bound[row.contract.uid],
        country=row.country,
        no_conflict_on=row.no_conflict_on,
        opted_in_hard=row.opted_in_hard,
        hours_a_day=row.hours_a_day,
        begins=row.created_at.date(),
        ended=row.ended_at.date() if row.ended_at else None,
    )
