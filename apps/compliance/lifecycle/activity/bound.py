"""V-18, V-19 and V-14: what binds those who are named, as the records of the parties say it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from apps.compliance.lifecycle.activity.content import ActivityContent, RecipientKind, Role
from apps.compliance.lifecycle.activity.covered import Covered
from apps.compliance.lifecycle.declaration import found
from apps.compliance.lifecycle.parties import ContractClause, PartyContent
from apps.policy.law_words import TransferMechanism
from apps.policy.reason import Reason, declare

NAMED_NOT_IN_FORCE = declare(
    "ACTIVITY_NAMED_NOT_IN_FORCE",
    "%(ref)s, which the record names here, is not in force.",
    "Have that record approved first, or name another one.",
)
CONTRACT_UNKNOWN = declare(
    "ACTIVITY_CONTRACT_UNKNOWN",
    "The processor %(party)s is named without the record that holds its contract.",
    "Record the party with its contract, and choose that record here.",
)
CONTRACT_MISSING = declare(
    "ACTIVITY_CONTRACT_MISSING",
    "No contract that is in force binds %(party)s.",
    "Conclude a contract under Art. 28(3), and name it in the record of the party.",
)
CLAUSES_MISSING = declare(
    "ACTIVITY_CLAUSES_MISSING",
    "The contract with %(party)s lacks what Art. 28(3) demands: %(clauses)s.",
    "Have the contract completed, and tick in the record of the party what it says then.",
)
SUB_UNAUTHORIZED = declare(
    "ACTIVITY_SUB_UNAUTHORIZED",
    "Nothing says that the controller authorized the sub-processor %(party)s.",
    "Obtain the authorization, and say so in the record of the party.",
)
ARRANGEMENT_MISSING = declare(
    "ACTIVITY_ARRANGEMENT_MISSING",
    "Joint controllers need an arrangement, and none is named.",
    "Name the arrangement of Art. 26, here or in the record of each joint controller.",
)
MECHANISM_MISSING = declare(
    "ACTIVITY_MECHANISM_MISSING",
    "The transfer to %(importer)s (%(country)s) has no mechanism, or names no instrument for it.",
    "Name the mechanism of Art. 45 to 49 and its instrument, or end the transfer.",
)

P = "particulars."


def gaps(content: ActivityContent, covered: Covered) -> Iterator[Reason]:
    yield from _transfers(content)
    yield from _not_in_force(content, covered)
    yield from _processors(content, covered)
    if content.role is Role.JOINT_CONTROLLER and not _is_arranged(content, covered):
        yield found(ARRANGEMENT_MISSING, "art26_arrangement", "V-19", "GDPR Art. 26")


def _transfers(content: ActivityContent) -> Iterator[Reason]:
    for transfer in content.transfers:
        needs_instrument = transfer.mechanism is not TransferMechanism.ADEQUACY
        if transfer.mechanism is None or (needs_instrument and not transfer.instrument_ref.strip()):
            facts = {"importer": transfer.importer, "country": transfer.country}
            yield found(MECHANISM_MISSING, "transfers", "V-14", "GDPR Art. 44", "GDPR Art. 46", **facts)


def _not_in_force(content: ActivityContent, covered: Covered) -> Iterator[Reason]:
    """Records that are named: what is not approved, has ended or waits for its review carries nothing."""
    for at, rule, article, uid in _named(content):
        record = covered.of(uid)
        if record is None or not record.is_in_force or record.is_overdue:
            ref = record.ref if record else str(uid)
            yield found(NAMED_NOT_IN_FORCE, at, rule, article, ref=ref)


def _named(content: ActivityContent) -> Iterator[tuple[str, str, str, UUID]]:
    """Those that no check of contracts looks at."""
    said = content.particulars
    for number, row in enumerate(said.personal_data):
        if row.retention is not None:
            yield f"{P}personal_data.{number}.retention", "V-17", "GDPR Art. 30(1)(f)", row.retention
    for uid in said.transfer_records:
        yield f"{P}transfer_records", "V-14", "GDPR Art. 44", uid
    if content.role is Role.JOINT_CONTROLLER:
        for uid in said.joint_controllers:
            yield f"{P}joint_controllers", "V-19", "GDPR Art. 26", uid


def _processors(content: ActivityContent, covered: Covered) -> Iterator[Reason]:
    for number, recipient in enumerate(content.recipients):
        if recipient.kind not in (RecipientKind.PROCESSOR, RecipientKind.SUB_PROCESSOR):
            continue
        at = f"recipients.{number}.party_id"
        if recipient.party_id is None:
            name = recipient.party or recipient.kind.value
            yield found(CONTRACT_UNKNOWN, at, "V-18", "GDPR Art. 28(3)", party=name)
        else:
            is_sub = recipient.kind is RecipientKind.SUB_PROCESSOR
            yield from _contract(at, recipient.party_id, covered, is_sub=is_sub)
    for uid in content.particulars.sub_processors:
        yield from _contract(f"{P}sub_processors", uid, covered, is_sub=True)
    if content.role is Role.PROCESSOR:
        for number, row in enumerate(content.particulars.on_behalf):
            if row.controller is not None:
                at = f"{P}on_behalf.{number}.controller"
                yield from _contract(at, row.controller, covered, is_sub=False)


def _contract(at: str, uid: UUID, covered: Covered, *, is_sub: bool) -> Iterator[Reason]:
    record = covered.of(uid)
    if record is None or not record.is_in_force:
        ref = record.ref if record else str(uid)
        yield found(NAMED_NOT_IN_FORCE, at, "V-18", "GDPR Art. 28(3)", ref=ref)
        return
    party: PartyContent = record.content
    named = {"party": record.name}
    has_ended = party.contract_ends_on is not None and party.contract_ends_on <= covered.today
    if not party.contract_ref.strip() or has_ended:
        yield found(CONTRACT_MISSING, at, "V-18", "GDPR Art. 28(3)", **named)
    elif missing := [each.value for each in ContractClause if each not in party.clauses]:
        clauses = ", ".join(missing)
        yield found(CLAUSES_MISSING, at, "V-18", "GDPR Art. 28(3)", clauses=clauses, **named)
    if is_sub and party.is_authorized is not True:
        yield found(SUB_UNAUTHORIZED, at, "V-18", "GDPR Art. 28(2)", **named)


def _is_arranged(content: ActivityContent, covered: Covered) -> bool:
    """By the document named here, or by that of every joint controller's record."""
    if content.art26_arrangement.strip():
        return True
    named = [covered.of(uid) for uid in content.particulars.joint_controllers]
    return bool(named) and all(each and each.content and each.content.arrangement.strip() for each in named)
