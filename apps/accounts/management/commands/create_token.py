"""`manage.py create_token USER --scope S …`: prints an API token, once."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.accounts.commands import create_token
from apps.accounts.models import Account, PersonStatus
from apps.accounts.models.person import normal_username
from apps.accounts.roles import TokenScope
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import LakewardenError
from apps.kernel.texts import sentence

DEFAULT_DAYS = 30


class Command(BaseCommand):
    help = "Print an API token for an account. It is shown once and stored as a hash."

    def add_arguments(self, parser: ArgumentParser) -> None:
        scopes = [scope.value for scope in TokenScope]
        parser.add_argument("username")
        parser.add_argument("--scope", nargs="+", action="extend", choices=scopes, required=True)
        parser.add_argument("--days", type=int, default=DEFAULT_DAYS, help="how long the token lives")
        parser.add_argument("--name", default="command line", help="what the token is for")

    def handle(self, *args: Any, **options: Any) -> None:
        account = self._account(options["username"])
        try:
            made = create_token(
                actor=SYSTEM,
                account_id=account.uid,
                name=options["name"],
                scopes=options["scope"],
                expires_at=database_now() + timedelta(days=options["days"]),
            )
        except LakewardenError as refusal:
            raise CommandError(" ".join(sentence(reason) for reason in refusal.reasons)) from refusal
        self.stdout.write(made.secret)

    def _account(self, username: str) -> Account:
        found = Account.objects.select_related("person").filter(username=normal_username(username))
        account = found.first()
        if account is None:
            raise CommandError(f"Nobody signs in as «{username}».")
        if not account.is_active or account.person.status != PersonStatus.ACTIVE:
            raise CommandError(f"The account «{username}», or the person behind it, is not active.")
        return account
