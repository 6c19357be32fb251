"""Which adapter serves which lake."""

from __future__ import annotations

from functools import lru_cache

from apps.lakes.providers.contract import ConnectionSpec, Flavor, Provider
from apps.lakes.providers.keyring import EnvironmentSecrets, SecretSource
from apps.lakes.providers.s3 import S3Provider

_S3 = frozenset({Flavor.AWS, Flavor.CEPH, Flavor.MINIO, Flavor.DEMO})


def provider_for(connection: ConnectionSpec, *, secrets: SecretSource | None = None) -> Provider:
    """The adapter for a connection: one per process and source of secrets, so that connections are reused.

    Without `secrets` they come from the environment.
    """
    if connection.flavor in _S3:
        return _s3(secrets)
    raise LookupError(f"No adapter serves the flavor {connection.flavor}.")


@lru_cache(maxsize=8)
def _s3(secrets: SecretSource | None) -> S3Provider:
    return S3Provider(secrets or EnvironmentSecrets())
