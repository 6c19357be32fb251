"""What protects the people: V-08, V-13, V-20, V-22 and V-25."""

from __future__ import annotations

from collections.abc import Iterator

from apps.compliance.lifecycle.activity.content import ActivityContent, Role
from apps.compliance.lifecycle.activity.covered import Covered
from apps.compliance.lifecycle.activity.particulars import (
    Art22Basis,
    Automation,
    DataSource,
    Identification,
    has_children,
)
from apps.compliance.lifecycle.declaration import found
from apps.policy.reason import Reason, declare
from apps.policy.vocabulary import Art9Condition, LawfulBasis

AUTHORITY_INTERESTS = declare(
    "ACTIVITY_AUTHORITY_INTERESTS",
    "A public authority acts here in its tasks, and %(purpose)s rests on legitimate interests.",
    "Rest the purpose on the law that gives the task (Art. 6(1)(e)), or take it out.",
)
CHILDREN_UNWEIGHED = declare(
    "ACTIVITY_CHILDREN_UNWEIGHED",
    "Children are among the people, and the assessment of interests of %(purpose)s does not weigh them.",
    "Weigh anew, with the children in mind, and have the assessment approved.",
)
CHILDREN_UNASKED = declare(
    "ACTIVITY_CHILDREN_UNASKED",
    "Children are among the people, and the consent that %(purpose)s rests on is not given by their parents.",
    "Have parents consent below the age of consent, and say so in the basis of consent.",
)
CHILDREN_AMONG_THEM = declare(
    "ACTIVITY_CHILDREN_AMONG_THEM",
    "Children are among the people.",
    "Look whether %(purpose)s protects them as they need it; they know less of the risks.",
)
IDENTIFIABILITY_UNSTATED = declare(
    "ACTIVITY_IDENTIFIABILITY_UNSTATED",
    "Nothing says whether one can see whose data these are.",
    "Say whether the data are identified, pseudonymized or anonymized.",
)
ANONYMITY_UNASSESSED = declare(
    "ACTIVITY_ANONYMITY_UNASSESSED",
    "The data are called anonymous, and no assessment shows it.",
    "Name the assessment, or call the data pseudonymized until there is one.",
)
PERSONAL_AFTER_ALL = declare(
    "ACTIVITY_PERSONAL_AFTER_ALL",
    "The record says that the data were never about people; the assets hold personal data, or data that "
    "nobody has classified.",
    "Have the assets classified, or say that one can see who it is.",
)
AUTOMATION_UNSTATED = declare(
    "ACTIVITY_AUTOMATION_UNSTATED",
    "Nothing says whether machines decide about people.",
    "Say so; «no automated decision» is an answer.",
)
ART22_BASIS_MISSING = declare(
    "ACTIVITY_ART22_BASIS_MISSING",
    "Machines alone decide with legal or similar effect, and nothing allows it.",
    "Name the ground of Art. 22(2): contract, law or explicit consent; or let a person decide.",
)
HUMAN_REVIEW_MISSING = declare(
    "ACTIVITY_HUMAN_REVIEW_MISSING",
    "Machines alone decide on %(basis)s, and nobody is named who looks at it again.",
    "Name whom people ask to have a decision looked at by a human being.",
)
ART22_LAW_MISSING = declare(
    "ACTIVITY_ART22_LAW_MISSING",
    "Machines alone decide because a law allows it, and neither the law nor its safeguards are named.",
    "Name the law, and how it protects the people.",
)
ART22_SPECIAL = declare(
    "ACTIVITY_ART22_SPECIAL",
    "Machines alone decide from special categories, and %(purpose)s has neither explicit consent nor a "
    "substantial public interest for them.",
    "Keep these data out of the decision, or name the condition 9(2)(a) or 9(2)(g) in the purpose.",
)
SOURCE_UNSTATED = declare(
    "ACTIVITY_SOURCE_UNSTATED",
    "Nothing says where the data come from.",
    "Say whether from the people themselves, from somebody else, or from public sources.",
)
SOURCE_UNNAMED = declare(
    "ACTIVITY_SOURCE_UNNAMED",
    "The data do not come from the people themselves, and the source is not named.",
    "Name who they come from.",
)
NOTICE_MISSING = declare(
    "ACTIVITY_NOTICE_MISSING",
    "The data come from the people themselves, and no notice tells them what is done.",
    "Name the privacy notice that people read when the data are collected.",
)
ART14_NOTICE_MISSING = declare(
    "ACTIVITY_ART14_NOTICE_MISSING",
    "The data do not come from the people themselves; no notice tells them, and nothing says why not.",
    "Name the privacy notice, or the exemption of Art. 14(5).",
)

P = "particulars."


def gaps(content: ActivityContent, covered: Covered) -> Iterator[Reason]:
    yield from _identifiability(content, covered)
    if not covered.is_personal:
        return
    yield from _automation(content, covered)
    if content.role is Role.PROCESSOR:
        return
    yield from _bases(content, covered)
    yield from _told(content)


