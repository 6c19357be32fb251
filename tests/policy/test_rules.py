"""Every rule beside A04 to A13 holding, and not holding, with one fact changed between the two."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from apps.policy.decision import Effect, Status
from apps.policy.engine import decide
from apps.policy.facts import (
    NO_LIMIT,
    Action,
    Clearance,
    Identifiability,
    Obligation,
    ObligationKind,
    PurposeState,
    Relation,
    RequestFacts,
)

from . import samples as a
from .samples import codes, finding, stage_names


def anonymised_request(assessed: bool | None) -> RequestFacts:
    facts = a.request(a.column(identifiability=Identifiability.ANONYMISED))
    return a.with_asset(facts, has_anonymity_assessment=assessed, activities=())


def test_subject_with_a_relation_passes() -> None:
    assert finding(decide(a.request()), "SUBJECT").status is Status.NOT_MATCHED


@pytest.mark.parametrize("changes", [{"relation": Relation.NONE}, {"is_active": False}])
@pytest.mark.parametrize("party", ["requester", "subject"])
def test_subject_without_a_current_relation_is_denied(party: str, changes: dict[str, object]) -> None:
    decision = decide(replace(a.request(), **{party: a.subject(**changes)}))  # type: ignore[arg-type]
    assert decision.effect is Effect.DENY
    assert decision.reasons[0].code == "NO_CURRENT_RELATION"
    assert decision.reasons[0].field == party


def test_subject_of_unknown_relation_blocks() -> None:
    decision = decide(a.request(subject=a.subject(relation=None)))
    assert decision.effect is Effect.BLOCK
    assert finding(decision, "SUBJECT").unknown[0].fact == "subject.relation"


def test_a00_grants_an_open_well_log_at_once() -> None:
    decision = decide(a.request())
    assert decision.effect is Effect.PERMIT
    assert decision.stages == ()
    assert finding(decision, "A02").status is Status.SKIPPED
    assert finding(decision, "A02").skipped_by == "A00"


def test_a00_allows_a_purpose_without_basis() -> None:
    assert decide(a.request(purpose=a.purpose(lawful_basis=None))).effect is Effect.PERMIT


@pytest.mark.parametrize(
    "changes",
    [
        {"is_confirmed": False},
        {"identifiability": None},
        {"is_personal": True},
        {"special_kinds": frozenset({"health"})},
        {"is_criminal": True},
    ],
)
def test_a00_ends_when_anything_contradicts_it(changes: dict[str, object]) -> None:
    decision = decide(a.request(a.column(**changes)))
    assert decision.effect is not Effect.PERMIT
    assert not finding(decision, "A00").is_matched


@pytest.mark.parametrize("linked", [True, None])
def test_a00_ends_when_personal_data_may_be_linked(linked: bool | None) -> None:
    facts = a.request(linked_personal=linked, purpose=a.purpose(lawful_basis=None))
    assert "BASIS_MISSING" in codes(decide(facts))


def test_a00_keeps_agreement_and_contract_limits_and_leaves_retention_out() -> None:
    end = date(2027, 3, 11)
    kept = decide(a.with_asset(a.request(), agreement_ends_on=end))
    assert kept.limiting_factor == "agreement_end:wells"
    left_out = decide(a.with_asset(a.request(), retention_ends_on=end))
    assert left_out.limiting_factor == "requested_end"


def test_a01_blocks_what_is_not_on_the_ladder_of_classes() -> None:
    assert "COLUMN_UNCLASSIFIED" in codes(decide(a.request(a.column(class_rank=17))))


@pytest.mark.parametrize(
    "changes",
    [
        {"class_rank": None},
        {"identifiability": None},
        {"is_personal": None},
        {"is_criminal": None},
        {"is_confirmed": False},
    ],
)
def test_a01_blocks_an_unclassified_column_and_names_it(changes: dict[str, object]) -> None:
    decision = decide(a.request(a.column(**changes)))
    assert decision.effect is Effect.BLOCK
    assert finding(decision, "A01").columns == ("wells/depth",)
    assert decision.may_be_submitted


def test_a01_passes_a_classified_column() -> None:
    assert not finding(decide(a.personal_request()), "A01").is_matched


def test_a02_passes_with_a_cleared_activity_for_the_purpose() -> None:
    decision = decide(a.personal_request())
    assert decision.effect is Effect.REFER
    assert finding(decision, "A02").facts["activities"] == ("PA-1 v1",)


def test_a02_blocks_without_an_activity_for_the_purpose() -> None:
    decision = decide(a.with_asset(a.personal_request(), activities=()))
    assert (decision.effect, decision.reasons[0].code) == (Effect.BLOCK, "NO_ACTIVITY")
    other = a.with_purpose(a.personal_request(), uid="purpose-2")
    assert "NO_ACTIVITY" in codes(decide(other))


@pytest.mark.parametrize("clearance", [Clearance.BLOCKED, Clearance.NOT_ASSESSED, None])
def test_a02_blocks_when_no_activity_may_run(clearance: Clearance | None) -> None:
    facts = a.personal_request()
    activity = replace(facts.assets[0].activities[0], clearance=clearance)
    assert "ACTIVITY_NOT_CLEARED" in codes(decide(a.with_asset(facts, activities=(activity,))))


def test_a03_exempts_anonymised_data_under_an_assessment_and_bans_reidentification() -> None:
    decision = decide(anonymised_request(True))
    assert decision.effect is Effect.PERMIT
    assert decision.obligations == {Obligation(kind=ObligationKind.NO_REIDENTIFY)}


@pytest.mark.parametrize("assessed", [False, None])
def test_a03_without_assessment_counts_as_personal(assessed: bool | None) -> None:
    decision = decide(anonymised_request(assessed))
    assert decision.effect is Effect.BLOCK
    assert stage_names(decision) == ("owner", "privacy")


def test_a03_still_needs_a_lawful_basis() -> None:
    facts = a.with_purpose(anonymised_request(True), lawful_basis=None)
    assert "BASIS_MISSING" in codes(decide(facts))


def test_a20_shortens_to_the_earliest_limit_and_names_it() -> None:
    facts = a.with_asset(
        a.personal_request(), agreement_ends_on=date(2027, 3, 20), retention_ends_on=date(2027, 3, 11)
    )
    decision = decide(facts)
    assert decision.ends_at.isoformat() == "2027-03-11T00:00:00+00:00"
    assert decision.limiting_factor == "retention_end:wells"
    assert "GRANT_SHORTENED" in codes(decision)
    assert decision.effect is Effect.REFER


def test_a20_leaves_a_grant_within_all_limits() -> None:
    decision = decide(a.with_asset(a.personal_request(), retention_ends_on=date(2028, 1, 1)))
    assert (decision.ends_at, decision.limiting_factor) == (a.NOW + timedelta(days=30), "requested_end")
    assert not finding(decision, "A20").is_matched


@pytest.mark.parametrize("day", [date(2027, 3, 1), date(2026, 1, 1)])
def test_a20_denies_when_a_limit_has_passed(day: date) -> None:
    decision = decide(a.request(subject=a.subject(contract_ends_on=day)))
    assert (decision.effect, decision.reasons[0].code) == (Effect.DENY, "LIMIT_PASSED")
    assert decision.limiting_factor == "contract_end:ada"


def test_a20_denies_when_the_end_comes_before_the_start() -> None:
    facts = a.request(starts_at=a.NOW + timedelta(days=20))
    assert decide(a.with_asset(facts, agreement_ends_on=date(2027, 3, 5))).effect is Effect.DENY


def test_a20_denies_when_the_requested_end_has_passed() -> None:
    facts = a.request(now=a.NOW + timedelta(days=31))
    assert "LIMIT_PASSED" in codes(decide(facts))


def test_a20_blocks_on_an_end_nobody_recorded() -> None:
    decision = decide(a.request(subject=a.subject(contract_ends_on=None)))
    assert (decision.effect, decision.reasons[0].code) == (Effect.BLOCK, "LIMIT_UNKNOWN")
    assert finding(decision, "A20").unknown[0].counted_as == "passed"


@pytest.mark.parametrize(
    ("state", "effect"),
    [
        (PurposeState.ACTIVE, Effect.PERMIT),
        (PurposeState.DRAFT, Effect.BLOCK),
        (PurposeState.IN_REVIEW, Effect.BLOCK),
        (PurposeState.REJECTED, Effect.BLOCK),
        (None, Effect.BLOCK),
        (PurposeState.SUSPENDED, Effect.DENY),
        (PurposeState.WITHDRAWN, Effect.DENY),
        (PurposeState.EXPIRED, Effect.DENY),
    ],
)
def test_purpose_state_decides_also_for_harmless_data(state: PurposeState | None, effect: Effect) -> None:
    assert decide(a.request(purpose=a.purpose(state=state))).effect is effect


def test_purpose_not_yet_valid_blocks_until_the_day_it_is() -> None:
    future = a.purpose(valid_from=date(2027, 3, 10))
    assert "PURPOSE_NOT_YET_VALID" in codes(decide(a.request(purpose=future)))
    later = a.request(purpose=future, starts_at=a.NOW + timedelta(days=10))
    assert decide(later).effect is Effect.PERMIT


def test_purpose_end_limits_the_grant_and_denies_once_passed() -> None:
    limited = decide(a.request(purpose=a.purpose(valid_to=date(2027, 3, 5))))
    assert limited.limiting_factor == "purpose_end:purpose-1"
    over = decide(a.request(purpose=a.purpose(valid_to=date(2027, 3, 1))))
    assert over.effect is Effect.DENY
    assert "PURPOSE_EXPIRED" in codes(over)


def test_purpose_of_unknown_validity_blocks() -> None:
    assert decide(a.request(purpose=a.purpose(valid_to=None))).effect is Effect.BLOCK


def test_v02_blocks_personal_data_without_a_basis_and_passes_with_one() -> None:
    decision = decide(a.with_purpose(a.personal_request(), lawful_basis=None))
    assert (decision.effect, decision.reasons[0].code) == (Effect.BLOCK, "BASIS_MISSING")
    assert decision.reasons[0].articles == ("GDPR Art. 6(1)",)
    assert not finding(decide(a.personal_request()), "V-02").is_matched


@pytest.mark.parametrize("ground", [False, None])
def test_art6_ground_blocks_a_basis_that_rests_on_nothing(ground: bool | None) -> None:
    decision = decide(a.with_purpose(a.personal_request(), has_legal_ground=ground))
    assert (decision.effect, decision.reasons[0].code) == (Effect.BLOCK, "LEGAL_GROUND_MISSING")


def test_art6_ground_passes_a_recorded_ground() -> None:
    assert not finding(decide(a.personal_request()), "ART6-GROUND").is_matched


def test_class_brings_stages_caps_lease_and_step_up_of_all_lower_classes_too() -> None:
    decision = decide(a.request(a.personal_column(class_rank=3), days=200))
    assert stage_names(decision) == ("owner", "privacy", "security")
    assert decision.limiting_factor == "class_longest_grant:restricted"
    assert decision.ends_at == a.NOW + timedelta(days=90)
    assert decision.max_lease_minutes == 60
    assert decision.needs_step_up


def test_class_is_the_highest_over_all_columns_of_all_assets() -> None:
    facts = a.request()
    other = a.asset(a.column(class_rank=2), uid="cores")
    assert finding(decide(replace(facts, assets=(*facts.assets, other))), "CLASS").facts["class_rank"] == 2


def test_class_without_demands_adds_nothing() -> None:
    decision = decide(a.request())
    assert (decision.stages, decision.limiting_factor, decision.needs_step_up) == ((), "requested_end", False)


def test_class_with_the_dpo_asks_an_opinion_and_no_approval() -> None:
    ladder = (replace(a.LADDER[0], stages=("dpo",)),)
    stages = decide(a.request(handling=ladder)).stages
    assert [(stage.name, stage.is_opinion) for stage in stages] == [("owner", False), ("dpo_opinion", True)]


def test_clearance_below_the_class_denies_and_an_unknown_one_blocks() -> None:
    facts = a.request(a.personal_column(class_rank=3))
    low = decide(replace(facts, subject=a.subject(cleared_rank=2)))
    assert (low.effect, low.reasons[0].code) == (Effect.DENY, "CLEARANCE_TOO_LOW")
    assert low.droppable_columns == ("wells/email",)
    assert decide(replace(facts, subject=a.subject(cleared_rank=None))).effect is Effect.BLOCK


def test_clearance_at_the_class_passes_and_is_not_asked_for_the_lowest_classes() -> None:
    facts = a.request(a.personal_column(class_rank=3))
    assert not finding(decide(facts), "CLEARANCE").is_matched
    assert decide(a.request(subject=a.subject(cleared_rank=None))).effect is Effect.PERMIT


def test_lease_is_shorter_for_special_data() -> None:
    assert finding(decide(a.special_request()), "LEASE").max_lease_minutes == 60
    assert finding(decide(a.request()), "LEASE").max_lease_minutes == 720


@pytest.mark.parametrize("relation", [word for word in Relation if word is not Relation.NONE])
def test_low_auto_grants_any_subject_with_a_current_relation(relation: Relation) -> None:
    party = a.subject(relation=relation, contract_ends_on=date(2027, 12, 31))
    assert decide(a.request(subject=party)).effect is Effect.PERMIT


@pytest.mark.parametrize("action", list(Action))
def test_low_auto_grants_read_label_train_invoke_and_routes_the_rest(action: Action) -> None:
    at_once = {Action.READ, Action.LABEL, Action.TRAIN, Action.INVOKE}
    decision = decide(a.request(actions=frozenset({action})))
    assert decision.effect is (Effect.PERMIT if action in at_once else Effect.REFER)
    assert stage_names(decision) == (() if action in at_once else ("owner",))


@pytest.mark.parametrize(("days", "effect"), [(365, Effect.PERMIT), (366, Effect.REFER)])
def test_low_auto_holds_up_to_a_year(days: int, effect: Effect) -> None:
    assert decide(a.request(days=days)).effect is effect


@pytest.mark.parametrize(("rank", "effect"), [(0, Effect.PERMIT), (1, Effect.PERMIT), (2, Effect.REFER)])
def test_low_auto_holds_in_the_two_lowest_classes(rank: int, effect: Effect) -> None:
    assert decide(a.request(a.column(class_rank=rank))).effect is effect


def test_low_auto_does_not_count_when_a_rule_requires_a_stage() -> None:
    ladder = (replace(a.LADDER[0], stages=("ciso",)), *a.LADDER[1:])
    decision = decide(a.request(handling=ladder))
    assert finding(decision, "LOW-AUTO").is_auto_ok
    assert decision.effect is Effect.REFER
    assert stage_names(decision) == ("owner", "security")


def test_low_auto_does_not_hold_where_somebody_behind_the_subject_described_the_data() -> None:
    plain = a.request()
    asset = replace(plain.assets[0], described_by=frozenset({"steward"}))
    behind = replace(plain.subject, describers=frozenset({"steward"}))
    for subject, effect in ((plain.subject, Effect.PERMIT), (behind, Effect.REFER)):
        assert decide(replace(plain, assets=(asset,), subject=subject)).effect is effect


def test_low_auto_does_not_hold_where_the_class_does_not_allow_it_or_does_not_say() -> None:
    for allowed in (False, None):
        ladder = (replace(a.LADDER[0], is_auto_ok_allowed=allowed), *a.LADDER[1:])
        assert decide(a.request(handling=ladder)).effect is Effect.REFER


def test_the_default_route_is_owner_and_for_personal_data_the_compliance_officer() -> None:
    assert stage_names(decide(a.request(actions=frozenset({Action.WRITE})))) == ("owner",)
    assert stage_names(decide(a.personal_request())) == ("owner", "privacy")


def test_no_limit_is_not_an_unknown_limit() -> None:
    assert decide(a.with_asset(a.request(), agreement_ends_on=NO_LIMIT)).effect is Effect.PERMIT
    assert decide(a.with_asset(a.request(), agreement_ends_on=None)).effect is Effect.BLOCK


def test_a03_ends_when_personal_data_may_be_linked() -> None:
    assert decide(replace(anonymised_request(True), linked_personal=True)).effect is Effect.BLOCK


def test_class_takes_an_unknown_rank_beside_a_known_one_for_the_highest() -> None:
    decision = decide(a.request(a.column(), a.column(name="rig", class_rank=None)))
    assert "security" in stage_names(decision)
    assert finding(decision, "CLASS").unknown[0].counted_as == "the highest class"


def test_class_takes_unknown_limits_for_the_shortest() -> None:
    unknown = {"max_grant_days": None, "max_lease_minutes": None, "needs_step_up": None}
    decision = decide(a.request(handling=(replace(a.LADDER[0], **unknown), *a.LADDER[1:])))  # type: ignore[arg-type]
    assert decision.ends_at == a.NOW + timedelta(days=1)
    assert decision.max_lease_minutes == 15
    assert decision.needs_step_up
    assert len(finding(decision, "CLASS").unknown) == 3


def test_low_auto_leaves_anonymised_special_categories_to_people() -> None:
    special = a.column(identifiability=Identifiability.ANONYMISED, special_kinds=frozenset({"health"}))
    decision = decide(a.with_asset(a.request(special), has_anonymity_assessment=True))
    assert (decision.effect, stage_names(decision)) == (Effect.REFER, ("owner",))
