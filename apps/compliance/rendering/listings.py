"""Lists that leave the house: rights requests with their times, and the statement of applicability."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils.translation import get_language, gettext

from apps.compliance.lifecycle.controls import Control, ControlContent, cited, reference_of
from apps.compliance.lifecycle.cycle import Standing, Taken
from apps.compliance.lifecycle.deadlines import answer_due
from apps.compliance.lifecycle.rights import RightsContent, answer_in, due_of, free_days, pauses
from apps.compliance.rendering.words import day_or_moment
from apps.kernel.pdf import Document, Text, pdf_of, table

RIGHTS_COLUMNS = (
    "ref",
    "type",
    "received",
    "channel",
    "calendar",
    "person_ref",
    "identity",
    "stage",
    "first_due",
    "extended",
    "due",
    "decided",
    "outcome",
    "refusal_ground",
    "days_to_answer",
    "in_time",
    "clock_stood_days",
    "recipients_told",
)
CONTROL_COLUMNS = (
    "control",
    "title",
    "applicable",
    "justification",
    "status",
    "evidence",
    "owner",
    "last_tested",
    "record",
)
UNSTATED = "not stated"


def rights_row(
    ref: str, stage: str, content: RightsContent, log: tuple[Taken, ...], *, at: datetime
) -> tuple[str, ...]:
    """One request. Days are in UTC; what counts is the day it was received."""
    received = content.received_at
    free, stood = free_days(content), pauses(log)
    decided = answer_in(log)
    extended = any(each.step == "extend" for each in log)
    day = received.astimezone(UTC).date() if received else None
    first = answer_due(day, free=free, pauses=stood) if day else None
    last = answer_due(day, free=free, is_extended=extended, pauses=stood) if day else None
    open_until = due_of(Standing(content=content, log=log, at=at)) if decided is None else last
    answered = decided.at.astimezone(UTC).date() if decided else None
    is_late = _is_late(answered, last, at)
    return (
        ref,
        _word(content.type),
        received.astimezone(UTC).isoformat() if received else "",
        _word(content.channel),
        content.calendar,
        content.person_ref,
        {True: "known", False: "to be shown", None: ""}[content.is_identified],
        stage,
        _day(first),
        "yes" if extended else "no",
        _day(open_until),
        _day(answered),
        _word(decided.said.outcome) if decided else "",
        _word(decided.said.ground) if decided else "",
        str((answered - day).days) if answered and day else "",
        {True: "no", False: "yes", None: ""}[is_late],
        str(sum((_days(each.from_day, each.to_day, at)).days for each in stood)),
        content.recipients_told,
    )


def _is_late(answered: date | None, last: date | None, at: datetime) -> bool | None:
    if last is None:
        return None
    return (answered or at.date()) > last


def _days(first: date, last: date | None, at: datetime) -> timedelta:
    return (last or at.date()) - first


def control_rows(stated: Sequence[tuple[str, ControlContent]]) -> list[tuple[str, ...]]:
    """Every control of the list, also those about which nothing was said; then others that were added."""
    by_control: dict[Control, list[tuple[str, ControlContent]]] = {}
    for ref, content in stated:
        by_control.setdefault(content.control or Control.OTHER, []).append((ref, content))
    rows = []
    for control in Control:
        found = by_control.get(control, [])
        rows += [_control(ref, content) for ref, content in found]
        if not found and control is not Control.OTHER:
            rows.append((cited(control), str(control.label), UNSTATED, "", "", "", "", "", ""))
    return rows


def _control(ref: str, content: ControlContent) -> tuple[str, ...]:
    is_listed = content.control not in {None, Control.OTHER}
    title = str(content.control.label) if content.control and is_listed else content.name
    return (
        reference_of(content),
        title,
        {True: "yes", False: "no", None: UNSTATED}[content.is_applicable],
        content.justification,
        str(content.status.label) if content.status else "",
        "\n".join(f"{each.what}: {each.where}" for each in content.evidence),
        content.owner,
        _day(content.last_tested_on),
        ref,
    )


def applicability_pdf(rows: Sequence[tuple[str, ...]], organization: str, *, at: datetime) -> bytes:
    stated = sum(row[2] != UNSTATED for row in rows)
    document = Document(
        title=gettext("Statement of applicability"),
        subtitle=f"{organization}, {day_or_moment(at)}",
        blocks=[
            Text(
                text=gettext(
                    "%(stated)s of %(all)s controls are stated. Titles are those of the organization."
                )
                % {"stated": stated, "all": len(rows)}
            ),
            table(
                (
                    gettext("Control"),
                    gettext("Title"),
                    gettext("Applies"),
                    gettext("Why"),
                    gettext("Status"),
                    gettext("Evidence"),
                    gettext("Owner"),
                    gettext("Last tested"),
                    gettext("Record"),
                ),
                rows,
                widths=(2.2, 2.5, 1, 3, 1.3, 3, 1.6, 1.3, 1.1),
            ),
        ],
        language=get_language() or "en",
        is_landscape=True,
    )
    return pdf_of(document, at=at)


def _word(word: Any) -> str:
    return word.value if word else ""


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
