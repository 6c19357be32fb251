"""`manage.py lake_role LAKE`: how the role of a lake is set up, to be done by hand or done at once."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.kernel.actor import SYSTEM
from apps.kernel.errors import LakewardenError
from apps.kernel.texts import remedy, sentence
from apps.lakes.commands import set_up_role, verify_lake
from apps.lakes.models import Lake
from apps.lakes.providers.contract import ConnectionSpec
from apps.lakes.providers.registry import role_steps


class Command(BaseCommand):
    help = (
        "Print the exact role of a lake connection: its trust with the external ID, its permissions, and the"
        " commands that make it. With --apply, make it, and put the connection to the test."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("lake", help="the name of the connection")
        parser.add_argument("--organization", default="", help="its code, where several have such a lake")
        parser.add_argument("--issuer", default="", help="the ARN of who may assume the role, of S3")
        parser.add_argument(
            "--apply", action="store_true", help="make the role with the administrator's key, then test it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        lake = self._lake(options["lake"], options["organization"])
        try:
            if options["apply"]:
                self._apply(lake, options["issuer"])
            else:
                self._print(lake.spec(), options["issuer"])
        except LakewardenError as refusal:
            told = " ".join(f"{sentence(reason)} {remedy(reason)}" for reason in refusal.reasons)
            raise CommandError(told) from refusal

    def _lake(self, name: str, organization: str) -> Lake:
        found = Lake.objects.filter(name__iexact=name).select_related("organization")
        if organization:
            found = found.filter(organization__code__iexact=organization)
        lakes = list(found[:2])
        if not lakes:
            raise CommandError(f"There is no lake connection «{name}».")
        if len(lakes) > 1:
            raise CommandError(f"Several organizations have a lake «{name}»: name one with --organization.")
        return lakes[0]

    def _print(self, connection: ConnectionSpec, issuer_arn: str) -> None:
        steps = role_steps(connection, issuer_arn=issuer_arn)
        if not steps:
            raise CommandError("No role is set up by hand for this kind of lake.")
        for number, step in enumerate(steps, start=1):
            self.stdout.write(f"# {number}. {step.title}\n{step.text}\n")

    def _apply(self, lake: Lake, issuer_arn: str) -> None:
        set_up_role(actor=SYSTEM, lake_id=lake.uid, issuer_arn=issuer_arn)
        _lake, probes = verify_lake(actor=SYSTEM, lake_id=lake.uid)
        for probe in probes:
            said = "passed" if probe.passed else f"FAILED: {probe.observed} instead of {probe.expected}"
            self.stdout.write(f"{probe.name}: {said}")
        if not all(probe.passed for probe in probes):
            raise CommandError("The role is made, and the connection does not pass its test.")
