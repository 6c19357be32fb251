"""Impact assessments and open breaches, as the policy hears of them where there are records of them.

Where there is none the fact stays unknown: that nothing was recorded does not say that there is nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import F, Func, JSONField, OuterRef, QuerySet, TextField
from django.db.models import Value as Literal
from django.db.models.functions import Cast, JSONObject

from apps.compliance.lifecycle.breach import BREACHES, BreachContent, BreachStage
from apps.compliance.lifecycle.dpia import (
    APPROVED_STAGES,
    DECISIVE,
    DPIAS,
    POINTS,
    DpiaContent,
    DpiaStage,
    screening_of,
)
from apps.compliance.lifecycle.judging import review_due_on
from apps.compliance.lifecycle.reading import read
from apps.compliance.models import LegalRecordVersion
from apps.policy.facts import DpiaConditionFacts, DpiaFacts, ScreeningFacts
from apps.policy.law_words import BreachRisk, DpiaState, ScreeningPoint

GRAVEST = (BreachRisk.HIGH, BreachRisk.RISK, BreachRisk.UNLIKELY)
LISTS = {
    **POINTS,
    **DECISIVE,
    "is_on_exempt_list": ScreeningPoint.EXEMPT_LIST,
    "is_assessed_in_law": ScreeningPoint.ASSESSED_IN_LAW,
}


def names(field: str, uid: str) -> Func:
    """The content of a record whose list `field` names the thing with that uid, of the outer row."""
    return Func(
        Literal(field),
        Func(Cast(OuterRef(uid), TextField()), function="jsonb_build_array"),
        function="jsonb_build_object",
        output_field=JSONField(),
    )


def impact_of(activity_uid: str) -> QuerySet[Any]:
    """Approved impact assessments that name the activity, each as one object."""
    found = LegalRecordVersion.objects.filter(
        legal_record__kind=DPIAS.slug,
        record_status="approved",
        content__contains=names("activities", activity_uid),
    )
    stated = JSONObject(
        ref=F("legal_record__ref"),
        number=F("number"),
        stage=F("legal_record__stage"),
        content=F("content"),
        approved_at=F("approved_at"),
    )
    return found.order_by("legal_record__ref").values_list(stated)


def breaches_of(asset_uid: str) -> QuerySet[Any]:
    """The contents of breaches that name the asset and are not closed."""
    found = LegalRecordVersion.objects.filter(
        legal_record__kind=BREACHES.slug,
        record_status="approved",
        content__contains=names("assets", asset_uid),
    )
    return found.exclude(legal_record__stage=BreachStage.CLOSED.value).values_list("content", flat=True)


def open_breach(found: Iterable[Mapping[str, Any]]) -> BreachRisk | None:
    """The gravest; one whose risk nobody has stated counts as high."""
    risks = set()
    for content in found:
        risk = read(BreachContent, content).risk
        risks.add(BreachRisk(risk.value) if risk else BreachRisk.HIGH)
    return next((risk for risk in GRAVEST if risk in risks), None)


def impact_facts(found: Iterable[Mapping[str, Any]]) -> tuple[ScreeningFacts | None, DpiaFacts | None]:
    """Of several the one that is furthest from its approval: it must not be overlooked."""
    stated = sorted(found, key=lambda each: each["stage"] in APPROVED_STAGES)
    if not stated:
        return None, None
    content = read(DpiaContent, stated[0]["content"])
    return _screening(stated[0], content), _dpia(stated[0], content)


def _screening(stated: Mapping[str, Any], content: DpiaContent) -> ScreeningFacts:
    answers = {point: getattr(content, name) for name, point in LISTS.items()}
    is_override = stated["stage"] == DpiaStage.NOT_REQUIRED and screening_of(content).is_required
    return ScreeningFacts(
        ref=stated["ref"],
        version=str(stated["number"]),
        yes=frozenset(point for point, answer in answers.items() if answer is True),
        no=frozenset(point for point, answer in answers.items() if answer is False),
        is_override_recorded=is_override,
    )


def _dpia(stated: Mapping[str, Any], content: DpiaContent) -> DpiaFacts:
    """What is still to be done is not met: once it is, a new version says so."""
    approved_on: date = datetime.fromisoformat(stated["approved_at"]).date()
    conditions = tuple(
        DpiaConditionFacts(code=f"{number}", due_on=action.due_on, is_met=False)
        for number, action in enumerate(content.actions, start=1)
    )
    return DpiaFacts(
        ref=stated["ref"],
        version=str(stated["number"]),
        state=DpiaState(stated["stage"]),
        review_on=review_due_on(DPIAS, content, approved_on),
        conditions=conditions,
    )
