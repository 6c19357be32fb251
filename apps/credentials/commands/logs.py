"""Giving out who had keys to a dataset."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.facts import asset_resource
from apps.catalog.models import Asset
from apps.credentials.events import AccessLogExported
from apps.credentials.queries import KeyHeld, access_log
from apps.kernel.actor import Actor
from apps.kernel.separated import as_csv

COLUMNS = ("person", "account", "request", "purpose", "versions", "places", "from", "until", "key")


@dataclass(frozen=True, kw_only=True)
class AccessLog:
    name: str
    content: bytes
    media_type: str = "text/csv; charset=utf-8"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@command(lock=Asset)
def export_access_log(*, actor: Actor, asset_id: UUID, since: date, until: date, at: datetime) -> AccessLog:
    """Every key to the asset that worked on one of these days, the first first; both days are included.

    Raises: NotFound, NotPermitted, InvalidInput (the last day before the first).
    """
    asset = Asset.objects.visible_to(actor).for_update(asset_id)
    authorize(actor=actor, operation=Operation.READ_TRAIL, resource=asset_resource(asset))
    held = access_log(actor, asset_id, since=since, until=until)
    content = as_csv(COLUMNS, [_row(each) for each in held])
    made = AccessLog(name=f"access-log-{since}-{until}.csv", content=content)
    event = AccessLogExported(
        asset_id=asset.uid,
        since=since,
        until=until,
        row_count=len(held),
        content_sha256=made.sha256,
    )
    record(event, actor=actor, at=at)
    return made


def _row(held: KeyHeld) -> tuple[str, ...]:
    return (
        held.person,
        held.account,
        held.request_ref,
        held.purpose,
        ", ".join(f"v{number}" for number in held.versions),
        ", ".join(held.places),
        held.since.isoformat(),
        held.until.isoformat(),
        str(held.uid),
    )
