"""Keys of Azure and of Google Cloud Storage that renew themselves, for the libraries of those clouds.

There a key is given once and no address hands it out again; so each renewal takes a new one, some minutes
before the last one ends. What the portal refuses, the library's call raises; where nobody answers, the last
one is given until it ends. How long a key lives is reckoned by the clock of the portal: that of the machine
may be wrong, or be set meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any

from lakewarden.answers import PortalUnreachable
from lakewarden.client import NotFound
from lakewarden.portal import Portal

if TYPE_CHECKING:
    from lakewarden.client import Asset

AHEAD_SECONDS = 300.0
"""So long before a key ends another is taken; a quarter of its life, where that is less."""
BETWEEN_SECONDS = 30.0
"""The portal is not asked more often, while a key lives: libraries ask here at every request."""


@dataclass(frozen=True, kw_only=True)
class CloudKey:
    """`parts` by the names that the portal has for them; moments by a clock that nobody sets."""

    parts: dict[str, str] = field(repr=False)
    ends: float
    renewed: float


class Renewing:
    """The key to an asset, and another before it ends. Threads that ask at once wait for one and the same."""

    def __init__(self, portal: Portal, asset_id: str, *, clock: Callable[[], float] = monotonic) -> None:
        self._portal = portal
        self._asset_id = asset_id
        self._clock = clock
        self._lock = threading.Lock()
        self._key: CloudKey | None = None

    def key(self) -> CloudKey:
        """Raises: NotFound, Refused, PortalUnreachable."""
        with self._lock:
            if self._key is None or self._clock() >= self._key.renewed:
                self._key = self._another(self._key)
            return self._key

    def wait_seconds(self, key: CloudKey) -> float:
        """How long it is until another is taken."""
        return key.renewed - self._clock()

    def _another(self, last: CloudKey | None) -> CloudKey:
        try:
            return self._taken()
        except PortalUnreachable:
            now = self._clock()
            if last is None or now >= last.ends:
                raise
            return replace(last, renewed=min(now + BETWEEN_SECONDS, last.ends))

    def _taken(self) -> CloudKey:
        asked = self._clock()
        told, at = self._portal.post_dated(f"/api/v1/grants/{self._grant()}/credentials")
        life = (datetime.fromisoformat(told["expires_at"]) - (at or datetime.now(UTC))).total_seconds()
        if at is None:
            life = max(life, BETWEEN_SECONDS)
        wait = max(life - min(AHEAD_SECONDS, life / 4), min(BETWEEN_SECONDS, life))
        return CloudKey(parts=dict(told["parts"]), ends=asked + life, renewed=asked + wait)

    def _grant(self) -> str:
        """The one that lasts longest of those that give their right now."""
        rows = list(self._portal.each("/api/v1/grants", asset=self._asset_id, state="active"))
        if not rows:
            raise NotFound("You have no access to it now. Try: lakewarden explain")
        return str(max(rows, key=lambda row: datetime.fromisoformat(row["not_after"]))["id"])


def azure_credential(asset: Asset) -> Any:
    """An `AzureSasCredential` for clients of azure-storage-blob and azure-storage-file-datalake.

    They ask it at every request.  Needs azure-core.  Raises: NotFound, Refused, PortalUnreachable.
    """
    from azure.core import credentials

    renewing = Renewing(asset.portal, asset.id)
    base: Any = credentials.AzureSasCredential

    class OfThePortal(base):  # type: ignore[misc]
        @property
        def signature(self) -> str:
            return renewing.key().parts["sas_token"]

    return OfThePortal(renewing.key().parts["sas_token"])


def google_credentials(asset: Asset) -> Any:
    """`Credentials` of google-auth, for google-cloud-storage and gcsfs.

    They ask for another token before one ends.  Needs google-auth.  Raises: NotFound, Refused,
    PortalUnreachable.
    """
    from google.auth import _helpers
    from google.oauth2.credentials import Credentials

    renewing = Renewing(asset.portal, asset.id)

    def given(*_asked: Any, **_more: Any) -> tuple[str, datetime]:
        key = renewing.key()
        # google-auth reckons in UTC without saying so, takes no token that ends within its threshold, and
        # asks so long before the end that it was told: it is told one for which that is when to renew.
        told = datetime.now(UTC) + timedelta(seconds=renewing.wait_seconds(key)) + _helpers.REFRESH_THRESHOLD
        return key.parts["access_token"], told.replace(tzinfo=None)

    token, expiry = given()
    return Credentials(token, expiry=expiry, refresh_handler=given)
