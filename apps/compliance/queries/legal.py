"""Reads of records of declared kinds: lists, one with its versions, as of a day, and what they name."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextField,
    When,
)
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from apps.accounts.authorization import Resource, may
from apps.accounts.operations import Operation
from apps.compliance.commands.review import record_resource
from apps.compliance.commands.steps import OPERATION_OF
from apps.compliance.facts import around
from apps.compliance.facts.steps import log_of
from apps.compliance.lifecycle import RecordStatus
from apps.compliance.lifecycle.cycle import Standing, Step, Stopped, Taker
from apps.compliance.lifecycle.declaration import Kind
from apps.compliance.lifecycle.judging import Findings, judge, overdue
from apps.compliance.lifecycle.kinds import KINDS
from apps.compliance.lifecycle.transfers import TRANSFERS
from apps.compliance.models import (
    OPEN,
    ActivityVersion,
    LegalRecord,
    LegalRecordVersion,
    ProcessingActivity,
    Purpose,
    PurposeVersion,
    RecordStep,
)
from apps.compliance.queries.records import activities, purposes
from apps.compliance.queries.transfers import with_what_was_lost
from apps.kernel.actor import Actor
from apps.kernel.errors import not_found
from apps.kernel.models import HouseQuerySet
from apps.policy.reason import Reason

_SIGNERS = ("submitted_by", "approved_by", "rejected_by")
YEAR = timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Period:
    """By when the law wants the next step of a record, or since when that clock stands."""

    due: date | datetime | None = None
    stopped: Stopped | None = None


@dataclass(frozen=True, kw_only=True)
class LegalSheet:
    """A record with the versions the actor may see, the newest first, and what the newest still lacks."""

    record: LegalRecord
    versions: tuple[LegalRecordVersion, ...]
    findings: Findings
    late: tuple[Reason, ...]
    steps: list[RecordStep]
    period: Period

    @property
    def due(self) -> date | datetime | None:
        return self.period.due

    @property
    def stopped(self) -> Stopped | None:
        return self.period.stopped

    @property
    def uid(self) -> UUID:
        return self.record.uid

    @property
    def newest(self) -> LegalRecordVersion:
        return self.versions[0]

    @property
    def row_version(self) -> int:
        return self.newest.row_version

    @property
    def missing(self) -> tuple[Reason, ...]:
        return self.findings.obstacles

    @property
    def warnings(self) -> tuple[Reason, ...]:
        return (*self.findings.doubts, *self.late)


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many records of a kind there are, as far as the actor may see them."""

    kind: Kind
    total: int = 0
    in_force: int = 0
    in_review: int = 0
    drafts: int = 0
    late: int = 0


def legal_records_visible_to(actor: Actor) -> HouseQuerySet[LegalRecord]:
    return LegalRecord.objects.visible_to(actor)


def kind_of(slug: str) -> Kind:
    """Raises: NotFound."""
    if slug not in KINDS:
        raise not_found("kind of record")
    return KINDS[slug]


def kind_of_record(actor: Actor, record_id: UUID) -> str:
    """By which a record stands in an address; purposes and activities are records, too. Three queries at
    most.  Raises: NotFound."""
    own: dict[str, Any] = {"purposes": Purpose.objects, "processing-activities": ProcessingActivity.objects}
    for slug, rows in own.items():
        if rows.visible_to(actor).filter(uid=record_id).exists():
            return slug
    return LegalRecord.objects.visible_to(actor).one(record_id).kind


def legal_records(actor: Actor, kind: str, *, as_of: date | None = None) -> HouseQuerySet[LegalRecord]:
    """With the versions the actor may see, the newest first, under `seen_versions`. Two queries.

    `name` and `state` are of the version that counts: the approved one, else the newest. With `as_of` only
    records that were in force on that day, with the one version that was.
    """
    versions = LegalRecordVersion.objects.visible_to(actor)
    if as_of is not None:
        versions = versions.as_of(as_of)
    related = versions.select_related(*_SIGNERS).order_by("-number")
    seen = Prefetch("versions", queryset=related, to_attr="seen_versions")
    counting = _counting(versions.filter(legal_record=OuterRef("pk")))
    found: Any = LegalRecord.objects.visible_to(actor).filter(kind=kind)
    if as_of is not None:
        found = found.filter(Exists(versions.filter(legal_record=OuterRef("pk"))))
    if kind == TRANSFERS.slug:
        found = with_what_was_lost(found)
    shown: HouseQuerySet[LegalRecord] = (
        found.select_related("organization")
        .prefetch_related(seen)
        .annotate(
            name=Subquery(counting.values("name")[:1]), state=Subquery(counting.values("record_status")[:1])
        )
        .order_by("ref")
    )
    return shown


