"""Versions of records as the pure content that is checked, shown and hashed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from uuid import UUID

from django.db.models import Value

from apps.compliance.lifecycle import (
    ActivityContent,
    Art89Safeguard,
    DataSubjectCategory,
    PurposeContent,
    Recipient,
    RecipientKind,
    Role,
    SecurityMeasure,
    Transfer,
    TransferMechanism,
)
from apps.compliance.lifecycle.activity import as_said
from apps.compliance.lifecycle.activity.particulars import Particulars
from apps.compliance.lifecycle.declaration import Evidence
from apps.compliance.lifecycle.purpose import BiometricUse
from apps.compliance.lifecycle.reading import read
from apps.compliance.models import ActivityVersion, PurposeVersion
from apps.kernel.events import plain
from apps.policy import snapshot
from apps.policy.vocabulary import Art9Condition, Art10Basis, LawfulBasis, Presumption


def purpose_content(version: PurposeVersion) -> PurposeContent:
    return PurposeContent(
        name=version.name,
        concept_code=version.concept.code,
        description=version.description,
        lawful_basis=LawfulBasis(version.lawful_basis) if version.lawful_basis else None,
        consent_ref=version.consent_ref,
        is_consent_explicit=version.is_consent_explicit,
        contract_ref=version.contract_ref,
        legal_provision=version.legal_provision,
        is_art23_law=version.is_art23_law,
        vital_interest_note=version.vital_interest_note,
        lia_ref=version.lia_ref,
        art9_conditions=frozenset(Art9Condition(word) for word in version.art9_conditions),
        art9_law_ref=version.art9_law_ref,
        has_professional_secrecy=version.has_professional_secrecy,
        art89_safeguards=frozenset(Art89Safeguard(word) for word in version.art89_safeguards),
        art10_basis=Art10Basis(version.art10_basis) if version.art10_basis else None,
        art10_law_ref=version.art10_law_ref,
        presumption=Presumption(version.presumption),
        is_model_training=version.is_model_training,
        biometric_use=BiometricUse(version.biometric_use) if version.biometric_use else None,
        evidence=tuple(read(Evidence, each) for each in version.evidence),
        valid_from=version.valid_from,
        valid_to=version.valid_to,
    )


def activity_content(version: ActivityVersion) -> ActivityContent:
    """One query, for purposes and assets."""
    covered = _covered(version)
    return described(version, purpose_ids=covered["purpose"], asset_ids=covered["asset"])


def described(
    version: ActivityVersion, *, purpose_ids: tuple[UUID, ...], asset_ids: tuple[UUID, ...]
) -> ActivityContent:
    """Without a query, where the version was read with its controller."""
    return ActivityContent(
        name=version.name,
        description=version.description,
        role=Role(version.role),
        controller_id=version.controller.uid,
        art26_arrangement=version.art26_arrangement,
        purpose_ids=purpose_ids,
        asset_ids=asset_ids,
        data_subject_categories=frozenset(
            DataSubjectCategory(word) for word in version.data_subject_categories
        ),
        recipients=tuple(kept_recipient(each) for each in version.recipients),
        no_recipients_confirmed=version.no_recipients_confirmed,
        transfers=tuple(
            Transfer(
                country=each["country"],
                importer=each["importer"],
                mechanism=TransferMechanism(each["mechanism"]) if each["mechanism"] else None,
                instrument_ref=each["instrument_ref"],
            )
            for each in version.transfers
        ),
        no_transfers_confirmed=version.no_transfers_confirmed,
        security_measures=frozenset(SecurityMeasure(word) for word in version.security_measures),
        is_running=version.is_running,
        effective_from=version.effective_from,
        particulars=read(Particulars, version.particulars),
    )


def kept_recipient(kept: Mapping[str, str]) -> Recipient:
    return Recipient(
        kind=RecipientKind(kept["kind"]),
        party=kept["party"],
        country=kept.get("country", ""),
        party_id=UUID(kept["party_id"]) if "party_id" in kept else None,
    )


def _covered(version: ActivityVersion) -> dict[str, tuple[UUID, ...]]:
    purposes = version.purposes.order_by().annotate(what=Value("purpose")).values_list("what", "uid")
    assets = version.assets.order_by().annotate(what=Value("asset")).values_list("what", "uid")
    found = list(purposes.union(assets, all=True))
    return {name: tuple(sorted(uid for what, uid in found if what == name)) for name in ("purpose", "asset")}


SINCE_THEN = ("biometric_use", "evidence")
"""Fields of a purpose that were added later."""


def content_sha256(content: PurposeContent | ActivityContent) -> str:
    """Of the canonical JSON (RFC 8785): what exactly was submitted and approved. What was added to purposes
    later is left out where nothing is said, so that what was approved before keeps its hash."""
    said = as_said(content) if isinstance(content, ActivityContent) else asdict(content)
    if isinstance(content, PurposeContent):
        said = {name: value for name, value in said.items() if value or name not in SINCE_THEN}
    return snapshot.sha256_of(plain(said))
