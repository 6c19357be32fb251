"""Counting what keys touched, as the logs of the lakes tell it: each request once.

Single objects are not kept, only how often a folder was asked for on a day, and of folders only so many.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.credentials.commands.placing import Spot, spot_of
from apps.credentials.events import LeaseStrayed
from apps.credentials.lifecycle import Whereabouts
from apps.credentials.models import (
    LakeLog,
    Lease,
    LeaseStray,
    LeaseTouch,
    LeaseUse,
    LogFile,
    SeenRequest,
)
from apps.kernel.actor import Actor
from apps.lakes.commands import lake_resource
from apps.lakes.models import Lake
from apps.lakes.providers.logs import Answered, Batch, Doing, LogKind, Touch

SEEN_FOR = timedelta(days=35)
"""For so long the portal knows which requests it has counted; what is told later is not counted at all."""
AHEAD = timedelta(minutes=10)
"""Clocks of lakes differ from the database's."""
LONGEST_PLACE = 500
MOST_SPOTS = 200
"""Of one key on one day; further folders are counted together."""


@dataclass(frozen=True, kw_only=True)
class LogPlace:
    """A log as whoever runs the reader named it, and the file in it; a stream has none."""

    kind: LogKind
    place: str
    file: str = ""
    identity: str = ""


@dataclass(frozen=True, kw_only=True)
class Noted:
    """What became of the entries of a batch. `others` are of no lease of this lake."""

    counted: int
    repeated: int
    others: int
    misdated: int
    unreadable: int


Counted = dict[tuple[int, date, Spot, Doing, Answered], LeaseTouch]


@command(lock=Lake)
def note_use(*, actor: Actor, lake_id: UUID, log: LogPlace, batch: Batch, at: datetime) -> Noted:
    """Count the requests of a batch, each once however often it is told, and remember how far the log was
    read. Who owns what a key opens is told where it was used to ask for something else and was refused.

    A log speaks of the keys of its own lake alone.
    Raises: NotFound, NotPermitted.
    """
    lake = Lake.objects.visible_to(actor).for_update(lake_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=lake_resource(lake))
    leases = _leases(lake, batch.touches)
    ours = [touch for touch in batch.touches if touch.lease_id in leases]
    dated = [touch for touch in ours if _is_dated(touch, leases[touch.lease_id], at=at)]
    fresh = _unseen(lake, dated)
    spots = [(touch, spot_of(touch, leases[touch.lease_id].scopes.all())) for touch in fresh]
    _count_by_day(spots, leases)
    _count_in_all(spots, leases)
    _tell_strays(spots, leases, actor=actor, at=at)
    noted = Noted(
        counted=len(fresh),
        repeated=len(dated) - len(fresh),
        others=batch.others + len(batch.touches) - len(ours),
        misdated=len(ours) - len(dated),
        unreadable=batch.unreadable,
    )
    _remember(lake, log, batch, noted, at=at)
    return noted


def _leases(lake: Lake, touches: Iterable[Touch]) -> Mapping[UUID, Lease]:
    named = Lease.objects.filter(lake=lake, uid__in={touch.lease_id for touch in touches})
    found = named.select_related("grant").prefetch_related("scopes")
    return {lease.uid: lease for lease in found}


def _is_dated(touch: Touch, lease: Lease, *, at: datetime) -> bool:
    earliest = max(at - SEEN_FOR, lease.created_at - AHEAD)
    return earliest <= touch.at <= at + AHEAD


def _unseen(lake: Lake, touches: Sequence[Touch]) -> list[Touch]:
    """Those that were never counted, each once; from here on they are."""
    by_digest: dict[bytes, Touch] = {}
    for touch in touches:
        by_digest.setdefault(_digest(lake, touch), touch)
    known = SeenRequest.objects.filter(pk__in=list(by_digest)).values_list("pk", flat=True)
    for digest in [bytes(each) for each in known]:
        del by_digest[digest]
    SeenRequest.objects.bulk_create(
        SeenRequest(digest=digest, day=_day(touch)) for digest, touch in by_digest.items()
    )
    return sorted(by_digest.values(), key=lambda touch: touch.at)


def _digest(lake: Lake, touch: Touch) -> bytes:
    return hashlib.sha256(f"{lake.pk} {touch.request_id}".encode()).digest()[:16]


def _count_by_day(spots: Sequence[tuple[Touch, Spot]], leases: Mapping[UUID, Lease]) -> None:
    rows = _rows(spots, leases)
    room = Counter((lease, day) for lease, day, *_rest in rows)
    made: list[LeaseTouch] = []
    changed: set[int] = set()
    for touch, spot in spots:
        lease, day = leases[touch.lease_id].pk, _day(touch)
        key = (lease, day, spot, touch.doing, touch.answered)
        if key not in rows and room[lease, day] >= MOST_SPOTS:
            key = (lease, day, spot.rest, touch.doing, touch.answered)
        if key not in rows:
            room[lease, day] += 1
            rows[key] = _row(key, touch)
            made.append(rows[key])
        row = rows[key]
        row.times += 1
        row.size += touch.size
        row.first_at, row.last_at = min(row.first_at, touch.at), max(row.last_at, touch.at)
        if row.pk is not None:
            changed.add(row.pk)
    LeaseTouch.objects.bulk_create(made)
    LeaseTouch.objects.bulk_update(
        [row for row in rows.values() if row.pk in changed], ["times", "size", "first_at", "last_at"]
    )


