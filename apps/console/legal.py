"""The closed lists of the law as people read them: the official name, the article, and one plain sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, kw_only=True)
class Term:
    """`article` is a reference that nobody translates."""

    name: Any
    article: str = ""
    sentence: Any = ""

    def __str__(self) -> str:
        return f"{self.name} · {self.article}" if self.article else str(self.name)


LAWFUL_BASES = {
    "6(1)(a)": Term(
        name=_("Consent"),
        article="Art. 6(1)(a) GDPR",
        sentence=_(
            "The people concerned said yes to exactly this, freely, and can take it back at any time."
        ),
    ),
    "6(1)(b)": Term(
        name=_("Contract"),
        article="Art. 6(1)(b) GDPR",
        sentence=_(
            "A contract with the person cannot be performed, or prepared at their request, without it."
        ),
    ),
    "6(1)(c)": Term(
        name=_("Legal obligation"),
        article="Art. 6(1)(c) GDPR",
        sentence=_("A law of the Union or a Member State obliges us to do it."),
    ),
    "6(1)(d)": Term(
        name=_("Vital interests"),
        article="Art. 6(1)(d) GDPR",
        sentence=_("Somebody's life or health is at stake, and no other basis fits."),
    ),
    "6(1)(e)": Term(
        name=_("Public interest or official authority"),
        article="Art. 6(1)(e) GDPR",
        sentence=_("A law entrusts us with a task in the public interest, and the task needs it."),
    ),
    "6(1)(f)": Term(
        name=_("Legitimate interests"),
        article="Art. 6(1)(f) GDPR",
        sentence=_("We have a good reason that was weighed in writing against the interests of the people."),
    ),
}
NO_BASIS = Term(
    name=_("None yet, or no personal data"),
    sentence=_("Without a basis the purpose can be used only for data that are not about people."),
)
ART9_CONDITIONS = {
    "9(2)(a)": Term(
        name=_("Explicit consent"),
        article="Art. 9(2)(a) GDPR",
        sentence=_("The person expressly agreed to the use of these sensitive data."),
    ),
    "9(2)(b)": Term(
        name=_("Employment, social security and social protection law"),
        article="Art. 9(2)(b) GDPR",
        sentence=_("Such a law, or a collective agreement, asks for it."),
    ),
    "9(2)(c)": Term(
        name=_("Vital interests"),
        article="Art. 9(2)(c) GDPR",
        sentence=_("A life is at stake and the person cannot give consent."),
    ),
    "9(2)(d)": Term(
        name=_("Not-for-profit bodies"),
        article="Art. 9(2)(d) GDPR",
        sentence=_("A political, philosophical, religious or trade union body uses data of its members."),
    ),
    "9(2)(e)": Term(
        name=_("Manifestly made public by the data subject"),
        article="Art. 9(2)(e) GDPR",
        sentence=_("The people themselves put the data before the public on purpose."),
    ),
    "9(2)(f)": Term(
        name=_("Legal claims or judicial acts"),
        article="Art. 9(2)(f) GDPR",
        sentence=_("It is needed to raise or to fend off a claim, or by a court."),
    ),
    "9(2)(g)": Term(
        name=_("Substantial public interest"),
        article="Art. 9(2)(g) GDPR",
        sentence=_("A law names the public interest and protects the people."),
    ),
    "9(2)(h)": Term(
        name=_("Health or social care"),
        article="Art. 9(2)(h) GDPR",
        sentence=_("Care, diagnosis or occupational medicine, by people bound to professional secrecy."),
    ),
    "9(2)(i)": Term(
        name=_("Public health"),
        article="Art. 9(2)(i) GDPR",
        sentence=_("For example against an epidemic, or for the safety of medicines, on the basis of a law."),
    ),
    "9(2)(j)": Term(
        name=_("Archiving in the public interest, research or statistics"),
        article="Art. 9(2)(j) GDPR",
        sentence=_("On the basis of a law, with the safeguards of Art. 89(1)."),
    ),
}
ART10_BASES = {
    "official_authority": Term(
        name=_("Under the control of official authority"),
        article="Art. 10 GDPR",
        sentence=_("A public authority controls the processing."),
    ),
    "law": Term(
        name=_("Authorized by a law"),
        article="Art. 10 GDPR",
        sentence=_("A law of the Union or a Member State allows it and protects the people."),
    ),
    "none": Term(
        name=_("Data on offences may not be used"),
        sentence=_("It was looked at: there is no authority for them."),
    ),
}
ART10_OPEN = Term(
    name=_("Not stated"), sentence=_("The purpose has nothing to do with convictions and offences.")
)
BIOMETRIC_USES = {
    "none": Term(name=_("Not used"), sentence=_("Pictures and recordings stay what they are.")),
    "verification": Term(
        name=_("To verify"), article="Art. 9(1) GDPR", sentence=_("Whether somebody is who they say.")
    ),
    "identification": Term(
        name=_("To identify"), article="Art. 9(1) GDPR", sentence=_("Who somebody is among many.")
    ),
    "categorisation": Term(
        name=_("To sort people into groups"),
        article="Art. 5(1)(g) AI Act",
        sentence=_("By age, mood or the like, and not who they are."),
    ),
}
PRESUMPTIONS = {
    "none": Term(
        name=_("No presumption"),
        sentence=_("Data collected for another purpose need an assessment of their own (Art. 6(4))."),
    ),
    "archiving": Term(name=_("Archiving in the public interest"), article="Art. 5(1)(b) GDPR"),
    "scientific_or_historical_research": Term(
        name=_("Scientific or historical research"), article="Art. 5(1)(b) GDPR"
    ),
    "statistics": Term(name=_("Statistics"), article="Art. 5(1)(b) GDPR"),
}
ART89_SAFEGUARDS = {
    "pseudonymisation": Term(name=_("Pseudonymization"), sentence=_("Names are replaced by codes.")),
    "anonymisation_where_possible": Term(
        name=_("Anonymization where possible"), sentence=_("Where it works without knowing who it is.")
    ),
    "minimisation": Term(name=_("Minimization"), sentence=_("Only the columns and rows that are needed.")),
    "access_control": Term(name=_("Access control"), sentence=_("Only named people, for a time.")),
    "ethics_review": Term(name=_("Ethics review"), sentence=_("A committee agreed.")),
    "separate_key": Term(
        name=_("Key kept apart"), sentence=_("Whoever uses the data has no way back to the names.")
    ),
}
ROLES = {
    "controller": Term(
        name=_("Controller"),
        article="Art. 4(7) GDPR",
        sentence=_("The organization decides why and how the data are used."),
    ),
    "joint_controller": Term(
        name=_("Joint controller"),
        article="Art. 26 GDPR",
        sentence=_("It decides together with others, by a written arrangement."),
    ),
    "processor": Term(
        name=_("Processor"),
        article="Art. 4(8), 28 GDPR",
        sentence=_("It works on behalf of somebody else and as they instruct."),
    ),
}
RECIPIENT_KINDS = {
    "internal_team": Term(name=_("Team of the organization")),
    "processor": Term(name=_("Processor"), article="Art. 28"),
    "sub_processor": Term(name=_("Sub-processor"), article="Art. 28(2)"),
    "joint_controller": Term(name=_("Joint controller"), article="Art. 26"),
    "independent_controller": Term(name=_("Independent controller"), article="Art. 4(7)"),
    "public_authority": Term(name=_("Public authority")),
    "international_organization": Term(name=_("International organization"), article="Art. 4(26)"),
}
SECURITY_MEASURES = {
    "pseudonymisation": Term(
        name=_("Pseudonymization"), article="Art. 32(1)(a) GDPR", sentence=_("Names are replaced by codes.")
    ),
    "encryption": Term(
        name=_("Encryption"),
        article="Art. 32(1)(a) GDPR",
        sentence=_("Without a key the data are unreadable, at rest and on the way."),
    ),
    "confidentiality": Term(
        name=_("Confidentiality"),
        article="Art. 32(1)(b) GDPR",
        sentence=_("Only those who need the data get at them."),
    ),
    "integrity": Term(
        name=_("Integrity"), article="Art. 32(1)(b) GDPR", sentence=_("Nobody changes the data unnoticed.")
    ),
    "availability": Term(
        name=_("Availability and resilience"),
        article="Art. 32(1)(b) GDPR",
        sentence=_("The systems hold, also under load."),
    ),
    "restore": Term(
        name=_("Restoring after an incident"),
        article="Art. 32(1)(c) GDPR",
        sentence=_("There are backups, and they come back in time."),
    ),
    "regular_testing": Term(
        name=_("Regular testing"),
        article="Art. 32(1)(d) GDPR",
        sentence=_("The measures are put to the test, and mended."),
    ),
}
TRANSFER_MECHANISMS = {
    "45(3)": Term(name=_("Adequacy decision"), article="Art. 45(3)"),
    "46(2)(a)": Term(name=_("Instrument between public bodies"), article="Art. 46(2)(a)"),
    "46(2)(b)": Term(name=_("Binding corporate rules"), article="Art. 46(2)(b)"),
    "46(2)(c)": Term(name=_("Standard clauses of the Commission"), article="Art. 46(2)(c)"),
    "46(2)(d)": Term(name=_("Standard clauses of a supervisory authority"), article="Art. 46(2)(d)"),
    "46(2)(e)": Term(name=_("Code of conduct"), article="Art. 46(2)(e)"),
    "46(2)(f)": Term(name=_("Certification"), article="Art. 46(2)(f)"),
    "46(3)(a)": Term(name=_("Contractual clauses authorized case by case"), article="Art. 46(3)(a)"),
    "46(3)(b)": Term(name=_("Administrative arrangement"), article="Art. 46(3)(b)"),
    "49(1)(a)": Term(name=_("Explicit consent"), article="Art. 49(1)(a)"),
    "49(1)(b)": Term(name=_("Contract with the data subject"), article="Art. 49(1)(b)"),
    "49(1)(c)": Term(name=_("Contract in the interest of the data subject"), article="Art. 49(1)(c)"),
    "49(1)(d)": Term(name=_("Important reasons of public interest"), article="Art. 49(1)(d)"),
    "49(1)(e)": Term(name=_("Legal claims"), article="Art. 49(1)(e)"),
    "49(1)(f)": Term(name=_("Vital interests"), article="Art. 49(1)(f)"),
    "49(1)(g)": Term(name=_("Public register"), article="Art. 49(1)(g)"),
    "49(1)-2": Term(name=_("Compelling legitimate interests"), article="Art. 49(1), second subparagraph"),
}
DATA_SUBJECTS = {
    "Adult": Term(name=_("Adults")),
    "Applicant": Term(name=_("Applicants")),
    "AsylumSeeker": Term(name=_("Asylum seekers")),
    "Child": Term(name=_("Children")),
    "Citizen": Term(name=_("Citizens")),
    "Client": Term(name=_("Clients")),
    "Consumer": Term(name=_("Consumers")),
    "Customer": Term(name=_("Customers")),
    "ElderlyDataSubject": Term(name=_("Elderly people")),
    "Employee": Term(name=_("Employees")),
    "GuardianOfDataSubject": Term(name=_("Guardians")),
    "Immigrant": Term(name=_("Immigrants")),
    "JobApplicant": Term(name=_("Job applicants")),
    "Member": Term(name=_("Members")),
    "MentallyVulnerableDataSubject": Term(name=_("Mentally vulnerable people")),
    "NonCitizen": Term(name=_("Non-citizens")),
    "ParentOfDataSubject": Term(name=_("Parents")),
    "Participant": Term(name=_("Participants in studies")),
    "Patient": Term(name=_("Patients")),
    "Student": Term(name=_("Students")),
    "Subscriber": Term(name=_("Subscribers")),
    "Tourist": Term(name=_("Tourists")),
    "User": Term(name=_("Users")),
    "Visitor": Term(name=_("Visitors")),
    "VulnerableDataSubject": Term(name=_("Other vulnerable people")),
}


def term(terms: dict[str, Term], code: object) -> Term:
    """A code that nobody worded is shown as it stands."""
    return terms.get(str(code)) or Term(name=str(code).replace("_", " "))


def choices(terms: dict[str, Term]) -> list[tuple[str, Term]]:
    return list(terms.items())
