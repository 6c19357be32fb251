"""`manage.py rebuild_acl [--check]`: the index of who sees what against the views it is made from."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from apps.accounts.models import AclSource

SHOWN = 20

# One statement, hence one snapshot. `EXCEPT` holds two nulls for equal.
DIFFERENCES = """
WITH wanted AS (SELECT asset_id, perm, principal, expires_at FROM {view}),
     held AS (SELECT asset_id, perm, principal, expires_at FROM accounts_acl WHERE source_id = %s)
(SELECT 'missing', * FROM (SELECT * FROM wanted EXCEPT SELECT * FROM held) lacking)
UNION ALL
(SELECT 'needless', * FROM (SELECT * FROM held EXCEPT SELECT * FROM wanted) left_over)
ORDER BY 2, 3, 4, 1
"""


class Command(BaseCommand):
    help = "Rebuild the index of who sees what from its sources, or check that it equals them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 on a difference")

    def handle(self, *args: Any, **options: Any) -> None:
        for source in AclSource.objects.order_by("pk"):
            if options["check"]:
                self._check(source)
            else:
                self._rebuild(source)

    def _check(self, source: AclSource) -> None:
        view = connection.ops.quote_name(source.relation)
        with connection.cursor() as cursor:
            cursor.execute(DIFFERENCES.format(view=view), [source.pk])
            found = cursor.fetchall()
        for kind, asset, permission, principal, expires_at in found[:SHOWN]:
            until = expires_at.isoformat() if expires_at else "no end"
            self.stdout.write(
                f"{kind}: asset {asset}, permission {permission}, principal {principal}, {until}"
            )
        if found:
            raise CommandError(f"{source.relation}: {len(found)} rows differ from the index.")
        self.stdout.write(f"{source.relation}: the index equals its source.")

    def _rebuild(self, source: AclSource) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT acl_rebuild(%s::smallint)", [source.pk])
        self.stdout.write(f"{source.relation}: rebuilt.")
