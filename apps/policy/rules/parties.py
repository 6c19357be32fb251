"""A27 and A28: nobody outside sees data about people without a contract, an arrangement or an agreement."""

from __future__ import annotations

from apps.policy.decision import Effect, Finding, RuleType
from apps.policy.facts import PartyFacts, Relation
from apps.policy.law_words import PartyPart, PartyRole
from apps.policy.reason import declare
from apps.policy.rules.case import Case, Said
from apps.policy.rules.rule import EITHER, Rule

PROCESSOR_WITHOUT_CONTRACT = declare(
    "PROCESSOR_WITHOUT_CONTRACT",
    "%(party)s would process on behalf of the controller and has no contract that holds all it must.",
    "Conclude a contract as GDPR Art. 28(3) asks for it, and record it.",
)
PROCESSOR_CONTRACT_UNKNOWN = declare(
    "PROCESSOR_CONTRACT_UNKNOWN",
    "Whether %(party)s has a contract as a processor, and until when, is not recorded.",
    "Record the contract of the processor.",
)
SUB_PROCESSOR_NOT_AUTHORIZED = declare(
    "SUB_PROCESSOR_NOT_AUTHORIZED",
    "The controller has not authorized %(party)s as a further processor.",
    "Obtain the authorization of GDPR Art. 28(2).",
)
ROLE_OF_PARTY_UNKNOWN = declare(
    "ROLE_OF_PARTY_UNKNOWN",
    "Whether %(party)s would act as a processor or as a controller is not recorded.",
    "Record the role of the party.",
)
EMPLOYER_UNKNOWN = declare(
    "EMPLOYER_UNKNOWN",
    "The %(who)s is from outside, and for whom they work is not recorded.",
    "Record the employer as a party; a contractor in person is one.",
)
RECIPIENT_WITHOUT_AGREEMENT = declare(
    "RECIPIENT_WITHOUT_AGREEMENT",
    "%(party)s would receive the data as a controller and lacks: %(missing)s.",
    "Conclude an agreement on the use of the data, and have the party name its own lawful basis.",
)
ARRANGEMENT_MISSING = declare(
    "ARRANGEMENT_MISSING",
    "There is no arrangement with the joint controller %(party)s.",
    "Conclude the arrangement of GDPR Art. 26.",
)

OUTSIDE = (Relation.CONTRACTOR, Relation.VENDOR)


def processors_bound(case: Case) -> Finding:
    """A27."""
    said = Said(case)
    parties = case.facts.parties
    if parties is None:
        said.not_known("parties", "a processor without contract")
        said.object(Effect.BLOCK, EMPLOYER_UNKNOWN, who="subject")
    else:
        _judge_outsiders(case, said, parties)
    for party in parties or ():
        if party.role is None:
            said.not_known(f"parties.{party.uid}.role", "a processor without contract")
            said.object(Effect.BLOCK, ROLE_OF_PARTY_UNKNOWN, party=party.uid)
        elif party.role in (PartyRole.PROCESSOR, PartyRole.SUB_PROCESSOR):
            _judge_processor(said, party)
    return case.answered(said)


def _judge_outsiders(case: Case, said: Said, parties: tuple[PartyFacts, ...]) -> None:
    """Somebody from outside without an employer on record: two records contradict, the stricter counts."""
    has_employer = any(party.part is PartyPart.EMPLOYER for party in parties)
    for name in ("requester", "subject"):
        if getattr(case.facts, name).relation in OUTSIDE and not has_employer:
            said.not_known(f"{name}.employer", "a processor without contract")
            said.object(Effect.BLOCK, EMPLOYER_UNKNOWN, who=name)


def _judge_processor(said: Said, party: PartyFacts) -> None:
    for name, code in (
        ("has_contract", PROCESSOR_WITHOUT_CONTRACT),
        *(
            (("is_authorized", SUB_PROCESSOR_NOT_AUTHORIZED),)
            if party.role is PartyRole.SUB_PROCESSOR
            else ()
        ),
    ):
        value = getattr(party, name)
        if value is None:
            said.not_known(f"parties.{party.uid}.{name}", "no")
            said.object(Effect.BLOCK, PROCESSOR_CONTRACT_UNKNOWN, party=party.uid)
        elif value is False:
            said.object(Effect.DENY, code, party=party.uid)
    said.ends(
        party.contract_ends_on,
        "processor_contract_end",
        party.uid,
        PROCESSOR_CONTRACT_UNKNOWN,
        party=party.uid,
    )


def recipients_bound(case: Case) -> Finding:
    """A28. Under an exemption only the agreement is asked for: no law of persons asks for a basis there."""
    said = Said(case)
    for party in case.facts.parties or ():
        if party.role is PartyRole.INDEPENDENT_CONTROLLER:
            asked = ("has_agreement",) if case.exemption else ("has_agreement", "has_own_basis")
            missing = tuple(name for name in asked if getattr(party, name) is not True)
            for name in missing:
                if getattr(party, name) is None:
                    said.not_known(f"parties.{party.uid}.{name}", "no")
            if missing:
                said.object(Effect.BLOCK, RECIPIENT_WITHOUT_AGREEMENT, party=party.uid, missing=missing)
        elif party.role is PartyRole.JOINT_CONTROLLER and not case.exemption:
            if party.has_arrangement is None:
                said.not_known(f"parties.{party.uid}.has_arrangement", "none")
            if party.has_arrangement is not True:
                said.object(Effect.BLOCK, ARRANGEMENT_MISSING, party=party.uid)
    if case.facts.parties is None:
        said.not_known("parties", "a controller without agreement")
        said.object(Effect.BLOCK, EMPLOYER_UNKNOWN, who="subject")
    return case.answered(said)


RULES = (
    Rule(
        id="A27",
        type=RuleType.LAW,
        articles=("GDPR Art. 28(2)", "GDPR Art. 28(3)", "GDPR Art. 29"),
        evaluate=processors_bound,
        exempted_by=EITHER,
    ),
    Rule(
        id="A28",
        type=RuleType.POLICY,
        articles=("GDPR Art. 5(1)", "GDPR Art. 6", "GDPR Art. 14", "GDPR Art. 26"),
        evaluate=recipients_bound,
    ),
)