def _rows(spots: Sequence[tuple[Touch, Spot]], leases: Mapping[UUID, Lease]) -> Counted:
    """What stands of these keys on these days; the lock on the lake keeps it so."""
    days = {_day(touch) for touch, _spot in spots}
    keys = {leases[touch.lease_id].pk for touch, _spot in spots}
    return {_key(row): row for row in LeaseTouch.objects.filter(lease__in=keys, day__in=days)}


def _key(row: LeaseTouch) -> tuple[int, date, Spot, Doing, Answered]:
    spot = Spot(
        whereabouts=Whereabouts(row.whereabouts), scope=row.scope_id, bucket=row.bucket, folder=row.folder
    )
    return row.lease_id, row.day, spot, Doing(row.doing), Answered(row.answered)


def _row(key: tuple[int, date, Spot, Doing, Answered], touch: Touch) -> LeaseTouch:
    lease, day, spot, doing, answered = key
    return LeaseTouch(
        lease_id=lease,
        day=day,
        whereabouts=spot.whereabouts,
        scope_id=spot.scope,
        bucket=spot.bucket,
        folder=spot.folder,
        doing=doing,
        answered=answered,
        first_at=touch.at,
        last_at=touch.at,
    )


def _count_in_all(spots: Sequence[tuple[Touch, Spot]], leases: Mapping[UUID, Lease]) -> None:
    by_lease = defaultdict[int, list[tuple[Touch, Spot]]](list)
    for touch, spot in spots:
        by_lease[leases[touch.lease_id].pk].append((touch, spot))
    kept = {use.lease_id: use for use in LeaseUse.objects.filter(lease__in=by_lease)}
    for lease, some in by_lease.items():
        use = kept.get(lease) or LeaseUse(lease_id=lease, first_at=some[0][0].at, last_at=some[0][0].at)
        allowed = [touch for touch, _spot in some if touch.answered is Answered.ALLOWED]
        use.allowed += len(allowed)
        use.written += sum(1 for touch in allowed if touch.doing in {Doing.WRITE, Doing.DELETE})
        use.denied += sum(1 for touch, _spot in some if touch.answered is Answered.DENIED)
        use.strayed += sum(1 for touch, spot in some if is_stray(touch, spot))
        use.size += sum(touch.size for touch, _spot in some)
        use.first_at = min(use.first_at, some[0][0].at)
        use.last_at = max(use.last_at, some[-1][0].at)
        use.save()


def is_stray(touch: Touch, spot: Spot) -> bool:
    """Kept from another place. What is merely not there, or on the way to its own place, is none."""
    return touch.answered is Answered.DENIED and spot.whereabouts is Whereabouts.OUTSIDE


def _tell_strays(
    spots: Sequence[tuple[Touch, Spot]], leases: Mapping[UUID, Lease], *, actor: Actor, at: datetime
) -> None:
    """Once for a key and a day."""
    strays = defaultdict[tuple[UUID, date], list[tuple[Touch, Spot]]](list)
    for touch, spot in spots:
        if is_stray(touch, spot):
            strays[touch.lease_id, _day(touch)].append((touch, spot))
    for (lease_id, day), some in strays.items():
        lease, (first, where) = leases[lease_id], some[0]
        _marked, is_first = LeaseStray.objects.get_or_create(lease=lease, day=day)
        if is_first:
            event = LeaseStrayed(
                lease_id=lease_id,
                grant_id=lease.grant.uid,
                asked_at=first.at,
                times=len(some),
                place=where.told,
            )
            record(event, actor=actor, at=at)


def _remember(lake: Lake, log: LogPlace, batch: Batch, noted: Noted, *, at: datetime) -> None:
    kept, _made = LakeLog.objects.get_or_create(
        lake=lake, kind=log.kind, place=log.place[-LONGEST_PLACE:], defaults={"begun_at": at, "read_at": at}
    )
    kept.read_at = at
    kept.counted += noted.counted
    kept.repeated += noted.repeated
    kept.others += noted.others
    kept.misdated += noted.misdated
    kept.unreadable += noted.unreadable
    kept.save()
    if log.file:
        LogFile.objects.update_or_create(
            log=kept,
            name=log.file,
            defaults={
                "identity": log.identity,
                "position": batch.position,
                "is_whole": batch.is_last,
                "read_at": at,
            },
        )


def _day(touch: Touch) -> date:
    return touch.at.astimezone(UTC).date()
