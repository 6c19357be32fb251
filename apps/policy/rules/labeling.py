"""LABELING: who labels is on the roster of the policy that governs it, tested, trained, cleared and bound."""

from __future__ import annotations

from collections.abc import Iterable

from apps.policy.decision import Effect, Finding, RuleType
from apps.policy.facts import Action, LabelingFacts
from apps.policy.reason import declare
from apps.policy.rules.case import Case, Said
from apps.policy.rules.rule import Rule

LABELERS_UNKNOWN = declare(
    "LABELERS_UNKNOWN",
    "Which labeling policy is about %(asset)s, or who stands on its roster, is not known.",
    "Ask again: it is read from the records.",
)
LABELER_NOT_QUALIFIED = declare(
    "LABELER_NOT_QUALIFIED",
    "Nobody labels %(asset)s under %(policy)s who lacks: %(missing)s.",
    "Ask a compliance officer, or whoever owns or keeps the data, to enter them on the roster of the policy.",
)
LABELING_STANDS_STILL = declare(
    "LABELING_STANDS_STILL",
    "Nobody labels %(asset)s: %(policy)s is paused or closed.",
    "Wait until labeling goes on, or have it tried out anew.",
)
LABELING_UNGOVERNED = declare(
    "LABELING_UNGOVERNED",
    "No labeling policy is about %(asset)s, so nobody looks at who labels it.",
    "Record a labeling policy before a model learns from the labels.",
)


def labeled_by_the_qualified(case: Case) -> Finding:
    """Of several policies about an asset one is enough: people label under one. What is not known of a policy
    counts as the strictest."""
    if Action.LABEL not in case.facts.actions:
        return case.clear()
    said = Said(case)
    stated = case.facts.labeling
    for asset in case.facts.assets:
        if stated is None:
            said.not_known("labeling", "nobody is qualified")
            said.object(Effect.BLOCK, LABELERS_UNKNOWN, asset=asset.uid)
            continue
        about = [each for each in stated if each.asset == asset.uid]
        if not about:
            said.object(None, LABELING_UNGOVERNED, asset=asset.uid)
        elif not any(each.is_open is True and each.gaps == frozenset() for each in about):
            _refuse(said, about)
    return case.answered(said)


def _refuse(said: Said, about: Iterable[LabelingFacts]) -> None:
    for each in about:
        named = {"asset": each.asset, "policy": each.policy}
        if each.gaps:
            missing = tuple(sorted(gap.value for gap in each.gaps))
            said.object(Effect.DENY, LABELER_NOT_QUALIFIED, missing=missing, **named)
        elif each.is_open is False:
            said.object(Effect.DENY, LABELING_STANDS_STILL, **named)
        else:
            for name in ("is_open", "gaps"):
                if getattr(each, name) is None:
                    said.not_known(f"labeling.{name}", "the strictest")
            said.object(Effect.BLOCK, LABELERS_UNKNOWN, asset=each.asset)


RULES = (
    Rule(
        id="LABELING",
        type=RuleType.POLICY,
        articles=("GDPR Art. 28(3)", "GDPR Art. 29", "GDPR Art. 32(4)", "AI Act Art. 10(2)(c)"),
        evaluate=labeled_by_the_qualified,
    ),
)
