"""Retention schedules: how long data are kept, from when, and what happens then. Art. 5(1)(e), 30(1)(f)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.deadlines import months_after
from apps.compliance.lifecycle.declaration import (
    EVIDENCE,
    TIME,
    Around,
    Choice,
    Content,
    Group,
    Kind,
    choice,
    day,
    found,
    line,
    many,
    some,
    text,
)
from apps.compliance.lifecycle.purpose import Art89Safeguard
from apps.policy.reason import Reason, declare

LAW = "Art. 5(1)(e) GDPR"
PERIOD = re.compile(r"P(?:(?P<years>\d{1,3})Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<days>\d{1,5})D)?")


class Trigger(Choice):
    COLLECTION = "collection", _("Collection")
    LAST_ACTIVITY = "last_activity", _("Last activity")
    CONTRACT_END = "contract_end", _("End of the contract")
    STUDY_END = "study_end", _("End of the study")
    PUBLICATION = "publication", _("Publication")
    FIXED_DATE = "fixed_date", _("A fixed day")


class RetentionAction(Choice):
    ERASE = "erase", _("Erase"), "Art. 17 GDPR"
    ANONYMISE = "anonymise", _("Anonymise"), "Rec. 26 GDPR"
    ARCHIVE = "archive_89", _("Archive in the public interest"), "Art. 89(1) GDPR"


@dataclass(frozen=True, kw_only=True)
class RetentionContent(Content):
    """`duration` and `max_cap` are periods of ISO 8601: P6Y, P18M, P90D."""

    data: str = text(
        _("Which data"), _("Categories or columns it speaks of."), article="Art. 30(1)(f) GDPR", needed=True
    )
    assets: tuple[UUID, ...] = some("asset", _("In which assets"), article="Art. 30(1)(f) GDPR")
    trigger: Trigger | None = choice(Trigger, _("The period begins with"), article=LAW, needed=True)
    trigger_on: date | None = day(
        _("Which was on"),
        _("Empty while it has not happened."),
        needed=lambda content: content.trigger is Trigger.FIXED_DATE,
    )
    duration: str = line(
        _("Period"), _("As P6Y, P18M or P90D: years, months, days."), article=LAW, rule="V-17"
    )
    criterion: str = text(
        _("Or the criterion that ends it"),
        _("Where no period can be named; it has to resolve to a day."),
        article="Art. 13(2)(a) GDPR",
        rule="V-17",
    )
    max_cap: str = line(
        _("At most"),
        _("A period no criterion goes beyond, as P10Y. Needed while the day it begins is unknown."),
        article=LAW,
        rule="V-17",
        needed=lambda content: bool(content.criterion.strip()) or content.trigger_on is None,
    )
    statutory_minimum: str = line(_("Law that demands to keep them"), _("And for how long."))
    action: RetentionAction | None = choice(RetentionAction, _("What happens then"), article=LAW, needed=True)
    hold_ref: str = line(
        _("Legal hold"), _("The case for which deletion is suspended."), article="Art. 17(3)(e) GDPR"
    )
    hold_until_review: date | None = day(
        _("Hold to be reviewed on"), needed=lambda content: bool(content.hold_ref)
    )
    research_safeguards: frozenset[Art89Safeguard] = many(
        Art89Safeguard,
        _("Safeguards where they are kept longer for research"),
        article="Art. 89(1) GDPR",
        needed=lambda content: content.action is RetentionAction.ARCHIVE,
    )


UNBOUNDED = declare(
    "RETENTION_UNBOUNDED",
    "Nothing ends the retention.",
    "Name a period, or a criterion with a longest period. «Indefinitely» is none.",
)
PERIOD_MALFORMED = declare(
    "RETENTION_PERIOD_MALFORMED",
    "«%(given)s» is no period.",
    "Write years, months and days as P6Y, P18M or P90D.",
)


def later(begins: date, period: str) -> date | None:
    """The first day after a period of ISO 8601; `None` for what is none, or is too long for a calendar."""
    match = PERIOD.fullmatch(period.strip())
    if match is None or not any(match.groups()):
        return None
    years, months, days = (int(match[name] or 0) for name in ("years", "months", "days"))
    try:
        day_of_month = months_after(begins, 12 * years + months)
        return date.fromordinal(day_of_month.toordinal() + days)
    except (ValueError, OverflowError):
        return None


def ends_on(content: RetentionContent) -> date | None:
    """The first day on which the data may no longer be kept; `None` while the day it begins is unknown."""
    begins = content.trigger_on
    if begins is None:
        return None
    ends = [later(begins, each) for each in (content.duration, content.max_cap) if each.strip()]
    return min((each for each in ends if each), default=None)


def ends_after(content: RetentionContent, begins: date) -> date | None:
    """The first day on which what came to be on a day may no longer be kept; by the day that the schedule
    names, where it does. `None` where it is held or archived, or nothing ends it."""
    if content.hold_ref.strip() or content.action is RetentionAction.ARCHIVE:
        return None
    return ends_on(content if content.trigger_on else replace(content, trigger_on=begins))


def _gaps(content: RetentionContent, around: Around) -> Iterator[Reason]:
    if not content.duration.strip() and not (content.criterion.strip() and content.max_cap.strip()):
        yield found(UNBOUNDED, "duration", "V-17", "GDPR Art. 5(1)(e)")


def _faults(content: RetentionContent, around: Around) -> Iterator[Reason]:
    for name in ("duration", "max_cap"):
        given = getattr(content, name).strip()
        if given and later(around.today, given) is None:
            yield found(PERIOD_MALFORMED, name, "V-17", "GDPR Art. 5(1)(e)", given=given)


RETENTIONS = Kind(
    slug="retention-schedules",
    prefix="RS",
    one=_("Retention schedule"),
    many=_("Retention schedules"),
    new=_("New retention schedule"),
    lead=_("How long data are kept, from when the time runs, and what happens at its end."),
    empty=_("Record how long each kind of data is kept. Every schedule has an end."),
    icon="clock",
    content=RetentionContent,
    aspect="action",
    article="Art. 5(1)(e), 30(1)(f) GDPR",
    groups=(
        Group(id="what", title=_("Which data"), names=("name", "data", "assets")),
        Group(
            id="period",
            title=_("How long"),
            names=("trigger", "trigger_on", "duration", "criterion", "max_cap", "statutory_minimum"),
        ),
        Group(id="end", title=_("At the end"), names=("action", "research_safeguards")),
        Group(
            id="hold",
            title=_("Legal hold"),
            lead=_("Suspends deletion; it never extends ordinary use."),
            names=("hold_ref", "hold_until_review"),
            is_seldom=True,
        ),
        TIME,
        EVIDENCE,
    ),
    faults=_faults,
    gaps=_gaps,
)
