"""`manage.py read_use LAKE… --socket PATH | --file PATH | --cloudtrail FOLDER`: what keys really touched."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from apps.credentials.commands import Noted, read_folder, read_lines, read_stream
from apps.kernel.errors import LakewardenError
from apps.kernel.texts import remedy, sentence
from apps.lakes.models import Lake
from apps.lakes.providers.logs import LogKind, NotReadable


class Command(BaseCommand):
    help = "Count what keys touched, as the log of the lake tells it; each request once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("lakes", nargs="+", type=UUID, help="ids of the lakes that the log tells of")
        log = parser.add_mutually_exclusive_group(required=True)
        log.add_argument("--socket", type=Path, help="the socket into which a Ceph gateway writes its log")
        log.add_argument("--file", type=Path, help="a file that holds the log of a Ceph gateway")
        log.add_argument("--cloudtrail", type=Path, help="a folder with files of CloudTrail, also below it")

    def handle(self, *args: Any, **options: Any) -> None:
        lakes: list[UUID] = options["lakes"]
        known = set(Lake.objects.filter(uid__in=lakes).values_list("uid", flat=True))
        if unknown := [str(uid) for uid in lakes if uid not in known]:
            raise CommandError(f"There is no lake {', '.join(unknown)}.")
        found: Counter[str] = Counter()
        stop = Event()
        try:
            for noted in self._read(lakes, options, stop):
                found.update(asdict(noted))
        except NotReadable as fault:
            raise CommandError(str(fault)) from fault
        except LakewardenError as refusal:
            said = [f"{sentence(reason)} {remedy(reason)}" for reason in refusal.reasons]
            raise CommandError("\n".join(said)) from refusal
        self.stdout.write(
            f"{found['counted']} counted, {found['repeated']} known already, {found['others']} by no key of"
            f" the lake, {found['misdated']} dated too far off, {found['unreadable']} not understood."
        )
        if options["socket"] and not stop.is_set():
            raise CommandError("The gateway closed its socket. Start the reader again.")

    def _read(self, lakes: list[UUID], options: dict[str, Any], stop: Event) -> Iterator[Noted]:
        if options["socket"]:
            path = options["socket"].absolute()
            with _set_by_signals(stop):
                yield from read_stream(lakes, path, LogKind.RGW, goes_on=lambda: not stop.is_set())
            return
        for lake in lakes:
            if options["file"]:
                yield from read_lines(lake, options["file"].absolute(), LogKind.RGW)
            else:
                yield from read_folder(lake, options["cloudtrail"].absolute())


@contextmanager
def _set_by_signals(stop: Event) -> Iterator[None]:
    asked = {each: signal.signal(each, lambda *_: stop.set()) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for each, before in asked.items():
            signal.signal(each, before)
