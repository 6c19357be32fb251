"""When something ends or is due, as people read it."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext

from apps.kernel.clock import last_day

WEEK_DAYS = 6


def end_told(at: datetime, zone: ZoneInfo, *, now: datetime | None = None) -> str:
    """What ends at midnight ends with the day before. Within a week of `now` the day of the week will do."""
    local = at.astimezone(zone)
    if local.time() == time.min:
        return gettext("the end of %(day)s") % {"day": date_format(last_day(at, zone.key), "D j M")}
    is_near = now is not None and 0 <= (local.date() - now.astimezone(zone).date()).days <= WEEK_DAYS
    return date_format(local, "D H:i" if is_near else "D j M H:i")
