"""`manage.py export_register CODE FILE`: the register of an organization as a file."""

from __future__ import annotations

import shutil
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.accounts.models import Organization
from apps.compliance.commands import export_register
from apps.compliance.exports.columns import Articles
from apps.compliance.exports.writing import Format
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import LakewardenError
from apps.kernel.texts import sentence


class Command(BaseCommand):
    help = "Write the register of an organization into a file; the trail holds its hash."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organization", help="the code of the organization")
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=[each.value for each in Format], default=Format.CSV.value)
        parser.add_argument(
            "--articles", choices=[each.value for each in Articles], default=Articles.CONTROLLER.value
        )
        parser.add_argument("--as-of", type=date.fromisoformat, help="a day, YYYY-MM-DD; today if left out")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = Organization.objects.filter(code__iexact=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organization with the code «{options['organization']}».")
        try:
            made = export_register(
                actor=SYSTEM,
                organization_id=organization.uid,
                articles=Articles(options["articles"]),
                format=Format(options["format"]),
                as_of=options["as_of"],
            )
        except LakewardenError as refusal:
            raise CommandError(" ".join(sentence(reason) for reason in refusal.reasons)) from refusal
        with made.file, options["file"].open("wb") as file:
            shutil.copyfileobj(made.file, file)
        self.stdout.write(f"{made.records} records, SHA-256 {made.sha256}")
