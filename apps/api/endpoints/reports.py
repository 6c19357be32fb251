"""Reports on records, and lists of them, for people outside."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.api.addresses import addresses
from apps.api.fields import Day, Input, Output, Text
from apps.api.resource import Resource, performs
from apps.compliance import commands
from apps.credentials.commands import export_access_log


class ReportShown(Output):
    name = serializers.CharField(help_text="What to call the file.")
    media_type = serializers.CharField()
    sha256 = serializers.CharField(help_text="Of the file; the trail keeps it.")
    content = serializers.SerializerMethodField(help_text="The file, in base64.")

    def get_content(self, report: Any) -> str:
        return base64.b64encode(report.content).decode()


class ReportInput(Input):
    report = Text(
        max_length=40,
        help_text="Of an impact assessment: report. Of a breach: notification, notification-text.",
    )


class ListingInput(Input):
    report = Text(
        max_length=40,
        help_text="rights-log, applicability, applicability-pdf; designation, training or deletions.",
    )


class RecordReports(Resource):
    """Documents made from one record. The trail keeps that one was made."""

    slug = "record-reports"
    output = ReportShown
    lists = False
    reads = False

    @performs(ReportInput)
    def export(self, given: dict[str, Any], id: UUID) -> Any:
        """The version in force, else the newest."""
        return commands.export_report(actor=self.actor, legal_record_id=id, report=given["report"])


class OrganizationReports(Resource):
    """Lists over a whole organization."""

    slug = "organization-reports"
    output = ReportShown
    lists = False
    reads = False

    @performs(ListingInput)
    def export(self, given: dict[str, Any], id: UUID) -> Any:
        """Requests of people, controls and what shows them, the DPO, who was trained, what was deleted."""
        return commands.export_listing(actor=self.actor, organization_id=id, report=given["report"])


class AccessLogInput(Input):
    since = Day()
    until = Day(help_text="Included.")


class AccessLogs(Resource):
    """Who had keys to an asset, whatever they were for."""

    slug = "access-logs"
    output = ReportShown
    lists = False
    reads = False

    @performs(AccessLogInput)
    def export(self, given: dict[str, Any], id: UUID) -> Any:
        """Every key that worked on one of these days, in UTC, as CSV. The trail keeps that it was asked."""
        return export_access_log(actor=self.actor, asset_id=id, **given)


urlpatterns = [
    *addresses("access-logs", AccessLogs),
    *addresses("record-reports", RecordReports),
    *addresses("organization-reports", OrganizationReports),
]
