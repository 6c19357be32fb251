"""Whose part of the ledger of grants is over: they left, and their last access ended years ago."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.access.models import Grant, Pseudonymized, Request, Verdict
from apps.accounts.models import Person, PersonStatus

LEDGER_YEARS = 6
"""How long names stay in the ledger [POLICY]: what the house may be asked to account for (Art. 5(2))."""


def names_stay_after(at: datetime) -> datetime:
    """Access that ended at this moment or before tells no names any more."""
    year = at.year - LEDGER_YEARS
    try:
        return at.replace(year=year)
    except ValueError:  # 29 February
        return at.replace(year=year, day=28)


def people_to_pseudonymize(at: datetime) -> QuerySet[Person]:
    """Who left, had access, and neither had it, asked for it nor decided on it since. One query."""
    since = names_stay_after(at)
    theirs = Grant.objects.filter(person=OuterRef("pk"))
    recent = theirs.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=since))
    asked = Request.objects.filter(requester=OuterRef("pk")).filter(
        Q(closed_at__isnull=True) | Q(closed_at__gt=since)
    )
    decided = Verdict.objects.filter(person=OuterRef("pk"), created_at__gt=since)
    done = Pseudonymized.objects.filter(person=OuterRef("pk"))
    return Person.objects.filter(
        Exists(theirs),
        ~Exists(recent),
        ~Exists(asked),
        ~Exists(decided),
        ~Exists(done),
        status=PersonStatus.DEPARTED,
    ).order_by("pk")
