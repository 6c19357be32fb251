"""`manage.py restore_register CODE FILE`: a whole register from its JSON export."""

from __future__ import annotations

import hashlib
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.accounts.models import Organization
from apps.compliance.commands import restore_register
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import LakewardenError
from apps.kernel.texts import remedy, sentence


class Command(BaseCommand):
    help = "Restore a register from its JSON export into an organization without records."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organization", help="the code of the organization")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        organization = Organization.objects.filter(code__iexact=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organization with the code «{options['organization']}».")
        raw = options["file"].read_bytes()
        try:
            document = json.loads(raw)
        except ValueError as fault:
            raise CommandError(f"The file is no JSON: {fault}.") from fault
        try:
            count = restore_register(
                actor=SYSTEM,
                organization_id=organization.uid,
                document=document,
                sha256=hashlib.sha256(raw).hexdigest(),
            )
        except LakewardenError as refusal:
            said = [f"{sentence(reason)} {remedy(reason)}" for reason in refusal.reasons]
            raise CommandError(" ".join(said)) from refusal
        self.stdout.write(f"{count} processing activities restored.")
