"""Parties: organizations beside the own one that see data, or decide about them (Art. 26 to 28 GDPR)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

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
    country,
    day,
    flag,
    found,
    line,
    many,
    text,
)
from apps.policy.reason import Reason, declare


class PartyRole(Choice):
    PROCESSOR = "processor", _("Processor"), "Art. 28 GDPR", _("Works with the data on our behalf.")
    SUB_PROCESSOR = "sub_processor", _("Sub-processor"), "Art. 28(2), (4) GDPR", _("Of a processor of ours.")
    JOINT = "joint_controller", _("Joint controller"), "Art. 26 GDPR", _("Decides together with us.")
    INDEPENDENT = (
        "independent_controller",
        _("Independent controller"),
        "Art. 4(7) GDPR",
        _("Decides alone what is done with what it receives."),
    )


class ContractClause(Choice):
    """GDPR Art. 28(3)."""

    SUBJECT_MATTER = "subject_matter", _("Subject-matter, duration, nature, purpose, data"), "Art. 28(3) GDPR"
    INSTRUCTIONS = "28(3)(a)", _("Only on documented instructions, also for transfers"), "Art. 28(3)(a) GDPR"
    CONFIDENTIALITY = "28(3)(b)", _("Everybody is bound to confidentiality"), "Art. 28(3)(b) GDPR"
    SECURITY = "28(3)(c)", _("Security of processing"), "Art. 28(3)(c), 32 GDPR"
    SUB_PROCESSORS = "28(3)(d)", _("Conditions for sub-processors"), "Art. 28(3)(d) GDPR"
    RIGHTS = "28(3)(e)", _("Helps with requests of people"), "Art. 28(3)(e) GDPR"
    ASSISTANCE = "28(3)(f)", _("Helps with security, breaches, assessments"), "Art. 28(3)(f) GDPR"
    DELETION = "28(3)(g)", _("Deletes or returns the data at the end"), "Art. 28(3)(g) GDPR"
    AUDITS = "28(3)(h)", _("Allows audits"), "Art. 28(3)(h) GDPR"


class DpfCover(Choice):
    NO = "no", _("Not certified")
    HR = "yes_hr", _("For data of employees")
    NON_HR = "yes_non_hr", _("For other data")
    BOTH = "both", _("For both")


def _is_processor(content: PartyContent) -> bool:
    return content.role in (PartyRole.PROCESSOR, PartyRole.SUB_PROCESSOR)


@dataclass(frozen=True, kw_only=True)
class PartyContent(Content):
    address: str = text(_("Address"), _("As stored: street, postcode and city."), needed=True)
    contact: str = line(_("Contact"), _("Where one reaches somebody who answers."), needed=True)
    country: str = country(
        _("Country, two letters"), _("Where it is established."), article="Art. 44 GDPR", needed=True
    )
    is_international_organization: bool | None = flag(
        _("Is it an international organization?"), article="Art. 4(26) GDPR", needed=True
    )
    role: PartyRole | None = choice(
        PartyRole, _("What it is towards us"), article="Art. 26, 28 GDPR", needed=True
    )
    is_public_authority: bool | None = flag(
        _("Is it a public authority?"), article="Art. 6(1), 49(3) GDPR", needed=True
    )
    is_public_service_provider: bool | None = flag(
        _("Does it provide public services?"), article="Art. 27 AI Act"
    )
    parent: str = line(_("Belongs to"), _("The company or body that it is part of; its number, if recorded."))
    representative: str = text(
        _("Representative in the Union"),
        _("Of a controller or processor outside the European Economic Area."),
        article="Art. 27 GDPR",
    )
    dpo: str = line(_("Data protection officer"), _("Name and contact."), article="Art. 37 GDPR")
    lead_authority: str = line(_("Lead supervisory authority"), article="Art. 56 GDPR")
    contract_ref: str = line(
        _("Contract"),
        _("The document that binds it."),
        article="Art. 28(3) GDPR",
        rule="V-18",
    )
    contract_ends_on: date | None = day(_("Contract ends on"), _("Empty means: no end."))
    clauses: frozenset[ContractClause] = many(
        ContractClause,
        _("What the contract says"),
        _("All of it has to be agreed."),
        article="Art. 28(3) GDPR",
        rule="V-18",
    )
    is_authorized: bool | None = flag(
        _("Did the controller authorize this sub-processor?"),
        article="Art. 28(2) GDPR",
        rule="V-18",
    )
    arrangement: str = line(
        _("Arrangement between joint controllers"),
        article="Art. 26 GDPR",
        rule="V-19",
    )
    own_basis: str = line(
        _("Its own lawful basis"),
        _("On what it processes what it receives, as it has told us."),
        article="Art. 6, 14 GDPR",
        rule="A28",
    )
    dpf: DpfCover | None = choice(
        DpfCover,
        _("Certified under the EU-US Data Privacy Framework?"),
        article="Art. 45(3) GDPR",
        rule="V-15",
        needed=lambda content: content.country == "US",
    )
    dpf_checked_on: date | None = day(
        _("Checked on"),
        article="Art. 45(3) GDPR",
        needed=lambda content: content.dpf not in (None, DpfCover.NO),
    )
    is_commercial: bool | None = flag(
        _("Is it a commercial organization?"),
        _("The decisions on Canada and Japan cover commercial ones only."),
        article="Art. 45(3) GDPR",
        rule="V-15",
        needed=lambda content: content.country in ("CA", "JP"),
    )
    is_in_excluded_sector: bool | None = flag(
        _("Is it in a sector that the decision leaves out?"),
        _("The decision on Korea leaves out missionary work, party nominations and credit information."),
        article="Art. 45(3) GDPR",
        rule="V-15",
        needed=lambda content: content.country == "KR",
    )


CONTRACT_MISSING = declare(
    "PARTY_CONTRACT_MISSING",
    "It works with the data on behalf of others, and no contract is named.",
    "Conclude a contract under Art. 28(3), and name it here.",
)
ARRANGEMENT_MISSING = declare(
    "PARTY_ARRANGEMENT_MISSING",
    "It decides together with us, and no arrangement is named.",
    "Agree who does what (Art. 26), and name the document here.",
)
CLAUSES_MISSING = declare(
    "PARTY_CLAUSES_MISSING",
    "The contract lacks what Art. 28(3) demands: %(clauses)s.",
    "Have it completed, and tick what it says then.",
)
SUB_UNAUTHORIZED = declare(
    "PARTY_SUB_UNAUTHORIZED",
    "Nothing says that the controller authorized this sub-processor.",
    "Obtain the authorization and say so, or end the sub-processing.",
)


def _gaps(content: PartyContent, around: Around) -> Iterator[Reason]:
    missing = tuple(each.value for each in ContractClause if each not in content.clauses)
    if _is_processor(content) and not content.contract_ref.strip():
        yield found(CONTRACT_MISSING, "contract_ref", "V-18", "GDPR Art. 28(3)")
    elif _is_processor(content) and missing:
        yield found(CLAUSES_MISSING, "clauses", "V-18", "GDPR Art. 28(3)", clauses=missing)
    if content.role is PartyRole.SUB_PROCESSOR and content.is_authorized is not True:
        yield found(SUB_UNAUTHORIZED, "is_authorized", "V-18", "GDPR Art. 28(2)")
    if content.role is PartyRole.JOINT and not content.arrangement.strip():
        yield found(ARRANGEMENT_MISSING, "arrangement", "V-19", "GDPR Art. 26")


PARTIES = Kind(
    slug="parties",
    prefix="PY",
    one=_("Party"),
    many=_("Parties"),
    new=_("New party"),
    lead=_("Organizations beside our own: who they are, what binds them, and where they sit."),
    empty=_("Record processors, joint controllers and recipients, so that other records can name them."),
    icon="organization",
    content=PartyContent,
    aspect="role",
    article="Art. 26, 28, 30(1)(a) GDPR",
    groups=(
        Group(
            id="who",
            title=_("Who it is"),
            names=(
                "name",
                "address",
                "contact",
                "country",
                "is_international_organization",
                "is_public_authority",
                "is_public_service_provider",
                "parent",
                "representative",
                "dpo",
                "lead_authority",
            ),
        ),
        Group(
            id="bound",
            title=_("What binds it"),
            names=(
                "role",
                "contract_ref",
                "contract_ends_on",
                "clauses",
                "is_authorized",
                "arrangement",
                "own_basis",
            ),
        ),
        Group(
            id="adequacy",
            title=_("What an adequacy decision asks"),
            names=("dpf", "dpf_checked_on", "is_commercial", "is_in_excluded_sector"),
            is_seldom=True,
        ),
        TIME,
        EVIDENCE,
    ),
    gaps=_gaps,
    is_running=lambda content: True,
)
