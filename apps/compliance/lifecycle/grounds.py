"""Whether what a purpose rests on carries it: the record that its reference names, as it stands today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from apps.compliance.lifecycle.declaration import Referred, found
from apps.compliance.lifecycle.interests import Balance
from apps.compliance.lifecycle.purpose import PurposeContent
from apps.policy.reason import Reason, declare
from apps.policy.vocabulary import Art9Condition, LawfulBasis

LIA_NOT_FOUND = declare(
    "PURPOSE_LIA_NOT_FOUND",
    "«%(ref)s» is no legitimate-interests assessment of the organization's records.",
    "Record the assessment, have it approved, and name it by its number, for example LIA-0001.",
)
LIA_NOT_IN_FORCE = declare(
    "PURPOSE_LIA_NOT_IN_FORCE",
    "The legitimate-interests assessment %(ref)s is not in force.",
    "Have it approved first, or name another one.",
)
LIA_OVERRIDDEN = declare(
    "PURPOSE_LIA_OVERRIDDEN",
    "The assessment %(ref)s does not find that the interest prevails.",
    "Choose another lawful basis, or weigh anew with more safeguards.",
)
LIA_OVERDUE = declare(
    "PURPOSE_LIA_OVERDUE",
    "The assessment %(ref)s should have been looked at again by now.",
    "Have a new version of the assessment approved.",
)
LIA_LATER = declare(
    "PURPOSE_LIA_LATER",
    "The assessment %(ref)s was approved on %(approved_on)s, after the purpose begins on %(valid_from)s.",
    "Let the purpose begin on or after the day of the approval: an assessment predates the processing.",
)

CONSENT_NOT_FOUND = declare(
    "PURPOSE_CONSENT_NOT_FOUND",
    "«%(ref)s» is no basis of consent of the organization's records.",
    "Record what people were asked, have it approved, and name it by its number, for example CB-0001.",
)
CONSENT_NOT_IN_FORCE = declare(
    "PURPOSE_CONSENT_NOT_IN_FORCE",
    "The basis of consent %(ref)s is not in force.",
    "Have it approved first, or name another one.",
)
CONSENT_OVERDUE = declare(
    "PURPOSE_CONSENT_OVERDUE",
    "The basis of consent %(ref)s should have been looked at again by now.",
    "Have a new version of it approved.",
)
CONSENT_RECORD_NOT_EXPLICIT = declare(
    "PURPOSE_CONSENT_RECORD_NOT_EXPLICIT",
    "Special categories need an explicit consent, and %(ref)s does not say that it is one.",
    "Ask people expressly and say so in the basis of consent, or choose another condition of Art. 9(2).",
)

ARTICLE = "GDPR Art. 6(1)(f)"


def lia_gaps(content: PurposeContent, lia: Referred | None) -> Iterator[Reason]:
    """V-07 and V-12: an approved assessment that prevails, and is older than the processing."""
    if content.lawful_basis is not LawfulBasis.LEGITIMATE_INTERESTS or not content.lia_ref.strip():
        return
    named = {"ref": content.lia_ref}
    if lia is None:
        yield found(LIA_NOT_FOUND, "lia_ref", "V-07", ARTICLE, **named)
    elif not lia.is_in_force:
        yield found(LIA_NOT_IN_FORCE, "lia_ref", "V-07", ARTICLE, **named)
    elif lia.content.outcome is not Balance.PREVAILS:
        yield found(LIA_OVERRIDDEN, "lia_ref", "V-07", ARTICLE, **named)
    elif lia.is_overdue:
        yield found(LIA_OVERDUE, "lia_ref", "V-29", ARTICLE, **named)
    elif _is_later(content.valid_from, lia.first_approved_on):
        days = {"approved_on": str(lia.first_approved_on), "valid_from": str(content.valid_from)}
        yield found(LIA_LATER, "lia_ref", "V-12", ARTICLE, **named, **days)


def _is_later(begins: date | None, approved_on: date | None) -> bool:
    return begins is not None and approved_on is not None and approved_on > begins


def consent_gaps(content: PurposeContent, consent: Referred | None) -> Iterator[Reason]:
    """V-10: a basis of consent that is approved, and explicit where special categories rest on it."""
    if not _rests_on_consent(content):
        return
    named = {"ref": content.consent_ref}
    if consent is None:
        yield found(CONSENT_NOT_FOUND, "consent_ref", "V-10", "GDPR Art. 7(1)", **named)
    elif not consent.is_in_force:
        yield found(CONSENT_NOT_IN_FORCE, "consent_ref", "V-10", "GDPR Art. 7(1)", **named)
    elif consent.is_overdue:
        yield found(CONSENT_OVERDUE, "consent_ref", "V-29", "GDPR Art. 7(1)", **named)
    elif _is_for_special(content) and consent.content.is_explicit is not True:
        yield found(CONSENT_RECORD_NOT_EXPLICIT, "consent_ref", "V-10", "GDPR Art. 9(2)(a)", **named)


def consent_carries(consent: Referred | None, content: PurposeContent) -> bool:
    """At the use of the purpose. A reference from before there were records stands as it was approved."""
    if consent is None or not _rests_on_consent(content):
        return True
    is_explicit = consent.is_in_force and consent.content.is_explicit is True
    return consent.is_in_force and not consent.is_overdue and (is_explicit or not _is_for_special(content))


def _rests_on_consent(content: PurposeContent) -> bool:
    is_basis = content.lawful_basis is LawfulBasis.CONSENT
    return bool(content.consent_ref.strip()) and (is_basis or _is_for_special(content))


def _is_for_special(content: PurposeContent) -> bool:
    return Art9Condition.EXPLICIT_CONSENT in content.art9_conditions


def lia_carries(lia: Referred | None) -> bool:
    """At the use of the purpose. A reference from before there were records stands as it was approved."""
    if lia is None:
        return True
    return lia.is_in_force and lia.content.outcome is Balance.PREVAILS and not lia.is_overdue
