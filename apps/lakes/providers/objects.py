"""What lies in a lake as objects that are read and written one by one, where its provider keeps such."""

from __future__ import annotations

from apps.lakes.providers.contract import ConnectionSpec, Scope
from apps.lakes.providers.registry import provider_for
from apps.lakes.providers.s3 import S3Provider
from apps.lakes.providers.s3.objects import Objects
from apps.lakes.providers.secret import Secret


def keeps_objects(connection: ConnectionSpec) -> bool:
    return isinstance(provider_for(connection), S3Provider)


def objects_at(connection: ConnectionSpec, scope: Scope, key: Secret) -> Objects:
    """What lies at a place that a key opens."""
    provider = provider_for(connection)
    if isinstance(provider, S3Provider):
        return provider.objects(connection, scope, key)
    raise LookupError(f"Nobody reads objects of the flavor {connection.flavor} here.")
