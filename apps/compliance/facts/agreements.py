"""Agreements on the use of data, as the policy hears of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from apps.compliance.facts.naming import Kept, of_kind
from apps.compliance.lifecycle import RecordStatus
from apps.compliance.lifecycle.data_sheets import listed
from apps.compliance.lifecycle.use_agreements import (
    USE_AGREEMENTS,
    AgreementStage,
    UseAgreementContent,
    ends_on,
    stage_on,
)
from apps.compliance.models import LegalRecord, LegalRecordVersion, Purpose
from apps.compliance.models.record import is_signed
from apps.policy.facts import AgreementFacts, Until
from apps.policy.law_words import AgreementState, DuoModifier, DuoPermission
from apps.policy.regions import EEA


def counting_of(row: LegalRecord) -> LegalRecordVersion | None:
    """The version that was signed off last, also where it was retired since."""
    version = row.versions.filter(is_signed()).order_by("-number").first()
    if version is not None:
        version.legal_record = row
    return version


def where_it_stands(row: LegalRecord, version: LegalRecordVersion, *, on: date) -> AgreementStage:
    """Where the days and the record's versions have brought an agreement."""
    if row.stage == AgreementStage.CERTIFIED:
        return AgreementStage.CERTIFIED
    if version.record_status == RecordStatus.RETIRED:
        return AgreementStage.TERMINATED
    by_days = stage_on(version.said, version.effective_from, version.effective_to, on)
    if row.stage == AgreementStage.TERMINATED:
        ended = row.steps.filter(step="terminate").order_by("-number").first()
        is_renewed = ended is None or (version.approved_at or ended.created_at) > ended.created_at
        return by_days if is_renewed else AgreementStage.TERMINATED
    return by_days


def agreement_facts(
    records: Iterable[Kept], purpose: Purpose, code: str, *, named: str, ends_on: Until, on: date
) -> tuple[AgreementFacts, ...]:
    """All that name the data, each in its last version; none is none. One that only the origin of the data
    names is not known yet.

    Permitted purposes are permitted each by itself: the purpose that is named, with its own concept.
    """
    last = {each.ref: each for each in of_kind(records, USE_AGREEMENTS)}
    found = tuple(_facts(each, purpose, code, on) for each in last.values())
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
    held = (each for each in of_kind(records, USE_AGREEMENTS) if each.holds(on) and not _is_ended(each))
    said = [each.content for each in held]
    return frozenset(str(uid) for content in said for uid in content.parties)


def _facts(record: Kept, purpose: Purpose, code: str, on: date) -> AgreementFacts:
    content: UseAgreementContent = record.content
    end = ends_on(content, record.effective_to)
    regions = frozenset(listed(content.regions))
    return AgreementFacts(
        ref=record.ref,
        version=record.version,
        state=_state(record, on),
        ends_on=end,
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


def _purposes(content: UseAgreementContent, purpose: Purpose, code: str) -> frozenset[str] | None:
    if not content.purposes:
        return None
    named: set[Any] = set(content.purposes)
    return frozenset({code} if purpose.uid in named else ())


def _is_ended(record: Kept) -> bool:
    """By people, whatever the days say."""
    return record.stage in (AgreementStage.TERMINATED, AgreementStage.CERTIFIED)


def _state(record: Kept, on: date) -> AgreementState:
    """By the day that is asked about; the stage of the record is written down a little later."""
    if record.stage == AgreementStage.CERTIFIED:
        return AgreementState.DESTRUCTION_CERTIFIED
    if record.status != RecordStatus.APPROVED or _is_ended(record):
        return AgreementState.TERMINATED
    return AgreementState(stage_on(record.content, record.effective_from, record.effective_to, on).value)
