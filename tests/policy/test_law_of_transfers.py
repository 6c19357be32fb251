"""A22 to A26 holding, and not holding, with one fact changed between the two; and what is a transfer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from apps.policy.decision import Effect
from apps.policy.engine import decide
from apps.policy.facts import (
    NO_LIMIT,
    Action,
    Obligation,
    ObligationKind,
    PinFacts,
    Relation,
    RequestFacts,
)
from apps.policy.law_words import DpfCover, PartyPart, TiaOutcome, TransferMechanism, TransferState
from apps.policy.packs import ALL_PACKS, law_on
from apps.policy.rulebook import LAWFUL_RULEBOOK, Rulebook
from apps.policy.transfers import is_restricted

from . import records as r
from . import samples as a
from .records import judge
from .samples import codes, finding, stage_names

LAW = law_on(a.NOW.date(), ALL_PACKS)


def to_india(**changes: Any) -> RequestFacts:
    return r.with_vendor(r.personal(), r.transfer(**changes), country="IN")


def on_adequacy(country: str, holds_hr_data: bool | None = False, **party: Any) -> RequestFacts:
    record = r.transfer(
        mechanism=TransferMechanism.ADEQUACY, tia=None, tia_review_on=None, holds_hr_data=holds_hr_data
    )
    return r.with_vendor(r.personal(), record, country=country, **party)


@pytest.mark.parametrize(
    ("party", "controller", "answer"),
    [
        ({"country": "FR"}, {}, False),
        ({"country": "NO"}, {}, False),
        ({"country": "IN"}, {}, True),
        ({"country": "CH"}, {}, True),
        ({"country": "FR", "is_international_organization": True}, {}, True),
        ({"country": "IN"}, {"is_under_gdpr": False}, False),
        ({"country": None}, {}, None),
        ({"country": "IN"}, {"is_under_gdpr": None}, None),
        ({"country": "FR", "is_international_organization": None}, {}, None),
        ({"country": "FR"}, {"is_under_gdpr": None}, False),
    ],
)
def test_a_transfer_is_restricted_by_three_criteria(
    party: dict[str, Any], controller: dict[str, Any], answer: bool | None
) -> None:
    assert is_restricted(r.controller(**controller), r.vendor(**party), LAW) is answer


def test_a22_denies_a_third_country_without_a_record() -> None:
    decision = judge(r.with_vendor(r.personal(), country="IN"))
    assert decision.effect is Effect.DENY
    assert "TRANSFER_WITHOUT_MECHANISM" in codes(decision)


def test_a22_passes_with_a_mechanism_and_within_the_eea() -> None:
    assert judge(to_india()).effect is Effect.REFER
    assert not finding(judge(r.with_vendor(r.personal(), country="FR")), "A22").is_matched


@pytest.mark.parametrize(
    ("changes", "effect"),
    [
        ({"importer": "somebody-else"}, Effect.DENY),
        ({"state": TransferState.SUSPENDED}, Effect.DENY),
        ({"state": TransferState.EXPIRED}, Effect.DENY),
        ({"state": TransferState.DRAFT}, Effect.BLOCK),
        ({"state": None}, Effect.BLOCK),
        ({"mechanism": None}, Effect.BLOCK),
        ({"valid_to": None}, Effect.BLOCK),
        ({"mechanism": TransferMechanism.AD_HOC_CLAUSES}, Effect.BLOCK),
        ({"mechanism": TransferMechanism.AD_HOC_CLAUSES, "is_authorized": True}, None),
        ({"state": TransferState.EXPIRING}, None),
    ],
)
def test_a22_reads_the_record_strictly(changes: dict[str, Any], effect: Effect | None) -> None:
    assert finding(judge(to_india(**changes)), "A22").effect is effect


def test_a22_ends_access_with_the_instrument_and_denies_one_that_has_ended() -> None:
    decision = judge(to_india(valid_to=date(2027, 3, 11)))
    assert decision.limiting_factor == "transfer_end:TR-1"
    assert judge(to_india(valid_to=date(2027, 1, 1))).effect is Effect.DENY


def test_a22_waits_where_who_would_see_the_data_is_not_known() -> None:
    for facts in (
        replace(r.personal(), parties=None),
        replace(to_india(), transfers=None),
        replace(to_india(), controller=None),
    ):
        found = finding(judge(facts), "A22")
        assert found.effect is Effect.BLOCK
        assert found.unknown


@pytest.mark.parametrize(
    ("country", "party", "effect"),
    [
        ("CH", {}, None),
        ("IN", {}, Effect.DENY),
        ("CA", {"is_commercial": True}, None),
        ("CA", {"is_commercial": False}, Effect.DENY),
        ("CA", {}, Effect.BLOCK),
        ("KR", {"is_in_excluded_sector": True}, Effect.DENY),
        ("KR", {"is_in_excluded_sector": False}, None),
        ("US", {"dpf": DpfCover.NON_HR}, None),
        ("US", {"dpf": DpfCover.HR}, Effect.DENY),
        ("US", {"dpf": DpfCover.HR, "holds_hr_data": True}, None),
        ("US", {"dpf": DpfCover.NON_HR, "holds_hr_data": True}, Effect.DENY),
        ("US", {"dpf": DpfCover.NO}, Effect.DENY),
        ("US", {"dpf": DpfCover.BOTH, "holds_hr_data": None}, None),
        ("US", {"dpf": DpfCover.NON_HR, "holds_hr_data": None}, Effect.BLOCK),
        ("US", {}, Effect.BLOCK),
        ("EPO", {"is_international_organization": True}, None),
    ],
)
def test_a22_takes_adequacy_only_within_its_scope(
    country: str, party: dict[str, Any], effect: Effect | None
) -> None:
    assert finding(judge(on_adequacy(country, **party)), "A22").effect is effect


def test_a22_reads_adequacy_on_the_day_of_the_decision() -> None:
    british = on_adequacy("GB")
    assert not finding(judge(british), "A22").is_matched
    assert any(limit.factor == "adequacy_end" for limit in judge(british).limits)
    day = a.NOW.replace(year=2032)
    later = replace(british, now=day, starts_at=day, ends_at=day + timedelta(days=30))
    assert finding(judge(later), "A22").effect is Effect.DENY


def test_a22_waits_where_the_rulebook_holds_no_law_for_the_controller() -> None:
    british = replace(to_india(), controller=r.controller(country="GB"))
    assert "TRANSFER_LAW_NOT_HELD" in codes(judge(british))
    packs = tuple(replace(pack, is_enabled=pack.is_enabled or pack.id == "uk-gdpr") for pack in ALL_PACKS)
    enabled: Rulebook = replace(LAWFUL_RULEBOOK, packs=packs)
    assert not finding(decide(british, enabled), "A22").is_matched


def test_a22_keeps_public_authorities_from_some_derogations() -> None:
    facts = to_india(mechanism=TransferMechanism.EXPLICIT_CONSENT)
    assert not finding(judge(facts), "A22").is_matched
    authority = replace(facts, controller=r.controller(is_public_authority=True))
    assert finding(judge(authority), "A22").effect is Effect.DENY
    unknown = replace(facts, controller=r.controller(is_public_authority=None))
    assert finding(judge(unknown), "A22").effect is Effect.BLOCK


@pytest.mark.parametrize(
    "changes",
    [
        {"tia": None},
        {"tia": TiaOutcome.NEGATIVE},
        {"tia": TiaOutcome.ADEQUATE_WITH_MEASURES, "has_measures": False},
        {"tia": TiaOutcome.ADEQUATE_WITH_MEASURES, "has_measures": None},
        {"tia_review_on": date(2027, 2, 1)},
        {"tia_review_on": None},
    ],
)
def test_a23_blocks_safeguards_without_a_good_assessment_of_the_country(changes: dict[str, Any]) -> None:
    decision = judge(to_india(**changes))
    assert (decision.effect, finding(decision, "A23").effect) == (Effect.BLOCK, Effect.BLOCK)


def test_a23_passes_with_measures_in_place_and_is_not_asked_of_adequacy() -> None:
    measured = to_india(tia=TiaOutcome.ADEQUATE_WITH_MEASURES, has_measures=True)
    assert not finding(judge(measured), "A23").is_matched
    assert not finding(judge(on_adequacy("CH")), "A23").is_matched
    soon = judge(to_india(tia_review_on=date(2027, 3, 11)))
    assert soon.limiting_factor == "tia_review:TR-1"


def pinned(**changes: Any) -> RequestFacts:
    pin = replace(PinFacts(places=frozenset({"EEA"}), operators=NO_LIMIT), **changes)
    return a.with_asset(r.personal(), pin=pin)


def test_a24_denies_a_place_outside_the_pin_even_for_data_not_about_people() -> None:
    assert judge(replace(pinned(), place_of_processing="US")).effect is Effect.DENY
    harmless = a.with_asset(r.harmless(place_of_processing="US"), pin=pinned().assets[0].pin)
    assert judge(harmless).effect is Effect.DENY


def test_a24_passes_a_place_within_the_pin_and_pins_the_key() -> None:
    decision = judge(pinned())
    assert not finding(decision, "A24").is_matched
    assert decision.obligations == {Obligation(kind=ObligationKind.REGION_PIN, value="wells=EEA")}
    assert judge(r.harmless()).obligations == frozenset()


def test_a24_denies_an_operator_outside_the_pin() -> None:
    facts = pinned(operators=frozenset({"own-cloud"}))
    assert not finding(judge(facts), "A24").is_matched
    operated = replace(facts, parties=(r.vendor(uid="big-cloud", part=PartyPart.OPERATOR),))
    assert finding(judge(operated), "A24").effect is Effect.DENY
    allowed = replace(facts, parties=(r.vendor(uid="own-cloud", part=PartyPart.OPERATOR),))
    assert not finding(judge(allowed), "A24").is_matched


def test_a24_waits_where_pin_or_place_is_not_known() -> None:
    for facts in (
        a.with_asset(r.personal(), pin=None),
        pinned(places=None),
        pinned(operators=None),
        replace(pinned(), place_of_processing=None),
        replace(pinned(operators=frozenset({"own-cloud"})), parties=None),
    ):
        assert finding(judge(facts), "A24").effect is Effect.BLOCK
    assert not finding(judge(r.harmless(place_of_processing=None)), "A24").is_matched


def abroad(country: str | None, **changes: Any) -> RequestFacts:
    facts = r.personal(**changes)
    return replace(facts, subject=replace(facts.subject, location=country))


def test_a25_lets_own_people_work_from_abroad_without_downloads() -> None:
    decision = judge(abroad("IN"))
    assert decision.effect is Effect.REFER
    assert decision.obligations == {Obligation(kind=ObligationKind.NO_DOWNLOAD)}
    assert not finding(decision, "A22").is_matched


def test_a25_asks_nothing_of_people_at_home() -> None:
    assert judge(abroad("FR")).obligations == frozenset()


def test_a25_denies_taking_data_out_while_abroad_and_countries_on_the_list() -> None:
    assert judge(abroad("IN", actions=frozenset({Action.EXPORT}))).effect is Effect.DENY
    listed = [
        replace(rule, parameters={"denied_countries": ("IN",)}) if rule.id == "A25" else rule
        for rule in LAWFUL_RULEBOOK.rules
    ]
    book = replace(LAWFUL_RULEBOOK, rules=tuple(listed))
    assert decide(abroad("IN"), book).effect is Effect.DENY
    assert decide(abroad("BR"), book).effect is Effect.REFER
    assert finding(decide(abroad(None), book), "A25").effect is Effect.BLOCK


def test_a25_takes_an_unknown_location_for_abroad() -> None:
    found = finding(judge(abroad(None)), "A25")
    assert (found.effect, found.unknown[0].counted_as) == (None, "outside the EEA")
    assert found.obligations
    assert finding(judge(abroad(None, actions=frozenset({Action.EXPORT}))), "A25").effect is Effect.BLOCK


def test_a25_leaves_a_contractor_in_person_to_a22() -> None:
    facts = r.with_vendor(r.personal(), uid="ada", country="IN")
    facts = replace(facts, subject=replace(facts.subject, relation=Relation.CONTRACTOR, location="IN"))
    assert not finding(judge(facts), "A25").is_matched
    assert finding(judge(facts), "A22").effect is Effect.DENY


@pytest.mark.parametrize("mechanism", ["49(1)(b)", "49(1)(c)", "49(1)(e)", "49(1)-2"])
def test_a26_denies_a_standing_grant_on_what_is_for_occasions(mechanism: str) -> None:
    standing = to_india(mechanism=TransferMechanism(mechanism), is_occasional=False)
    assert finding(judge(standing), "A26").effect is Effect.DENY
    unknown = to_india(mechanism=TransferMechanism(mechanism), is_occasional=None)
    assert finding(judge(unknown), "A26").effect is Effect.BLOCK
    once = to_india(mechanism=TransferMechanism(mechanism), is_occasional=True)
    assert finding(judge(once), "A26").effect is Effect.REFER


@pytest.mark.parametrize("mechanism", ["49(1)(a)", "49(1)(d)", "49(1)(f)", "49(1)(g)"])
def test_a26_refers_the_other_derogations_to_a_compliance_officer(mechanism: str) -> None:
    decision = judge(to_india(mechanism=TransferMechanism(mechanism), is_occasional=False))
    assert finding(decision, "A26").effect is Effect.REFER
    assert "privacy" in stage_names(decision)


def test_a26_does_not_hold_on_safeguards() -> None:
    assert not finding(judge(to_india()), "A26").is_matched
