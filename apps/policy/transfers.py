"""When is making data available a transfer to a third country? The three criteria of EDPB 05/2021.

The exporter is under the GDPR, it makes the data available, and the importer is another party in a third
country or an international organization, whether or not the GDPR binds it too. Somebody of the own house
abroad is no importer; a contractor in person is.
"""

from __future__ import annotations

from apps.policy.facts import ControllerFacts, PartyFacts
from apps.policy.law_words import AdequacyScope, DpfCover
from apps.policy.packs import Adequacy, Law

UNITED_KINGDOM = "GB"


def regime_of(controller: ControllerFacts | None) -> str:
    """The law of transfers that binds the exporter: the United Kingdom has its own."""
    is_british = controller is not None and controller.country == UNITED_KINGDOM
    return "uk-gdpr" if is_british else "eu-gdpr"


def is_restricted(controller: ControllerFacts | None, party: PartyFacts, law: Law) -> bool | None:
    """`None` where a fact that decides it is not known."""
    is_bound = controller.is_under_gdpr if controller is not None else None
    if is_bound is not False and (controller is None or controller.country is None):
        return None
    is_far = _is_far(party, law.countries(regime_of(controller), "eea"))
    if is_bound is False or is_far is False:
        return False
    return True if is_bound and is_far else None


def _is_far(party: PartyFacts, inside: frozenset[str] | None) -> bool | None:
    if party.is_international_organization:
        return True
    if party.country is None or inside is None:
        return None
    if party.country not in inside:
        return True
    return None if party.is_international_organization is None else False


def is_adequate(decision: Adequacy, party: PartyFacts, *, holds_hr_data: bool | None) -> bool | None:
    """Does the decision cover this importer? `None` where what its scope asks for is not known."""
    if decision.scope is AdequacyScope.COMMERCIAL:
        return party.is_commercial
    if decision.scope is AdequacyScope.NOT_EXCLUDED:
        return None if party.is_in_excluded_sector is None else not party.is_in_excluded_sector
    if decision.scope is AdequacyScope.DPF_LIST:
        return _is_on_the_list(party.dpf, holds_hr_data=holds_hr_data)
    return True


def _is_on_the_list(dpf: DpfCover | None, *, holds_hr_data: bool | None) -> bool | None:
    if dpf is None or dpf in (DpfCover.NO, DpfCover.BOTH):
        return None if dpf is None else dpf is DpfCover.BOTH
    if holds_hr_data is None:
        return None
    return holds_hr_data is (dpf is DpfCover.HR)
