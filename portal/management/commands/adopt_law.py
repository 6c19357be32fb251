"""Have all rules of the law decide here from now on; first see what they would have decided before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.access.commands import publish_rulebook
from apps.access.queries.evaluation import current_rulebook
from apps.access.queries.replays import latest_decisions, replayed
from apps.accounts.models import Organization
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import Conflict
from apps.policy.rulebook import LAWFUL_RULEBOOK, Rulebook

DAYS_OF_A_MONTH = 31


class Command(BaseCommand):
    help = "Tell what all rules of the law would have decided otherwise; with --publish, put them in force."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--months", type=int, default=3, help="how far back requests are decided anew")
        parser.add_argument("--publish", action="store_true", help="put the rules in force")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["publish"]:
            self._publish()
        else:
            self._replay(options["months"])

    def _publish(self) -> None:
        try:
            book = publish_rulebook(actor=SYSTEM, document=LAWFUL_RULEBOOK.as_dict())
        except Conflict as fault:
            raise CommandError("All rules of the law are in force here already.") from fault
        self.stdout.write(f"In force: {book.name} {book.version}, {book.sha256}.")

    def _replay(self, months: int) -> None:
        """What the facts of that day say. Records that are kept since count from the next evaluation on."""
        now = database_now()
        for organization in Organization.objects.order_by("pk"):
            before = Rulebook.from_dict(current_rulebook(organization, at=now).document)
            house = before.house
            after = LAWFUL_RULEBOOK.joined(house, version="?") if house else LAWFUL_RULEBOOK
            since = now - timedelta(days=DAYS_OF_A_MONTH * months)
            report = replayed(latest_decisions(organization.pk, since=since), before, after)
            told = ", ".join(f"{count} {change}" for change, count in report.counts.items())
            self.stdout.write(f"{organization.name}: {report.total} requests, {told or 'none otherwise'}.")
