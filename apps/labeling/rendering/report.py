"""The report on a label set: its verdict, the checks from the worst to the best, and the figures.

Sets that were kept before a figure was measured do not have it, and codes that nobody knows any more are left
out with their finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.labeling.checks.terms import Outcome, Verdict
from apps.labeling.models import LabelSet
from apps.labeling.rendering import words
from apps.policy.reason import Reason, declared_codes

HINDERING = (Outcome.FAILED, Outcome.UNMEASURED, Outcome.RESEARCH_ONLY)


@dataclass(frozen=True, kw_only=True)
class Check:
    code: str
    title: Any
    outcome: Outcome
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class Group:
    outcome: Outcome
    title: Any
    checks: tuple[Check, ...]


@dataclass(frozen=True, kw_only=True)
class Report:
    label_set: LabelSet
    verdict: Verdict
    checks: tuple[Check, ...]
    figures: Mapping[str, Any]

    @property
    def sentence(self) -> Any:
        return words.SENTENCES[self.verdict]

    @property
    def title(self) -> Any:
        return words.VERDICTS[self.verdict]

    @property
    def groups(self) -> tuple[Group, ...]:
        found = (
            Group(
                outcome=outcome,
                title=title,
                checks=tuple(each for each in self.checks if each.outcome is outcome),
            )
            for outcome, title in words.OUTCOMES.items()
        )
        return tuple(group for group in found if group.checks)

    @property
    def hindering(self) -> tuple[Check, ...]:
        """Why it is not better than it is."""
        return tuple(each for outcome in HINDERING for each in self.checks if each.outcome is outcome)

    @property
    def parts(self) -> tuple[Mapping[str, Any], ...]:
        """Of sets from before parts were kept: what the whole came to."""
        return tuple(self.figures.get("parts") or [{**self.figures, "is_of_regions": False}])


def report_on(label_set: LabelSet) -> Report:
    """By the newest review, where the set was measured anew."""
    known = declared_codes()
    newest = label_set.reviews.order_by("-pk").first() or label_set
    return Report(
        label_set=label_set,
        verdict=Verdict(newest.verdict),
        checks=tuple(
            _check(each)
            for each in sorted(newest.findings, key=lambda each: str(each["check"]))
            if each["reason"]["code"] in known
        ),
        figures=newest.figures or label_set.figures,
    )


def _check(told: Mapping[str, Any]) -> Check:
    code = str(told["check"])
    reason = {**told["reason"], "articles": tuple(told["reason"].get("articles", ()))}
    return Check(
        code=code,
        title=words.CHECKS.get(code, code),
        outcome=Outcome(told["outcome"]),
        reason=Reason(**reason),
    )
