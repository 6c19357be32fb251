"""Taking entries of the trail out of the house."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from apps.access.errors import TRAIL_TOO_LONG
from apps.access.events import TrailExported
from apps.access.packs.listing import MEDIA_TYPES, TrailFormat, write_entries
from apps.access.queries.trail import TrailWanted, trail_wanted
from apps.accounts.authorization import Resource, authorize
from apps.accounts.models import Organization
from apps.accounts.operations import Operation
from apps.accounts.queries import with_actors
from apps.audit.command import command
from apps.audit.record import record
from apps.compliance.exports.provenance import Hashed
from apps.kernel.actor import Actor
from apps.kernel.errors import not_found, rule_broken

MOST_ENTRIES = 50_000
KEPT_IN_MEMORY = 1 << 20
CHUNK = 500


@dataclass(frozen=True, kw_only=True)
class TrailFile:
    """`file` is at its beginning, and is gone once it is closed."""

    file: IO[bytes]
    name: str
    media_type: str
    size: int
    sha256: str
    entries: int


@command
def export_trail(
    *,
    actor: Actor,
    format: TrailFormat,
    wanted: TrailWanted,
    words: Mapping[str, str],
    at: datetime,
) -> TrailFile:
    """The entries that are wanted, oldest first. `words` tells what names and codes mean.

    The export stands in the trail with the hash of the file before anybody gets a byte of it.
    Raises: NotFound, NotPermitted, RuleBroken (more entries than a file holds).
    """
    resource = Resource(kind="trail", organization_id=actor.organization_id or 0)
    authorize(actor=actor, operation=Operation.READ_TRAIL, resource=resource)
    organization = Organization.objects.filter(pk=resource.organization_id).first()
    if organization is None:
        raise not_found("organization")
    entries = trail_wanted(actor, wanted)
    if entries.order_by()[: MOST_ENTRIES + 1].count() > MOST_ENTRIES:
        raise rule_broken(TRAIL_TOO_LONG, most=MOST_ENTRIES)
    file = tempfile.SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # noqa: SIM115 - closed with the answer
    hashed = Hashed(file)
    found = with_actors(entries).order_by("pk").iterator(chunk_size=CHUNK)
    count = write_entries(found, format, words, hashed)
    file.seek(0)
    event = TrailExported(
        organization_id=organization.uid,
        format=format.value,
        entries=count,
        sha256=hashed.sha256,
        of_event=wanted.of_event,
        of_outcome=wanted.of_outcome,
        of_object=wanted.of_object,
        of_who=wanted.of_who,
        since=wanted.since,
        until=wanted.until,
    )
    record(event, actor=actor, at=at)
    return TrailFile(
        file=file,
        name=f"trail-{organization.code.lower()}-{at:%Y%m%dT%H%M%SZ}.{format.value}",
        media_type=MEDIA_TYPES[format],
        size=hashed.size,
        sha256=hashed.sha256,
        entries=count,
    )
