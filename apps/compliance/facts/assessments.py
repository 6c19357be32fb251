"""Compatibility assessments (GDPR Art. 6(4)), as the policy hears of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.functions import JSONObject

from apps.compliance.facts.naming import names
from apps.compliance.lifecycle.compatibility import COMPATIBILITIES, CompatibilityContent, Condition
from apps.compliance.lifecycle.judging import is_overdue, review_due_on
from apps.compliance.lifecycle.reading import read
from apps.compliance.models import LegalRecordVersion
from apps.policy.facts import CompatibilityFacts, Obligation, Outcome


@dataclass(frozen=True, kw_only=True)
class PurposeKeys:
    """What never changes of a purpose."""

    pk: int
    uid: UUID
    organization_id: int


def assessments_of(purpose: PurposeKeys, *, on: date) -> QuerySet[Any]:
    """Those in force for the purpose that speak of the asset of the outer version, each as one object."""
    found = LegalRecordVersion.objects.in_force(on).filter(
        legal_record__kind=COMPATIBILITIES.slug,
        legal_record__organization=purpose.organization_id,
        content__contains={"new_purpose": str(purpose.uid)},
    )
    stated = JSONObject(
        ref=F("legal_record__ref"), number=F("number"), content=F("content"), approved_at=F("approved_at")
    )
    return found.filter(content__contains=names("assets", "asset__uid")).order_by("pk").values_list(stated)


def compatibility_facts(
    found: Iterable[Iterable[Mapping[str, Any]]], *, on: date
) -> tuple[CompatibilityFacts, ...]:
    """Each once, whichever asset it was found with."""
    stated = {(each["ref"], each["number"]): each for of_asset in found for each in of_asset}
    return tuple(_facts(each, on) for each in stated.values())


def _facts(stated: Mapping[str, Any], on: date) -> CompatibilityFacts:
    """Past its review and grace an assessment carries nothing any more; one that forbids goes on."""
    content = read(CompatibilityContent, stated["content"])
    outcome = Outcome(content.outcome.value) if content.outcome else None
    approved_on = datetime.fromisoformat(stated["approved_at"]).date()
    is_late = is_overdue(review_due_on(COMPATIBILITIES, content, approved_on), on)
    uids = frozenset(map(str, content.assets))
    return CompatibilityFacts(
        ref=stated["ref"],
        version=str(stated["number"]),
        original_purpose=content.original_concept,
        new_purpose_uid=str(content.new_purpose),
        asset_uids=uids,
        outcome=outcome,
        is_approved=not is_late or outcome is Outcome.INCOMPATIBLE,
        conditions=frozenset(_obligation(each, uids) for each in content.conditions if each.kind),
    )


def _obligation(condition: Condition, assets: frozenset[str]) -> Obligation:
    """Of a column: of that column of every asset the assessment speaks of."""
    columns = frozenset(f"{uid}/{condition.column}" for uid in assets) if condition.column else frozenset()
    if condition.kind is None:
        raise ValueError("A condition demands something.")
    return Obligation(kind=condition.kind, columns=columns, value=condition.value)
