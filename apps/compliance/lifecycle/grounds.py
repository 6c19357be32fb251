"""Whether what a purpose rests on carries it: the record that its reference names, as it stands today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from apps.compliance.lifecycle.declaration import Referred, found
from apps.compliance.lifecycle.interests import Balance
from apps.compliance.lifecycle.purpose import PurposeContent
from apps.policy.reason import Reason, declare
from apps.policy.vocabulary import LawfulBasis

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


def lia_carries(lia: Referred | None) -> bool:
    """At the use of the purpose. A reference from before there were records stands as it was approved."""
    if lia is None:
        return True
    return lia.is_in_force and lia.content.outcome is Balance.PREVAILS and not lia.is_overdue
