"""What stands against a step of a record: what happened to the data and models of an AI system, what floors
above say of releasing the models, and what the end of an agreement left to be done."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from apps.catalog.models import AssetVersion
from apps.compliance.facts.reach import release_facts, why_closed
from apps.compliance.lifecycle import RecordStatus
from apps.compliance.lifecycle.ai_systems import AI_SYSTEMS, RUNNING, AiStage, AiSystemContent
from apps.compliance.lifecycle.judging import is_overdue
from apps.compliance.lifecycle.model_assessments import obstacles_to_release
from apps.compliance.lifecycle.occurrences import Happening, OccurrenceState
from apps.compliance.lifecycle.use_agreements import USE_AGREEMENTS, AgreementStage
from apps.compliance.models import Duty, LegalRecord, LegalRecordVersion, Occurrence
from apps.kernel.actor import Actor
from apps.kernel.contributions import Question, objections_to
from apps.policy.reason import Reason, Value, declare

RELEASING = frozenset({AiStage.FOR_RELEASE, AiStage.RELEASED})
IN_USE = RELEASING | {AiStage.MONITORED}
RELEASING_SYSTEM = Question(name="compliance.release_system", about="legal_record")
"""Floors above say what stands against releasing the models that the record of an AI system names."""

DUTIES_OPEN = declare(
    "AGREEMENT_DUTIES_OPEN",
    "%(ref)s left duties that are still open: %(open)s.",
    "Have each finished with what shows it; the certificate rests on that.",
)


def what_holds(row: LegalRecord, content: Any, after: str, *, actor: Actor) -> tuple[Reason, ...]:
    """What stands against a record's reaching the stage `after`, beside what it says itself. Names are told
    as far as the actor may see them."""
    if row.kind == USE_AGREEMENTS.slug and after == AgreementStage.CERTIFIED:
        return _open_duties(row)
    if row.kind != AI_SYSTEMS.slug or content is None:
        return ()
    is_going_on = row.stage == AiStage.REVIEW_REQUIRED and after in RUNNING
    found = _open_about_models(content) if is_going_on else _of_a_system(content, after)
    if after in (IN_USE if is_going_on else RELEASING):
        found = (*found, *objections_to(RELEASING_SYSTEM, row.uid, actor=actor))
    return tuple(dict.fromkeys(found))


def _open_duties(row: LegalRecord) -> tuple[Reason, ...]:
    """What the end of an agreement left to be done, asset by asset."""
    waiting = Duty.objects.filter(
        occurrence__source=row,
        occurrence__happening=Happening.AGREEMENT_ENDED,
        occurrence__state=OccurrenceState.IN_EFFECT,
        done_at__isnull=True,
    )
    if not (count := waiting.count()):
        return ()
    facts: dict[str, Value] = {"ref": row.ref, "open": count}
    return (Reason(code=DUTIES_OPEN, rule="A20", articles=("GDPR Art. 28(3)(g)",), facts=facts),)


def _of_a_system(content: AiSystemContent, after: str) -> tuple[Reason, ...]:
    """Closed data are not trained on, and a model that is to be assessed or replaced is not released. The
    versions count that the record names; where it names none, the newest. What it learned from it says.
    """
    if after == AiStage.FOR_TRAINING:
        shut = why_closed([version.pk for version in _meant(content.training_versions, content.training)])
        return tuple(reason for reasons in shut.values() for reason in reasons)
    return _open_about_models(content) if after in RELEASING else ()


def _open_about_models(content: AiSystemContent) -> tuple[Reason, ...]:
    facts = [release_facts(version) for version in models_of(content)]
    stated = (replace(each, has_training_data=True) for each in facts)
    return tuple(reason for each in stated for reason in obstacles_to_release(each))


def models_of(content: AiSystemContent) -> list[AssetVersion]:
    """The versions of models that the record means. Two queries."""
    return _meant(content.model_versions, content.models)


def described(system: UUID, on: date) -> LegalRecordVersion | None:
    """What is said of an AI system that is not out of use. One query."""
    found = LegalRecordVersion.objects.in_force(on).filter(
        legal_record__uid=system, legal_record__kind=AI_SYSTEMS.slug
    )
    return found.exclude(legal_record__stage=AiStage.RETIRED).select_related("legal_record").first()


def systems_with(model: AssetVersion, on: date) -> tuple[LegalRecordVersion, ...]:
    """AI systems on record that name the version, or the model and no version of it. What is past its review
    says nothing any more. Two queries."""
    about = Q(content__contains={"models": [str(model.asset.uid)]})
    about |= Q(content__contains={"model_versions": [str(model.uid)]})
    found = LegalRecordVersion.objects.in_force(on).filter(
        about, legal_record__organization=model.asset.organization_id, legal_record__kind=AI_SYSTEMS.slug
    )
    at_work = found.exclude(legal_record__stage=AiStage.RETIRED).select_related("legal_record")
    said = [each for each in at_work.order_by("legal_record__ref") if not _is_late(each, on)]
    others = {uid for each in said for uid in each.said.model_versions} - {model.uid}
    beside = set(
        AssetVersion.objects.filter(asset=model.asset_id, uid__in=others).values_list("uid", flat=True)
    )
    return tuple(
        each
        for each in said
        if model.uid in each.said.model_versions or beside.isdisjoint(each.said.model_versions)
    )


def _is_late(version: LegalRecordVersion, on: date) -> bool:
    due = version.review_due_on
    return due is not None and is_overdue(due, on)


def systems_reached_by(occurrence: Occurrence) -> Iterator[tuple[LegalRecord, bool]]:
    """AI systems at work that use a version of a model which the occurrence has somebody assess, and whether
    the model is suspended meanwhile. Four queries, and two more for each system that names the model."""
    asked = list(
        occurrence.model_assessments.filter(decided_at__isnull=True).select_related("version__asset")
    )
    named = Q(pk__in=[])
    for each in asked:
        named |= Q(content__contains={"models": [str(each.version.asset.uid)]})
        named |= Q(content__contains={"model_versions": [str(each.version.uid)]})
    found = LegalRecordVersion.objects.filter(
        named,
        record_status=RecordStatus.APPROVED,
        legal_record__kind=AI_SYSTEMS.slug,
        legal_record__stage__in=RUNNING,
    )
    for version in found.select_related("legal_record").order_by("legal_record"):
        meant = {each.pk for each in _meant(version.said.model_versions, version.said.models)}
        theirs = [each for each in asked if each.version_id in meant]
        if theirs:
            yield version.legal_record, any(each.is_suspending for each in theirs)


def _meant(named: Collection[UUID], assets: Collection[UUID]) -> list[AssetVersion]:
    """The versions that are named, and of every asset of which none is, the newest. Two queries."""
    versions = AssetVersion.objects.select_related("asset")
    found = list(versions.filter(uid__in=named))
    rest = versions.filter(asset__uid__in=assets).exclude(asset__in=[each.asset_id for each in found])
    return [*found, *rest.order_by("asset", "-number").distinct("asset")]
