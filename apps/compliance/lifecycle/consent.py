"""The basis of consent: what people were asked, by whom, and how they take it back. Art. 4(11), 7, 8 GDPR.

The consents of single people stay in their own register; here is what they all have in common.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.cycle import Cycle, Standing, Step, Taken, Taker
from apps.compliance.lifecycle.declaration import (
    EVIDENCE,
    TIME,
    Around,
    Choice,
    Content,
    Group,
    Kind,
    choice,
    concept,
    count,
    day,
    flag,
    found,
    line,
    many,
    moment,
    rows,
    some,
    text,
)
from apps.compliance.lifecycle.use_agreements.content import Permission
from apps.policy.reason import Reason, declare

LAW = "Art. 7 GDPR"


class Feed(Choice):
    API = "api", _("The portal asks for them")
    FILE = "file", _("A file arrives")
    MANUAL = "manual", _("Somebody types them in")


class ChildConsent(Choice):
    NOT_APPLICABLE = "not_applicable", _("No children are asked"), "Art. 8 GDPR"
    PARENTAL = "parental_verified", _("Parents consent, and that is checked"), "Art. 8(2) GDPR"


class Imbalance(Choice):
    EMPLOYER = "employer", _("We employ them"), "Rec. 43 GDPR"
    AUTHORITY = "public_authority", _("We are an authority"), "Rec. 43 GDPR"


@dataclass(frozen=True, kw_only=True)
class ConsentPurpose:
    """People agree to each by itself."""

    concept: str = line(_("Kind of purpose (its code)"), needed=True)
    words: str = line(_("In the words people read"), needed=True)


@dataclass(frozen=True, kw_only=True)
class ConsentContent(Content):
    text_version: str = line(_("Version of the text"), article="Art. 7(1) GDPR", needed=True)
    text_sha256: str = line(
        _("Hash of the text"), _("SHA-256 of exactly what people read."), article="Art. 7(1) GDPR"
    )
    language: str = line(_("Language"), _("Of the text, as de or pt-BR."), article="Art. 7(2) GDPR")
    collected_via: str = line(_("How it was collected"), _("On paper, in an app, by telephone."), article=LAW)
    purposes: tuple[ConsentPurpose, ...] = rows(
        ConsentPurpose,
        _("What people agreed to"),
        _("Each purpose by itself: who says yes to one need not say yes to another."),
        article="Art. 4(11), 6(1)(a) GDPR",
        rule="V-10",
        needed=True,
    )
    is_explicit: bool | None = flag(
        _("Is the consent explicit?"),
        _("An express statement. Needed for special categories, and for Art. 22 and 49."),
        article="Art. 9(2)(a) GDPR",
        rule="V-10",
        needed=True,
    )
    collected_from: date | None = day(_("Collected from"), article="Art. 7(1) GDPR")
    collected_to: date | None = day(_("Collected until"), article="Art. 7(1) GDPR")
    register_system: str = line(
        _("Where the consents are kept"),
        _("The system that knows who said yes."),
        article="Art. 7(1) GDPR",
        needed=True,
    )
    join_column: str = line(_("Column that leads there"), _("By which a row finds its consent."))
    withdrawal_channel: str = line(
        _("How it is withdrawn"),
        _("As easily as it was given."),
        article="Art. 7(3) GDPR",
        needed=True,
    )
    assets: tuple[UUID, ...] = some(
        "asset",
        _("Data collected under it"),
        _("Access to them looks at what people agreed to, and at who took it back."),
        article="Art. 7(1) GDPR",
        rule="A29",
    )
    withdrawals_feed: Feed | None = choice(
        Feed, _("How withdrawals reach us"), article="Art. 7(3) GDPR", needed=True
    )
    last_synced_at: datetime | None = moment(
        _("Withdrawals last read"), _("Older than a day, and no access is granted."), article="Art. 7(3) GDPR"
    )
    exclusion_list_version: int | None = count(_("Number of the list of withdrawals"))
    child_consent: ChildConsent | None = choice(
        ChildConsent, _("Children"), article="Art. 8 GDPR", rule="V-13", needed=True
    )
    age_limit: int | None = count(
        _("Age from which they consent themselves"),
        _("16, or down to 13 by national law."),
        article="Art. 8(1) GDPR",
        needed=lambda content: content.child_consent is ChildConsent.PARENTAL,
    )
    research_area: str = concept(
        _("Area of research that it names"), _("Of a broad consent."), article="Rec. 33 GDPR"
    )
    permissions: frozenset[Permission] = many(
        Permission, _("What they may be used for, in codes of DUO"), _("Where people agreed to such terms.")
    )
    imbalances: frozenset[Imbalance] = many(
        Imbalance, _("Do people depend on us?"), _("Then their yes is hardly free."), article="Rec. 43 GDPR"
    )
    why_free: str = text(
        _("Why it is free nevertheless"),
        article="Art. 7(4) GDPR",
        needed=lambda content: bool(content.imbalances),
    )


class ConsentStage(Choice):
    KEPT = "kept", _("In use")
    CLOSED = "closed", _("Closed")


@dataclass(frozen=True, kw_only=True)
class WithdrawalsRead:
    list_number: int | None = count(
        _("Number of the list of withdrawals"), _("0 where nobody has withdrawn."), needed=True
    )


OLDER_LIST = declare(
    "CONSENT_OLDER_LIST",
    "The list before was number %(before)s, and lists only grow.",
    "Read the newest list, and give its number.",
)


def _is_newest(said: WithdrawalsRead, standing: Standing) -> Iterator[Reason]:
    before: Taken | None = standing.last("read-withdrawals")
    known = before.said.list_number if before else standing.content.exclusion_list_version
    if known and said.list_number is not None and said.list_number < known:
        yield found(OLDER_LIST, "said.list_number", "A29", "GDPR Art. 7(3)", before=known)


CYCLE = Cycle(
    begins=ConsentStage.KEPT,
    ends=(ConsentStage.CLOSED,),
    stages=ConsentStage,
    steps=(
        Step(
            slug="read-withdrawals",
            verb=_("Withdrawals were read"),
            icon="history",
            before=(ConsentStage.KEPT,),
            after=ConsentStage.KEPT,
            taker=Taker.WRITER,
            said=WithdrawalsRead,
            check=_is_newest,
            needs_description=True,
            lead=_("A day after the list was read, access to the data waits until it is read again."),
        ),
        Step(
            slug="close",
            verb=_("Close: nothing rests on it any more"),
            icon="archive",
            before=(ConsentStage.KEPT,),
            after=ConsentStage.CLOSED,
            taker=Taker.DECIDER,
        ),
    ),
)

IMBALANCE = declare(
    "CONSENT_IMBALANCE",
    "The people depend on whoever asks them, so that their consent is hardly free.",
    "Look for another lawful basis, or say why it is free here.",
)
AGE_LIMIT = declare(
    "CONSENT_AGE_LIMIT",
    "The age of consent lies between 13 and 16, and not at %(age)s.",
    "Use the age of the national law.",
)
PERIOD = declare(
    "CONSENT_COLLECTION_REVERSED",
    "The collection would end before it began.",
    "Choose a later end.",
)


def _faults(content: ConsentContent, around: Around) -> Iterator[Reason]:
    age = content.age_limit
    if content.child_consent is ChildConsent.PARENTAL and age is not None and not 13 <= age <= 16:
        yield found(AGE_LIMIT, "age_limit", "V-13", "GDPR Art. 8(1)", age=age)
    begins, ends = content.collected_from, content.collected_to
    if begins and ends and ends < begins:
        yield found(PERIOD, "collected_to", "", "GDPR Art. 7(1)")


def _warnings(content: ConsentContent, around: Around) -> Iterator[Reason]:
    if content.imbalances:
        yield found(IMBALANCE, "imbalances", "V-11", "GDPR rec. 43", "GDPR Art. 7(4)")


CONSENTS = Kind(
    slug="consent-bases",
    prefix="CB",
    one=_("Basis of consent"),
    many=_("Bases of consent"),
    new=_("New basis of consent"),
    lead=_(
        "What people were asked, and how they take their yes back. Who said yes stays in its own register."
    ),
    empty=_("A purpose that rests on consent names one."),
    icon="approve",
    content=ConsentContent,
    aspect="text_version",
    article="Art. 4(11), 7, 8 GDPR",
    groups=(
        Group(
            id="asked",
            title=_("What was asked"),
            names=(
                "name",
                "text_version",
                "text_sha256",
                "language",
                "collected_via",
                "purposes",
                "is_explicit",
                "research_area",
                "permissions",
                "collected_from",
                "collected_to",
            ),
        ),
        Group(
            id="kept",
            title=_("Where it is kept, and how it ends"),
            names=(
                "register_system",
                "join_column",
                "assets",
                "withdrawal_channel",
                "withdrawals_feed",
                "last_synced_at",
                "exclusion_list_version",
            ),
        ),
        Group(
            id="free",
            title=_("Children, and people who depend on us"),
            names=("child_consent", "age_limit", "imbalances", "why_free"),
        ),
        TIME,
        EVIDENCE,
    ),
    faults=_faults,
    warnings=_warnings,
    cycle=CYCLE,
)
