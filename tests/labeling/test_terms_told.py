"""Terms of a policy that are below ours have a floor, or are told in the report."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from apps.labeling.checks.around import RedactionFacts
from apps.labeling.checks.measured import measure
from apps.labeling.checks.quality import findings_of
from apps.labeling.checks.redaction import redacted_before
from apps.labeling.checks.terms import Outcome
from apps.labeling.facts import terms_of
from tests.factories.records import labeling_policy
from tests.labeling.test_no_false_release import labels

NOTHING = {"release_agreement": "0", "research_agreement": "0"}


def test_agreement_has_a_floor_whatever_a_policy_says() -> None:
    terms = terms_of(labeling_policy(**NOTHING))
    assert (terms.release_agreement, terms.research_agreement) == (0.667, 0.667)


@pytest.mark.parametrize(("seeds", "is_met"), [(1, False), (380, False), (381, True)])
def test_one_planted_name_is_never_enough(seeds: int, is_met: bool) -> None:
    asked = terms_of(labeling_policy(is_redacted=True, redaction_recall="0"))
    check = RedactionFacts(seeds=seeds, seeds_found=seeds, audited=300, at=datetime(2026, 11, 1, tzinfo=UTC))
    assert redacted_before(check, asked).is_met is is_met


def test_each_term_below_ours_is_told_with_both() -> None:
    terms = terms_of(labeling_policy(coverage="0.5", unsure_share="1", gold_accuracy="0.95"))
    found = findings_of(measure(labels(), (), terms), terms)
    told = [each for each in found if each.reason.code == "LABELS_TERM_BELOW_OURS"]
    assert {each.outcome for each in told} == {Outcome.NOTED}
    assert [each.reason.facts for each in told] == [
        {"term": "coverage", "given": "0.5", "ours": "0.98"},
        {"term": "unsure_share", "given": "1", "ours": "0.05"},
    ]
