"""Impact assessments and open breaches, as the policy hears of them.

Where there is no assessment the fact stays unknown: that nothing was recorded does not say that
none is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from apps.compliance.facts.naming import Kept, names, of_kind
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
from apps.compliance.lifecycle.dpia.measures import FINISHING
from apps.compliance.lifecycle.judging import review_due_on
from apps.compliance.lifecycle.reading import read
from apps.compliance.models import ActivityVersion, LegalRecordVersion, RecordStep
from apps.policy.facts import DpiaConditionFacts, DpiaFacts, ScreeningFacts
from apps.policy.law_words import BreachRisk, DpiaState, ScreeningPoint

GRAVEST = (BreachRisk.HIGH, BreachRisk.RISK, BreachRisk.UNLIKELY)
LISTS = {
    **POINTS,
    **DECISIVE,
    "is_on_exempt_list": ScreeningPoint.EXEMPT_LIST,
    "is_assessed_in_law": ScreeningPoint.ASSESSED_IN_LAW,
}


def impact_of(activity_uid: str) -> QuerySet[Any]:
    """Approved impact assessments that name the activity, each as one object."""
    found = LegalRecordVersion.objects.filter(
        legal_record__kind=DPIAS.slug,
        record_status="approved",
        content__contains=names("activities", activity_uid),
    )
    done = RecordStep.objects.filter(legal_record=OuterRef("legal_record"), step=FINISHING)
    stated = JSONObject(
        ref=F("legal_record__ref"),
        number=F("number"),
        stage=F("legal_record__stage"),
        content=F("content"),
        approved_at=F("approved_at"),
        done=ArraySubquery(done.values_list("said__measure")),
    )
    return found.order_by("legal_record__ref").values_list(stated)


def open_breach(records: Iterable[Kept]) -> BreachRisk:
    """The gravest of those that are not closed; one whose risk nobody has stated counts as high.

    All breaches are recorded (Art. 33(5)): where none is, there is none.
    """
    risks = set()
    for record in of_kind(records, BREACHES):
        if record.status == "approved" and record.stage != BreachStage.CLOSED.value:
            content: BreachContent = record.content
            risks.add(BreachRisk(content.risk.value) if content.risk else BreachRisk.HIGH)
    return next((risk for risk in GRAVEST if risk in risks), BreachRisk.NONE)


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
    """A measure is met once it was finished with what shows it."""
    approved_on: date = datetime.fromisoformat(stated["approved_at"]).date()
    conditions = tuple(
        DpiaConditionFacts(code=f"{number}", due_on=action.due_on, is_met=action.what in stated["done"])
        for number, action in enumerate(content.actions, start=1)
    )
    return DpiaFacts(
        ref=stated["ref"],
        version=str(stated["number"]),
        state=DpiaState(stated["stage"]),
        review_on=review_due_on(DPIAS, content, approved_on),
        conditions=conditions,
    )


def activities_for(asset: str, purpose: str, *, on: date) -> QuerySet[Any]:
    """The impact assessments of each activity that covers asset and purpose of the outer row."""
    found = ActivityVersion.assets.through.objects.filter(
        asset=OuterRef(asset),
        activityversion__record_status="approved",
        activityversion__effective_from__lte=on,
        activityversion__purposes=OuterRef(purpose),
    )
    stated = JSONObject(impact=ArraySubquery(impact_of("activityversion__activity__uid")))
    return found.order_by("pk").values_list(stated)


def screened_points(activities: Iterable[Mapping[str, Any]]) -> frozenset[ScreeningPoint] | None:
    """What the screenings of these activities answer with yes; not known where one has none."""
    screenings = [impact_facts(each["impact"])[0] for each in activities]
    known = [each.yes for each in screenings if each is not None]
    return frozenset().union(*known) if known and len(known) == len(screenings) else None
