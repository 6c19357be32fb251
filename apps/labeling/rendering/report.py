"""The report on a label set: its verdict, the checks from the worst to the best, and the figures.

Sets that were kept before a figure was measured do not have it, and codes that nobody knows any more are left
out with their finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from apps.compliance.models import LegalRecordVersion
from apps.kernel.actor import Actor
from apps.labeling.checks.terms import OF_PEOPLE, Outcome, Verdict
from apps.labeling.models import LabelSet, LabelSetReview
from apps.labeling.rendering import words
from apps.labeling.rendering.readers import reader_of
from apps.policy.reason import Reason, declare, declared_codes

WITHHELD = declare(
    "LABELS_OF_PEOPLE_WITHHELD",
    "What was found is about people who label, and is shown to those who bring labels or report on them.",
    "Ask the owner or a steward of the data.",
)
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
    """`policy` is the version of the labeling policy that it was measured by, at `measured_at`."""

    label_set: LabelSet
    verdict: Verdict
    checks: tuple[Check, ...]
    figures: Mapping[str, Any]
    policy: LegalRecordVersion
    measured_at: datetime

    @property
    def sentence(self) -> Any:
        """Where the verdict is good, also how much it rests on nothing."""
        untold = {each.code for each in self.checks if each.reason.code in words.UNMEASURED}
        if self.verdict is Verdict.RELEASE and untold:
            return words.RELEASED_IN_PART % {"count": len(untold)}
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
    def of_data(self) -> Report:
        """Without what was found about those who label."""
        return replace(self, checks=tuple(each for each in self.checks if each.code not in OF_PEOPLE))

    def shown_to(self, actor: Actor) -> Report:
        return self if reader_of(actor, self.label_set.version.asset) else self.without_people

    @property
    def without_people(self) -> Report:
        """How checks of people came out, each outcome once, without whom they are about; no figures by
        annotator."""
        shown = (
            replace(each, reason=Reason(code=WITHHELD)) if each.code in OF_PEOPLE else each
            for each in self.checks
        )
        return replace(
            self,
            checks=tuple(dict.fromkeys(shown)),
            figures=figures_for_all(self.figures),
        )

    @property
    def parts(self) -> tuple[Mapping[str, Any], ...]:
        """Of sets from before parts were kept: what the whole came to."""
        return tuple(self.figures.get("parts") or [{**self.figures, "is_of_regions": False}])


def findings_for_all(findings: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """As they are kept, without whom checks of people are about; how these came out, each outcome once."""
    withheld, told = Reason(code=WITHHELD).as_json(), list[Mapping[str, Any]]()
    for each in findings:
        shown = {**each, "reason": withheld} if each["check"] in OF_PEOPLE else each
        if shown not in told:
            told.append(shown)
    return told


def figures_for_all(figures: Mapping[str, Any]) -> dict[str, Any]:
    return {**figures, "annotators": []}


def report_on(label_set: LabelSet, review: LabelSetReview | LabelSet | None = None) -> Report:
    """By the newest review, where the set was measured anew; or by the one that is given, which may be the
    set itself, as it was measured first."""
    newest = review or label_set.reviews.select_related("policy").order_by("-pk").first() or label_set
    policy = newest.policy or label_set.policy
    policy.legal_record = label_set.policy.legal_record
    return Report(
        label_set=label_set,
        verdict=Verdict(newest.verdict),
        checks=checks_of(newest.findings),
        figures=newest.figures or label_set.figures,
        policy=policy,
        measured_at=newest.created_at,
    )


def checks_of(findings: Iterable[Mapping[str, Any]]) -> tuple[Check, ...]:
    known = declared_codes()
    return tuple(
        _check(each)
        for each in sorted(findings, key=lambda each: str(each["check"]))
        if each["reason"]["code"] in known
    )


def _check(told: Mapping[str, Any]) -> Check:
    code = str(told["check"])
    facts = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in told["reason"].get("facts", {}).items()
    }
    reason = {**told["reason"], "articles": tuple(told["reason"].get("articles", ())), "facts": facts}
    return Check(
        code=code,
        title=words.CHECKS.get(code, code),
        outcome=Outcome(told["outcome"]),
        reason=Reason(**reason),
    )
