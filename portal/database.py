"""Two roles in one database: the portal works as one that owns nothing, and migrates as the owner.

There is one Django alias. `as_owner` lends it the owner's name for as long as a migration takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.transaction import TransactionManagementError

from portal import env

OF_THE_ROLE = ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")


@contextmanager
def as_owner() -> Iterator[None]:
    """Work as the role that owns the tables; without a second role, as the only one there is."""
    if not settings.DATABASE_OWNER_URL:
        yield
        return
    if connection.in_atomic_block:
        raise TransactionManagementError("The role cannot change inside a transaction.")
    entry = connections.settings["default"]
    kept = {name: entry[name] for name in OF_THE_ROLE}
    owner = env.database(settings.DATABASE_OWNER_URL)
    connection.close()
    entry.update({name: owner[name] for name in OF_THE_ROLE})
    try:
        yield
    finally:
        connection.close()
        entry.update(kept)


def has_pending_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def let_app_role_work() -> None:
    """Tables made from now on are open to the application's role; what a migration revokes stays revoked.

    Only default privileges: granting on existing tables would undo those revocations.
    """
    app_role = settings.DATABASE_APP_ROLE
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s AND rolname <> current_user", [app_role])
        if not cursor.fetchone():
            return
        role = connection.ops.quote_name(app_role)
        for rights in ("SELECT, INSERT, UPDATE, DELETE ON TABLES", "USAGE, SELECT ON SEQUENCES"):
            cursor.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rights} TO {role}")
