"""What an authority asks of the house itself: its data protection officer, its training, its deletions.

Each is a table of texts, as it is shown and as it is handed over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from apps.accounts.models import Organization, Person, PersonStatus, RoleAssignment
from apps.accounts.roles import Role
from apps.compliance.facts.schedules import schedules_on
from apps.compliance.facts.steps import taken
from apps.compliance.lifecycle.deletions import JobState, state_ahead, state_of_job
from apps.compliance.lifecycle.occurrences import DELETING, Happening
from apps.compliance.lifecycle.parties import PARTIES
from apps.compliance.lifecycle.use_agreements import USE_AGREEMENTS
from apps.compliance.models import AffectedVersion, DataOrigin, Duty, LegalRecordVersion, RecordStep

DESIGNATION_COLUMNS = ("designated", "by", "ref", "since", "until")
TRAINING_COLUMNS = ("person", "relation", "undertaking_on", "trained_on", "trained_in_time")
DELETION_COLUMNS = (
    *("ref", "what", "asset", "state", "due_on", "done_on", "in_time", "done_by", "evidence", "sha256"),
)
TRAINED_FOR = timedelta(days=366)
"""As rule A37 asks, where the house does not say otherwise."""
VERIFIED = JobState.VERIFIED.value
Rows = list[tuple[str, ...]]


def designation(place: Organization, *, at: datetime) -> Rows:
    """Who holds the role now, and whom the records of parties name (Art. 37 GDPR). Two queries."""
    held = RoleAssignment.objects.held_at(at).filter(organization=place, role=Role.DPO)
    rows: Rows = [
        (each.person.name, "role", "", _day(each.starts_at), _day(each.ends_at))
        for each in held.select_related("person").order_by("starts_at", "pk")
    ]
    found = LegalRecordVersion.objects.in_force(at.date()).filter(
        legal_record__organization=place, legal_record__kind=PARTIES.slug
    )
    for version in found.select_related("legal_record").order_by("legal_record__ref"):
        if version.said.dpo.strip():
            ends = version.effective_to.isoformat() if version.effective_to else ""
            named = f"{version.said.dpo} ({version.name})"
            rows.append((named, "record", version.legal_record.ref, version.effective_from.isoformat(), ends))
    return rows


def training(place: Organization, *, at: datetime) -> Rows:
    """Everybody who works here now, with when they were trained last (Art. 39(1)(b) GDPR). One query."""
    people = Person.objects.filter(organization=place).exclude(status=PersonStatus.DEPARTED)
    rows: Rows = []
    for person in people.order_by("name", "pk"):
        on = person.trained_on
        in_time = on is not None and at.date() - on <= TRAINED_FOR
        undertaken = person.undertaking_on.isoformat() if person.undertaking_on else ""
        last = on.isoformat() if on else ""
        rows.append((person.name, person.relation, undertaken, last, "yes" if in_time else "no"))
    return rows


def deletions(place: Organization, *, at: datetime) -> Rows:
    """Every duty to delete, with what shows that it was done or why it failed, certificates, and what will
    have to be deleted (Art. 5(2), 17 GDPR).

    Four queries. The newest first; what is ahead by its day.
    """
    held = schedules_on(at.date()).held
    duties = Duty.objects.filter(organization=place, code__in=DELETING)
    found = duties.select_related("occurrence", "asset", "done_by").order_by("-pk")
    rows = [
        (
            duty.occurrence.ref,
            duty.code,
            duty.asset.name if duty.asset else "",
            job_of(duty, held).value,
            duty.due_on.isoformat(),
            _day(duty.done_at),
            _in_time(duty, at),
            duty.done_by.name if duty.done_by else "",
            duty.evidence or duty.failure,
            "",
        )
        for duty in found
    ]
    return [*rows, *_certificates(place), *_ahead(place, held, at=at)]


def job_of(duty: Duty, held: Collection[UUID]) -> JobState:
    """How far a deletion is; `held` are uids of assets. No query."""
    is_held = duty.asset is not None and duty.asset.uid in held
    return state_of_job(
        begun_at=duty.begun_at, failed_at=duty.failed_at, done_at=duty.done_at, is_held=is_held
    )


def _ahead(place: Organization, held: Collection[UUID], *, at: datetime) -> Iterator[tuple[str, ...]]:
    """Versions whose retention has a stated end, of which nobody was told to delete them yet."""
    told = AffectedVersion.objects.filter(
        version=OuterRef("version"), occurrence__happening=Happening.RETENTION_ENDED
    )
    found = DataOrigin.objects.current().filter(
        ~Exists(told), retention_ends_on__isnull=False, version__asset__organization=place
    )
    for origin in found.select_related("version__asset").order_by("retention_ends_on", "pk"):
        if (ends := origin.retention_ends_on) is not None:
            asset = origin.version.asset
            state = state_ahead(ends, on=at.date(), is_held=asset.uid in held)
            number = f"v{origin.version.number}"
            yield (number, "retention_ends", asset.name, state.value, ends.isoformat(), *[""] * 5)


def _certificates(place: Organization) -> Iterator[tuple[str, ...]]:
    steps = RecordStep.objects.filter(
        legal_record__organization=place,
        legal_record__kind=USE_AGREEMENTS.slug,
        step="certify-destruction",
    )
    for step in steps.select_related("legal_record", "taken_by").order_by("-pk"):
        cycle = step.legal_record.declared.cycle
        if cycle is not None:
            said = taken(cycle, step).said
            by = step.taken_by.name if step.taken_by else ""
            done = said.done_on.isoformat()
            certificate = (said.certificate_ref, said.certificate_sha256)
            yield (step.legal_record.ref, said.fate.value, "", VERIFIED, "", done, "", by, *certificate)


def _in_time(duty: Duty, at: datetime) -> str:
    done = (duty.done_at or at).astimezone(UTC).date()
    if duty.done_at is None and done <= duty.due_on:
        return ""
    return "yes" if done <= duty.due_on else "no"


def _day(at: datetime | None) -> str:
    return at.astimezone(UTC).date().isoformat() if at else ""
