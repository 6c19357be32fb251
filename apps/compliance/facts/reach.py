"""Which versions an occurrence reaches, what closes a version, and which rows must not be read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from apps.catalog.models import AssetVersion
from apps.catalog.queries import HANDED_DOWN, inputs_of, made_from
from apps.compliance.facts.rows import FLAGGING
from apps.compliance.facts.schedules import schedules_on
from apps.compliance.lifecycle.model_assessments import ModelOutcome, OpenQuestion, ReleaseFacts
from apps.compliance.lifecycle.occurrences import (
    ABOUT_ROWS,
    EFFECTS,
    Closing,
    Happening,
    ModelEffect,
    OccurrenceState,
)
from apps.compliance.models import AffectedVersion, DataOrigin, Exclusion, ModelAssessment, Occurrence
from apps.kernel.contributions import found_once
from apps.kernel.questions import KEYS, Given, Question, among
from apps.policy.law_words import RowFlag
from apps.policy.reason import Reason, declare

VERSION_CLOSED = declare(
    "VERSION_CLOSED",
    "Version %(version)s gives nothing while %(occurrence)s is in effect on it.",
    "Ask for a version that leaves the rows out, or wait until the occurrence is lifted.",
)


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Every version, with the one it came through; those that are named came through none."""

    occurrence: Occurrence
    through: Mapping[int, int | None]


@found_once
def reach_of(occurrence_uid: UUID) -> Reach:
    """As it stands now, of a draft, or of one in effect. Three queries."""
    occurrence = Occurrence.objects.get(uid=occurrence_uid)
    known: QuerySet[AffectedVersion] = occurrence.affected.all()
    if occurrence.list_number is not None and EFFECTS[occurrence.kind_of].is_about_rows:
        # what is made from a version that leaves the rows out does not hold them either
        without = Exclusion.objects.filter(version=OuterRef("version"), up_to__gte=occurrence.list_number)
        known = known.exclude(Exists(without))
    begin = known.order_by("pk").values_list("version", flat=True)
    return Reach(occurrence=occurrence, through=made_from(list(begin)))


def closed(is_meant: Q) -> QuerySet[AffectedVersion]:
    """What closes the versions now of which this holds; nothing about those that may be opened."""
    without = Exclusion.objects.filter(
        version=OuterRef("version"), up_to__gte=OuterRef("occurrence__list_number")
    )
    about_rows = Q(closing__in=[closing.value for closing in ABOUT_ROWS])
    found = AffectedVersion.objects.filter(
        is_meant,
        occurrence__state=OccurrenceState.IN_EFFECT,
        reopened_at__isnull=True,
    ).exclude(closing="")
    return found.exclude(about_rows & Exists(without))


_CLOSED: Question[AffectedVersion] = Question(
    lambda: (
        closed(Q(among("version_id", Given("versions", KEYS))))
        .select_related("version", "occurrence")
        .order_by("occurrence__number")
    )
)


def why_closed(versions: Collection[int]) -> Mapping[int, tuple[Reason, ...]]:
    """By version; those that are open are missing. One query, however many versions."""
    found: dict[int, tuple[Reason, ...]] = {}
    for row in _CLOSED.rows(versions=list(versions)):
        happening = row.occurrence.kind_of
        reason = Reason(
            code=VERSION_CLOSED,
            articles=_articles(happening),
            facts={
                "version": row.version.number,
                "occurrence": row.occurrence.ref,
                "happening": happening.value,
                "closing": row.closing,
            },
        )
        found[row.version_id] = (*found.get(row.version_id, ()), reason)
    return found


def _articles(happening: Happening) -> tuple[str, ...]:
    return (f"GDPR {happening.article.removesuffix(' GDPR')}",)


HOLDING = [
    happening.value for happening, effects in EFFECTS.items() if ModelEffect.HOLD_RELEASE in effects.models
]


def release_facts(version: AssetVersion) -> ReleaseFacts:
    """Of a version of a model, for the gate of its release. Three queries."""
    questions = [
        OpenQuestion(
            occurrence=assessment.occurrence.ref,
            due_on=assessment.due_on.isoformat(),
            outcome=ModelOutcome(assessment.outcome) if assessment.outcome else None,
        )
        for assessment in ModelAssessment.objects.filter(version=version)
        .exclude(occurrence__state=OccurrenceState.LIFTED)
        .select_related("occurrence")
        .order_by("occurrence__number")
    ]
    holding = AffectedVersion.objects.filter(
        version=version,
        occurrence__state=OccurrenceState.IN_EFFECT,
        occurrence__happening__in=HOLDING,
    )
    held = holding.order_by("occurrence__number").select_related("occurrence")
    questions += [OpenQuestion(occurrence=row.occurrence.ref) for row in held]
    return ReleaseFacts(
        model=version.asset.name,
        version=version.number,
        has_training_data=version.inputs.exclude(role="validation").exists(),
        questions=tuple(questions),
    )


def to_be_closed(occurrence: Occurrence, kind: str) -> Closing | None:
    """What closes a version of this kind of asset. A model is closed only where the law was broken."""
    effects = EFFECTS[occurrence.kind_of]
    if kind == "model" and ModelEffect.SUSPEND not in effects.models:
        return None
    return effects.closing


def in_effect_on(versions: Collection[int]) -> QuerySet[Occurrence]:
    """Occurrences in effect that reach one of these versions."""
    reached = AffectedVersion.objects.filter(version__in=versions, occurrence=OuterRef("pk"))
    return Occurrence.objects.in_effect().filter(Exists(reached)).order_by("number")


def newest_list(versions: Collection[int]) -> int:
    """The number that a version has to be made with in order to leave out everything; 0: nothing to."""
    numbers = in_effect_on(versions).filter(happening__in=FLAGGING).aggregate(last=Max("list_number"))
    last: int | None = numbers["last"]
    return last or 0


def flags_on(versions: Collection[int]) -> frozenset[RowFlag]:
    """Why rows of one of these versions must not be read. One query."""
    found = in_effect_on(versions).filter(happening__in=FLAGGING).values_list("happening", flat=True)
    flags = (EFFECTS[Happening(happening)].flag for happening in found)
    return frozenset(flag for flag in flags if flag is not None)


def reaches_further(versions: Collection[int]) -> frozenset[int]:
    """These, and what they were made from: whatever reaches one of them may reach these. One query."""
    return frozenset(inputs_of(list(versions), HANDED_DOWN))


def retention_over(on: date) -> QuerySet[AssetVersion]:
    """Versions whose retention is over, as is stated of them or by a schedule, with nothing of that in effect
    yet. What is held for a case is not deleted, and access to it is A21's to judge."""
    origins = DataOrigin.objects.current().filter(version=OuterRef("pk"), retention_ends_on__lte=on)
    kept = schedules_on(on)
    told = AffectedVersion.objects.filter(
        version=OuterRef("pk"),
        occurrence__happening=Happening.RETENTION_ENDED,
        occurrence__state=OccurrenceState.IN_EFFECT,
    )
    over = Q(Exists(origins)) | Q(asset__uid__in=kept.over)
    return AssetVersion.objects.filter(over).exclude(asset__uid__in=kept.held).exclude(Exists(told))
