"""Controls of management systems and whether they apply here: the statement of applicability.

Standards are named by their numbers. Their text is protected; the titles are our own and say what the portal
and its house do, not what a standard says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.declaration import (
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
    text,
)
from apps.policy.reason import Reason, declare

ISMS, PIMS, AIMS = "ISO/IEC 27001:2022", "ISO/IEC 27701:2019", "ISO/IEC 42001:2023"
TESTED_WITHIN = timedelta(days=366)


class Control(Choice):
    """The value names standard and number; the label is ours."""

    CLASSIFYING = "27001:A.5.12", _("Sensitivity of data"), ISMS
    ACCESS_RULES = "27001:A.5.15", _("Rules on access"), ISMS
    IDENTITIES = "27001:A.5.16", _("People, accounts and who stands behind them"), ISMS
    SECRETS = "27001:A.5.17", _("Passwords and keys"), ISMS
    ACCESS_RIGHTS = "27001:A.5.18", _("Access: given, reviewed, ended"), ISMS
    SUPPLIERS = "27001:A.5.19", _("Suppliers"), ISMS
    INCIDENTS = "27001:A.5.24", _("Being ready for incidents"), ISMS
    EVIDENCE = "27001:A.5.28", _("Evidence that holds"), ISMS
    OBLIGATIONS = "27001:A.5.31", _("What laws and contracts ask for"), ISMS
    PRIVACY = "27001:A.5.34", _("Privacy and personal data"), ISMS
    DUTIES_APART = "27001:A.5.3", _("Who asks does not decide"), ISMS
    PRIVILEGES = "27001:A.8.2", _("Far-reaching rights"), ISMS
    RESTRICTION = "27001:A.8.3", _("Nobody sees more than their part"), ISMS
    SIGNING_IN = "27001:A.8.5", _("Signing in"), ISMS
    DELETION = "27001:A.8.10", _("Deleting data in time"), ISMS
    MASKING = "27001:A.8.11", _("Masked data"), ISMS
    LOGGING = "27001:A.8.15", _("The trail"), ISMS
    CLOCKS = "27001:A.8.17", _("One time everywhere"), ISMS
    CRYPTOGRAPHY = "27001:A.8.24", _("Encryption and signatures"), ISMS
    PURPOSE = "27701:A.7.2.1", _("What data are used for"), PIMS
    LAWFUL_BASIS = "27701:A.7.2.2", _("On what basis they are used"), PIMS
    ASSESSMENT = "27701:A.7.2.5", _("Assessments of what may happen to people"), PIMS
    REGISTER = "27701:A.7.2.8", _("The record of processing"), PIMS
    MINIMIZATION = "27701:A.7.4.4", _("No more data than needed"), PIMS
    RETENTION = "27701:A.7.4.7", _("How long data are kept"), PIMS
    TRANSFER_BASIS = "27701:A.7.5.1", _("On what transfers rest"), PIMS
    TRANSFER_COUNTRIES = "27701:A.7.5.2", _("Where data may go"), PIMS
    TRANSFER_RECORDS = "27701:A.7.5.3", _("Which transfers there were"), PIMS
    DISCLOSURES = "27701:A.7.5.4", _("Who was given data"), PIMS
    PROCESSOR_RECORDS = "27701:B.8.2.6", _("Records of work for others"), PIMS
    AI_IMPACT = "42001:A.5.2", _("How the impact of AI is assessed"), AIMS
    AI_IMPACT_KEPT = "42001:A.5.3", _("What such an assessment leaves behind"), AIMS
    AI_ON_PEOPLE = "42001:A.5.4", _("What AI does to people"), AIMS
    AI_ON_SOCIETY = "42001:A.5.5", _("What AI does to everybody"), AIMS
    AI_LOGS = "42001:A.6.2.8", _("What an AI system did"), AIMS
    AI_DATA = "42001:A.7.2", _("Data for building AI"), AIMS
    AI_DATA_ACQUIRED = "42001:A.7.3", _("Where such data come from"), AIMS
    AI_DATA_QUALITY = "42001:A.7.4", _("How good they are"), AIMS
    AI_PROVENANCE = "42001:A.7.5", _("What was made of what"), AIMS
    AI_PREPARATION = "42001:A.7.6", _("How they are prepared and labeled"), AIMS
    AI_INTENDED_USE = "42001:A.9.4", _("Use as intended"), AIMS
    OTHER = "other", _("Another control")


class ControlStatus(Choice):
    PLANNED = "planned", _("Planned")
    PARTLY = "partly", _("In place in part")
    IN_PLACE = "in_place", _("In place")


@dataclass(frozen=True, kw_only=True)
class ControlContent(Content):
    control: Control | None = choice(Control, _("Control"), needed=True)
    other_ref: str = line(
        _("Its number"),
        _("Standard and number, as it is cited."),
        needed=lambda content: content.control is Control.OTHER,
    )
    is_applicable: bool | None = flag(
        _("Does it apply here?"), article="ISO/IEC 27001, 6.1.3 d)", needed=True
    )
    justification: str = text(_("Why it does, or does not"), article="ISO/IEC 27001, 6.1.3 d)", needed=True)
    status: ControlStatus | None = choice(
        ControlStatus, _("How far it is"), needed=lambda content: content.is_applicable is True
    )
    implementation: str = text(_("How it is done here"))
    owner: str = line(
        _("Who answers for it"),
        _("A role rather than a name: roles stay."),
        needed=lambda content: content.is_applicable is True,
    )
    last_tested_on: date | None = day(_("Last put to the test"))
    test: str = text(_("How it was tested, and what came out"))


UNTESTED = declare(
    "CONTROL_UNTESTED",
    "The control is said to be in place, and was not put to the test within a year.",
    "Test it, and record the day and what came out.",
)
WITHOUT_EVIDENCE = declare(
    "CONTROL_WITHOUT_EVIDENCE",
    "The control is said to be in place, and nothing shows it.",
    "Name what shows it, and where that is.",
)


def _warnings(content: ControlContent, around: Around) -> Iterator[Reason]:
    if content.status is not ControlStatus.IN_PLACE:
        return
    tested = content.last_tested_on
    if tested is None or tested + TESTED_WITHIN < around.today:
        yield found(UNTESTED, "last_tested_on", "")
    if not content.evidence:
        yield found(WITHOUT_EVIDENCE, "evidence", "")


def reference_of(content: ControlContent) -> str:
    """Standard and number, as an auditor cites it."""
    if content.control in {None, Control.OTHER}:
        return content.other_ref
    return cited(content.control)


def cited(control: Control | None) -> str:
    if control is None or control is Control.OTHER:
        return ""
    return f"{control.article}, {control.value.partition(':')[2]}"


CONTROLS = Kind(
    slug="controls",
    prefix="CTL",
    one=_("Control"),
    many=_("Controls"),
    new=_("New control"),
    lead=_("Which controls of a management system apply here, why, and what shows it."),
    empty=_("Record those that apply and those that do not: together they make the statement."),
    icon="check",
    content=ControlContent,
    aspect="status",
    article="ISO/IEC 27001, 27701, 42001",
    groups=(
        Group(id="which", title=_("Which one"), names=("name", "control", "other_ref")),
        Group(
            id="applies",
            title=_("Whether it applies"),
            names=("is_applicable", "justification", "owner"),
        ),
        Group(
            id="done",
            title=_("How it is done"),
            names=("status", "implementation", "evidence", "last_tested_on", "test"),
        ),
        TIME,
    ),
    warnings=_warnings,
)
