"""What the record of a processing activity says besides its purposes, assets, recipients and transfers.

Declared field by field (GDPR Art. 30(1) and (2), 13, 14, 22); forms, addresses, differences and the hash
follow from it. What is empty is not written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.declaration import (
    EVIDENCE_OF_A_RECORD,
    Choice,
    Evidence,
    choice,
    count,
    country,
    day,
    flag,
    line,
    many,
    one,
    rows,
    some,
    text,
)

PARTIES, RETENTIONS, TRANSFERS, CATEGORY = "parties", "retention-schedules", "transfers", "category"


class Identification(Choice):
    """GDPR Art. 4(5), rec. 26."""

    IDENTIFIED = "identified", _("Identified or identifiable"), "Art. 4(1) GDPR", _("One sees who it is.")
    PSEUDONYMISED = (
        "pseudonymised",
        _("Pseudonymized"),
        "Art. 4(5) GDPR",
        _("Codes in place of names; somebody could still find out."),
    )
    ANONYMISED = (
        "anonymised",
        _("Anonymized"),
        "Rec. 26 GDPR",
        _("Nobody can find out any more, and that was assessed in writing."),
    )
    NOT_PERSONAL = (
        "not_personal",
        _("Never about people"),
        "Rec. 26 GDPR",
        _("Readings of rocks, not of people."),
    )


class DataSource(Choice):
    """GDPR Art. 13, 14."""

    SUBJECT = "data_subject", _("The people themselves"), "Art. 13 GDPR"
    THIRD_PARTY = "third_party", _("Somebody else"), "Art. 14 GDPR"
    PUBLIC = "public", _("Public sources"), "Art. 14(2)(f) GDPR"


class Art14Exemption(Choice):
    """GDPR Art. 14(5)."""

    INFORMED = "14(5)(a)", _("They have the information already"), "Art. 14(5)(a) GDPR"
    DISPROPORTIONATE = (
        "14(5)(b)",
        _("Impossible, or a disproportionate effort"),
        "Art. 14(5)(b) GDPR",
        _("Above all for archives, research and statistics; the information is made public then."),
    )
    LAW = "14(5)(c)", _("A law lays the obtaining down"), "Art. 14(5)(c) GDPR"
    SECRECY = "14(5)(d)", _("Professional secrecy"), "Art. 14(5)(d) GDPR"


class Automation(Choice):
    """GDPR Art. 4(4), 22; a score that decides counts (CJEU C-634/21)."""

    NONE = "none", _("No automated decision"), "Art. 22 GDPR", _("People decide, and nobody is profiled.")
    PROFILING = (
        "profiling_no_solely_automated",
        _("Profiling, and people decide"),
        "Art. 4(4) GDPR",
        _("A score or forecast about a person is one thing among others that somebody looks at."),
    )
    NOT_SIGNIFICANT = (
        "solely_automated_not_significant",
        _("Machines alone, without much effect"),
        "Art. 22(1) GDPR",
        _("As which article is shown first."),
    )
    SIGNIFICANT = (
        "solely_automated_significant",
        _("Machines alone, with legal or similar effect"),
        "Art. 22(1) GDPR",
        _("As a credit refused, a job not offered. A score that decides counts."),
    )


class Art22Basis(Choice):
    """GDPR Art. 22(2)."""

    CONTRACT = "22(2)(a)", _("Necessary for a contract with the person"), "Art. 22(2)(a) GDPR"
    LAW = "22(2)(b)", _("Authorized by a law with safeguards"), "Art. 22(2)(b) GDPR"
    CONSENT = "22(2)(c)", _("Explicit consent of the person"), "Art. 22(2)(c) GDPR"


class SpecialCategory(Choice):
    """GDPR Art. 9(1) and 10, as kinds of data in a row."""

    RACIAL_ETHNIC_ORIGIN = "racial_ethnic_origin", _("Racial or ethnic origin"), "Art. 9(1) GDPR"
    POLITICAL_OPINIONS = "political_opinions", _("Political opinions"), "Art. 9(1) GDPR"
    BELIEFS = "religious_philosophical_beliefs", _("Religious or philosophical beliefs"), "Art. 9(1) GDPR"
    TRADE_UNION_MEMBERSHIP = "trade_union_membership", _("Trade union membership"), "Art. 9(1) GDPR"
    GENETIC = "genetic", _("Genetic data"), "Art. 9(1) GDPR"
    BIOMETRIC = "biometric_unique_identification", _("Biometric identification"), "Art. 9(1) GDPR"
    HEALTH = "health", _("Health"), "Art. 9(1) GDPR"
    SEX_LIFE = "sex_life", _("Sex life"), "Art. 9(1) GDPR"
    SEXUAL_ORIENTATION = "sexual_orientation", _("Sexual orientation"), "Art. 9(1) GDPR"
    CRIMINAL = "criminal", _("Convictions and offences"), "Art. 10 GDPR"


class SubjectsBand(Choice):
    """How many people; from 10,000 on it counts as large scale (WP248, criterion 5)."""

    FEW = "under_100", _("Fewer than 100")
    HUNDREDS = "100_to_999", _("100 to 999")
    THOUSANDS = "1000_to_9999", _("1,000 to 9,999")
    MANY = "10000_to_99999", _("10,000 to 99,999"), "Rec. 91 GDPR"
    MASSES = "from_100000", _("100,000 and more"), "Rec. 91 GDPR"


class DataUse(Choice):
    STORAGE = "storage", _("Kept there")
    COMPUTE = "compute", _("Worked with there")
    BOTH = "storage_and_compute", _("Both")


@dataclass(frozen=True, kw_only=True)
class PersonalData:
    """One kind of data: what it is, in which columns, and how long it is kept."""

    category: str = line(_("Kind of data"), of=CATEGORY, longest=80, article="Art. 30(1)(c) GDPR")
    columns: str = line(_("Columns, with commas"))
    special_kind: SpecialCategory | None = choice(
        SpecialCategory, _("Sensitive?"), article="Art. 9(1), 10 GDPR"
    )
    source: str = line(_("Where they come from"), article="Art. 14(2)(f) GDPR")
    retention: UUID | None = one(RETENTIONS, _("Kept by"), article="Art. 30(1)(f) GDPR")


@dataclass(frozen=True, kw_only=True)
class OnBehalf:
    """A controller we work for, and what is done for it."""

    controller: UUID | None = one(PARTIES, _("Controller"), article="Art. 30(2)(a) GDPR")
    categories: str = line(_("What is done for it"), article="Art. 30(2)(b) GDPR")


@dataclass(frozen=True, kw_only=True)
class DataPlace:
    country: str = country(_("Country, two letters"), article="Art. 30(1)(e) GDPR")
    region: str = line(_("Region or site"))
    use: DataUse | None = choice(DataUse, _("What happens there"))


@dataclass(frozen=True, kw_only=True)
class System:
    name: str = line(_("System"))
    run_by: str = line(_("Run by"))


@dataclass(frozen=True, kw_only=True)
class Particulars:
    business_function: str = line(
        _("Business function"), _("The department or task it belongs to: personnel, sales, research.")
    )
    representative: str = text(
        _("Representative in the Union"),
        _("Name, address and contact. Only a controller or processor outside the Union appoints one."),
        article="Art. 27, 30(1)(a) GDPR",
    )
    has_no_representative: bool | None = flag(
        _("Is it certain that there is no representative?"),
        _("“Yes” says so on purpose; an empty field alone does not."),
        article="Art. 30(1)(a) GDPR",
    )
    dpo: str = line(
        _("Data protection officer"),
        _("Name and contact, as people are told them."),
        article="Art. 37, 30(1)(a) GDPR",
    )
    has_no_dpo: bool | None = flag(
        _("Is it certain that there is no data protection officer?"),
        _("“Yes” says that none has to be designated."),
        article="Art. 37(1) GDPR",
    )
    is_public_task: bool | None = flag(
        _("Does a public authority act here in its tasks?"),
        _("Then it cannot rely on legitimate interests."),
        article="Art. 6(1), last sentence GDPR",
        rule="V-08",
    )
    joint_controllers: tuple[UUID, ...] = some(
        PARTIES,
        _("Joint controllers"),
        _("Those who decide together with us. Each is a record of a party, with its arrangement."),
        article="Art. 26, 30(1)(a) GDPR",
        rule="V-19",
    )
    on_behalf: tuple[OnBehalf, ...] = rows(
        OnBehalf,
        _("On whose behalf"),
        _("Each controller we work for, as a record of a party with its contract, and what we do for it."),
        article="Art. 30(2)(a), (b) GDPR",
        rule="V-01",
    )
    sub_processors: tuple[UUID, ...] = some(
        PARTIES,
        _("Sub-processors"),
        _("Those we engage for it, each as a record of a party with the authorization of the controller."),
        article="Art. 28(2), (4) GDPR",
        rule="V-18",
    )
    min_age: int | None = count(
        _("Age of the youngest"),
        _("In years, where people under 18 may be among them."),
        article="Art. 8, rec. 38 GDPR",
        rule="V-13",
    )
    personal_data: tuple[PersonalData, ...] = rows(
        PersonalData,
        _("Kinds of personal data"),
        _("Each kind in a row of its own, with the schedule that says how long it is kept."),
        article="Art. 30(1)(c), (f) GDPR",
        rule="V-01",
    )
    identifiability: Identification | None = choice(
        Identification,
        _("Can one see who it is?"),
        _("As the data are used here, by those who use them."),
        article="Art. 4(5), rec. 26 GDPR",
        rule="V-22",
    )
    anonymity_assessment: str = line(
        _("Assessment that nobody can be found out"),
        _("The document that shows why the data are anonymous."),
        article="Rec. 26 GDPR",
        rule="V-22",
    )
    sources: frozenset[DataSource] = many(
        DataSource, _("Where the data come from"), article="Art. 13, 14 GDPR", rule="V-25"
    )
    source_party: str = line(
        _("Who the data come from"),
        _("The name, where it is somebody else or a public source."),
        article="Art. 14(2)(f) GDPR",
        rule="V-25",
    )
    privacy_notice: str = line(
        _("Privacy notice"),
        _("The text in which the people are told of it: its name and version, or its address."),
        article="Art. 13, 14 GDPR",
        rule="V-25",
    )
    art14_exemption: Art14Exemption | None = choice(
        Art14Exemption,
        _("Why they need not be told"),
        _("Only for data that do not come from the people themselves."),
        article="Art. 14(5) GDPR",
        rule="V-25",
    )
    no_time_limits_reason: str = text(
        _("Why no time limit can be named"),
        _("Limits are named where possible. Where it is not, say why."),
        article="Art. 30(1)(f) GDPR",
        rule="V-01",
    )
    is_retained_as_planned: bool | None = flag(
        _("Are the data erased as the schedules say?"), article="Art. 5(1)(e), 5(2) GDPR"
    )
    retained_why: str = text(_("If not, why"), article="Art. 5(2) GDPR")
    automation: Automation | None = choice(
        Automation,
        _("Do machines decide about people?"),
        article="Art. 4(4), 22, 13(2)(f) GDPR",
        rule="V-20",
    )
    art22_basis: Art22Basis | None = choice(
        Art22Basis,
        _("Why machines alone may decide"),
        _("Needed where they do, and the decision has legal or similar effect."),
        article="Art. 22(2) GDPR",
        rule="V-20",
    )
    art22_safeguards: str = text(
        _("Safeguards of the law"),
        _("The law that allows it, and how it protects the people."),
        article="Art. 22(2)(b) GDPR",
        rule="V-20",
    )
    human_review_contact: str = line(
        _("Where a person looks at it again"),
        _("Whom people ask to have a decision looked at by a human being."),
        article="Art. 22(3) GDPR",
        rule="V-20",
    )
    transfer_records: tuple[UUID, ...] = some(
        TRANSFERS,
        _("Records of the transfers"),
        _("What carries each transfer stands in a record of its own."),
        article="Art. 30(1)(e), 44-49 GDPR",
        rule="V-14",
    )
    places: tuple[DataPlace, ...] = rows(
        DataPlace,
        _("Where the data are"),
        _("Countries in which they are kept or worked with, also those of service providers."),
        article="Art. 30(1)(e), 44 GDPR",
        rule="V-01",
    )
    systems: tuple[System, ...] = rows(
        System, _("Systems"), _("The programs and services in which it happens."), article="Art. 30 GDPR"
    )
    subjects_band: SubjectsBand | None = choice(
        SubjectsBand, _("How many people"), _("A rough number is enough."), article="Rec. 91, Art. 35 GDPR"
    )
    volume: str = line(_("How much data"), _("Rows, items, or what one counts here."), article="Rec. 91 GDPR")
    duration: str = line(
        _("For how long it is done"), _("Once, a year, all the time."), article="Rec. 91 GDPR"
    )
    geography: str = line(_("In which area"), _("A plant, a country, everywhere."), article="Rec. 91 GDPR")
    no_measures_reason: str = text(
        _("Why the measures cannot be described"),
        _("They are described where possible. Where it is not, say why."),
        article="Art. 30(1)(g) GDPR",
        rule="V-01",
    )
    remedy_plan: str = text(
        _("What will be done"),
        _("What puts right what is missing, in a few words."),
        article="Art. 5(2), 24(1) GDPR",
    )
    remedy_owner: str = line(
        _("Who puts it right"),
        _("A person or a function that answers for it. Needed where it runs and something is missing."),
        article="Art. 5(2), 24(1) GDPR",
        rule="V-01",
    )
    remedy_due: date | None = day(
        _("Until when"),
        _("The last day. Until then it stays blocked, and stands in the register as it is."),
        article="Art. 5(2), 24(1) GDPR",
        rule="V-01",
    )
    evidence: tuple[Evidence, ...] = rows(Evidence, **EVIDENCE_OF_A_RECORD)


NOTHING_SAID = Particulars()
CHILD_WORDS = frozenset({"Child"})
VULNERABLE_WORDS = frozenset(
    {
        "Child",
        "Patient",
        "Employee",
        "JobApplicant",
        "ElderlyDataSubject",
        "AsylumSeeker",
        "VulnerableDataSubject",
    }
)


def has_children(subjects: frozenset[Any], said: Particulars) -> bool:
    """Derived: children are among the data subjects, or the youngest is under age."""
    return bool(CHILD_WORDS & subjects) or (said.min_age is not None and said.min_age < 18)


def has_vulnerable(subjects: frozenset[Any], said: Particulars) -> bool:
    """Derived, as WP248 counts them (criterion 7)."""
    return bool(VULNERABLE_WORDS & subjects) or has_children(subjects, said)
