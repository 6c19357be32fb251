"""What keys touched, as the logs of the lakes tell it, and which logs are read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Least, Now

from apps.access.models import Grant
from apps.credentials.models import LakeLog, Lease, LeaseTouch
from apps.kernel.actor import Actor
from apps.lakes.models import Lake
from apps.lakes.providers.contract import Flavor
from apps.lakes.providers.registry import traits_of

LAG = timedelta(hours=1)
"""A log that was read so lately tells what is. CloudTrail comes a quarter of an hour late."""


@dataclass(frozen=True, kw_only=True)
class Touched:
    """What was asked for with keys, in requests and bytes; `written` are among the allowed ones."""

    allowed: int = 0
    written: int = 0
    denied: int = 0
    strayed: int = 0
    size: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Use:
    """How a grant was used: keys that were really issued, when the last one was, and what they touched.

    `watched` are those keys of which the lake's log tells everything. Only where these are all of them is
    silence a sign that nothing was used.
    """

    leases: int
    last_at: datetime | None
    watched: int = 0
    touched: Touched = Touched()

    @property
    def is_watched(self) -> bool:
        return self.leases > 0 and self.watched == self.leases

    @property
    def used_at(self) -> datetime | None:
        """The last time that it was used, as far as is known: where no log tells, that a key was taken."""
        if self.is_watched:
            return self.touched.last_at
        return max((at for at in (self.last_at, self.touched.last_at) if at), default=None)


NEVER_USED = Use(leases=0, last_at=None)


def use_of(grants: Collection[int]) -> Mapping[int, Use]:
    """By the key of the grant; those of which no key was taken are missing. One query."""
    issued = Lease.objects.filter(grant__in=grants, issued_at__isnull=False).order_by()
    rows = issued.values("grant").annotate(
        leases=Count("pk"),
        last_at=Max("issued_at"),
        watched=Count("pk", filter=_is_watched()),
        **{f"use_{name}": Sum(f"use__{name}", default=0) for name in COUNTS},
        use_first_at=Min("use__first_at"),
        use_last_at=Max("use__last_at"),
    )
    return {row["grant"]: _use(row) for row in rows}


COUNTS = ("allowed", "written", "denied", "strayed", "size")


def _use(row: Mapping[str, Any]) -> Use:
    counts = {name: int(row[f"use_{name}"]) for name in COUNTS}
    touched = Touched(**counts, first_at=row["use_first_at"], last_at=row["use_last_at"])
    return Use(leases=row["leases"], last_at=row["last_at"], watched=row["watched"], touched=touched)


def _is_watched() -> Q:
    """A log of its lake was read before the key was made and is read still, or was until the key had ended;
    and what it told is kept."""
    read_until = Least(Coalesce(OuterRef("ended_at"), OuterRef("expires_at")), Now() - LAG)
    logs = LakeLog.objects.filter(
        lake=OuterRef("lake"), begun_at__lte=OuterRef("issued_at"), read_at__gte=read_until
    )
    return Q(Exists(logs), issued_at__gte=Now() - timedelta(days=settings.USE_KEPT_DAYS))


def touches_of(actor: Actor, grant_uid: UUID) -> QuerySet[LeaseTouch]:
    """Of the keys of a grant.  Raises: NotFound, where the grant is hidden."""
    grant = Grant.objects.visible_to(actor).one(grant_uid)
    return LeaseTouch.objects.filter(lease__grant=grant).select_related("lease__person", "scope")


def logs_of(actor: Actor, lake_uid: UUID) -> QuerySet[LakeLog]:
    """Raises: NotFound, where the lake is hidden."""
    return LakeLog.objects.filter(lake=Lake.objects.visible_to(actor).one(lake_uid))


class Reader(StrEnum):
    """Who reads the log of a lake."""

    ITSELF = "itself"
    OPERATOR = "operator"
    NOBODY = "nobody"


def reader_of(lake: Lake) -> Reader:
    """The portal reads the demo lake beside it; other logs, where the house understands them, whoever
    runs it."""
    if is_beside_the_portal(lake):
        return Reader.ITSELF
    return Reader.OPERATOR if traits_of(lake.flavor).keeps_log else Reader.NOBODY


def is_beside_the_portal(lake: Lake) -> bool:
    return (
        lake.flavor == Flavor.DEMO
        and bool(settings.DEMO_LAKE_URL)
        and lake.endpoint == settings.DEMO_LAKE_URL
    )
