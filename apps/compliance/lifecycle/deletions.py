"""How far the deletion of data is that may be kept no longer. No database here."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.declaration import Choice


class JobState(Choice):
    SCHEDULED = "scheduled", _("Scheduled")
    DUE = "due", _("To be deleted")
    HELD = "held", _("Held for a case"), "Art. 17(3)(e) GDPR"
    EXECUTING = "executing", _("Being deleted")
    FAILED = "failed", _("Deletion failed")
    VERIFIED = "verified", _("Deletion shown"), "Art. 5(2) GDPR"


def state_of_job(
    *,
    begun_at: datetime | None,
    failed_at: datetime | None,
    done_at: datetime | None,
    is_held: bool,
) -> JobState:
    """Of a duty to delete. What is held waits, whatever was begun; what failed waits to be begun again."""
    if done_at is not None:
        return JobState.VERIFIED
    if is_held:
        return JobState.HELD
    if failed_at is not None:
        return JobState.FAILED
    return JobState.EXECUTING if begun_at is not None else JobState.DUE


def state_ahead(ends_on: date, *, on: date, is_held: bool) -> JobState:
    """Of data whose retention has a stated end, while nobody was told to delete them."""
    if ends_on > on:
        return JobState.SCHEDULED
    return JobState.HELD if is_held else JobState.DUE
