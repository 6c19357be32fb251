"""What a connection to a PostgreSQL warehouse is asked for, and what its keys look like."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from apps.lakes.providers.contract import Flavor
from apps.lakes.providers.keyring import Duty
from apps.lakes.providers.postgres.adapter import PostgresProvider
from apps.lakes.providers.postgres.address import checked_connection, table_at
from apps.lakes.providers.postgres.role_steps import role_steps
from apps.lakes.providers.postgres.snippets import snippets_of
from apps.lakes.providers.traits import Asked, Traits


def place(endpoint: str, bucket: str, prefix: str) -> str:
    return f"{endpoint}/{bucket}/{prefix}"


TRAITS: Mapping[Flavor, Traits] = MappingProxyType(
    {
        Flavor.POSTGRES: Traits(
            adapter=PostgresProvider,
            checked=checked_connection,
            fields={"endpoint": Asked(example="postgresql://warehouse.example.org:5432")},
            duties=(Duty.ISSUER,),
            parts=("host", "port", "dbname", "user", "password", "sslmode"),
            place=place,
            snippets=snippets_of,
            role_steps=role_steps,
            allows_underscores=True,
            expect_place=table_at,
        )
    }
)
