"""What a connection to S3 and STS is asked for, and what its keys look like."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from apps.lakes.providers.contract import Flavor
from apps.lakes.providers.keyring import Duty
from apps.lakes.providers.s3.adapter import S3Provider
from apps.lakes.providers.s3.endpoint import checked_connection
from apps.lakes.providers.s3.programs import programs_of
from apps.lakes.providers.s3.role_steps import role_steps
from apps.lakes.providers.s3.snippets import snippets_of
from apps.lakes.providers.s3.surroundings import surroundings
from apps.lakes.providers.traits import OWN_ROLES_FROM, Asked, Traits

_CODE = "[A-Za-z0-9_-]{1,40}"
_ROLE = Asked(example="arn:aws:iam::123456789012:role/lakewarden")


def place(endpoint: str, bucket: str, prefix: str) -> str:
    return f"s3://{bucket}/{prefix}"


def _traits(storage: str, *, keeps_log: bool = True, makes_own_roles: bool = False) -> Traits:
    own = {OWN_ROLES_FROM: Asked(example="restricted", pattern=_CODE, is_needed=False, places=False)}
    return Traits(
        adapter=S3Provider,
        checked=checked_connection,
        fields={
            "endpoint": Asked(example=storage),
            "region": Asked(example="eu-central-1"),
            "role_arn": _ROLE,
            "sts_endpoint": Asked(example=storage, is_needed=False),
            "iam_endpoint": Asked(example=storage, is_needed=False),
        },
        options=own if makes_own_roles else {},
        duties=(Duty.ISSUER, Duty.ADMIN),
        parts=("access_key_id", "secret_access_key", "session_token"),
        place=place,
        snippets=snippets_of,
        role_steps=role_steps,
        programs=programs_of,
        surroundings=surroundings,
        keeps_log=keeps_log,
    )


TRAITS: Mapping[Flavor, Traits] = MappingProxyType(
    {
        Flavor.AWS: _traits("https://s3.eu-central-1.amazonaws.com"),
        Flavor.CEPH: _traits("https://lake.example.org", makes_own_roles=True),
        Flavor.MINIO: _traits("https://lake.example.org", keeps_log=False),
        Flavor.DEMO: _traits("http://127.0.0.1:9000", keeps_log=False, makes_own_roles=True),
    }
)
