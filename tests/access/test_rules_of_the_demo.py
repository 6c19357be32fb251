"""The rules with which the demo begins."""

from __future__ import annotations

import pytest

from apps.policy.decision import Decision
from apps.policy.engine import decide
from apps.policy.facts import JointFacts
from portal.demo.rules import IN_FORCE
from tests.policy import samples
from tests.policy.house_rules import policy_set, rulebook


def holding(assets: int) -> Decision:
    joint = JointFacts(personal_assets=assets, categories=frozenset(), special_kinds=frozenset())
    return decide(samples.personal_request(joint=joint), rulebook(policy_set(IN_FORCE)))


@pytest.mark.parametrize(("assets", "is_looked_at"), [(2, False), (3, True)])
def test_what_would_be_held_together_brings_in_the_security_officer(assets: int, is_looked_at: bool) -> None:
    stages = {stage.name: stage.roles for stage in holding(assets).stages}
    assert ("security" in stages) == is_looked_at
    assert stages.get("security", ("ciso",)) == ("ciso",)
