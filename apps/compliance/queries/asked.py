"""What an authority asks first, and how much of the answer is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from apps.accounts.authorization import Resource, authorize, may
from apps.accounts.models import Organization
from apps.compliance.commands.reports import ABOUT_THE_HOUSE, operation_of
from apps.compliance.lifecycle import RecordStatus
from apps.compliance.models import ActivityVersion, PurposeVersion
from apps.compliance.queries.legal import Tally, register_of
from apps.kernel.actor import Actor
from apps.kernel.errors import not_found
from apps.policy.vocabulary import Clearance

YEAR = timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Share:
    """So many of so many are as they should be; the others are what an authority would find."""

    whole: int
    total: int

    @property
    def open(self) -> int:
        return self.total - self.whole


@dataclass(frozen=True, kw_only=True)
class Asked:
    """`purposes` and `activities` of versions in force; `kinds` by the slug of a declared kind."""

    purposes: Share
    activities: Share
    running_blocked: int
    kinds: dict[str, Share]


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A table of texts, as it is handed over."""

    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]


def listed(actor: Actor, report: str, *, at: datetime) -> Listed:
    """What an authority asks of the house itself, of one's own organization. Two queries besides it.

    Raises: NotFound (no such list), NotPermitted.
    """
    if report not in ABOUT_THE_HOUSE:
        raise not_found("list")
    return _told(actor, _own(actor), report, at=at)


def all_listed(actor: Actor, *, at: datetime) -> Mapping[str, Listed]:
    """Each of these lists, of one's own organization.  Raises: NotFound, NotPermitted."""
    place = _own(actor)
    return {report: _told(actor, place, report, at=at) for report in ABOUT_THE_HOUSE}


def _own(actor: Actor) -> Organization:
    place: Organization | None = (
        Organization.objects.visible_to(actor).filter(pk=actor.organization_id or 0).first()
    )
    if place is None:
        raise not_found("organization")
    return place


def _told(actor: Actor, place: Organization, report: str, *, at: datetime) -> Listed:
    resource = Resource(kind="organization", uid=place.uid, organization_id=place.pk)
    authorize(actor=actor, operation=operation_of(report), resource=resource)
    columns, told = ABOUT_THE_HOUSE[report]
    return Listed(columns=columns, rows=told(place, at=at))


def may_read_listed(actor: Actor) -> bool:
    """Whether they may read what is told of the house itself. No query of its own."""
    resource = Resource(kind="organization", organization_id=actor.organization_id or 0)
    return all(may(actor=actor, operation=operation_of(each), resource=resource) for each in ABOUT_THE_HOUSE)


def asked_of(actor: Actor) -> Asked:
    """Three queries. Whole is: in force, its review not overdue, and what it needs recorded."""
    last_year = timezone.now() - YEAR
    in_time = Q(approved_at__gte=last_year)
    purposes = _approved(PurposeVersion.objects.visible_to(actor)).aggregate(
        total=Count("pk"), whole=Count("pk", filter=in_time & Q(lawful_basis__isnull=False))
    )
    cleared = Q(clearance=Clearance.CLEARED.value)
    activities = _approved(ActivityVersion.objects.visible_to(actor)).aggregate(
        total=Count("pk"),
        whole=Count("pk", filter=in_time & cleared),
        blocked=Count("pk", filter=Q(is_running=True) & ~cleared),
    )
    return Asked(
        purposes=Share(whole=purposes["whole"], total=purposes["total"]),
        activities=Share(whole=activities["whole"], total=activities["total"]),
        running_blocked=activities["blocked"],
        kinds={tally.kind.slug: _share(tally) for tally in register_of(actor)},
    )


def _approved(versions: Any) -> Any:
    return versions.filter(record_status=RecordStatus.APPROVED)


def _share(tally: Tally) -> Share:
    return Share(whole=max(tally.in_force - tally.late, 0), total=tally.total)
