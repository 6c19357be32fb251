"""python3 manage.py gather_texts: texts that were marked for translation get their place in each catalog."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from portal import env
from portal.marked import gather


class Command(BaseCommand):
    help = "Give each text that is marked for translation its place in each catalog."

    def handle(self, **options: Any) -> None:
        for language, count in gather(env.ROOT).items():
            self.stdout.write(f"{language}: {count} added")
