"""How far a request is: who says what, at which step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.cycle import BACK, Cycle, Standing, Step, Taker
from apps.compliance.lifecycle.deadlines import answer_due, may_extend
from apps.compliance.lifecycle.declaration import choice, day, flag, found, line, text
from apps.compliance.lifecycle.rights.clock import due_of, free_days, pauses, stopped
from apps.compliance.lifecycle.rights.content import RightsContent
from apps.compliance.lifecycle.rights.words import (
    FROM_A_LAW,
    ExtensionReason,
    RefusalGround,
    RightsOutcome,
    RightsStage,
    RightsType,
)
from apps.policy.reason import Reason, declare

WAITING = frozenset(
    {
        RightsType.ACCESS,
        RightsType.RECTIFICATION,
        RightsType.ERASURE,
        RightsType.RESTRICTION,
        RightsType.NOTIFICATION,
        RightsType.PORTABILITY,
    }
)
"""Art. 15 to 20: what waits where nobody can tell whose data are whose (Art. 11(2))."""


@dataclass(frozen=True, kw_only=True)
class Extension:
    reason: ExtensionReason | None = choice(ExtensionReason, _("Why"), article="Art. 12(3) GDPR", needed=True)
    told_on: date | None = day(_("The person was told on"), article="Art. 12(3) GDPR", needed=True)


@dataclass(frozen=True, kw_only=True)
class RightsDecision:
    outcome: RightsOutcome | None = choice(RightsOutcome, _("Outcome"), needed=True)
    ground: RefusalGround | None = choice(
        RefusalGround,
        _("Why not all of it"),
        article="Art. 12(4) GDPR",
        needed=lambda said: said.outcome in (RightsOutcome.REFUSED, RightsOutcome.PARTIALLY),
    )
    derogation_ref: str = line(
        _("The law that it rests on"),
        _("As it is cited. Without one there is no such derogation."),
        article="Art. 17(3)(d), 21(6), 23, 89(2), 89(3) GDPR",
        needed=lambda said: said.ground in FROM_A_LAW,
    )
    was_told_remedies: bool | None = flag(
        _("Was the person told how to complain?"),
        _("To the authority and to a court."),
        article="Art. 12(4) GDPR",
        needed=lambda said: said.outcome is RightsOutcome.REFUSED,
    )
    why: str = text(_("In words"), needed=True)


@dataclass(frozen=True, kw_only=True)
class Unidentified:
    """That we cannot tell is ours to show; the person is told where that can be done."""

    why: str = text(
        _("Why we cannot tell whose data are whose"),
        _("It is for us to show."),
        article="Art. 11(2), 12(2) GDPR",
        needed=True,
    )
    told_on: date | None = day(
        _("The person was told on"), _("Empty only where nobody can be reached."), article="Art. 11(2) GDPR"
    )
    why_untold: str = line(
        _("Why nobody can be reached"),
        article="Art. 11(2) GDPR",
        needed=lambda said: said.told_on is None,
    )


@dataclass(frozen=True, kw_only=True)
class Identified:
    what: str = text(
        _("What they gave that tells"),
        _("What kind of thing, and where it is kept; not the thing itself."),
        article="Art. 11(2) GDPR",
        needed=True,
    )


EXTENSION_LATE = declare(
    "RIGHTS_EXTENSION_LATE",
    "The person has to be told of an extension by %(last_day)s, within the first month.",
    "An extension that was told later does not count: decide now.",
)
REMEDIES_UNTOLD = declare(
    "RIGHTS_REMEDIES_UNTOLD",
    "Whoever is refused is told how to complain and go to court.",
    "Tell them, and record it.",
)
ALWAYS_POSSIBLE = declare(
    "RIGHTS_ALWAYS_POSSIBLE",
    "A request of the kind «%(type)s» does not wait for something that tells whose data they are.",
    "Decide it: only Articles 15 to 20 wait. Where nobody can be identified, refuse on that ground.",
)
TOLD_AHEAD = declare(
    "RIGHTS_TOLD_AHEAD",
    "%(told_on)s has not come yet.",
    "Tell the person, and record the day on which that was.",
)
TOLD_BEFORE = declare(
    "RIGHTS_TOLD_BEFORE",
    "%(told_on)s lies before the request, which was received on %(received_on)s.",
    "Record the day on which the person was told, or mend the day of receipt in a version.",
)


def _told_when(told_on: date | None, standing: Standing, article: str) -> Iterator[Reason]:
    """The person was told after the request had come, and not tomorrow."""
    if told_on is None:
        return
    content: RightsContent | None = standing.content
    received = content.received_at.date() if content and content.received_at else told_on
    day = told_on.isoformat()
    if told_on > standing.at.date():
        yield found(TOLD_AHEAD, "said.told_on", "", article, told_on=day)
    if told_on < received:
        received_on = received.isoformat()
        yield found(TOLD_BEFORE, "said.told_on", "", article, told_on=day, received_on=received_on)


def _in_first_month(said: Extension, standing: Standing) -> Iterator[Reason]:
    yield from _told_when(said.told_on, standing, "GDPR Art. 12(3)")
    content: RightsContent = standing.content
    if content.received_at is None or said.told_on is None:
        return
    received, free, stood = content.received_at.date(), free_days(content), pauses(standing.log)
    if not may_extend(received, said.told_on, free=free, pauses=stood):
        last = answer_due(received, free=free, pauses=stood)
        yield found(EXTENSION_LATE, "said.told_on", "", "GDPR Art. 12(3)", last_day=str(last))


def _told(said: RightsDecision, standing: Standing) -> Iterator[Reason]:
    if said.outcome is RightsOutcome.REFUSED and said.was_told_remedies is False:
        yield found(REMEDIES_UNTOLD, "was_told_remedies", "", "GDPR Art. 12(4)")


def _cannot_tell(said: Unidentified, standing: Standing) -> Iterator[Reason]:
    """Art. 11(2) names Articles 15 to 20, and no others."""
    content: RightsContent | None = standing.content
    if content is not None and content.type is not None and content.type not in WAITING:
        yield found(ALWAYS_POSSIBLE, "", "", "GDPR Art. 11(2)", type=content.type.value)
    yield from _told_when(said.told_on, standing, "GDPR Art. 11(2)")


S = RightsStage
WHILE_OPEN = (S.RECEIVED, S.IDENTITY_CHECK, S.IN_PROGRESS, S.EXTENDED)
CYCLE = Cycle(
    begins=S.RECEIVED,
    ends=(S.REJECTED,),
    due=due_of,
    due_article="Art. 12(3) GDPR",
    stopped=stopped,
    stages=RightsStage,
    steps=(
        Step(
            slug="ask-who",
            verb=_("Ask who they are"),
            icon="person",
            before=(S.RECEIVED,),
            after=S.IDENTITY_CHECK,
            taker=Taker.WRITER,
        ),
        Step(
            slug="cannot-tell",
            verb=_("We cannot tell whose data are theirs"),
            icon="pause",
            before=WHILE_OPEN,
            after=S.UNIDENTIFIED,
            taker=Taker.DECIDER,
            said=Unidentified,
            check=_cannot_tell,
            needs_description=True,
            lead=_(
                "The clock stands from today, until the person gives something that tells; a day that was "
                "missed stays missed."
            ),
        ),
        Step(
            slug="can-tell",
            verb=_("Now we can tell"),
            icon="check",
            before=(S.UNIDENTIFIED,),
            after=BACK,
            afters=WHILE_OPEN,
            taker=Taker.WRITER,
            said=Identified,
            lead=_("It goes on where it stood, and so does the clock."),
        ),
        Step(
            slug="begin",
            verb=_("Begin the work"),
            icon="edit",
            before=(S.RECEIVED, S.IDENTITY_CHECK),
            after=S.IN_PROGRESS,
            taker=Taker.WRITER,
            needs_description=True,
        ),
        Step(
            slug="not-identified",
            verb=_("They could not be identified"),
            icon="cross",
            before=(S.IDENTITY_CHECK, S.UNIDENTIFIED),
            after=S.REJECTED,
            taker=Taker.DECIDER,
        ),
        Step(
            slug="extend",
            verb=_("Extend by two months"),
            icon="deadline",
            before=(S.IN_PROGRESS,),
            after=S.EXTENDED,
            taker=Taker.DECIDER,
            said=Extension,
            check=_in_first_month,
            needs_description=True,
        ),
        Step(
            slug="decide",
            verb=_("Decide"),
            icon="law",
            before=(S.IN_PROGRESS, S.EXTENDED),
            after=S.DECIDED,
            taker=Taker.DECIDER,
            said=RightsDecision,
            check=_told,
            needs_description=True,
        ),
        Step(
            slug="close",
            verb=_("Close it"),
            icon="archive",
            before=(S.DECIDED,),
            after=S.CLOSED,
            taker=Taker.WRITER,
        ),
        Step(
            slug="reopen",
            verb=_("Open it again"),
            icon="history",
            before=(S.CLOSED,),
            after=S.IN_PROGRESS,
            taker=Taker.WRITER,
        ),
    ),
)
