"""Everything that records make due, with who answers for it: by the law, by a review, by an end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q
from django.utils.translation import gettext

from apps.catalog.models import Asset
from apps.compliance.facts.steps import taken
from apps.compliance.lifecycle import RecordStatus
from apps.compliance.lifecycle.breach import BREACHES
from apps.compliance.lifecycle.cycle import Standing
from apps.compliance.lifecycle.dpia import DPIAS, DpiaStage
from apps.compliance.lifecycle.dpia.consultation import consultation_in
from apps.compliance.lifecycle.dpia.measures import still_open
from apps.compliance.lifecycle.occurrences import OccurrenceState, Owner
from apps.compliance.lifecycle.rights import RIGHTS
from apps.compliance.lifecycle.transfers import TRANSFERS
from apps.compliance.lifecycle.use_agreements import USE_AGREEMENTS, AgreementStage, ends_on
from apps.compliance.models import (
    ActivityVersion,
    DataOrigin,
    Duty,
    LegalRecord,
    LegalRecordVersion,
    ModelAssessment,
    PurposeVersion,
    RecordStep,
    RecordVersion,
)
from apps.kernel.actor import Actor
from apps.policy.vocabulary import Clearance

SHORTEST_REVIEW = timedelta(days=180)
YEAR = timedelta(days=365)
MOST = 500


class DueKind(StrEnum):
    ANSWER = "answer"
    AUTHORITY = "authority"
    CONSULTATION = "consultation"
    REVIEW = "review"
    COUNTRY_REVIEW = "country_review"
    END = "end"
    RETENTION = "retention"
    TASK = "task"
    DUTY = "duty"
    CERTIFICATE = "certificate"
    MODEL = "model"
    CONDITION = "condition"


CYCLING = (RIGHTS.slug, BREACHES.slug, DPIAS.slug, USE_AGREEMENTS.slug)
OVER = (
    "closed",
    "rejected_unidentified",
    DpiaStage.NOT_REQUIRED,
    DpiaStage.OUTDATED,
    AgreementStage.CERTIFIED,
)
DUE_OF_KIND = {
    RIGHTS.slug: DueKind.ANSWER,
    BREACHES.slug: DueKind.AUTHORITY,
    USE_AGREEMENTS.slug: DueKind.CERTIFICATE,
}
WITH_ENDS = (TRANSFERS.slug, USE_AGREEMENTS.slug)


@dataclass(frozen=True, kw_only=True)
class Due:
    """`at`: a moment, of a day its end in UTC; `is_day` says that only the day counts. `about` is the kind of
    record, or what else there is a page about. `who` answers for it; where nobody is named, `role` may say
    whose it is."""

    kind: DueKind
    at: datetime
    is_day: bool
    about: str
    uid: UUID
    ref: str
    name: str
    who: str
    role: str = ""
    article: str = ""
    task: str = ""
    """What is to be done, where that is not said by the kind alone."""

    @property
    def key(self) -> tuple[datetime, str]:
        """One order for everybody: what is due first stands first."""
        return self.at, f"{self.kind}{self.ref}{self.uid}{self.task}"


def end_of(day: date) -> datetime:
    """The first moment after the day, in UTC: until then it is not late."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=UTC)


def due_records(actor: Actor, *, at: datetime, until: datetime) -> list[Due]:
    """What is late and what comes due until then, in no order. Nine queries at most, each bounded."""
    found = [
        *_cycles(actor, at=at),
        *_reviews(actor, at=at, until=until.date()),
        *_of_own_tables(actor, until=until.date()),
        *_retention(actor, until=until.date()),
        *_duties(actor, until=until.date()),
        *_models(actor, until=until.date()),
    ]
    return [due for due in found if due.at <= until]


