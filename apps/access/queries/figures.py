"""Access in figures, over what the reader may see: how sensitive, how long yet, how swiftly decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.db.models import Aggregate, Count, DurationField, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import TruncWeek

from apps.access.lifecycle import GIVING_GRANT, LIVE_GRANT, RequestState
from apps.access.queries.grants import grants_visible_to
from apps.access.queries.requests import requests_visible_to
from apps.classification.models import Classification
from apps.kernel.actor import Actor

TURNAROUND_STEPS = (
    timedelta(hours=1),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
)


@dataclass(frozen=True, kw_only=True)
class ClassFigure:
    """Live grants on versions whose highest class has this rank; None: not classified."""

    rank: int | None
    grants: int
    people: int


@dataclass(frozen=True, kw_only=True)
class WeekFigure:
    """Grants that end in the week beginning on this Monday, in the reader's zone."""

    week: date
    grants: int


@dataclass(frozen=True, kw_only=True)
class Turnaround:
    """From sending to the decision. `within` counts by TURNAROUND_STEPS, and last what took longer."""

    decided: int
    median: timedelta | None
    within: tuple[int, ...]


class Median(Aggregate):
    """Continuous, as PostgreSQL computes it."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def access_by_class(actor: Actor, *, at: datetime) -> list[ClassFigure]:
    """The most sensitive first. One query."""
    said = Classification.objects.current().filter(version=OuterRef("version")).order_by()
    highest = said.values("version").annotate(rank=Max("sensitivity_class__rank")).values("rank")
    live = grants_visible_to(actor).filter(state__in=GIVING_GRANT, not_after__gt=at)
    rows = (
        live.annotate(rank=Subquery(highest))
        .values("rank")
        .annotate(grants=Count("pk"), people=Count("person", distinct=True))
        .order_by(F("rank").desc(nulls_first=True))
    )
    return [ClassFigure(**row) for row in rows]


def grants_ending(actor: Actor, *, at: datetime, weeks: int, zone: ZoneInfo) -> list[WeekFigure]:
    """This week and those that follow, also those in which none ends. One query."""
    day = at.astimezone(zone).date()
    first = day - timedelta(days=day.weekday())
    live = grants_visible_to(actor).filter(state__in=LIVE_GRANT, not_after__gt=at)
    rows = live.annotate(week=TruncWeek("not_after", tzinfo=zone)).values("week").annotate(grants=Count("pk"))
    last = first + timedelta(weeks=weeks)
    counted = {
        row["week"].astimezone(zone).date(): row["grants"]
        for row in rows.filter(not_after__lt=datetime.combine(last, datetime.min.time(), tzinfo=zone))
    }
    mondays = [first + timedelta(weeks=number) for number in range(weeks)]
    return [WeekFigure(week=monday, grants=counted.get(monday, 0)) for monday in mondays]


def turnaround(actor: Actor, *, since: datetime) -> Turnaround:
    """Of requests decided since then; what policy alone granted counts too. One query."""
    decided = requests_visible_to(actor).filter(
        state__in=[RequestState.APPROVED, RequestState.REJECTED], closed_at__gte=since
    )
    taken = decided.annotate(taken=F("closed_at") - F("submitted_at"))
    steps: Sequence[timedelta | None] = (timedelta.min, *TURNAROUND_STEPS, None)
    counts = {
        f"step_{number}": Count("pk", filter=_between(low, high))
        for number, (low, high) in enumerate(pairwise(steps))
    }
    row = taken.aggregate(decided=Count("pk"), median=Median("taken"), **counts)
    return Turnaround(
        decided=row["decided"],
        median=row["median"],
        within=tuple(row[name] for name in counts),
    )


def _between(low: timedelta | None, high: timedelta | None) -> Q:
    over = Q() if low == timedelta.min else Q(taken__gt=low)
    return over if high is None else over & Q(taken__lte=high)
