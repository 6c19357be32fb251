"""Taking reports on records out of the house. Each export stands in the trail."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.accounts.authorization import Resource, authorize
from apps.accounts.models import Organization
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.compliance import events
from apps.compliance.commands import review
from apps.compliance.errors import REPORT_UNKNOWN, REPORT_WITHOUT_VERSION
from apps.compliance.facts import accounted
from apps.compliance.facts.told import applicability, rights_log, told_of
from apps.compliance.lifecycle.breach import BREACHES
from apps.compliance.lifecycle.dpia import DPIAS
from apps.compliance.models import LegalRecord
from apps.compliance.rendering.breach import breach_notice, breach_text
from apps.compliance.rendering.dpia import dpia_report
from apps.compliance.rendering.listings import (
    CONTROL_COLUMNS,
    RIGHTS_COLUMNS,
    applicability_pdf,
)
from apps.compliance.rendering.words import Told
from apps.kernel.actor import Actor
from apps.kernel.errors import invalid, invalid_state
from apps.kernel.separated import as_csv

Make = Callable[..., bytes]
PDF, PLAIN, CSV = "application/pdf", "text/plain; charset=utf-8", "text/csv; charset=utf-8"
REPORTS: Mapping[str, Mapping[str, tuple[Make, str, str]]] = {
    DPIAS.slug: {"report": (dpia_report, "pdf", PDF)},
    BREACHES.slug: {
        "notification": (breach_notice, "pdf", PDF),
        "notification-text": (breach_text, "txt", PLAIN),
    },
}
"""By kind of record, the reports there are: how each is made, and as what it is saved."""
ABOUT_RECORDS = ("rights-log", "applicability", "applicability-pdf")
ABOUT_THE_HOUSE: Mapping[str, tuple[tuple[str, ...], Callable[..., accounted.Rows]]] = {
    "designation": (accounted.DESIGNATION_COLUMNS, accounted.designation),
    "training": (accounted.TRAINING_COLUMNS, accounted.training),
    "deletions": (accounted.DELETION_COLUMNS, accounted.deletions),
}
"""They tell of people by name, and are for those who may read the trail."""
LISTINGS = (*ABOUT_RECORDS, *ABOUT_THE_HOUSE)


@dataclass(frozen=True, kw_only=True)
class Report:
    name: str
    content: bytes
    media_type: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@command(lock=LegalRecord)
def export_report(*, actor: Actor, legal_record_id: UUID, report: str, at: datetime) -> Report:
    """A report on a record, in its version in force, else in the newest.

    Raises: NotFound, NotPermitted, InvalidInput (no such report), InvalidState (nothing to tell).
    """
    row = LegalRecord.objects.visible_to(actor).for_update(legal_record_id)
    authorize(actor=actor, operation=Operation.EXPORT_RECORD, resource=review.record_resource("record", row))
    known = REPORTS.get(row.kind, {})
    if report not in known:
        raise invalid("report", REPORT_UNKNOWN, given=report, known=", ".join(known) or "none")
    told: Told | None = told_of(actor, row)
    if told is None:
        raise invalid_state(REPORT_WITHOUT_VERSION, ref=row.ref)
    make, ending, media_type = known[report]
    made = Report(
        name=f"{row.ref}-v{told.version.number}-{report}.{ending}",
        content=make(told, at=at),
        media_type=media_type,
    )
    event = events.RecordExported(
        legal_record_id=row.uid,
        record_kind=row.kind,
        number=told.version.number,
        report=report,
        content_sha256=made.sha256,
    )
    record(event, actor=actor, at=at)
    return made


@command(lock=Organization)
def export_listing(*, actor: Actor, organization_id: UUID, report: str, at: datetime) -> Report:
    """A list over a whole organization: requests of people, applicability, the DPO, training, deletions.

    Raises: NotFound, NotPermitted, InvalidInput.
    """
    place = Organization.objects.visible_to(actor).for_update(organization_id)
    resource = Resource(kind="organization", uid=place.uid, organization_id=place.pk)
    authorize(actor=actor, operation=operation_of(report), resource=resource)
    if report not in LISTINGS:
        raise invalid("report", REPORT_UNKNOWN, given=report, known=", ".join(LISTINGS))
    rows, content, ending, media_type = _listed(actor, place, report, at=at)
    made = Report(name=f"{report}-{at:%Y-%m-%d}.{ending}", content=content, media_type=media_type)
    event = events.ListingExported(
        organization_id=place.uid, report=report, row_count=len(rows), content_sha256=made.sha256
    )
    record(event, actor=actor, at=at)
    return made


def operation_of(report: str) -> Operation:
    return Operation.READ_TRAIL if report in ABOUT_THE_HOUSE else Operation.EXPORT_RECORD


def _listed(
    actor: Actor, place: Organization, report: str, *, at: datetime
) -> tuple[list[Any], bytes, str, str]:
    if report in ABOUT_THE_HOUSE:
        columns, told = ABOUT_THE_HOUSE[report]
        rows = told(place, at=at)
        return rows, as_csv(columns, rows), "csv", CSV
    if report == "rights-log":
        requests = rights_log(actor, place, at=at)
        return requests, as_csv(RIGHTS_COLUMNS, requests), "csv", CSV
    controls = applicability(actor, place, at=at)
    if report == "applicability":
        return controls, as_csv(CONTROL_COLUMNS, controls), "csv", CSV
    return controls, applicability_pdf(controls, place.name, at=at), "pdf", PDF