def warnings(content: ActivityContent, covered: Covered) -> Iterator[Reason]:
    """V-13, where neither consent nor interests are at stake."""
    if not covered.is_personal or not _children(content):
        return
    weighed = (LawfulBasis.CONSENT, LawfulBasis.LEGITIMATE_INTERESTS)
    for purpose in covered.purposes:
        if purpose.basis not in weighed:
            at = "data_subject_categories"
            yield found(CHILDREN_AMONG_THEM, at, "V-13", "GDPR rec. 38", purpose=purpose.ref)


def _children(content: ActivityContent) -> bool:
    return has_children(content.data_subject_categories, content.particulars)


def _identifiability(content: ActivityContent, covered: Covered) -> Iterator[Reason]:
    said = content.particulars
    at = f"{P}identifiability"
    if said.identifiability is None and covered.is_personal:
        yield found(IDENTIFIABILITY_UNSTATED, at, "V-22", "GDPR Art. 4(5)")
    if said.identifiability is Identification.ANONYMISED and not said.anonymity_assessment.strip():
        yield found(ANONYMITY_UNASSESSED, f"{P}anonymity_assessment", "V-22", "GDPR rec. 26")
    if said.identifiability is Identification.NOT_PERSONAL and covered.is_personal:
        yield found(PERSONAL_AFTER_ALL, at, "V-22", "GDPR Art. 4(1)")


def _automation(content: ActivityContent, covered: Covered) -> Iterator[Reason]:
    said = content.particulars
    if said.automation is None:
        yield found(AUTOMATION_UNSTATED, f"{P}automation", "V-20", "GDPR Art. 22(1)", "GDPR Art. 13(2)(f)")
    if said.automation is not Automation.SIGNIFICANT:
        return
    if said.art22_basis is None:
        yield found(ART22_BASIS_MISSING, f"{P}art22_basis", "V-20", "GDPR Art. 22(2)")
    elif said.art22_basis is Art22Basis.LAW:
        if not said.art22_safeguards.strip():
            yield found(ART22_LAW_MISSING, f"{P}art22_safeguards", "V-20", "GDPR Art. 22(2)(b)")
    elif not said.human_review_contact.strip():
        basis = said.art22_basis.value
        yield found(HUMAN_REVIEW_MISSING, f"{P}human_review_contact", "V-20", "GDPR Art. 22(3)", basis=basis)
    is_special = bool(covered.special_kinds) or any(row.special_kind for row in said.personal_data)
    allowed = {Art9Condition.EXPLICIT_CONSENT, Art9Condition.SUBSTANTIAL_PUBLIC_INTEREST}
    for purpose in covered.purposes:
        if is_special and not purpose.art9_conditions & allowed:
            yield found(ART22_SPECIAL, f"{P}automation", "V-20", "GDPR Art. 22(4)", purpose=purpose.ref)


def _bases(content: ActivityContent, covered: Covered) -> Iterator[Reason]:
    for purpose in covered.purposes:
        named = {"purpose": purpose.ref}
        rests_on_interests = purpose.basis is LawfulBasis.LEGITIMATE_INTERESTS
        if content.particulars.is_public_task and rests_on_interests:
            yield found(AUTHORITY_INTERESTS, f"{P}is_public_task", "V-08", "GDPR Art. 6(1)", **named)
        if not _children(content):
            continue
        if rests_on_interests and purpose.weighs_children is False:
            at = "data_subject_categories"
            yield found(CHILDREN_UNWEIGHED, at, "V-13", "GDPR Art. 6(1)(f)", "GDPR rec. 38", **named)
        if purpose.basis is LawfulBasis.CONSENT and purpose.asks_parents is False:
            yield found(CHILDREN_UNASKED, "data_subject_categories", "V-13", "GDPR Art. 8(1)", **named)


def _told(content: ActivityContent) -> Iterator[Reason]:
    said = content.particulars
    if not said.sources:
        yield found(SOURCE_UNSTATED, f"{P}sources", "V-25", "GDPR Art. 13", "GDPR Art. 14")
    is_told = bool(said.privacy_notice.strip())
    others = said.sources & {DataSource.THIRD_PARTY, DataSource.PUBLIC}
    if others and not said.source_party.strip():
        yield found(SOURCE_UNNAMED, f"{P}source_party", "V-25", "GDPR Art. 14(2)(f)")
    if DataSource.SUBJECT in said.sources and not is_told:
        yield found(NOTICE_MISSING, f"{P}privacy_notice", "V-25", "GDPR Art. 13")
    elif others and not is_told and said.art14_exemption is None:
        yield found(ART14_NOTICE_MISSING, f"{P}privacy_notice", "V-25", "GDPR Art. 14")
