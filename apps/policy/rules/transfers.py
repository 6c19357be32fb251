"""A22, A23 and A26: what a transfer to a third country rests on (GDPR Chapter V)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from apps.policy.decision import Effect, Finding, RuleType
from apps.policy.facts import PartyFacts, TransferFacts
from apps.policy.law_words import TiaOutcome, TransferMechanism, TransferState
from apps.policy.reason import Value, declare
from apps.policy.route import stages_for
from apps.policy.rules.case import Case, Said, start_of
from apps.policy.rules.rule import EITHER, Rule, Words
from apps.policy.transfers import is_adequate, is_restricted, regime_of

TRANSFER_PARTIES_UNKNOWN = declare(
    "TRANSFER_PARTIES_UNKNOWN",
    "Who beside the own organization would see the data is not recorded.",
    "Record the employer of whoever receives, who operates the place of processing, and any recipient.",
)
TRANSFER_UNCLEAR = declare(
    "TRANSFER_UNCLEAR",
    "Whether making the data available to %(party)s is a transfer to a third country is not known.",
    "Record the country of the party and of the controller.",
)
TRANSFER_LAW_NOT_HELD = declare(
    "TRANSFER_LAW_NOT_HELD",
    "The rulebook holds no law in force by which a transfer to %(party)s could be judged.",
    "Ask the compliance officer for a rulebook with the law that binds the controller.",
)
TRANSFER_WITHOUT_MECHANISM = declare(
    "TRANSFER_WITHOUT_MECHANISM",
    "Nothing on record allows the transfer to %(party)s in %(country)s.",
    "Have the data processed in the EEA, or have the transfer and its mechanism recorded first.",
)
TRANSFER_RECORD_INCOMPLETE = declare(
    "TRANSFER_RECORD_INCOMPLETE",
    "The transfer %(transfer)s is not ready: %(missing)s.",
    "Complete the record of the transfer.",
)
TRANSFER_ENDED = declare(
    "TRANSFER_ENDED",
    "The transfer %(transfer)s is suspended or its instrument has ended.",
    "Renew the instrument, or have the data processed in the EEA.",
)
ADEQUACY_DOES_NOT_COVER = declare(
    "ADEQUACY_DOES_NOT_COVER",
    "The transfer %(transfer)s claims an adequacy decision, and none covers %(party)s in %(country)s.",
    "Record another mechanism, for example standard contractual clauses.",
)
MECHANISM_NOT_FOR_AUTHORITIES = declare(
    "MECHANISM_NOT_FOR_AUTHORITIES",
    "A public authority exercising its powers cannot rest the transfer %(transfer)s on %(mechanism)s.",
    "Record another mechanism.",
)
TIA_MISSING = declare(
    "TIA_MISSING",
    "The law and practice of the country are not assessed for the transfer %(transfer)s, or not lately.",
    "Have the transfer's impact assessed.",
)
TIA_NEGATIVE = declare(
    "TIA_NEGATIVE",
    "The impact assessment of the transfer %(transfer)s finds that the data would not be protected there.",
    "Add supplementary measures and assess again, or have the data processed in the EEA.",
)
TRANSFER_MEASURES_MISSING = declare(
    "TRANSFER_MEASURES_MISSING",
    "The supplementary measures that the transfer %(transfer)s needs are not in place.",
    "Put them in place and record them.",
)
DEROGATION_NOT_FOR_STANDING_ACCESS = declare(
    "DEROGATION_NOT_FOR_STANDING_ACCESS",
    "The transfer %(transfer)s rests on %(mechanism)s, which holds for occasional transfers only.",
    "Record a mechanism of GDPR Art. 45 or 46.",
)
DEROGATION_UNCLEAR = declare(
    "DEROGATION_UNCLEAR",
    "Whether the transfer %(transfer)s, which rests on %(mechanism)s, is occasional is not recorded.",
    "Record how often the transfer happens.",
)
DEROGATION_DECIDED_BY_PEOPLE = declare(
    "DEROGATION_DECIDED_BY_PEOPLE",
    "The transfer %(transfer)s rests on %(mechanism)s; that is decided by %(roles)s.",
    "Nothing to do; or have a mechanism of GDPR Art. 45 or 46 recorded.",
)

SAFEGUARDS = frozenset(item for item in TransferMechanism if item.value.startswith("46"))
DEROGATIONS = frozenset(item for item in TransferMechanism if item.value.startswith("49"))
OCCASIONAL_ONLY = frozenset(
    {
        TransferMechanism.CONTRACT,
        TransferMechanism.CONTRACT_IN_INTEREST,
        TransferMechanism.LEGAL_CLAIMS,
        TransferMechanism.COMPELLING_INTERESTS,
    }
)
NOT_FOR_AUTHORITIES = frozenset(
    {
        TransferMechanism.EXPLICIT_CONSENT,
        TransferMechanism.CONTRACT,
        TransferMechanism.CONTRACT_IN_INTEREST,
        TransferMechanism.COMPELLING_INTERESTS,
    }
)
NEEDS_AUTHORIZATION = frozenset(
    {TransferMechanism.AD_HOC_CLAUSES, TransferMechanism.ADMINISTRATIVE_ARRANGEMENT}
)
NOT_READY = (TransferState.DRAFT, TransferState.TIA_DONE)
ENDED = (TransferState.EXPIRED, TransferState.SUSPENDED)


def _importers(case: Case) -> Iterator[PartyFacts]:
    """Restricted, or not known to be unrestricted."""
    for party in case.facts.parties or ():
        if is_restricted(case.facts.controller, party, case.law) is not False:
            yield party


def _transfers(case: Case) -> Iterator[tuple[PartyFacts, TransferFacts]]:
    """Every record about an importer counts; one that was replaced is not stated."""
    for party in _importers(case):
        for transfer in case.facts.transfers or ():
            if transfer.importer == party.uid:
                yield party, transfer


def covered(case: Case) -> Finding:
    """A22."""
    said = Said(case)
    if case.facts.parties is None:
        said.not_known("parties", "an importer in a third country")
        said.object(Effect.BLOCK, TRANSFER_PARTIES_UNKNOWN)
    for party in _importers(case):
        _judge_party(case, said, party)
    for party, transfer in _transfers(case):
        _judge_transfer(case, said, party, transfer)
    return case.answered(said)


def _judge_party(case: Case, said: Said, party: PartyFacts) -> None:
    if not case.law.has(regime_of(case.facts.controller)):
        said.object(Effect.BLOCK, TRANSFER_LAW_NOT_HELD, party=party.uid)
    elif is_restricted(case.facts.controller, party, case.law) is None:
        said.not_known(f"parties.{party.uid}.country", "a third country")
        said.object(Effect.BLOCK, TRANSFER_UNCLEAR, party=party.uid)
    if case.facts.transfers is None:
        said.not_known("transfers", "none")
        said.object(Effect.BLOCK, TRANSFER_RECORD_INCOMPLETE, transfer=party.uid, missing=("record",))
    elif not any(item.importer == party.uid for item in case.facts.transfers):
        is_sure = is_restricted(case.facts.controller, party, case.law) is True
        effect = Effect.DENY if is_sure else Effect.BLOCK
        said.object(effect, TRANSFER_WITHOUT_MECHANISM, party=party.uid, country=party.country)


def _judge_transfer(case: Case, said: Said, party: PartyFacts, transfer: TransferFacts) -> None:
    missing = [name for name in ("mechanism", "state") if getattr(transfer, name) is None]
    for name in missing:
        said.not_known(f"transfers.{transfer.ref}.{name}", "none")
    if transfer.state in NOT_READY:
        missing.append("state")
    if transfer.mechanism in NEEDS_AUTHORIZATION and transfer.is_authorized is not True:
        missing.append("is_authorized")
    if missing:
        said.object(Effect.BLOCK, TRANSFER_RECORD_INCOMPLETE, transfer=transfer.ref, missing=tuple(missing))
    if transfer.state in ENDED:
        said.object(Effect.DENY, TRANSFER_ENDED, transfer=transfer.ref)
    if transfer.mechanism is TransferMechanism.ADEQUACY:
        _judge_adequacy(case, said, party, transfer)
    if transfer.mechanism in NOT_FOR_AUTHORITIES:
        _judge_authority(case, said, transfer)
    facts: dict[str, Value] = {"transfer": transfer.ref, "missing": ("valid_to",)}
    said.ends(transfer.valid_to, "transfer_end", transfer.ref, TRANSFER_RECORD_INCOMPLETE, **facts)


def _judge_adequacy(case: Case, said: Said, party: PartyFacts, transfer: TransferFacts) -> None:
    decision = case.law.adequacy(regime_of(case.facts.controller), party.country or "")
    named: dict[str, Value] = {"transfer": transfer.ref, "party": party.uid, "country": party.country}
    if decision is None:
        effect = Effect.BLOCK if party.country is None else Effect.DENY
        said.object(effect, ADEQUACY_DOES_NOT_COVER, **named)
        return
    is_covered = is_adequate(decision, party, holds_hr_data=transfer.holds_hr_data)
    if is_covered is None:
        said.not_known(f"parties.{party.uid}.{decision.scope.value}", "not covered")
    if is_covered is not True:
        said.object(Effect.BLOCK if is_covered is None else Effect.DENY, ADEQUACY_DOES_NOT_COVER, **named)
    said.ends(decision.ends_on, "adequacy_end", decision.place, ADEQUACY_DOES_NOT_COVER, **named)


def _judge_authority(case: Case, said: Said, transfer: TransferFacts) -> None:
    """GDPR Art. 49(3)."""
    controller, mechanism = case.facts.controller, transfer.mechanism
    is_authority = controller.is_public_authority if controller is not None else None
    if is_authority is False or mechanism is None:
        return
    if is_authority is None:
        said.not_known("controller.is_public_authority", "yes")
    effect = Effect.BLOCK if is_authority is None else Effect.DENY
    named = {"transfer": transfer.ref, "mechanism": mechanism.value}
    said.object(effect, MECHANISM_NOT_FOR_AUTHORITIES, **named)


def assessed(case: Case) -> Finding:
    """A23. Clauses alone do not bind the authorities of a country (CJEU C-311/18)."""
    said = Said(case)
    for _, transfer in _transfers(case):
        if transfer.mechanism not in SAFEGUARDS:
            continue
        if transfer.tia is None:
            said.not_known(f"transfers.{transfer.ref}.tia", "none")
            said.object(Effect.BLOCK, TIA_MISSING, transfer=transfer.ref)
        elif transfer.tia is TiaOutcome.NEGATIVE:
            said.object(Effect.BLOCK, TIA_NEGATIVE, transfer=transfer.ref)
        elif transfer.tia is TiaOutcome.ADEQUATE_WITH_MEASURES and transfer.has_measures is not True:
            if transfer.has_measures is None:
                said.not_known(f"transfers.{transfer.ref}.has_measures", "not in place")
            said.object(Effect.BLOCK, TRANSFER_MEASURES_MISSING, transfer=transfer.ref)
        review = transfer.tia_review_on
        if isinstance(review, date) and start_of(review) <= case.facts.now:
            said.object(Effect.BLOCK, TIA_MISSING, transfer=transfer.ref)
        else:
            said.ends(review, "tia_review", transfer.ref, TIA_MISSING, transfer=transfer.ref)
    return case.answered(said)


def derogated(case: Case) -> Finding:
    """A26. A grant is standing access: a derogation carries it only where the transfer is occasional."""
    said = Said(case)
    roles = case.words("roles")
    for _, transfer in _transfers(case):
        mechanism = transfer.mechanism
        if mechanism is None or mechanism not in DEROGATIONS:
            continue
        named = {"transfer": transfer.ref, "mechanism": mechanism.value}
        if mechanism in OCCASIONAL_ONLY and transfer.is_occasional is False:
            said.object(Effect.DENY, DEROGATION_NOT_FOR_STANDING_ACCESS, **named)
        elif mechanism in OCCASIONAL_ONLY and transfer.is_occasional is None:
            said.not_known(f"transfers.{transfer.ref}.is_occasional", "standing")
            said.object(Effect.BLOCK, DEROGATION_UNCLEAR, **named)
        said.object(Effect.REFER, DEROGATION_DECIDED_BY_PEOPLE, roles=roles, **named)
    return case.answered(said, stages=stages_for(roles) if said.reasons else ())


_CHAPTER_V = tuple(f"GDPR Art. {number}" for number in range(44, 50))

RULES = (
    Rule(id="A22", type=RuleType.LAW, articles=_CHAPTER_V, evaluate=covered, exempted_by=EITHER),
    Rule(
        id="A23",
        type=RuleType.LAW,
        articles=("GDPR Art. 46(1)", "CJEU C-311/18"),
        evaluate=assessed,
        exempted_by=EITHER,
    ),
    Rule(
        id="A26",
        type=RuleType.LAW,
        articles=("GDPR Art. 49(1)", "GDPR rec. 111"),
        evaluate=derogated,
        parameters={"roles": Words()},
        defaults={"roles": ("compliance_officer",)},
        exempted_by=EITHER,
    ),
)
