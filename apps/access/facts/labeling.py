"""Who would label what is asked for, and what its labels are good for, as the policy hears of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from apps.access.facts.asks import Ask
from apps.accounts.models import Person
from apps.labeling.checks.redaction import Redacted
from apps.labeling.learning import labels_of
from apps.labeling.roster.asked import ELSEWHERE, NOT_LISTED, PAUSED, Labeling, labeling_of
from apps.labeling.roster.standing import (
    CLASS_UNKNOWN,
    CONFLICT_UNDECLARED,
    COUNTRY_EXCLUDED,
    COUNTRY_UNKNOWN,
    NO_CONTRACT,
    NOT_AGREED,
    NOT_BOUND,
    NOT_CLEARED,
    NOT_TRAINED,
    TEST_FAILED,
    TOO_MANY_HOURS,
)
from apps.policy import facts as policy
from apps.policy.facts import Action
from apps.policy.law_words import LabelerGap, LabelerPart, LabelsVerdict

GAPS = {
    NOT_LISTED: LabelerGap.ROSTER,
    PAUSED: LabelerGap.PAUSE,
    TEST_FAILED: LabelerGap.TEST,
    NOT_TRAINED: LabelerGap.TRAINING,
    NOT_BOUND: LabelerGap.UNDERTAKING,
    NOT_CLEARED: LabelerGap.CLEARANCE,
    CLASS_UNKNOWN: LabelerGap.CLEARANCE,
    NO_CONTRACT: LabelerGap.CONTRACT,
    COUNTRY_UNKNOWN: LabelerGap.COUNTRY,
    COUNTRY_EXCLUDED: LabelerGap.COUNTRY,
    ELSEWHERE: LabelerGap.PLACE,
    CONFLICT_UNDECLARED: LabelerGap.CONFLICT,
    NOT_AGREED: LabelerGap.CONSENT,
    TOO_MANY_HOURS: LabelerGap.CONSENT,
}


def labeling_facts(
    ask: Ask, people: Iterable[Person], *, now: datetime
) -> tuple[policy.LabelingFacts, ...] | None:
    """Only where somebody asks to label."""
    if Action.LABEL not in ask.actions:
        return None
    data = [(item.asset, item.version) for item in ask.items]
    found = labeling_of(data, people, on=now.date(), place=ask.place_of_processing)
    return tuple(_stated(each) for each in found)


def _stated(found: Labeling) -> policy.LabelingFacts:
    return policy.LabelingFacts(
        asset=found.asset,
        policy=found.policy,
        version=found.version,
        is_open=found.is_open,
        parts=frozenset(LabelerPart(role.value) for role in found.roles),
        gaps=frozenset(GAPS[code] for code in found.gaps),
        redaction=_redaction(found.redacted),
    )


def _redaction(found: Redacted) -> policy.RedactionFacts:
    check = found.check
    return policy.RedactionFacts(
        is_met=found.is_met,
        is_checked=check.at is not None,
        planted=check.seeds,
        found=check.seeds_found,
        recall=found.lower,
        recall_needed=found.needed,
        audited=check.audited,
        audited_needed=found.audited_needed,
        left=check.direct_identifiers,
    )


def labels_facts(
    ask: Ask, system: policy.AiSystemFacts | None, *, now: datetime
) -> tuple[policy.LabelsFacts, ...] | None:
    """Only where a system learns from what is asked for, or is put to use."""
    if system is None or ask.actions.isdisjoint({Action.TRAIN, Action.DEPLOY}):
        return None
    data = [(item.asset, item.version) for item in ask.items]
    return tuple(
        policy.LabelsFacts(
            asset=each.asset,
            policy=each.policy,
            number=each.number,
            verdict=LabelsVerdict(each.verdict.value) if each.verdict else LabelsVerdict.MISSING,
        )
        for each in labels_of(data, ask.purpose.uid, on=now.date())
    )
