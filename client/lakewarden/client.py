"""What a scientist does from Python: find an asset, take a key, open what it opens."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from lakewarden.keys import Key, key_in
from lakewarden.portal import Portal
from lakewarden.profile import Profile, checked_url, read_profile

CONTAINER = "/credentials/v1/container"


class NotFound(LookupError):
    """Nothing is called that, or several are."""


class Client:
    """`Client()` uses what `lakewarden login` kept, or the environment.  Raises: NotSignedIn."""

    def __init__(self, url: str = "", token: str = "") -> None:
        given = Profile(url=checked_url(url), token=token) if url and token else read_profile()
        self.portal = Portal(given)

    def search(self, words: str = "") -> list[Asset]:
        """Datasets and models that you may see.  Raises: Refused, PortalUnreachable."""
        rows = self.portal.each("/api/v1/assets", **({"q": words} if words else {}))
        return [self._asset(row) for row in rows]

    def asset(self, named: str) -> Asset:
        """By its id, the address of its page, or its whole name.

        Raises: NotFound, Refused, PortalUnreachable.
        """
        uid = _uid_in(named)
        if uid is not None:
            return self._asset(self.portal.get(f"/api/v1/assets/{uid}"))
        found = [each for each in self.search(named) if each.name.casefold() == named.strip().casefold()]
        if len(found) == 1:
            return found[0]
        if found:
            kinds = ", ".join(f"{each.id} ({each.kind})" for each in found)
            raise NotFound(f"Several are called {named}: {kinds}. Name one by its id.")
        raise NotFound(f"Nothing that you may see is called {named}. Try: lakewarden search")

    def purpose(self, named: str) -> str:
        """The id of a purpose by its number or its whole name.

        Raises: NotFound, Refused, PortalUnreachable.
        """
        for row in self.portal.each("/api/v1/purposes", ref=named[:20]):
            return str(row["id"])
        for row in self.portal.each("/api/v1/purposes", q=named):
            if row["name"].casefold() == named.strip().casefold():
                return str(row["id"])
        raise NotFound(f"No purpose has the number or the name {named}.")

    def _asset(self, row: dict[str, Any]) -> Asset:
        return Asset(portal=self.portal, id=row["id"], name=row["name"], kind=row["kind"])


@dataclass(frozen=True)
class Asset:
    portal: Portal
    id: str
    name: str
    kind: str

    def credentials(self) -> Key:
        """The key you have for it, or a new one where that ends soon.

        Asked for anew it costs nothing.  Raises: Refused, PortalUnreachable.
        """
        return key_in(self.portal.get(CONTAINER, asset=self.id))

    def preview(self, purpose_id: str, action: str = "read") -> dict[str, Any]:
        """What asking would come to; nothing is sent.  Raises: Refused, PortalUnreachable."""
        told: dict[str, Any] = self.portal.get(
            f"/api/v1/assets/{self.id}/preview", purpose=purpose_id, action=action
        )
        return told

    def open(self, name: str) -> Any:
        """A file below the place of the asset, to be read as bytes. Needs boto3: `lakewarden-client[s3]`.

        Raises: Refused, PortalUnreachable, and what boto3 raises.
        """
        bucket, prefix = self._place
        return self._s3.get_object(Bucket=bucket, Key=f"{prefix}{name}")["Body"]

    def to_pandas(self, name: str) -> Any:
        """A Parquet or CSV file as a pandas.DataFrame. Needs `lakewarden-client[pandas]`."""
        from io import BytesIO

        import pandas

        content = BytesIO(self.open(name).read())
        return pandas.read_parquet(content) if name.endswith(".parquet") else pandas.read_csv(content)

    @cached_property
    def _place(self) -> tuple[str, str]:
        parts = urlsplit(self.credentials().places[0])
        return parts.netloc, parts.path.lstrip("/")

    @cached_property
    def _s3(self) -> Any:
        """A boto3 client that asks the portal for its next key before one ends."""
        import boto3
        from botocore.credentials import CredentialProvider, RefreshableCredentials
        from botocore.session import get_session

        metadata = self._metadata

        class OfThePortal(CredentialProvider):
            METHOD = CANONICAL_NAME = "lakewarden"

            def load(self) -> Any:
                return RefreshableCredentials.create_from_metadata(
                    metadata=metadata(), refresh_using=metadata, method=self.METHOD
                )

        session = get_session()
        session.get_component("credential_provider").insert_before("env", OfThePortal())
        key = self.credentials()
        return boto3.Session(botocore_session=session, region_name=key.region).client(
            "s3", endpoint_url=key.endpoint
        )

    def _metadata(self) -> dict[str, str]:
        key = self.credentials()
        return {
            "access_key": key.access_key_id,
            "secret_key": key.secret_access_key,
            "token": key.session_token,
            "expiry_time": key.expires_at.isoformat(),
        }


def _uid_in(named: str) -> UUID | None:
    """An id, or an address whose path holds one."""
    for part in (named.strip(), *urlsplit(named).path.split("/")):
        try:
            return UUID(part)
        except ValueError:
            continue
    return None
