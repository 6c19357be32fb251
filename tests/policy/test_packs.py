"""Law as data: what applies on a day, and what does not yet, or never did."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from apps.policy.facts import NO_LIMIT
from apps.policy.law_words import AdequacyScope
from apps.policy.packs import (
    ALL_PACKS,
    EU_AI_ACT,
    EU_AI_ACT_OMNIBUS,
    EU_GDPR,
    EU_GDPR_OMNIBUS,
    Adequacy,
    RulePack,
    law_on,
)
from apps.policy.regions import EEA
from apps.policy.rulebook import LAWFUL_RULEBOOK, Rulebook, RulebookRefused

TODAY = date(2027, 3, 1)


def test_a_pack_survives_storage() -> None:
    for pack in ALL_PACKS:
        assert RulePack.from_dict(pack.as_dict()) == pack


def test_only_what_is_verified_is_enabled_and_what_is_not_says_why() -> None:
    enabled = {pack.id for pack in ALL_PACKS if pack.is_enabled}
    assert enabled == {"eu-gdpr-2016/679", "eu-aiact", "eu-aiact-omnibus"}
    assert all(pack.note for pack in ALL_PACKS if not pack.is_enabled)


def test_an_act_is_law_from_its_day_and_until_its_end() -> None:
    assert not law_on(date(2018, 5, 24), ALL_PACKS).has("eu-gdpr")
    assert law_on(date(2018, 5, 25), ALL_PACKS).has("eu-gdpr")
    ended = replace(EU_GDPR, applies_to=date(2026, 1, 1))
    assert law_on(date(2025, 12, 31), [ended]).has("eu-gdpr")
    assert not law_on(date(2026, 1, 1), [ended]).has("eu-gdpr")


def test_a_proposal_changes_nothing_until_it_is_enabled_and_applies() -> None:
    assert law_on(TODAY, ALL_PACKS).number("eu-gdpr", "breach_hours") == 72
    adopted = replace(EU_GDPR_OMNIBUS, is_enabled=True, applies_from=date(2027, 6, 1))
    packs = (EU_GDPR, adopted)
    assert law_on(date(2027, 5, 31), packs).number("eu-gdpr", "breach_hours") == 72
    assert law_on(date(2027, 6, 1), packs).number("eu-gdpr", "breach_hours") == 96


def test_of_two_packs_in_force_the_later_has_its_way_and_the_rest_stays() -> None:
    before = law_on(date(2026, 7, 26), (EU_AI_ACT_OMNIBUS, EU_AI_ACT))
    assert before.date("eu-aiact", "high_annex_III") == date(2026, 8, 2)
    law = law_on(date(2026, 7, 27), (EU_AI_ACT_OMNIBUS, EU_AI_ACT))
    assert law == law_on(date(2026, 7, 27), (EU_AI_ACT, EU_AI_ACT_OMNIBUS))
    assert law.date("eu-aiact", "high_annex_III") == date(2027, 12, 2)
    assert law.date("eu-aiact", "high_annex_I") == date(2028, 8, 2)
    assert law.date("eu-aiact", "prohibited") == date(2025, 2, 2)


def test_what_no_pack_states_is_not_known() -> None:
    law = law_on(TODAY, ())
    assert law.number("eu-gdpr", "breach_hours") is None
    assert law.countries("eu-gdpr", "eea") is None
    assert law.date("eu-aiact", "general") is None
    assert law.adequacy("eu-gdpr", "CH") is None


def test_the_eea_are_thirty_countries_and_no_adequacy_decision_is_on_one_of_them() -> None:
    assert len(EEA) == 30
    assert {"IS", "LI", "NO"} <= EEA
    assert not {item.place for item in EU_GDPR.adequacy} & EEA


@pytest.mark.parametrize(
    ("place", "scope"),
    [
        ("CH", AdequacyScope.GENERAL),
        ("CA", AdequacyScope.COMMERCIAL),
        ("JP", AdequacyScope.COMMERCIAL),
        ("KR", AdequacyScope.NOT_EXCLUDED),
        ("US", AdequacyScope.DPF_LIST),
        ("EPO", AdequacyScope.GENERAL),
    ],
)
def test_an_adequacy_decision_has_its_scope(place: str, scope: AdequacyScope) -> None:
    decision = law_on(TODAY, ALL_PACKS).adequacy("eu-gdpr", place)
    assert decision is not None
    assert decision.scope is scope


def test_an_adequacy_decision_begins_and_ends_on_its_days() -> None:
    assert law_on(date(2026, 1, 25), ALL_PACKS).adequacy("eu-gdpr", "BR") is None
    assert law_on(date(2026, 1, 26), ALL_PACKS).adequacy("eu-gdpr", "BR") is not None
    assert law_on(date(2031, 12, 26), ALL_PACKS).adequacy("eu-gdpr", "GB") is not None
    assert law_on(date(2031, 12, 27), ALL_PACKS).adequacy("eu-gdpr", "GB") is None
    assert law_on(TODAY, ALL_PACKS).adequacy("eu-gdpr", "IN") is None


def test_of_two_decisions_on_one_place_the_newest_counts() -> None:
    older = Adequacy(place="XX", scope=AdequacyScope.GENERAL, source="one", decided_on=date(2020, 1, 1))
    newer = replace(older, source="two", decided_on=date(2024, 1, 1), ends_on=NO_LIMIT)
    found = law_on(TODAY, [replace(EU_GDPR, adequacy=(newer, older))]).adequacy("eu-gdpr", "XX")
    assert found is not None
    assert found.source == "two"


@pytest.mark.parametrize(
    ("place", "spoiled"),
    [
        ("packs", {}),
        ("packs[0]", [{"id": "mine"}]),
        ("packs[0]", ["eu-gdpr"]),
        ("packs[1].id", [EU_GDPR.as_dict(), EU_GDPR.as_dict()]),
    ],
)
def test_a_rulebook_with_a_broken_pack_is_refused_by_its_place(place: str, spoiled: object) -> None:
    with pytest.raises(RulebookRefused) as refusal:
        Rulebook.from_dict({**LAWFUL_RULEBOOK.as_dict(), "packs": spoiled})
    assert place in {reason.field for reason in refusal.value.reasons}


def test_another_pack_makes_another_hash() -> None:
    enabled = tuple(replace(pack, is_enabled=True) for pack in ALL_PACKS)
    assert replace(LAWFUL_RULEBOOK, packs=enabled).sha256 != LAWFUL_RULEBOOK.sha256
