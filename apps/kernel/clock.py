"""One clock: the database's. Half-open intervals, UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection


def database_now() -> datetime:
    """The database's wall clock at this statement, not at the start of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now.astimezone(UTC)


def end_of_day(day: date, zone: str) -> datetime:
    """The instant at which a day picked by a person is over in their organization's zone."""
    following = datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZoneInfo(zone))
    return following.astimezone(UTC)


def last_day(end: datetime, zone: str) -> date:
    """The last day, in the organization's zone, of which some lies before the end."""
    return (end - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()


def start_of_day(day: date, zone: str) -> datetime:
    """The instant at which a day picked by a person begins in their organization's zone."""
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def start_of_utc_day(day: date) -> datetime:
    """The instant at which a limit taken from a record begins to bind: 00:00 UTC of its date."""
    return datetime.combine(day, time.min, tzinfo=UTC)
