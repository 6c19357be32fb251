"""The figures agree with counting the rows one sees by hand."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.access.commands import amend_request
from apps.access.lifecycle import LIVE_GRANT
from apps.access.models import Grant, Request
from apps.access.queries import access_by_class, activity_of, grants_ending, turnaround
from apps.access.queries.figures import TURNAROUND_STEPS
from apps.classification.queries import effective_classes
from apps.kernel.clock import database_now
from apps.kernel.errors import RuleBroken
from tests.factories.access import AccessWorld, approved, asked, draft, granted, in_days

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")


def test_access_by_class_counts_what_each_reader_sees(world: AccessWorld) -> None:
    granted(world)
    granted(world, "colleague")
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    approved(request, world["owner"], world["officer"])
    for who in ("officer", "scientist", "colleague"):
        seen = Grant.objects.visible_to(world[who]).filter(state__in=LIVE_GRANT).select_related("version")
        classes = effective_classes(grant.version for grant in seen)
        ranks = Counter(classes[grant.version_id].sensitivity_class.rank for grant in seen)
        people = {
            rank: len({g.person_id for g in seen if classes[g.version_id].sensitivity_class.rank == rank})
            for rank in ranks
        }
        reader, now = world[who], timezone.now()  # whoever signs in reads the clock
        with CaptureQueriesContext(connection) as queries:
            figures = access_by_class(reader, at=now)
        assert {row.rank: (row.grants, row.people) for row in figures} == {
            rank: (ranks[rank], people[rank]) for rank in ranks
        }
        assert [row.rank for row in figures] == sorted(ranks, reverse=True)
        assert len(queries) <= 2  # the standing of the reader, and the figure
    assert sum(row.grants for row in access_by_class(world["officer"], at=timezone.now())) == 3


def test_grants_are_counted_in_the_week_in_which_they_end_in_the_readers_zone(world: AccessWorld) -> None:
    now = timezone.now()
    ends_in = {"scientist": 3, "colleague": 9, "officer": 11, "dpo": 40, "administrator": 80}
    for who, days in ends_in.items():
        granted(world, who, ends_on=in_days(days))
    figures = grants_ending(world["auditor"], at=now, weeks=8, zone=BERLIN)
    monday = now.astimezone(BERLIN).date() - timedelta(days=now.astimezone(BERLIN).weekday())
    assert [row.week for row in figures] == [monday + timedelta(weeks=number) for number in range(8)]
    ends = [grant.not_after.astimezone(BERLIN).date() for grant in Grant.objects.all()]
    for row in figures:
        assert row.grants == sum(row.week <= end < row.week + timedelta(weeks=1) for end in ends)
    assert sum(row.grants for row in figures) < len(ends)  # one ends beyond the eight weeks


def test_turnaround_is_the_time_from_sending_to_deciding(world: AccessWorld) -> None:
    spans = [
        timedelta(minutes=5),
        timedelta(hours=30),
        timedelta(days=2),
        timedelta(days=6),
        timedelta(days=9),
    ]
    closed = datetime(2027, 3, 1, tzinfo=UTC)
    for span in spans:
        request = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
        Request.objects.filter(pk=request.pk).update(
            state="rejected", submitted_at=closed - span, closed_at=closed
        )
    asked(world["scientist"], draft(world.personal, world.purposes["pay"]))  # not decided
    taken = turnaround(world["officer"], since=closed - timedelta(days=1))
    edges = [timedelta(0), *TURNAROUND_STEPS, timedelta.max]
    assert taken.decided == len(spans)
    assert (
        taken.within
        == tuple(sum(low < span <= high for span in spans) for low, high in pairwise(edges))
        == (1, 0, 2, 1, 1)
    )
    assert taken.median == median(spans)
    assert turnaround(world["officer"], since=closed + timedelta(days=1)).median is None
    assert turnaround(world["colleague"], since=closed - timedelta(days=1)).decided == 0


def test_what_the_rules_did_counts_refused_amendments_too(world: AccessWorld) -> None:
    begun = database_now()
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    with pytest.raises(RuleBroken):
        amend_request(
            actor=world["scientist"],
            request_id=request.uid,
            draft=draft(world.restricted, world.purposes["ordinary"]),
        )
    found = activity_of(world["officer"], since=begun, until=database_now())
    assert found.refused == 1
