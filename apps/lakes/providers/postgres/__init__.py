"""Keys for a PostgreSQL warehouse: a role for each, down to single columns."""

from apps.lakes.providers.postgres.adapter import PostgresProvider

__all__ = ["PostgresProvider"]
