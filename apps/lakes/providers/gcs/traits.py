"""What a connection to Google Cloud Storage is asked for, and what its keys look like."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from apps.lakes.providers.contract import Flavor
from apps.lakes.providers.gcs.account import IAM, STORAGE, STS, checked_connection
from apps.lakes.providers.gcs.adapter import GcsProvider
from apps.lakes.providers.gcs.role_steps import role_steps
from apps.lakes.providers.gcs.snippets import renewed, snippets_of
from apps.lakes.providers.keyring import Duty
from apps.lakes.providers.traits import Asked, Traits


def place(endpoint: str, bucket: str, prefix: str) -> str:
    return f"gs://{bucket}/{prefix}"


TRAITS: Mapping[Flavor, Traits] = MappingProxyType(
    {
        Flavor.GCS: Traits(
            adapter=GcsProvider,
            checked=checked_connection,
            fields={
                "endpoint": Asked(example=STORAGE),
                "sts_endpoint": Asked(example=STS, is_needed=False),
                "iam_endpoint": Asked(example=IAM, is_needed=False),
            },
            options={
                "service_account": Asked(
                    example="lake-keys@research.iam.gserviceaccount.com",
                    pattern=r"[a-z0-9][a-z0-9.-]{0,99}@[a-z0-9][a-z0-9.-]{0,180}[a-z]",
                ),
            },
            duties=(Duty.ISSUER,),
            parts=("access_token",),
            place=place,
            snippets=snippets_of,
            role_steps=role_steps,
            renewed=renewed,
        )
    }
)
