from __future__ import annotations

from hypothesis import given, settings

from apps.policy.decision import Decision
from apps.policy.engine import decide
from apps.policy.facts import RequestFacts
from apps.policy.reason import text_of

from .strategies import requests


def assert_readable(decision: Decision) -> None:
    for finding in decision.findings:
        for reason in finding.reasons:
            text = text_of(reason.code)
            assert text.sentence % reason.facts
            assert text.remedy % reason.facts
            assert reason.rule == finding.rule
            assert reason.articles


@settings(max_examples=15, deadline=None)
@given(requests())
def test_every_reason_has_a_sentence_a_remedy_a_rule_and_an_article(facts: RequestFacts) -> None:
    decision = decide(facts)
    assert_readable(decision)
    assert decision.reasons
    assert decision.deciding_reasons


@settings(max_examples=15, deadline=None)
@given(requests())
def test_every_finding_that_says_no_says_why(facts: RequestFacts) -> None:
    for finding in decide(facts).findings:
        assert finding.effect is None or finding.reasons
        assert finding.is_matched or finding.effect is None
