"""What stands against training or releasing an AI system: what happened to its data and its models."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from django.db.models import QuerySet

from apps.catalog.models import AssetVersion
from apps.compliance.facts.reach import release_facts, why_closed
from apps.compliance.lifecycle.ai_systems import AI_SYSTEMS, AiStage, AiSystemContent
from apps.compliance.lifecycle.model_assessments import obstacles_to_release
from apps.compliance.models import LegalRecord
from apps.policy.reason import Reason

RELEASING = frozenset({AiStage.FOR_RELEASE, AiStage.RELEASED})


def what_holds(row: LegalRecord, content: AiSystemContent | None, after: str) -> tuple[Reason, ...]:
    """Of a record that would reach the stage `after`: closed data are not trained on, and a model that is to
    be assessed or replaced is not released. The newest versions count. What it learned from the record says.
    """
    if row.kind != AI_SYSTEMS.slug or content is None:
        return ()
    if after == AiStage.FOR_TRAINING:
        shut = why_closed(_newest(content.training).values_list("pk", flat=True))
        return tuple(reason for reasons in shut.values() for reason in reasons)
    if after not in RELEASING:
        return ()
    facts = [release_facts(version) for version in _newest(content.models)]
    stated = (replace(each, has_training_data=True) for each in facts)
    return tuple(reason for each in stated for reason in obstacles_to_release(each))


def _newest(assets: Collection[UUID]) -> QuerySet[AssetVersion]:
    found = AssetVersion.objects.filter(asset__uid__in=assets).select_related("asset")
    return found.order_by("asset", "-number").distinct("asset")
