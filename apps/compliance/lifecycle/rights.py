"""Requests of data subjects (Art. 12, 15 to 22 GDPR): what was asked, what was done, who was told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.cycle import Cycle, Standing, Step, Taken, Taker
from apps.compliance.lifecycle.deadlines import (
    CalendarUnknown,
    Pause,
    answer_due,
    holidays_of,
    may_extend,
)
from apps.compliance.lifecycle.declaration import (
    EVIDENCE,
    TIME,
    Around,
    Choice,
    Content,
    Group,
    Kind,
    choice,
    count,
    day,
    flag,
    found,
    line,
    moment,
    some,
    text,
)
from apps.policy.reason import Reason, declare


class RightsType(Choice):
    ACCESS = "access", _("Access"), "Art. 15 GDPR"
    RECTIFICATION = "rectification", _("Rectification"), "Art. 16 GDPR"
    ERASURE = "erasure", _("Erasure"), "Art. 17 GDPR"
    RESTRICTION = "restriction", _("Restriction"), "Art. 18 GDPR"
    NOTIFICATION = "notification_to_recipients", _("Telling recipients"), "Art. 19 GDPR"
    PORTABILITY = "portability", _("Portability"), "Art. 20 GDPR"
    OBJECTION = "objection", _("Objection"), "Art. 21(1) GDPR"
    OBJECTION_MARKETING = "objection_direct_marketing", _("Objection to direct marketing"), "Art. 21(2) GDPR"
    OBJECTION_RESEARCH = "objection_research", _("Objection to research"), "Art. 21(6) GDPR"
    DECISION_REVIEW = "adm_review", _("Review of an automated decision"), "Art. 22(3) GDPR"
    WITHDRAWAL = "consent_withdrawal", _("Withdrawal of consent"), "Art. 7(3) GDPR"


class Channel(Choice):
    MAIL = "mail", _("Mail")
    LETTER = "letter", _("Letter")
    FORM = "form", _("Form")
    IN_PERSON = "in_person", _("In person")


class RefusalGround(Choice):
    EXPRESSION = "17(3)(a)", _("Freedom of expression"), "Art. 17(3)(a) GDPR"
    LEGAL_OBLIGATION = "17(3)(b)", _("Legal obligation or public task"), "Art. 17(3)(b) GDPR"
    PUBLIC_HEALTH = "17(3)(c)", _("Public health"), "Art. 17(3)(c) GDPR"
    RESEARCH = "17(3)(d)", _("Archiving, research, statistics"), "Art. 17(3)(d), 89 GDPR"
    LEGAL_CLAIMS = "17(3)(e)", _("Legal claims"), "Art. 17(3)(e) GDPR"
    RIGHTS_OF_OTHERS = "15(4)", _("Rights of others"), "Art. 15(4), 20(4) GDPR"
    EXCESSIVE = "12(5)", _("Manifestly unfounded or excessive"), "Art. 12(5) GDPR"
    NOT_IDENTIFIABLE = "11(2)", _("We cannot tell who it is"), "Art. 11(2) GDPR"
    LAW = "23", _("Restricted by law"), "Art. 23 GDPR"
    RESEARCH_TASK = "21(6)", _("Research for a task in the public interest"), "Art. 21(6) GDPR"
    RESEARCH_RIGHTS = "89(2)", _("Research, where a law derogates from the right"), "Art. 89(2) GDPR"
    ARCHIVING_RIGHTS = "89(3)", _("Archiving, where a law derogates from the right"), "Art. 89(3) GDPR"


FROM_A_LAW = frozenset(
    {
        RefusalGround.RESEARCH,
        RefusalGround.LAW,
        RefusalGround.RESEARCH_TASK,
        RefusalGround.RESEARCH_RIGHTS,
        RefusalGround.ARCHIVING_RIGHTS,
    }
)
"""Grounds that hold only where a law, or the text itself, applies: it is cited."""


class RightsOutcome(Choice):
    FULFILLED = "fulfilled", _("Fulfilled")
    PARTIALLY = "partially", _("Fulfilled in part")
    REFUSED = "refused", _("Refused"), "Art. 12(4) GDPR"
    NO_DATA = "no_data", _("We hold no data")


class ExtensionReason(Choice):
    COMPLEXITY = "complexity", _("It is complex"), "Art. 12(3) GDPR"
    NUMBER = "number", _("There are many requests"), "Art. 12(3) GDPR"


class RightsStage(Choice):
    RECEIVED = "received", _("Received")
    IDENTITY_CHECK = "identity_check", _("Identity is checked")
    IN_PROGRESS = "in_progress", _("Being worked on")
    EXTENDED = "extended", _("Extended")
    DECIDED = "decided", _("Decided")
    CLOSED = "closed", _("Closed")
    REJECTED = "rejected_unidentified", _("Closed: not identified")


@dataclass(frozen=True, kw_only=True)
class RightsContent(Content):
    type: RightsType | None = choice(
        RightsType, _("What is asked for"), article="Art. 15-22 GDPR", needed=True
    )
    received_at: datetime | None = moment(
        _("Received"), _("The month runs from here."), article="Art. 12(3) GDPR", needed=True
    )
    channel: Channel | None = choice(Channel, _("How it came in"))
    calendar: str = line(
        _("Public holidays of"),
        _("The place whose holidays count, as DE, DE-BY or FR."),
        article="Reg. 1182/71",
        needed=True,
    )
    person_ref: str = line(
        _("Who asks"),
        _("A number under which the file is kept; no name here."),
        article="Art. 5(1)(c) GDPR",
        needed=True,
    )
    is_identified: bool | None = flag(
        _("Do we know that it is them?"),
        _("Ask only where there is reason to doubt."),
        article="Art. 12(6) GDPR",
    )
    is_unidentifiable: bool | None = flag(
        _("Can we not tell whose data are whose?"),
        _("Then Articles 15 to 20 wait until the person gives something that tells. They are told so."),
        article="Art. 11(2) GDPR",
    )
    was_told_unidentifiable: bool | None = flag(
        _("Was the person told?"),
        article="Art. 11(2) GDPR",
        needed=lambda content: content.is_unidentifiable is True,
    )
    is_unfounded: bool | None = flag(
        _("Is it manifestly unfounded or excessive?"),
        _("That is for us to prove."),
        article="Art. 12(5) GDPR",
    )
    assets: tuple[UUID, ...] = some("asset", _("Where their data are"), _("Also in what was made from them."))
    list_number: int | None = count(
        _("Number of the list that leaves their rows out"),
        _("Of objections, restrictions, withdrawals and erasures. Versions made with an older list wait."),
        article="Art. 7(3), 17, 18, 21 GDPR",
        rule="A30",
    )
    actions: str = text(_("What was done, asset by asset"))
    recipients_told: str = text(_("Which recipients were told"), article="Art. 19 GDPR")


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


EXTENSION_LATE = declare(
    "RIGHTS_EXTENSION_LATE",
    "The person has to be told of an extension by %(last_day)s, within the first month.",
    "An extension that was told later does not count: decide now.",
)
CALENDAR_UNKNOWN = declare(
    "RIGHTS_CALENDAR_UNKNOWN",
    "No public holidays are published for «%(given)s».",
    "Use the code of a country, with its part where holidays differ: DE-BY.",
)
REMEDIES_UNTOLD = declare(
    "RIGHTS_REMEDIES_UNTOLD",
    "Whoever is refused is told how to complain and go to court.",
    "Tell them, and record it.",
)


def free_days(content: RightsContent) -> frozenset[date]:
    """Public holidays around the answer; none where the place has none published."""
    if content.received_at is None or not content.calendar.strip():
        return frozenset()
    year = content.received_at.year
    try:
        return holidays_of(content.calendar.strip(), year, year + 1)
    except CalendarUnknown:
        return frozenset()


def pauses(log: tuple[Taken, ...]) -> tuple[Pause, ...]:
    """While they were asked who they are, the clock stood (EDPB 01/2022)."""
    found: list[Pause] = []
    for taken in log:
        if taken.step == "ask-who":
            found.append(Pause(from_day=taken.at.date(), to_day=None))
        elif found and found[-1].to_day is None:
            found[-1] = Pause(from_day=found[-1].from_day, to_day=taken.at.date())
    return tuple(found)


def due_of(standing: Standing) -> date | None:
    """The last day to answer, while nobody has; `None` while the clock stands, or nothing counts."""
    content: RightsContent | None = standing.content
    if content is None or content.received_at is None or standing.last("decide") is not None:
        return None
    return answer_due(
        content.received_at.date(),
        free=free_days(content),
        is_extended=standing.last("extend") is not None,
        pauses=pauses(standing.log),
    )


def _in_first_month(said: Extension, standing: Standing) -> Iterator[Reason]:
    content: RightsContent = standing.content
    if content.received_at is None or said.told_on is None:
        return
    received, free, stood = content.received_at.date(), free_days(content), pauses(standing.log)
    if not may_extend(received, said.told_on, free=free, pauses=stood):
        last = answer_due(received, free=free, pauses=stood)
        yield found(EXTENSION_LATE, "told_on", "", "GDPR Art. 12(3)", last_day=str(last))


def _faults(content: RightsContent, around: Around) -> Iterator[Reason]:
    try:
        holidays_of(content.calendar.strip() or "DE", around.today.year)
    except CalendarUnknown:
        given = content.calendar
        yield found(CALENDAR_UNKNOWN, "calendar", "", "Reg. 1182/71", given=given)


def _told(said: RightsDecision, standing: Standing) -> Iterator[Reason]:
    if said.outcome is RightsOutcome.REFUSED and said.was_told_remedies is False:
        yield found(REMEDIES_UNTOLD, "was_told_remedies", "", "GDPR Art. 12(4)")


S = RightsStage
CYCLE = Cycle(
    begins=S.RECEIVED,
    ends=(S.REJECTED,),
    due=due_of,
    due_article="Art. 12(3) GDPR",
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
            before=(S.IDENTITY_CHECK,),
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
