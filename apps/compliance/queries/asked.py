"""What an authority asks first, and how much of the answer is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from apps.compliance.lifecycle import RecordStatus
from apps.compliance.models import ActivityVersion, PurposeVersion
from apps.compliance.queries.legal import Tally, register_of
from apps.kernel.actor import Actor
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
