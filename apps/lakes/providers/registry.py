"""Which adapter serves which lake, and what is special about it: one row a flavor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

from apps.lakes.providers.azure.traits import TRAITS as AZURE
from apps.lakes.providers.contract import ConnectionSpec, Flavor, Provider
from apps.lakes.providers.gcs.traits import TRAITS as GCS
from apps.lakes.providers.keyring import EnvironmentSecrets, SecretSource
from apps.lakes.providers.postgres.traits import TRAITS as POSTGRES
from apps.lakes.providers.s3.traits import TRAITS as S3
from apps.lakes.providers.setup import RoleStep
from apps.lakes.providers.traits import Traits, expect_sound

TRAITS: Mapping[Flavor, Traits] = MappingProxyType({**S3, **AZURE, **GCS, **POSTGRES})


def traits_of(flavor: str) -> Traits:
    return TRAITS[Flavor(flavor)]


def provider_for(connection: ConnectionSpec, *, secrets: SecretSource | None = None) -> Provider:
    """The adapter for a connection: one per process and source of secrets, so that connections are reused.

    Without `secrets` they come from the environment.
    """
    return _provider(TRAITS[connection.flavor].adapter, secrets)


def role_steps(connection: ConnectionSpec, *, issuer_arn: str = "") -> tuple[RoleStep, ...]:
    """How it is set up by hand.  Raises: InvalidInput."""
    return TRAITS[connection.flavor].role_steps(connection, issuer_arn=issuer_arn)


def expect_sound_connection(connection: ConnectionSpec) -> None:
    """Raises: InvalidInput with a reason for each fault; also where its limits leave no key."""
    expect_sound(connection, TRAITS[connection.flavor])
    provider_for(connection).capabilities(connection)


@lru_cache(maxsize=16)
def _provider(adapter: Callable[[SecretSource], Provider], secrets: SecretSource | None) -> Provider:
    return adapter(secrets or EnvironmentSecrets())
