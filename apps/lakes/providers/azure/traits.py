"""What a connection to Azure is asked for, and what its keys look like."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from apps.lakes.providers.azure.account import SIGN_IN, checked_connection
from apps.lakes.providers.azure.adapter import AzureProvider
from apps.lakes.providers.azure.role_steps import role_steps
from apps.lakes.providers.azure.snippets import renewed, snippets_of
from apps.lakes.providers.contract import Flavor
from apps.lakes.providers.keyring import Duty
from apps.lakes.providers.traits import Asked, Traits


def place(endpoint: str, bucket: str, prefix: str) -> str:
    """The address of the hierarchy, which the account has beside that of its blobs."""
    host = (urlsplit(endpoint).hostname or "").replace(".blob.", ".dfs.", 1)
    return f"abfss://{bucket}@{host}/{prefix}"


TRAITS: Mapping[Flavor, Traits] = MappingProxyType(
    {
        Flavor.AZURE: Traits(
            adapter=AzureProvider,
            checked=checked_connection,
            fields={
                "endpoint": Asked(example="https://researchlake.blob.core.windows.net"),
                "sts_endpoint": Asked(example=SIGN_IN, is_needed=False),
            },
            options={
                "tenant": Asked(
                    example="72f988bf-86f1-41af-91ab-2d7cd011db47",
                    pattern=r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?",
                ),
                "account": Asked(example="researchlake", pattern="[a-z0-9]{3,24}", is_needed=False),
            },
            duties=(Duty.ISSUER,),
            parts=("account_url", "sas_token"),
            place=place,
            snippets=snippets_of,
            role_steps=role_steps,
            renewed=renewed,
        )
    }
)
