"""Who beside the own organization would see the data, and on what the transfer to them rests."""

from __future__ import annotations

from dataclasses import dataclass

from apps.policy.law_words import DpfCover, PartyPart, PartyRole, TiaOutcome, TransferMechanism, TransferState
from apps.policy.stated import Stated
from apps.policy.vocabulary import Until


@dataclass(frozen=True, kw_only=True)
class ControllerFacts(Stated):
    """For whom the data are processed. `is_public_authority`: exercising public powers (GDPR Art. 49(3))."""

    country: str | None
    is_under_gdpr: bool | None
    is_public_authority: bool | None


@dataclass(frozen=True, kw_only=True)
class PartyFacts(Stated):
    """One party beside the own organization: the subject's employer, who operates the place, who receives.

    A contractor in person is a party. `country` is an ISO code, or the short name of an international
    organization. `has_contract`: all of GDPR Art. 28(3) is agreed; `is_authorized`: Art. 28(2) for a
    sub-processor; `has_arrangement`: Art. 26. `has_agreement` and `has_own_basis` are an independent
    controller's; the last three are what an adequacy decision asks about.
    """

    uid: str
    part: PartyPart
    role: PartyRole | None
    country: str | None
    is_international_organization: bool | None
    has_contract: bool | None = None
    is_authorized: bool | None = None
    contract_ends_on: Until = None
    has_arrangement: bool | None = None
    has_agreement: bool | None = None
    has_own_basis: bool | None = None
    dpf: DpfCover | None = None
    is_commercial: bool | None = None
    is_in_excluded_sector: bool | None = None


@dataclass(frozen=True, kw_only=True)
class TransferFacts(Stated):
    """One record of a transfer to `importer`; a record that another one replaced is not stated.

    `tia`: assessment of the law and practice of the country, with `has_measures` where it asks for them.
    `is_authorized`: by the authority, for Art. 46(3). `holds_hr_data`: data of the exporter's own workers.
    """

    ref: str
    version: str
    importer: str
    mechanism: TransferMechanism | None
    state: TransferState | None
    valid_to: Until
    tia: TiaOutcome | None = None
    tia_review_on: Until = None
    has_measures: bool | None = None
    is_authorized: bool | None = None
    is_occasional: bool | None = None
    holds_hr_data: bool | None = None
