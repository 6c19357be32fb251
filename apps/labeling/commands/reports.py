"""Taking the report on a label set out of the house. Each export stands in the trail."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.facts import asset_resource
from apps.kernel.actor import Actor
from apps.labeling.events import LabelReportExported
from apps.labeling.models import LabelSet
from apps.labeling.queries import label_sets_visible_to
from apps.labeling.rendering.printed import printed
from apps.labeling.rendering.report import report_on


@dataclass(frozen=True, kw_only=True)
class LabelReport:
    name: str
    content: bytes
    media_type: str = "application/pdf"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@command(lock=LabelSet)
def export_label_report(*, actor: Actor, label_set_id: UUID, at: datetime) -> LabelReport:
    """The report as PDF.  Raises: NotFound, NotPermitted."""
    found = label_sets_visible_to(actor).one(label_set_id)
    asset = found.version.asset
    authorize(actor=actor, operation=Operation.EXPORT_LABEL_REPORT, resource=asset_resource(asset))
    report = report_on(found)
    made = LabelReport(
        name=f"labels-{found.policy.legal_record.ref}-v{found.version.number}-{found.number}.pdf",
        content=printed(report, at=at),
    )
    event = LabelReportExported(
        label_set_id=found.uid,
        version_id=found.version.uid,
        verdict=report.verdict.value,
        content_sha256=made.sha256,
    )
    record(event, actor=actor, at=at)
    return made
