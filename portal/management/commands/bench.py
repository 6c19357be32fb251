"""The benchmarks, each against its peer in one run, as a table and as JSON."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from portal import benchmarks


class Command(BaseCommand):
    help = "Run one benchmark, or all of them; fails where a goal is missed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", help="One of them; all where it is left out.")
        parser.add_argument("--annotations", type=int, default=0, help="How many labels are brought.")

    def handle(self, *args: Any, name: str | None = None, annotations: int = 0, **options: Any) -> None:
        for module in iter_modules(benchmarks.__path__):
            import_module(f"{benchmarks.__name__}.{module.name}")
        known = benchmarks.known()
        if name is not None and name not in known:
            raise CommandError(f"There is no benchmark {name}; known: {', '.join(known)}.")
        try:
            sizes = {"labels": {"annotations": annotations}} if annotations else {}
            found = {each: known[each](**sizes.get(each, {})) for each in ([name] if name else known)}
        except OperationalError as error:
            raise CommandError(
                f"The database does not answer: {error}. Start the portal first: python3 manage.py up"
            ) from error
        for each, rows in found.items():
            self.stdout.write(f"{each:<46}{'seconds':>10}{'ratio':>10}{'goal':>10}")
            for row in rows:
                self.stdout.write(f"  {row.what:<44}{row.seconds:>10.3f}{row.ratio:>10.2f}{row.goal:>10}")
        self.stdout.write(json.dumps({each: [asdict(row) for row in rows] for each, rows in found.items()}))
        if missed := benchmarks.missed(row for rows in found.values() for row in rows):
            raise CommandError(f"Goals missed: {', '.join(missed)}.")
