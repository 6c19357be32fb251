"""Requests of data subjects (Art. 12, 15 to 22 GDPR): what was asked, what was done, who was told."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.deadlines import CalendarUnknown, holidays_of
from apps.compliance.lifecycle.declaration import EVIDENCE, TIME, Around, Group, Kind, found
from apps.compliance.lifecycle.rights.clock import answer_in, due_of, free_days, pauses, stopped
from apps.compliance.lifecycle.rights.content import RightsContent
from apps.compliance.lifecycle.rights.steps import (
    CYCLE,
    Extension,
    Identified,
    RightsDecision,
    Unidentified,
)
from apps.compliance.lifecycle.rights.words import (
    FROM_A_LAW,
    Channel,
    ExtensionReason,
    RefusalGround,
    RightsOutcome,
    RightsStage,
    RightsType,
)
from apps.policy.reason import Reason, declare

__all__ = [
    "CYCLE",
    "FROM_A_LAW",
    "RIGHTS",
    "Channel",
    "Extension",
    "ExtensionReason",
    "Identified",
    "RefusalGround",
    "RightsContent",
    "RightsDecision",
    "RightsOutcome",
    "RightsStage",
    "RightsType",
    "Unidentified",
    "answer_in",
    "due_of",
    "free_days",
    "pauses",
    "stopped",
]

CALENDAR_UNKNOWN = declare(
    "RIGHTS_CALENDAR_UNKNOWN",
    "No public holidays are published for «%(given)s».",
    "Use the code of a country, with its part where holidays differ: DE-BY.",
)


def _faults(content: RightsContent, around: Around) -> Iterator[Reason]:
    try:
        holidays_of(content.calendar.strip() or "DE", around.today.year)
    except CalendarUnknown:
        given = content.calendar
        yield found(CALENDAR_UNKNOWN, "calendar", "", "Reg. 1182/71", given=given)


RIGHTS = Kind(
    slug="rights-requests",
    prefix="RR",
    one=_("Rights request"),
    many=_("Rights requests"),
    new=_("Record a request"),
    lead=_("What people asked about their data, and what became of it. An answer is due within a month."),
    empty=_("None is recorded. The month begins on the day a request arrives, wherever it arrives."),
    icon="person",
    content=RightsContent,
    aspect="type",
    article="Art. 12, 15-22 GDPR",
    groups=(
        Group(
            id="asked",
            title=_("What was asked"),
            names=(
                "name",
                "type",
                "received_at",
                "channel",
                "calendar",
                "person_ref",
                "is_identified",
                "is_unidentifiable",
                "was_told_unidentifiable",
                "is_unfounded",
            ),
        ),
        Group(
            id="done", title=_("What was done"), names=("assets", "list_number", "actions", "recipients_told")
        ),
        TIME,
        EVIDENCE,
    ),
    faults=_faults,
    is_open=False,
    cycle=CYCLE,
)