def _counting(versions: QuerySet[Any]) -> QuerySet[Any]:
    is_approved = Case(When(record_status=RecordStatus.APPROVED, then=0), default=1)
    return versions.order_by(is_approved, "-number")


def legal_sheet(actor: Actor, kind: str, record_id: UUID, *, as_of: date | None = None) -> LegalSheet:
    """Raises: NotFound."""
    found: Any = legal_records(actor, kind, as_of=as_of).one(record_id)
    versions: tuple[LegalRecordVersion, ...] = tuple(found.seen_versions)
    return LegalSheet(
        record=found,
        versions=versions,
        findings=findings_of(found, versions[0]),
        late=late_of(found, versions),
        steps=log_of_record(found) if found.declared.cycle else [],
        period=period_of_record(found, versions),
    )


def findings_of(row: LegalRecord, version: LegalRecordVersion) -> Findings:
    """As of today; three queries at most."""
    content = version.said
    return judge(row.declared, content, around(content, on=timezone.now().date()))


def late_of(row: LegalRecord, versions: Iterable[LegalRecordVersion]) -> tuple[Reason, ...]:
    """V-29, of the version in force."""
    due = next((each.review_due_on for each in versions if each.review_due_on), None)
    return overdue(due, timezone.now().date()) if due else ()


def legal_to_review(actor: Actor, kind: str) -> QuerySet[LegalRecordVersion]:
    """Versions that wait for approval and that the actor had no hand in, the oldest first."""
    found = LegalRecordVersion.objects.visible_to(actor).filter(
        record_status=RecordStatus.IN_REVIEW, legal_record__kind=kind
    )
    others = found.exclude(editors=actor.person_id) if actor.person_id else found
    return others.select_related("legal_record", "submitted_by").order_by("submitted_at")


def log_of_record(row: LegalRecord) -> list[RecordStep]:
    """The steps that were taken, the first one first, with who took them. One query."""
    return list(row.steps.select_related("taken_by", "version").order_by("number"))


def period_of_record(row: LegalRecord, versions: Iterable[LegalRecordVersion]) -> Period:
    """Of the next step of its cycle; that nothing is signed off yet stops no clock.

    One query where the kind has a cycle.
    """
    seen = list(versions)
    approved = next((each for each in seen if each.record_status == RecordStatus.APPROVED), None)
    counting, cycle = approved or next(iter(seen), None), row.declared.cycle
    if cycle is None or counting is None:
        return Period()
    standing = Standing(content=counting.said, log=log_of(row), at=timezone.now())
    return Period(due=cycle.due(standing), stopped=cycle.stopped(standing))


def may_take(actor: Actor, row: LegalRecord, step: Step) -> bool:
    """As far as roles go; the command asks more. What days alone do is nobody's to do."""
    if step.taker is Taker.MACHINE:
        return False
    resource = record_resource("record", row)
    return may(actor=actor, operation=OPERATION_OF[step.taker], resource=resource)


def may_export_record(actor: Actor, row: LegalRecord) -> bool:
    """Whether reports on it may be taken out. No query of its own."""
    return may(actor=actor, operation=Operation.EXPORT_RECORD, resource=record_resource("record", row))


def may_export_listing(actor: Actor) -> bool:
    """Whether lists over one's organization may be taken out."""
    resource = Resource(kind="organization", organization_id=actor.organization_id or 0)
    return may(actor=actor, operation=Operation.EXPORT_RECORD, resource=resource)


