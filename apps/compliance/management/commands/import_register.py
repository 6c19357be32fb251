"""`manage.py import_register CODE FILE [--columns NAME] [--dry-run]`: rows of a file as drafts."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from apps.accounts.models import Organization
from apps.compliance.commands import bring_register, import_register, map_columns
from apps.compliance.models import ColumnMapping
from apps.compliance.queries import Trial, trial
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import LakewardenError
from apps.kernel.texts import remedy, sentence


class Command(BaseCommand):
    help = "Make the rows of a workbook or CSV drafts of processing activities; all of them, or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organization", help="the code of the organization")
        parser.add_argument("file", type=Path)
        parser.add_argument("--columns", default="", help="the name of a mapping of columns that was kept")
        parser.add_argument("--dry-run", action="store_true", help="tell faults and gaps, and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = Organization.objects.filter(code__iexact=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organization with the code «{options['organization']}».")
        try:
            with transaction.atomic():
                tried = self._tried(organization, options["file"], options["columns"])
                self._tell(tried)
                if options["dry_run"]:
                    transaction.set_rollback(True)
                    return
                made = import_register(actor=SYSTEM, register_import_id=tried.uid)
        except LakewardenError as refusal:
            said = [f"{sentence(reason)} {remedy(reason)}" for reason in refusal.reasons]
            raise CommandError("\n".join(said)) from refusal
        self.stdout.write(f"{made.draft_count} drafts.")

    def _tried(self, organization: Organization, file: Path, mapping: str) -> Trial:
        place = organization.uid
        brought = bring_register(
            actor=SYSTEM, organization_id=place, name=file.name, content=file.read_bytes()
        )
        if mapping:
            kept = ColumnMapping.objects.filter(organization=organization, name__iexact=mapping).first()
            if kept is None:
                raise CommandError(f"No mapping of columns is kept as «{mapping}».")
            map_columns(actor=SYSTEM, register_import_id=brought.uid, columns=kept.columns)
        return trial(SYSTEM, brought.uid)

    def _tell(self, tried: Trial) -> None:
        for line in tried.lines:
            gaps = ", ".join(gap.value for gap in line.gaps) or "none"
            self.stdout.write(f"line {line.number}: {line.name}; gaps: {gaps}")
            for reason in line.faults:
                self.stdout.write(f"  {sentence(reason)}")
        self.stdout.write(f"{tried.schedules} time limits become drafts of schedules")
