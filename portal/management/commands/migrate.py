"""Django's `migrate`, as the owner of the tables."""

from typing import Any

from django.core.management.commands import migrate

from portal.database import as_owner, let_app_role_work


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner():
            let_app_role_work()
            super().handle(*args, **options)
