"""The register of breaches (Art. 33, 34 GDPR): all of them, also those that nobody is told of (33(5))."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.cycle import Cycle, Standing, Step, Taker
from apps.compliance.lifecycle.deadlines import breach_due
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
    found,
    line,
    many,
    moment,
    some,
    text,
)
from apps.policy.reason import Reason, declare


class BreachType(Choice):
    CONFIDENTIALITY = "confidentiality", _("Somebody saw what they must not see"), "Art. 4(12) GDPR"
    INTEGRITY = "integrity", _("Data were changed"), "Art. 4(12) GDPR"
    AVAILABILITY = "availability", _("Data were lost or out of reach"), "Art. 4(12) GDPR"


class BreachSource(Choice):
    INTERNAL = "internal", _("We found it")
    PROCESSOR = "processor", _("A processor told us"), "Art. 33(2) GDPR"
    THIRD_PARTY = "third_party", _("Somebody else told us")


class BreachRisk(Choice):
    UNLIKELY = (
        "unlikely",
        _("A risk to people is unlikely"),
        "Art. 33(1) GDPR",
        _("The authority need not know."),
    )
    RISK = "risk", _("A risk"), "Art. 33(1) GDPR", _("The authority is told within 72 hours.")
    HIGH = "high", _("A high risk"), "Art. 34(1) GDPR", _("The people are told, too.")


class Exemption(Choice):
    UNINTELLIGIBLE = "34(3)(a)", _("Nobody can read the data"), "Art. 34(3)(a) GDPR"
    PREVENTED = "34(3)(b)", _("What was done since takes the high risk away"), "Art. 34(3)(b) GDPR"
    PUBLIC_NOTICE = "34(3)(c)", _("A public communication instead"), "Art. 34(3)(c) GDPR"


class OtherRegime(Choice):
    AI_ACT = (
        "ai_act_73",
        _("AI Act, serious incident"),
        "Art. 73 AI Act",
        _("15 days; 10 after a death; else 2."),
    )
    NIS2 = "nis2", _("NIS 2"), "Directive (EU) 2022/2555"
    DORA = "dora", _("DORA"), "Regulation (EU) 2022/2554"


class BreachStage(Choice):
    SUSPECTED = "suspected", _("Suspected")
    CONFIRMED = "confirmed", _("Confirmed")
    ASSESSED = "assessed", _("Assessed")
    NOTIFIED_INITIAL = "notified_initial", _("Authority told, more to follow")
    NOTIFIED_COMPLETE = "notified_complete", _("Authority told")
    NOT_NOTIFIABLE = "not_notifiable", _("Not to be told")
    SUBJECTS_INFORMED = "subjects_informed", _("People told")
    CLOSED = "closed", _("Closed")


@dataclass(frozen=True, kw_only=True)
class BreachContent(Content):
    types: frozenset[BreachType] = many(
        BreachType, _("What was breached"), article="Art. 4(12) GDPR", needed=True
    )
    occurred_from: datetime | None = moment(_("It began"))
    occurred_to: datetime | None = moment(_("It ended"))
    detected_at: datetime | None = moment(_("It was noticed"), needed=True)
    aware_at: datetime | None = moment(
        _("We knew that it is a breach"),
        _("The 72 hours run from here, over weekends and holidays."),
        article="Art. 33(1) GDPR",
        needed=True,
    )
    source: BreachSource | None = choice(BreachSource, _("How we came to know"), needed=True)
    nature: str = text(_("What happened"), article="Art. 33(3)(a) GDPR", needed=True)
    whose: str = text(_("Whose data, and what kind"), article="Art. 33(3)(a) GDPR", needed=True)
    people: int | None = count(_("About how many people"), article="Art. 33(3)(a) GDPR")
    records: int | None = count(_("About how many records"), article="Art. 33(3)(a) GDPR")
    assets: tuple[UUID, ...] = some("asset", _("Which assets"))
    versions: tuple[UUID, ...] = some(
        "version", _("Which versions of them"), _("Empty means: all."), article="Art. 33(5) GDPR"
    )
    grants: tuple[UUID, ...] = some(
        "grant",
        _("Which access is concerned"),
        _("By person and asset. Who had access stands on the page of the asset."),
        article="Art. 33(5) GDPR",
    )
    keys: tuple[UUID, ...] = some(
        "lease",
        _("Which keys are concerned"),
        _("By person and asset. Which keys worked on which day stands in the access log."),
        article="Art. 33(5) GDPR",
    )
    access: str = text(
        _("What else of access is concerned"),
        _("What no grant and no key of this house stands for."),
        article="Art. 33(5) GDPR",
    )
    contact: str = line(_("Who answers questions"), article="Art. 33(3)(b) GDPR", needed=True)
    consequences: str = text(_("Likely consequences"), article="Art. 33(3)(c) GDPR", needed=True)
    measures: str = text(_("What was done, and will be"), article="Art. 33(3)(d) GDPR", needed=True)
    risk: BreachRisk | None = choice(
        BreachRisk, _("Risk to the people"), article="Art. 33(1), 34(1) GDPR", needed=True
    )
    rationale: str = text(_("Why"), article="Art. 33(5) GDPR", needed=True)
    exemptions: frozenset[Exemption] = many(
        Exemption, _("Why the people need not be told one by one"), article="Art. 34(3) GDPR"
    )
    other_regimes: frozenset[OtherRegime] = many(OtherRegime, _("Who else has to be told"))
    lessons: str = text(_("What was learned"), _("Needed to close it."))


@dataclass(frozen=True, kw_only=True)
class Notified:
    at: datetime | None = moment(_("When they were told"), needed=True)
    reference: str = line(_("Reference"), _("Of the authority, or where the letter is kept."))
    delay_reasons: str = text(_("Why it was late"), _("Needed after 72 hours."), article="Art. 33(1) GDPR")


@dataclass(frozen=True, kw_only=True)
class NotToBeTold:
    why: str = text(_("Why a risk is unlikely"), article="Art. 33(1) GDPR", needed=True)


TIMES_REVERSED = declare(
    "BREACH_TIMES_REVERSED", "It cannot be known before it was noticed.", "Correct one of the two moments."
)
DELAY_UNEXPLAINED = declare(
    "BREACH_DELAY_UNEXPLAINED",
    "The authority was to be told by %(deadline)s.",
    "Say why it was late.",
)
STILL_A_RISK = declare(
    "BREACH_STILL_A_RISK",
    "The assessment finds a risk to people: the authority has to be told.",
    "Tell it, or assess anew and have that approved.",
)
SUBJECTS_UNTOLD = declare(
    "BREACH_SUBJECTS_UNTOLD",
    "The risk is high, no exemption is recorded, and the people were not told.",
    "Tell them, or record which exemption of Art. 34(3) applies.",
)
LESSONS_MISSING = declare(
    "BREACH_LESSONS_MISSING",
    "A breach is closed with what was learned from it.",
    "Write it down in a version of the record, and have that approved.",
)


def authority_deadline(content: BreachContent) -> datetime | None:
    """72 hours by the clock, whatever day it is; `None` where nobody has to be told, or nobody knows yet."""
    if content.aware_at is None or content.risk in (BreachRisk.UNLIKELY, None):
        return None
    return breach_due(content.aware_at)


def due_of(standing: Standing) -> datetime | None:
    """While the authority has not been told."""
    was_told = standing.last("tell-authority-first") or standing.last("tell-authority")
    return authority_deadline(standing.content) if standing.content is not None and not was_told else None


def must_tell_people(content: BreachContent) -> bool:
    return content.risk is BreachRisk.HIGH and not content.exemptions


def _faults(content: BreachContent, around: Around) -> Iterator[Reason]:
    if content.detected_at and content.aware_at and content.aware_at < content.detected_at:
        yield found(TIMES_REVERSED, "aware_at", "", "GDPR Art. 33(1)")


def _in_time(said: Notified, standing: Standing) -> Iterator[Reason]:
    deadline = authority_deadline(standing.content)
    if said.at and deadline and said.at > deadline and not said.delay_reasons.strip():
        told = deadline.isoformat()
        yield found(DELAY_UNEXPLAINED, "delay_reasons", "", "GDPR Art. 33(1)", deadline=told)


def _unlikely(said: NotToBeTold, standing: Standing) -> Iterator[Reason]:
    if standing.content.risk is not BreachRisk.UNLIKELY:
        yield found(STILL_A_RISK, "why", "", "GDPR Art. 33(1)")


def _learned(said: object, standing: Standing) -> Iterator[Reason]:
    if not standing.content.lessons.strip():
        yield found(LESSONS_MISSING, "", "", "GDPR Art. 33(5)")
    if must_tell_people(standing.content) and standing.last("tell-people") is None:
        yield found(SUBJECTS_UNTOLD, "", "", "GDPR Art. 34(1)")


S = BreachStage
CYCLE = Cycle(
    begins=S.SUSPECTED,
    ends=(S.CLOSED,),
    due=due_of,
    due_article="Art. 33(1) GDPR",
    stages=BreachStage,
    steps=(
        Step(
            slug="confirm",
            verb=_("It is a breach"),
            icon="alert",
            before=(S.SUSPECTED,),
            after=S.CONFIRMED,
            taker=Taker.WRITER,
        ),
        Step(
            slug="assess",
            verb=_("The risk is assessed"),
            icon="law",
            before=(S.CONFIRMED,),
            after=S.ASSESSED,
            taker=Taker.WRITER,
            needs_description=True,
        ),
        Step(
            slug="tell-authority-first",
            verb=_("The authority was told, more follows"),
            icon="send",
            before=(S.ASSESSED,),
            after=S.NOTIFIED_INITIAL,
            taker=Taker.DECIDER,
            said=Notified,
            check=_in_time,
            needs_description=True,
        ),
        Step(
            slug="tell-authority",
            verb=_("The authority was told all"),
            icon="send",
            before=(S.ASSESSED, S.NOTIFIED_INITIAL),
            after=S.NOTIFIED_COMPLETE,
            taker=Taker.DECIDER,
            said=Notified,
            check=lambda said, standing: (
                () if standing.last("tell-authority-first") else _in_time(said, standing)
            ),
            needs_description=True,
        ),
        Step(
            slug="not-notifiable",
            verb=_("The authority need not be told"),
            icon="check",
            before=(S.ASSESSED,),
            after=S.NOT_NOTIFIABLE,
            taker=Taker.DECIDER,
            said=NotToBeTold,
            check=_unlikely,
            needs_description=True,
        ),
        Step(
            slug="tell-people",
            verb=_("The people were told"),
            icon="people",
            before=(S.NOTIFIED_INITIAL, S.NOTIFIED_COMPLETE),
            after=S.SUBJECTS_INFORMED,
            taker=Taker.DECIDER,
            said=Notified,
            needs_description=True,
        ),
        Step(
            slug="close",
            verb=_("Close it"),
            icon="archive",
            before=(S.NOTIFIED_COMPLETE, S.NOT_NOTIFIABLE, S.SUBJECTS_INFORMED),
            after=S.CLOSED,
            taker=Taker.DECIDER,
            check=_learned,
            needs_description=True,
        ),
    ),
)

BREACHES = Kind(
    slug="breaches",
    prefix="BR",
    one=_("Breach"),
    many=_("Breaches"),
    new=_("Record a breach"),
    lead=_("Every breach of personal data, also those that nobody outside has to be told of."),
    empty=_("None is recorded. Record one as soon as it is suspected."),
    icon="alert",
    content=BreachContent,
    aspect="risk",
    article="Art. 33, 34 GDPR",
    groups=(
        Group(
            id="what",
            title=_("What happened"),
            names=(
                "name",
                "types",
                "occurred_from",
                "occurred_to",
                "detected_at",
                "aware_at",
                "source",
                "nature",
                "whose",
                "people",
                "records",
                "assets",
                "versions",
                "grants",
                "keys",
                "access",
            ),
        ),
        Group(
            id="means",
            title=_("What it means"),
            names=("contact", "consequences", "measures", "risk", "rationale", "exemptions", "other_regimes"),
        ),
        Group(id="learned", title=_("Afterwards"), names=("lessons",)),
        TIME,
        EVIDENCE,
    ),
    faults=_faults,
    is_high_risk=lambda content: content.risk is BreachRisk.HIGH,
    is_open=False,
    cycle=CYCLE,
)
