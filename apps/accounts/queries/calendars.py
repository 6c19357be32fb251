"""Public holidays, from the published calendars of countries and their parts."""

from __future__ import annotations

from datetime import date

import holidays

from apps.accounts.models import Organization


def holidays_in(organization: Organization, *years: int) -> frozenset[date]:
    """The days of these years on which the organization does not work besides weekends.

    None where no calendar is set, or where the one that is set is not published.
    """
    if not organization.calendar:
        return frozenset()
    country, _, part = organization.calendar.partition("-")
    try:
        return frozenset(holidays.country_holidays(country, subdiv=part or None, years=years))
    except NotImplementedError:
        return frozenset()
