from __future__ import annotations

from typing import Any

import pytest

from apps.policy import snapshot
from apps.policy.route import KeepVerdicts, StageSpec, Timeout, stage_for, stages_for, united


def test_stages_are_united_by_name_and_ordered_by_phase() -> None:
    found = united(
        (
            stage_for("legal"),
            StageSpec(name="owner", roles=("data_owner",), count=2, phase=10, is_independent=True),
            stage_for("data_owner"),
            stage_for("compliance_officer"),
        )
    )
    assert [stage.name for stage in found] == ["owner", "privacy", "legal"]
    assert (found[0].count, found[0].is_independent) == (2, True)


def test_the_order_of_demands_does_not_matter() -> None:
    roles = ("ciso", "data_owner", "dpo", "somebody_else", "legal")
    assert united(stages_for(roles)) == united(stages_for(reversed(roles)))


def test_verdicts_are_kept_where_every_demand_says_so() -> None:
    word = KeepVerdicts.UNCHANGED_FACTS
    keeping = StageSpec(name="owner", roles=("data_owner",), phase=10, keep_verdicts=word)
    assert united((keeping, keeping))[0].keep_verdicts is word
    for order in ((keeping, stage_for("data_owner")), (stage_for("data_owner"), keeping)):
        assert united(order)[0].keep_verdicts is None


def test_a_stage_that_says_nothing_of_verdicts_is_written_as_before_there_was_a_word() -> None:
    assert "keep_verdicts" not in snapshot.to_json(stage_for("data_owner"))


def test_a_role_without_a_stage_of_its_own_comes_last() -> None:
    assert united(stages_for(("works_council", "legal")))[-1].roles == ("works_council",)


def test_the_dpo_gives_an_opinion_only() -> None:
    assert stage_for("dpo").is_opinion
    assert not stage_for("compliance_officer").is_opinion


def test_every_role_has_its_slots() -> None:
    stage = StageSpec(name="export", roles=("data_owner", "compliance_officer"), count=2)
    assert [slot.roles for slot in stage.slots] == [("compliance_officer",)] * 2 + [("data_owner",)] * 2


@pytest.mark.parametrize(("roles", "count"), [((), 1), (("data_owner",), 0)])
def test_a_stage_that_asks_nobody_is_refused(roles: tuple[str, ...], count: int) -> None:
    with pytest.raises(ValueError, match="asks nobody"):
        StageSpec(name="owner", roles=roles, count=count)


def test_of_two_demands_on_a_stage_the_stricter_holds_and_pools_are_joined() -> None:
    patient = StageSpec(name="privacy", roles=("ciso",), sla_days=5, rejections=2, fallback_roles=("legal",))
    strict = StageSpec(
        name="privacy",
        roles=("ciso",),
        sla_days=2,
        on_timeout=Timeout.ESCALATE,
        escalate_to=("head_of_compliance",),
        fallback_roles=("dpo",),
    )
    expected = StageSpec(
        name="privacy",
        roles=("ciso",),
        sla_days=2,
        on_timeout=Timeout.ESCALATE,
        escalate_to=("head_of_compliance",),
        fallback_roles=("dpo", "legal"),
    )
    assert united((patient, strict)) == united((strict, patient)) == (expected,)


def test_a_lapse_beats_an_escalation_beats_a_reminder() -> None:
    def stage(timeout: Timeout) -> StageSpec:
        return StageSpec(name="owner", roles=("data_owner",), on_timeout=timeout, escalate_to=("ciso",))

    assert united(map(stage, Timeout))[0].on_timeout is Timeout.LAPSE
    assert united((stage(Timeout.REMIND), stage(Timeout.ESCALATE)))[0].on_timeout is Timeout.ESCALATE


def test_nothing_a_stage_does_when_its_time_is_over_approves() -> None:
    assert set(Timeout) == {"remind", "escalate", "lapse"}


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"sla_days": 0}, "no time"),
        ({"rejections": 0}, "no way to say no"),
        ({"on_timeout": Timeout.ESCALATE}, "escalates to nobody"),
    ],
)
def test_a_stage_with_impossible_terms_is_refused(given: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        StageSpec(name="owner", roles=("data_owner",), **given)