def _cycles(actor: Actor, *, at: datetime) -> Iterator[Due]:
    """Requests of people, breaches, consultations, what assessments leave to be done, and agreements after
    which the destruction of the data is not certified. Three queries."""
    seen = LegalRecordVersion.objects.visible_to(actor).select_related("submitted_by").order_by("-number")
    rows: Any = (
        LegalRecord.objects.visible_to(actor)
        .filter(kind__in=CYCLING)
        .exclude(stage__in=OVER)
        .prefetch_related(
            Prefetch("versions", queryset=seen, to_attr="seen_versions"),
            Prefetch("steps", queryset=RecordStep.objects.order_by("number"), to_attr="log"),
        )
        .order_by("-pk")
    )
    for row in rows[:MOST]:
        version = counting(row.seen_versions)
        if version is not None:
            version.legal_record = row
            yield from _consultation(row, version) if row.kind == DPIAS.slug else _answer(row, version, at)


def _answer(row: Any, version: LegalRecordVersion, at: datetime) -> Iterator[Due]:
    """Also where the description is not signed off yet: the clock does not wait for that."""
    cycle = row.declared.cycle
    log = tuple(taken(cycle, step) for step in row.log)
    due = cycle.due(Standing(content=version.said, log=log, at=at))
    role = Owner.OFFICER.value if row.kind == USE_AGREEMENTS.slug else ""
    if due is not None:
        yield _due(DUE_OF_KIND[row.kind], due, row, version, article=cycle.due_article, role=role)


def _consultation(row: Any, version: LegalRecordVersion) -> Iterator[Due]:
    """The period of the authority, or its receipt of the request, with which that begins; and what is to be
    done by the assessment itself."""
    log = tuple(taken(row.declared.cycle, step) for step in row.log)
    if row.stage == DpiaStage.PRIOR_CONSULTATION:
        running = consultation_in(log)
        if running is not None and running.due_on is not None:
            yield _due(DueKind.CONSULTATION, running.due_on, row, version, article="Art. 36(2) GDPR")
        elif running is not None and running.received_on is None:
            task = gettext("Record when the authority received the request")
            yield _due(
                DueKind.TASK, running.receipt_due_on, row, version, task=task, article="Art. 36(2) GDPR"
            )
    for action in still_open(version.said, log):
        if action.due_on is not None:
            yield _due(
                DueKind.TASK,
                action.due_on,
                row,
                version,
                task=action.what,
                who=action.owner,
                article="Art. 35(7)(d) GDPR",
            )


def _reviews(actor: Actor, *, at: datetime, until: date) -> Iterator[Due]:
    """Of declared kinds; and ends, of the record and of what a transfer rests on. One query."""
    approved = LegalRecordVersion.objects.visible_to(actor).filter(record_status=RecordStatus.APPROVED)
    soon = (
        Q(next_review__lte=until)
        | Q(approved_at__date__lte=until - SHORTEST_REVIEW)
        | Q(effective_to__lte=until)
        | Q(legal_record__kind__in=WITH_ENDS)
    )
    rows = approved.filter(soon).select_related("legal_record", "submitted_by").order_by("approved_at")
    for version in rows[:MOST]:
        row = version.legal_record
        if version.review_due_on is not None:
            yield _due(DueKind.REVIEW, version.review_due_on, row, version, article="Art. 5(2), 24(1) GDPR")
        end = _end_of(row, version)
        if end is not None and end >= at.date():
            yield _due(DueKind.END, end, row, version)
        review_on = getattr(version.said, "tia_review_on", None)
        if review_on is not None:
            yield _due(DueKind.COUNTRY_REVIEW, review_on, row, version, article="C-311/18")


def _end_of(row: Any, version: LegalRecordVersion) -> date | None:
    """The day until which it holds; of an agreement also that on which its months are over."""
    if row.kind == USE_AGREEMENTS.slug:
        return ends_on(version.said, version.effective_to)
    return version.effective_to


