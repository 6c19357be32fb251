"""The whole workflow against a pure model of it, in random order, by everybody, at any time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from apps.access.commands import verdicts
from apps.access.models import Stage
from apps.access.queries import evaluation
from apps.policy.decision import Decision
from apps.policy.engine import decide
from apps.policy.route import Timeout
from tests.access.machine.asking import Asking
from tests.access.machine.deciding import Deciding
from tests.access.machine.holding import Holding
from tests.access.machine.model import Asked, Given
from tests.access.machine.stored import FAULTS, STATE_AFTER, STORED, answered
from tests.factories.access import AccessWorld
from tests.factories.compliance import approved_activity

SHARES, LONG_SHARES = 2, 20
"""Tests that share the runs: so that two processes do; and so that each of a long run can be had alone, in a
transaction that does not drag along what thousands of runs before have left."""
RUNS, STEPS = 200 // SHARES, 30
LONG_RUNS, LONG_STEPS = 2000 // LONG_SHARES, 50
WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
CONTROL: dict[str, Any] = {"max_examples": 100, "stateful_step_count": 15, "phases": [Phase.generate]}


class Workflow(Asking, Deciding, Holding):
    """Everything that anybody does, in any order."""

    def begin(self) -> None:
        """Something of everything, so that every run starts in the middle of it."""
        for who, kind in (
            ("scientist", "personal"),
            ("colleague", "personal"),
            ("owner", "personal"),
            ("scientist", "harmless"),
            ("colleague", "blocked"),
        ):
            self.draft_and_send(who=who, kind=kind)
        self.say(self.asked[1], "owner_and_officer", "approve", self.asked[1].readings[-1])
        self.draft_one(who="scientist", kind="personal", days=5, later=True, robot=True)
        assert self.world.players["on_call"].proved.second_factor_at
        self.what_is_stored_is_what_the_model_says()

    # What always holds

    @invariant()
    def what_is_stored_is_what_the_model_says(self) -> None:
        """States, and the trail: one entry for each change, and in the same order."""
        stored: dict[str, dict[UUID, str]] = {"request": {}, "grant": {}}
        for kind, key, uid, word, state in answered(STORED, self.last):
            if kind in stored:
                stored[kind][uid] = word
            else:
                self.last = key
                told = state if word == "access.grant.resumed" else STATE_AFTER[word]
                self.told.setdefault(uid, []).extend([told] if told else [])
        assert stored["request"] == {ask.uid: ask.state for ask in self.asked}
        assert stored["grant"] == {grant.uid: grant.moves[-1] for grant in self.given}
        moved: list[Asked | Given] = [*self.asked, *self.given]
        for each in moved:
            assert self.told[each.uid] == each.moves[1:]

    @invariant()
    def no_grant_stands_on_less_than_a_whole_route_and_no_verdict_is_by_a_party(self) -> None:
        assert answered(FAULTS, [grant.uid for grant in self.given if grant.is_withheld]) == []


@pytest.fixture(autouse=True)
def every_route_lapses(monkeypatch: pytest.MonkeyPatch) -> None:
    """When it is looked after too late; nothing is looked after by itself."""

    def lapsing(*given: Any) -> Decision:
        decision = decide(*given)
        stages = tuple(replace(stage, on_timeout=Timeout.LAPSE) for stage in decision.stages)
        return replace(decision, stages=stages)

    monkeypatch.setattr(evaluation, "decide", lapsing)


@pytest.fixture
def world(world: AccessWorld) -> AccessWorld:
    """What is blocked lacks one record: what is done is described, and nobody has screened it."""
    purpose, signers = world.purposes["unrecorded"], {"writer": "officer", "approver": "second_officer"}
    approved_activity(purpose, world.personal.asset, **{part: world[who] for part, who in signers.items()})
    return world


def run(machine: type[Workflow], world: AccessWorld, **given: Any) -> None:
    limited: type[Workflow] = type(machine.__name__, (machine,), {"world": world})
    start = limited()
    start.begin()
    limited.begun = start
    calm = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(limited, settings=settings(suppress_health_check=calm, **given))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "share" in metafunc.fixturenames:
        metafunc.parametrize("share", range(LONG_SHARES if metafunc.config.getoption("--long") else SHARES))


def test_the_workflow_does_what_its_model_does(share: int, world: AccessWorld, is_long: bool) -> None:
    """Each share goes other ways: every run draws its own seed."""
    if is_long:
        run(Workflow, world, max_examples=LONG_RUNS, stateful_step_count=LONG_STEPS)
    else:
        run(Workflow, world, max_examples=RUNS, stateful_step_count=STEPS, phases=WITHOUT_SHRINKING)


def test_the_invariants_tell_a_route_cut_short(world: AccessWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with the guard gone that asks for every stage, one yes makes a grant."""
    whole = verdicts.open_stage

    def hurried(decision: Any) -> Stage | None:
        return whole(decision) if not decision.stages.filter(closed_at__isnull=False).exists() else None

    monkeypatch.setattr(verdicts, "open_stage", hurried)
    with pytest.raises(AssertionError):
        run(Workflow, world, **CONTROL)


def test_the_model_tells_facts_that_nobody_looks_at_again(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other control: with the check gone that facts are as before, a suspended purpose is approved."""
    monkeypatch.setattr(verdicts.evaluation, "is_as_before", lambda decision, answered: True)
    with pytest.raises(AssertionError):
        run(Workflow, world, **CONTROL)
