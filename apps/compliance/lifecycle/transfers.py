"""Transfers to third countries and international organizations (Art. 44 to 49 GDPR, EDPB 05/2021)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

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
    flag,
    found,
    line,
    one,
    some,
    text,
)
from apps.compliance.lifecycle.parties import DpfCover, PartyContent
from apps.policy.law_words import AdequacyScope, TransferMechanism
from apps.policy.packs import ALL_PACKS, law_on
from apps.policy.reason import Reason, declare

M = TransferMechanism
REGIME = "eu-gdpr"
APPROPRIATE = frozenset(each for each in M if each.value.startswith("46"))
EXCEPTIONS = frozenset(each for each in M if each.value.startswith("49"))
OCCASIONAL = frozenset({M.CONTRACT, M.CONTRACT_IN_INTEREST, M.LEGAL_CLAIMS})
NOT_FOR_AUTHORITIES = frozenset(
    {M.EXPLICIT_CONSENT, M.CONTRACT, M.CONTRACT_IN_INTEREST, M.COMPELLING_INTERESTS}
)
AUTHORIZED = frozenset({M.AD_HOC_CLAUSES, M.ADMINISTRATIVE_ARRANGEMENT})


class SccModule(Choice):
    """Decision (EU) 2021/914."""

    C2C = "1", _("Controller to controller"), "Decision (EU) 2021/914"
    C2P = "2", _("Controller to processor"), "Decision (EU) 2021/914"
    P2P = "3", _("Processor to processor"), "Decision (EU) 2021/914"
    P2C = "4", _("Processor to controller"), "Decision (EU) 2021/914"


class TiaOutcome(Choice):
    """Of the assessment of the law and practice of the country (CJEU C-311/18)."""

    ADEQUATE = "adequate", _("Protects enough"), "C-311/18"
    WITH_MEASURES = "adequate_with_measures", _("Enough with supplementary measures"), "C-311/18"
    NEGATIVE = "negative", _("Does not protect enough"), "C-311/18"


@dataclass(frozen=True, kw_only=True)
class TransferContent(Content):
    importer: UUID | None = one(
        "parties",
        _("Importer"),
        _("Who receives the data, or looks at them from there."),
        article="Art. 44 GDPR",
        needed=True,
    )
    activities: tuple[UUID, ...] = some(
        "activity", _("Processing activities it belongs to"), article="Art. 30(1)(e) GDPR"
    )
    data: str = text(
        _("Which data"), _("In words: categories, and whose."), article="Art. 30(1)(e) GDPR", needed=True
    )
    onward: str = text(_("Passed on to"), _("Further importers, and on what terms."), article="Art. 44 GDPR")
    mechanism: TransferMechanism | None = choice(
        TransferMechanism,
        _("What it rests on"),
        _("Needed wherever the importer sits outside the European Economic Area."),
        article="Art. 45, 46, 49 GDPR",
        rule="V-14",
    )
    instrument_ref: str = line(_("Document"), _("The clauses, rules or decision, and where they are kept."))
    signed_on: date | None = day(_("Signed on"), article="Art. 46 GDPR")
    scc_module: SccModule | None = choice(
        SccModule,
        _("Module of the standard clauses"),
        article="Art. 46(2)(c) GDPR",
        needed=lambda content: content.mechanism is M.STANDARD_CLAUSES,
    )
    is_importer_under_gdpr: bool | None = flag(
        _("Is the importer itself subject to the GDPR?"),
        _("The standard clauses of 2021 are not meant for that case."),
        article="Art. 3(2) GDPR",
    )
    is_authorized: bool | None = flag(
        _("Did the supervisory authority authorize it?"),
        article="Art. 46(3) GDPR",
        needed=lambda content: content.mechanism in AUTHORIZED,
    )
    tia: TiaOutcome | None = choice(
        TiaOutcome,
        _("Does the law of the country protect the people?"),
        _("The outcome of the transfer impact assessment."),
        article="C-311/18",
        rule="V-14",
    )
    tia_ref: str = line(_("Where the assessment is kept"))
    tia_review_on: date | None = day(_("Assessment to be reviewed on"))
    measures: str = text(
        _("Supplementary measures"),
        _("Encryption with keys kept here, pseudonymisation, and the like."),
        article="EDPB 01/2020",
        needed=lambda content: content.tia is TiaOutcome.WITH_MEASURES,
    )
    is_occasional: bool | None = flag(
        _("Is it occasional?"),
        _("Once or now and then, and not part of everyday work."),
        article="Art. 49(1), rec. 111 GDPR",
        rule="V-16",
        needed=lambda content: content.mechanism in EXCEPTIONS,
    )
    holds_hr_data: bool | None = flag(_("Are they data of our own employees?"), article="Art. 45(3) GDPR")
    is_running: bool | None = flag(_("Does it take place already?"))


class TransferStage(Choice):
    DRAFT = "draft", _("Being written")
    TIA_DONE = "tia_done", _("Country assessed, not yet approved")
    ACTIVE = "active", _("In force")
    EXPIRING = "expiring", _("Ends soon")
    EXPIRED = "expired", _("Ended")
    SUSPENDED = "suspended", _("Suspended"), "Art. 44, 46(1) GDPR"


SOON = timedelta(days=60)


def stage_of(
    content: TransferContent, *, is_approved: bool, ends_on: date | None, is_suspended: bool, on: date
) -> TransferStage:
    """How far a transfer is on a day: nobody types it. One that is over is not suspended any more."""
    if not is_approved:
        return TransferStage.TIA_DONE if content.tia is not None else TransferStage.DRAFT
    if ends_on is not None and ends_on <= on:
        return TransferStage.EXPIRED
    if is_suspended:
        return TransferStage.SUSPENDED
    is_ending = ends_on is not None and ends_on - on <= SOON
    return TransferStage.EXPIRING if is_ending else TransferStage.ACTIVE


MECHANISM_MISSING = declare(
    "TRANSFER_RECORD_MECHANISM_MISSING",
    "The importer %(importer)s sits outside the European Economic Area, and nothing carries the transfer.",
    "Choose a mechanism of Art. 45, 46 or 49, or do not transfer.",
)
TIA_MISSING = declare(
    "TRANSFER_RECORD_TIA_MISSING",
    "A transfer on %(mechanism)s needs an assessment of the law of the country, and none is recorded.",
    "Assess it, and record the outcome.",
)
TIA_NEGATIVE = declare(
    "TRANSFER_RECORD_TIA_NEGATIVE",
    "The assessment says that the country does not protect enough.",
    "Stop the transfer, or find measures that help, and assess anew.",
)
EXPIRED = declare(
    "TRANSFER_RECORD_EXPIRED",
    "What carries the transfer ended on %(ended_on)s.",
    "Renew the instrument, or stop the transfer.",
)
SCOPE_FAILS = declare(
    "TRANSFER_RECORD_SCOPE_FAILS",
    "There is no adequacy decision that covers %(importer)s.",
    "Choose another mechanism, or complete what the record of the party says about its certification.",
)
NOT_OCCASIONAL = declare(
    "TRANSFER_RECORD_NOT_OCCASIONAL",
    "The exception %(mechanism)s covers occasional transfers only.",
    "Use a mechanism of Art. 46 for what happens again and again.",
)
EXCEPTION_AS_RULE = declare(
    "TRANSFER_RECORD_EXCEPTION_AS_RULE",
    "An exception of Art. 49 is used systematically.",
    "Look for a mechanism of Art. 46: exceptions are read narrowly.",
)
AUTHORITY_EXCEPTION = declare(
    "TRANSFER_RECORD_AUTHORITY_EXCEPTION",
    "A public authority that exercises public powers cannot rely on %(mechanism)s.",
    "Choose another mechanism.",
)
UNAUTHORIZED = declare(
    "TRANSFER_RECORD_UNAUTHORIZED",
    "The mechanism %(mechanism)s needs the authorization of the supervisory authority.",
    "Obtain it first.",
)
CLAUSES_NOT_MEANT = declare(
    "TRANSFER_RECORD_CLAUSES_NOT_MEANT",
    "The standard clauses are not meant for an importer that is itself subject to the GDPR.",
    "See whether another instrument fits (rec. 7 of Decision (EU) 2021/914).",
)


def is_restricted(party: PartyContent, today: date) -> bool:
    """Another party in a third country, or an international organization (EDPB 05/2021)."""
    inside = law_on(today, ALL_PACKS).countries(REGIME, "eea") or frozenset()
    return party.is_international_organization is True or party.country not in inside


def _gaps(content: TransferContent, around: Around) -> Iterator[Reason]:
    importer = around.of(content.importer)
    party = importer.content if importer is not None else None
    if importer is None or party is None or not is_restricted(party, around.today):
        return
    mechanism = content.mechanism
    if mechanism is None:
        yield found(MECHANISM_MISSING, "mechanism", "V-14", "GDPR Art. 44", importer=importer.name)
        return
    yield from _instrument(content, mechanism, around)
    if mechanism is M.ADEQUACY and not _is_covered(party, content, around.today):
        yield found(SCOPE_FAILS, "mechanism", "V-15", "GDPR Art. 45(3)", importer=importer.name)
    if mechanism in OCCASIONAL | {M.COMPELLING_INTERESTS} and content.is_occasional is False:
        yield found(NOT_OCCASIONAL, "mechanism", "V-16", "GDPR Art. 49(1)", mechanism=mechanism.value)
    if mechanism in NOT_FOR_AUTHORITIES and party.is_public_authority:
        yield found(AUTHORITY_EXCEPTION, "mechanism", "V-16", "GDPR Art. 49(3)", mechanism=mechanism.value)


def _instrument(content: TransferContent, mechanism: M, around: Around) -> Iterator[Reason]:
    """V-14: the assessment of the country, the authorization, and the end."""
    if mechanism in APPROPRIATE and content.tia is None:
        yield found(TIA_MISSING, "tia", "V-14", "GDPR Art. 46(1)", "C-311/18", mechanism=mechanism.value)
    if mechanism in APPROPRIATE and content.tia is TiaOutcome.NEGATIVE:
        yield found(TIA_NEGATIVE, "tia", "V-14", "GDPR Art. 46(1)", "C-311/18")
    if mechanism in AUTHORIZED and content.is_authorized is False:
        yield found(UNAUTHORIZED, "is_authorized", "V-14", "GDPR Art. 46(3)", mechanism=mechanism.value)
    if content.effective_to and content.effective_to <= around.today:
        ended = content.effective_to.isoformat()
        yield found(EXPIRED, "effective_to", "V-14", "GDPR Art. 44", ended_on=ended)


def _is_covered(party: PartyContent, content: TransferContent, today: date) -> bool:
    """V-15: a decision is in force for the country, and the importer is in its scope."""
    decision = law_on(today, ALL_PACKS).adequacy(REGIME, party.country)
    if decision is None:
        return False
    if decision.scope is AdequacyScope.COMMERCIAL:
        return party.is_commercial is True
    if decision.scope is AdequacyScope.NOT_EXCLUDED:
        return party.is_in_excluded_sector is False
    if decision.scope is AdequacyScope.DPF_LIST:
        wanted = DpfCover.HR if content.holds_hr_data else DpfCover.NON_HR
        return party.dpf in (DpfCover.BOTH, wanted)
    return True


def _warnings(content: TransferContent, around: Around) -> Iterator[Reason]:
    is_systematic = content.mechanism in EXCEPTIONS - OCCASIONAL and content.is_occasional is False
    if is_systematic and content.mechanism is not M.COMPELLING_INTERESTS:
        yield found(EXCEPTION_AS_RULE, "mechanism", "V-16", "GDPR Art. 49(1)", "EDPB 2/2018")
    if content.mechanism is M.STANDARD_CLAUSES and content.is_importer_under_gdpr:
        yield found(CLAUSES_NOT_MEANT, "mechanism", "V-14", "Decision (EU) 2021/914 rec. 7")


TRANSFERS = Kind(
    slug="transfers",
    prefix="TR",
    one=_("Transfer"),
    many=_("Transfers"),
    new=_("New transfer"),
    lead=_("Data that leave the European Economic Area, to whom, and what protects the people there."),
    empty=_("Record one for every importer outside; remote reading counts."),
    icon="lake",
    content=TransferContent,
    aspect="mechanism",
    article="Art. 44-49 GDPR",
    groups=(
        Group(
            id="what", title=_("What goes where"), names=("name", "importer", "activities", "data", "onward")
        ),
        Group(
            id="rests",
            title=_("What it rests on"),
            names=(
                "mechanism",
                "instrument_ref",
                "signed_on",
                "scc_module",
                "is_importer_under_gdpr",
                "is_authorized",
                "is_occasional",
                "holds_hr_data",
            ),
        ),
        Group(id="tia", title=_("The country"), names=("tia", "tia_ref", "tia_review_on", "measures")),
        Group(id="time", title=_("How long it holds"), names=("is_running", *TIME.names)),
        EVIDENCE,
    ),
    gaps=_gaps,
    warnings=_warnings,
    is_running=lambda content: content.is_running is True,
)