def _of_own_tables(actor: Actor, *, until: date) -> Iterator[Due]:
    """Purposes and activities are looked at again within a year; what keeps an activity blocked is put right.

    Two queries.
    """
    late = Q(approved_at__date__lte=until - YEAR)
    tables: tuple[tuple[str, str, Any, Q], ...] = (
        ("purposes", "purpose", PurposeVersion.objects, late),
        (
            "processing-activities",
            "activity",
            ActivityVersion.objects,
            late | Q(clearance=Clearance.BLOCKED.value),
        ),
    )
    for slug, identity, versions, soon in tables:
        approved = versions.visible_to(actor).filter(soon, record_status=RecordStatus.APPROVED)
        for version in approved.select_related(identity, "submitted_by").order_by("approved_at")[:MOST]:
            row = getattr(version, identity)
            article = "Art. 5(2), 24(1) GDPR"
            yield _due(DueKind.REVIEW, version.review_due_on, row, version, about=slug, article=article)
            remedy = getattr(version, "remedy", None)
            if remedy is not None:
                yield _due(
                    DueKind.TASK, remedy.due, row, version, about=slug, task=remedy.plan, who=remedy.owner
                )


def _retention(actor: Actor, *, until: date) -> Iterator[Due]:
    """Data that may no longer be kept from that day on. One query."""
    found = DataOrigin.objects.current().filter(
        retention_ends_on__lte=until, version__asset__in=Asset.objects.visible_to(actor)
    )
    for origin in found.select_related("version__asset", "stated_by").order_by("retention_ends_on")[:MOST]:
        if origin.retention_ends_on is not None:
            asset = origin.version.asset
            yield Due(
                kind=DueKind.RETENTION,
                at=end_of(origin.retention_ends_on - timedelta(days=1)),
                is_day=True,
                about="asset",
                uid=asset.uid,
                ref=f"v{origin.version.number}",
                name=asset.name,
                who=origin.stated_by.name if origin.stated_by else "",
                article="Art. 5(1)(e) GDPR",
            )


def _duties(actor: Actor, *, until: date) -> Iterator[Due]:
    """What an occurrence asks of people. One query."""
    found = Duty.objects.visible_to(actor).filter(done_at__isnull=True, due_on__lte=until)
    for duty in found.select_related("occurrence", "person").order_by("due_on", "pk")[:MOST]:
        yield Due(
            kind=DueKind.DUTY,
            at=end_of(duty.due_on),
            is_day=True,
            about="duty",
            uid=duty.uid,
            ref=duty.occurrence.ref,
            name=gettext(duty.title),
            who=duty.person.name if duty.person else "",
            role=duty.owner,
            task=gettext("It failed: %(why)s") % {"why": duty.failure} if duty.failed_at else "",
        )


def _models(actor: Actor, *, until: date) -> Iterator[Due]:
    """Versions of models of which somebody has to say what becomes of them. One query."""
    waiting = ModelAssessment.objects.visible_to(actor).filter(decided_at__isnull=True, due_on__lte=until)
    found = waiting.exclude(occurrence__state=OccurrenceState.LIFTED)
    for each in found.select_related("occurrence", "version__asset").order_by("due_on", "pk")[:MOST]:
        yield Due(
            kind=DueKind.MODEL,
            at=end_of(each.due_on),
            is_day=True,
            about="model-assessment",
            uid=each.uid,
            ref=f"v{each.version.number}, {each.occurrence.ref}",
            name=each.version.asset.name,
            who="",
            role=Owner.OWNER.value,
        )


def counting(versions: Iterable[LegalRecordVersion]) -> LegalRecordVersion | None:
    """The version in force, else the newest."""
    seen = list(versions)
    in_force = next((each for each in seen if each.record_status == RecordStatus.APPROVED), None)
    return in_force or next(iter(seen), None)


def _due(
    kind: DueKind,
    due: date | datetime,
    row: Any,
    version: RecordVersion,
    *,
    about: str = "",
    task: str = "",
    who: str = "",
    role: str = "",
    article: str = "",
) -> Due:
    is_day = not isinstance(due, datetime)
    written_by = version.submitted_by.name if version.submitted_by else ""
    named = version.said.answered_by if isinstance(version, LegalRecordVersion) else ""
    return Due(
        kind=kind,
        at=end_of(due) if not isinstance(due, datetime) else due,
        is_day=is_day,
        about=about or row.kind,
        uid=row.uid,
        ref=row.ref,
        name=version.name,  # type: ignore[attr-defined]
        who=who or named or ("" if role else written_by),
        role=role,
        article=article,
        task=task,
    )
