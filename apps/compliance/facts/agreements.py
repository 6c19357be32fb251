"""Agreements on the use of data, as the policy hears of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from apps.compliance.facts.naming import Kept, of_kind
from apps.compliance.facts.standing import earliest
from apps.compliance.lifecycle.data_sheets import listed
from apps.compliance.lifecycle.deadlines import months_after
from apps.compliance.lifecycle.use_agreements import USE_AGREEMENTS, UseAgreementContent
from apps.compliance.models import Purpose
from apps.policy.facts import AgreementFacts, Until
from apps.policy.law_words import AgreementState, DuoModifier, DuoPermission
from apps.policy.regions import EEA

EXPIRING = timedelta(days=60)


def agreement_facts(
    records: Iterable[Kept], purpose: Purpose, code: str, *, named: str, ends_on: Until, on: date
) -> tuple[AgreementFacts, ...]:
    """All that name the data; none is none. One that only the origin of the data names is not known yet.

    Permitted purposes are permitted each by itself: the purpose that is named, with its own concept.
    """
    found = tuple(_facts(each, purpose, code, on) for each in of_kind(records, USE_AGREEMENTS))
    if not named.strip() or named.strip() in {each.ref for each in found}:
        return found
    unrecorded = AgreementFacts(
        ref=named.strip(),
        version="0",
        state=None,
        ends_on=ends_on,
        purposes=None,
        permission=None,
        modifiers=None,
    )
    return (*found, unrecorded)


def agreed_with(records: Iterable[Kept], on: date) -> frozenset[str]:
    """The uids of parties with whom an agreement on the data is in force."""
    said = [each.content for each in of_kind(records, USE_AGREEMENTS) if each.holds(on)]
    return frozenset(str(uid) for content in said for uid in content.parties)


def _facts(record: Kept, purpose: Purpose, code: str, on: date) -> AgreementFacts:
    content: UseAgreementContent = record.content
    ends_on = _ends_on(record, content)
    regions = frozenset(listed(content.regions))
    return AgreementFacts(
        ref=record.ref,
        version=record.version,
        state=_state(record, ends_on, on),
        ends_on=ends_on,
        purposes=_purposes(content, purpose, code),
        permission=DuoPermission(content.permission.value) if content.permission else None,
        modifiers=frozenset(DuoModifier(each.value) for each in content.modifiers),
        diseases=frozenset(listed(content.diseases)),
        users=frozenset(listed(content.users)),
        institutions=frozenset(listed(content.institutions)),
        projects=frozenset(listed(content.project)),
        regions=regions | (EEA if "EEA" in regions else frozenset()),
        topics=frozenset(listed(content.topic)),
        moratorium_until=content.moratorium_until,
        forbids_reidentification=content.forbids_reidentification,
        forbids_sharing=content.forbids_sharing,
        needs_publication_review=content.needs_publication_review,
        needs_destruction_certificate=content.needs_destruction_certificate,
    )


def _ends_on(record: Kept, content: UseAgreementContent) -> Until:
    """The end of the term, or of the months for which the data may be used."""
    begins: date | None = content.signed_on
    after = months_after(begins, content.months) if content.months and begins else None
    return earliest(record.effective_to, after)


def _purposes(content: UseAgreementContent, purpose: Purpose, code: str) -> frozenset[str] | None:
    if not content.purposes:
        return None
    named: set[Any] = set(content.purposes)
    return frozenset({code} if purpose.uid in named else ())


def _state(record: Kept, ends_on: Until, on: date) -> AgreementState:
    if record.status != "approved":
        return AgreementState.TERMINATED
    if isinstance(ends_on, date) and ends_on <= on:
        return AgreementState.EXPIRED
    if record.effective_from > on:
        return AgreementState.NEGOTIATED  # signed perhaps, and not in force yet
    is_near = isinstance(ends_on, date) and ends_on - on <= EXPIRING
    return AgreementState.EXPIRING if is_near else AgreementState.ACTIVE