def any_legal_to_review(actor: Actor) -> QuerySet[LegalRecordVersion]:
    """Of every kind."""
    found = LegalRecordVersion.objects.visible_to(actor).filter(record_status=RecordStatus.IN_REVIEW)
    others = found.exclude(editors=actor.person_id) if actor.person_id else found
    return others.select_related("legal_record", "submitted_by").order_by("submitted_at")


def register_of(actor: Actor) -> tuple[Tally, ...]:
    """Every declared kind, with how many there are. One query."""
    today = timezone.now().date()
    versions = LegalRecordVersion.objects.visible_to(actor).filter(legal_record=OuterRef("pk"))
    approved = versions.filter(record_status=RecordStatus.APPROVED)
    late = approved.filter(Q(next_review__lt=today) | Q(approved_at__date__lt=today - YEAR))
    marked = (
        LegalRecord.objects.visible_to(actor)
        .annotate(
            holds=Exists(approved),
            waits=Exists(versions.filter(record_status=RecordStatus.IN_REVIEW)),
            is_written=Exists(versions.filter(record_status=RecordStatus.DRAFT)),
            is_late=Exists(late),
        )
        .order_by()
    )
    counted = marked.values("kind").annotate(
        total=Count("pk"),
        in_force=Count("pk", filter=Q(holds=True)),
        in_review=Count("pk", filter=Q(waits=True)),
        drafts=Count("pk", filter=Q(is_written=True)),
        late=Count("pk", filter=Q(is_late=True)),
    )
    found: dict[str, dict[str, Any]] = {row["kind"]: {**row} for row in counted}
    return tuple(
        Tally(**{**found.get(slug, {}), "kind": kind})  # the row names its kind by the slug
        for slug, kind in KINDS.items()
    )


def records_by_uid(actor: Actor, uids: Collection[UUID]) -> QuerySet[Any]:
    """With the name of the version that counts."""
    return _named(actor).filter(uid__in=uids)


def records_to_choose(actor: Actor, *kinds: str) -> QuerySet[Any]:
    """Of these kinds, by number, with the name of the version that counts."""
    return _named(actor).filter(kind__in=kinds).order_by("ref")


def records_of_kinds(actor: Actor, kinds: Collection[str]) -> QuerySet[Any]:
    """Of several kinds, by number, with the name of the version that counts."""
    return _named(actor).filter(kind__in=kinds).order_by("kind", "ref")


def records_naming(actor: Actor, uid: UUID) -> QuerySet[Any]:
    """Records of which an approved or open version names the thing. One query."""
    alive = (*OPEN, RecordStatus.APPROVED)
    seen = LegalRecordVersion.objects.visible_to(actor).filter(record_status__in=alive)
    naming = seen.annotate(words=Cast("content", TextField())).filter(words__contains=str(uid))
    return _named(actor).filter(pk__in=naming.values("legal_record")).order_by("kind", "ref")


def purposes_resting_on(actor: Actor, row: LegalRecord) -> QuerySet[Any]:
    """Purposes of which an approved or open version names the record by its number. One query."""
    alive = (*OPEN, RecordStatus.APPROVED)
    naming = PurposeVersion.objects.visible_to(actor).filter(
        Q(lia_ref=row.ref) | Q(consent_ref=row.ref),
        record_status__in=alive,
        purpose__organization=row.organization_id,
    )
    return purposes(actor).prefetch_related(None).filter(pk__in=naming.values("purpose"))


def activities_resting_on(actor: Actor, row: LegalRecord) -> QuerySet[Any]:
    """Activities of which an approved or open version names the record. One query."""
    alive = (*OPEN, RecordStatus.APPROVED)
    words = Concat(Cast("particulars", TextField()), Cast("recipients", TextField()))
    seen = ActivityVersion.objects.visible_to(actor).annotate(words=words)
    naming = seen.filter(words__contains=str(row.uid), record_status__in=alive)
    return activities(actor).prefetch_related(None).filter(pk__in=naming.values("activity"))


def _named(actor: Actor) -> QuerySet[Any]:
    versions = LegalRecordVersion.objects.visible_to(actor).filter(legal_record=OuterRef("pk"))
    return LegalRecord.objects.visible_to(actor).annotate(
        name=Subquery(_counting(versions).values("name")[:1])
    )
