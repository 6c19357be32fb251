"""Steps of every cycle."""

from __future__ import annotations

from typing import Any

import pytest

from apps.compliance.lifecycle import ai_systems, breach, dpia
from apps.kernel.errors import InvalidState
from apps.policy import law_words

# Words


def test_a_step_of_another_stage_is_refused_with_those_that_are_possible() -> None:
    with pytest.raises(InvalidState) as refused:
        breach.CYCLE.step("close", "suspected")
    assert refused.value.reasons[0].facts["possible"] == "confirm"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (dpia.DpiaStage, law_words.DpiaState),
        (ai_systems.RiskClass, law_words.AiRiskClass),
        (ai_systems.OrgRole, law_words.AiRole),
        (ai_systems.Governance, law_words.DataGovernance),
        (ai_systems.Practice, law_words.AiPractice),
        (ai_systems.AnnexUse, law_words.AnnexUse),
    ],
)
def test_the_words_are_those_that_policy_knows(ours: Any, theirs: Any) -> None:
    assert {word.value for word in ours} == {word.value for word in theirs}
