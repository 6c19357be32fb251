"""A11, A14, A15, A29 and A30 holding, and not holding, with one fact changed between the two."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from apps.policy.decision import Effect
from apps.policy.facts import (
    Art9Condition,
    Identifiability,
    LawfulBasis,
    Obligation,
    ObligationKind,
    RequestFacts,
)
from apps.policy.law_words import RowFlag

from . import records as r
from . import samples as a
from .records import judge
from .samples import codes, finding, stage_names


def explicit(**consent: Any) -> RequestFacts:
    """Special data that rest on explicit consent alone."""
    facts = a.with_purpose(r.special(), art9_conditions=frozenset({Art9Condition.EXPLICIT_CONSENT}))
    return a.with_asset(facts, consent=r.consent(**consent))


def on_consent(**consent: Any) -> RequestFacts:
    column = a.personal_column(permitted_purposes=frozenset({"AcademicResearch"}))
    facts = a.with_asset(a.request(column), original_basis=LawfulBasis.CONSENT)
    return a.with_asset(r.complete(facts), consent=r.consent(**consent))


def test_a11_denies_a_purpose_outside_the_explicit_consent_and_names_the_columns() -> None:
    decision = judge(explicit(scope=frozenset({"Marketing"})))
    assert decision.effect is Effect.DENY
    assert decision.droppable_columns == ("wells/diagnosis",)


def test_a11_passes_a_purpose_within_the_consent() -> None:
    assert not finding(judge(explicit()), "A11").is_matched
    assert judge(explicit()).effect is Effect.REFER


def test_a11_descends_only_below_a_research_area_the_consent_names() -> None:
    broad = explicit(scope=frozenset({"ResearchAndDevelopment"}))
    assert judge(broad).effect is Effect.DENY
    named = a.with_asset(broad, research_area="ResearchAndDevelopment")
    assert not finding(judge(named), "A11").is_matched


def test_a11_denies_consent_that_is_not_explicit_and_waits_for_one_not_recorded() -> None:
    assert finding(judge(explicit(is_explicit=False)), "A11").effect is Effect.DENY
    assert finding(judge(explicit(is_explicit=None)), "A11").effect is Effect.BLOCK
    assert finding(judge(explicit(scope=None)), "A11").effect is Effect.BLOCK
    missing = finding(judge(a.with_asset(explicit(), consent=None)), "A11")
    assert (missing.effect, bool(missing.unknown)) == (Effect.BLOCK, True)


def test_a11_is_not_asked_where_another_complete_condition_carries() -> None:
    both = frozenset({Art9Condition.EXPLICIT_CONSENT, Art9Condition.ARCHIVING_RESEARCH_STATISTICS})
    facts = a.with_purpose(explicit(scope=frozenset()), art9_conditions=both)
    assert not finding(judge(facts), "A11").is_matched
    incomplete = a.with_purpose(facts, art9_has_law_ref=False)
    assert finding(judge(incomplete), "A11").effect is Effect.DENY


def test_a14_asks_the_steward_about_a_column_the_purpose_does_not_need_and_strips_it() -> None:
    decision = judge(r.with_column(r.personal(), is_necessary=False))
    assert decision.effect is Effect.REFER
    assert stage_names(decision) == ("justification", "owner", "privacy")
    stripped = Obligation(kind=ObligationKind.DROP, columns=frozenset({"wells/email"}))
    assert decision.obligations == {stripped}


def test_a14_does_not_strip_a_column_the_request_justifies() -> None:
    facts = r.with_column(r.personal(), is_necessary=False)
    decision = judge(replace(facts, justified_columns=frozenset({"wells/email"})))
    assert decision.obligations == frozenset()
    assert "justification" in stage_names(decision)


def test_a14_passes_the_columns_the_purpose_needs_and_those_not_about_people() -> None:
    assert not finding(judge(r.personal()), "A14").is_matched
    mixed = r.complete(a.request(a.personal_column(), a.column()))
    first, second = mixed.assets[0].columns
    facts = a.with_asset(mixed, columns=(replace(first, is_necessary=None), second))
    assert not finding(judge(facts), "A14").is_matched


def test_a14_takes_a_column_nobody_recorded_for_one_not_needed() -> None:
    found = finding(judge(r.with_column(r.personal(), is_necessary=None)), "A14")
    assert found.effect is Effect.REFER
    assert found.unknown[0].counted_as == "not necessary"


def named(**changes: Any) -> RequestFacts:
    facts = r.with_column(r.personal(), is_direct_identifier=True)
    return a.with_asset(facts, **{"has_pseudonymised_view": True, **changes})


def test_a15_denies_names_where_a_view_with_pseudonyms_suffices() -> None:
    decision = judge(named())
    assert decision.effect is Effect.DENY
    assert decision.droppable_columns == ("wells/email",)


def test_a15_passes_without_a_view_with_a_need_or_with_pseudonyms() -> None:
    assert not finding(judge(named(has_pseudonymised_view=False)), "A15").is_matched
    assert not finding(judge(a.with_purpose(named(), needs_identifiers=True)), "A15").is_matched
    pseudonyms = r.with_column(named(), identifiability=Identifiability.PSEUDONYMISED)
    assert not finding(judge(pseudonyms), "A15").is_matched


def test_a15_waits_where_a_fact_is_missing() -> None:
    for facts in (
        named(has_pseudonymised_view=None),
        a.with_purpose(named(), needs_identifiers=None),
        r.with_column(named(), is_direct_identifier=None),
    ):
        assert finding(judge(facts), "A15").effect is Effect.BLOCK
        assert finding(judge(facts), "A15").unknown


@pytest.mark.parametrize(("hours", "is_stale"), [(24, False), (25, True)])
def test_a29_blocks_when_the_withdrawals_were_not_read_within_a_day(hours: int, is_stale: bool) -> None:
    decision = judge(on_consent(withdrawals_synced_at=a.NOW - timedelta(hours=hours)))
    assert finding(decision, "A29").is_matched is is_stale
    assert ("WITHDRAWALS_STALE" in codes(decision)) is is_stale


def test_a29_blocks_when_nobody_knows_when_they_were_read() -> None:
    for facts in (on_consent(withdrawals_synced_at=None), a.with_asset(on_consent(), consent=None)):
        assert "WITHDRAWALS_UNKNOWN" in codes(judge(facts))


def test_a29_is_not_asked_of_data_that_rest_on_something_else() -> None:
    other = a.with_asset(r.personal(), consent=None)
    assert not finding(judge(other), "A29").is_matched
    assert finding(judge(a.with_purpose(other, lawful_basis=LawfulBasis.CONSENT)), "A29").is_matched
    assert finding(judge(a.with_asset(other, original_basis=None)), "A29").is_matched


def test_a29_ends_access_with_the_consent() -> None:
    decision = judge(on_consent(ends_on=date(2027, 3, 11)))
    assert decision.limiting_factor == "consent_end:CO-1"
    assert finding(judge(on_consent(ends_on=None)), "A29").effect is Effect.BLOCK


def flagged(**rows: Any) -> RequestFacts:
    stated = {"flags": frozenset({RowFlag.RESTRICTED}), "list_version": 3, "applied_version": 3, **rows}
    return a.with_asset(r.personal(), rows=r.rows(**stated))


def test_a30_leaves_flagged_rows_out() -> None:
    decision = judge(flagged())
    assert decision.effect is Effect.REFER
    assert decision.obligations == {Obligation(kind=ObligationKind.ROW_FILTER, value="wells")}


def test_a30_denies_a_version_older_than_its_list() -> None:
    assert finding(judge(flagged(applied_version=2)), "A30").effect is Effect.DENY


def test_a30_asks_nothing_where_no_row_is_flagged() -> None:
    decision = judge(r.personal())
    assert not finding(decision, "A30").is_matched
    assert decision.obligations == frozenset()


def test_a30_waits_where_the_lists_are_not_known_and_filters_meanwhile() -> None:
    for facts in (
        flagged(list_version=None),
        flagged(applied_version=None),
        flagged(flags=None, applied_version=None),
        a.with_asset(r.personal(), rows=None),
    ):
        found = finding(judge(facts), "A30")
        assert found.effect is Effect.BLOCK
        assert found.obligations
    assert finding(judge(flagged(flags=None)), "A30").obligations
