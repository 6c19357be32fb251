"""A24 and A25: where the data are processed and by whom, and from where a person of the own house works."""

from __future__ import annotations

from apps.policy.decision import Effect, Finding, RuleType
from apps.policy.facts import (
    Action,
    AssetFacts,
    NoLimit,
    Obligation,
    ObligationKind,
    PinFacts,
    Relation,
)
from apps.policy.law_words import PartyPart
from apps.policy.reason import declare
from apps.policy.regions import EEA
from apps.policy.rules.case import Case, Said
from apps.policy.rules.rule import EITHER, Rule, Words

PLACE_NOT_ALLOWED = declare(
    "PLACE_NOT_ALLOWED",
    "%(asset)s may be processed in %(allowed)s only, and the place named is %(place)s.",
    "Name a place of processing that is allowed.",
)
OPERATOR_NOT_ALLOWED = declare(
    "OPERATOR_NOT_ALLOWED",
    "%(asset)s may be processed by %(allowed)s only, and %(operator)s operates the place.",
    "Name a place that is operated by somebody who is allowed.",
)
PIN_UNKNOWN = declare(
    "PIN_UNKNOWN",
    "Where %(asset)s may be processed and by whom, or where it would be, is not recorded.",
    "Record the places and operators that are allowed (or that all are), and name the place of processing.",
)
WORKS_FROM_ABROAD = declare(
    "WORKS_FROM_ABROAD",
    "The %(party)s works from outside the EEA, or nobody recorded from where: nothing is downloaded.",
    "Nothing to do; to work offline, ask again from within the EEA.",
)
COUNTRY_NOT_ALLOWED = declare(
    "COUNTRY_NOT_ALLOWED",
    "Nobody works with data about people from %(country)s.",
    "Ask again from another country.",
)
NO_EXPORT_ABROAD = declare(
    "NO_EXPORT_ABROAD",
    "Data about people are not taken out by the %(party)s who works from outside the EEA.",
    "Ask to read instead of export, or ask again from within the EEA.",
)
LOCATION_UNKNOWN = declare(
    "LOCATION_UNKNOWN",
    "From where the %(party)s works is not recorded.",
    "Record the country the person works from.",
)


def pinned(case: Case) -> Finding:
    """A24. Runs under every exemption: a pin may come from a contract as well."""
    said = Said(case)
    duties: list[Obligation] = []
    for asset in case.facts.assets:
        pin = asset.pin or PinFacts(places=None, operators=None)
        _judge_place(case, said, asset, pin)
        _judge_operator(case, said, asset, pin)
        if isinstance(pin.places, frozenset):
            value = f"{asset.uid}={','.join(sorted(pin.places))}"
            duties.append(Obligation(kind=ObligationKind.REGION_PIN, value=value))
    return case.answered(said, obligations=frozenset(duties))


def _judge_place(case: Case, said: Said, asset: AssetFacts, pin: PinFacts) -> None:
    place = case.facts.place_of_processing
    if isinstance(pin.places, NoLimit):
        return
    if pin.places is None or place is None:
        fact = f"assets.{asset.uid}.pin.places" if pin.places is None else "place_of_processing"
        said.not_known(fact, "not allowed")
        said.object(Effect.BLOCK, PIN_UNKNOWN, asset=asset.uid)
        return
    allowed = pin.places | (EEA if "EEA" in pin.places else frozenset())
    if place not in allowed:
        named = tuple(sorted(pin.places))
        said.object(Effect.DENY, PLACE_NOT_ALLOWED, asset=asset.uid, place=place, allowed=named)


def _judge_operator(case: Case, said: Said, asset: AssetFacts, pin: PinFacts) -> None:
    """No operator among the parties: the own organization operates the place."""
    if isinstance(pin.operators, NoLimit):
        return
    parties = case.facts.parties
    if pin.operators is None or parties is None:
        fact = f"assets.{asset.uid}.pin.operators" if pin.operators is None else "parties"
        said.not_known(fact, "not allowed")
        said.object(Effect.BLOCK, PIN_UNKNOWN, asset=asset.uid)
        return
    for party in parties:
        if party.part is PartyPart.OPERATOR and party.uid not in pin.operators:
            named = tuple(sorted(pin.operators))
            said.object(Effect.DENY, OPERATOR_NOT_ALLOWED, asset=asset.uid, operator=party.uid, allowed=named)


def abroad(case: Case) -> Finding:
    """A25. Own people abroad are no importers (EDPB 05/2021), but what they carry is at risk (Art. 32)."""
    said = Said(case)
    denied = case.words("denied_countries")
    is_away = False
    for name in ("requester", "subject"):
        party = getattr(case.facts, name)
        if party.relation not in (Relation.EMPLOYEE, None) or party.location in EEA:
            continue
        is_away = True
        takes_out = Action.EXPORT in case.facts.actions
        said.object(None, WORKS_FROM_ABROAD, party=name)
        if party.location is None:
            said.not_known(f"{name}.location", "outside the EEA")
            if takes_out or denied:
                said.object(Effect.BLOCK, LOCATION_UNKNOWN, party=name)
            continue
        if party.location in denied:
            said.object(Effect.DENY, COUNTRY_NOT_ALLOWED, country=party.location)
        if takes_out:
            said.object(Effect.DENY, NO_EXPORT_ABROAD, party=name)
    duties = frozenset({Obligation(kind=ObligationKind.NO_DOWNLOAD)} if is_away else ())
    return case.answered(said, obligations=duties)


RULES = (
    Rule(
        id="A24",
        type=RuleType.LAW,
        articles=("GDPR Art. 28(3)(a)", "GDPR Art. 44"),
        evaluate=pinned,
    ),
    Rule(
        id="A25",
        type=RuleType.POLICY,
        articles=("EDPB Guidelines 05/2021", "GDPR Art. 32"),
        evaluate=abroad,
        parameters={"denied_countries": Words(is_empty_allowed=True)},
        defaults={"denied_countries": ()},
        exempted_by=EITHER,
    ),
)
