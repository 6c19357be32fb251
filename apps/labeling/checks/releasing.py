"""Whether a version of a model may be released: what is asked of it, and what of that is not met."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from apps.compliance.lifecycle.model_assessments import LINEAGE_UNKNOWN, ReleaseFacts, obstacles_to_release
from apps.labeling.checks.demands import ARTICLES, Condition, Demand
from apps.labeling.checks.lawful import SystemFacts, UseOfData, objections
from apps.labeling.checks.terms import Verdict
from apps.policy.reason import Reason, Value, declare

LABELS_NOT_NAMED = declare(
    "RELEASE_LABELS_NOT_NAMED",
    "The model learned from version %(version)s of %(dataset)s, whose labels are held to %(policy)s, and"
    " names no label set of that version.",
    "Bring the labels of that version, and name their label set among what the model was trained on.",
)
LABELS_BLOCKED = declare(
    "RELEASE_LABELS_BLOCKED",
    "The model learned from labels of %(dataset)s that are blocked: set %(number)s, %(policy)s.",
    "Have them labeled anew, bring the new labels, and train a version on those.",
)
LABELS_FOR_RESEARCH = declare(
    "RELEASE_LABELS_FOR_RESEARCH",
    "The model learned from labels of %(dataset)s that are for research only: set %(number)s, %(policy)s.",
    "Keep the version for research, or train one on labels that reach what release asks for.",
)
POLICY_GONE = declare(
    "RELEASE_POLICY_GONE",
    "%(policy)s governs the labels of %(dataset)s no more: it is not in force, or paused.",
    "Have the labeling policy put in force again.",
)
NOT_GOOD_ENOUGH = {Verdict.BLOCKED: LABELS_BLOCKED, Verdict.RESEARCH_ONLY: LABELS_FOR_RESEARCH}


@dataclass(frozen=True, kw_only=True)
class SetFacts:
    """A label set the model learned from. `verdict` is what it is good for now."""

    dataset: str
    policy: str
    number: int
    verdict: Verdict
    is_governed: bool


@dataclass(frozen=True, kw_only=True)
class UnlabeledFacts:
    """A version the model learned from, with a labeling policy about it and no label set that it names."""

    dataset: str
    version: int
    policy: str


@dataclass(frozen=True, kw_only=True)
class ModelFacts:
    """A version with all it learned from. `unknown` are models among that of which nobody said on what they
    were trained, `closed` what an occurrence closes. `systems` say what it is for, and `uses` are what it was
    trained on, each with each purpose of these."""

    learned: ReleaseFacts
    unknown: tuple[ReleaseFacts, ...] = ()
    closed: tuple[Reason, ...] = ()
    sets: tuple[SetFacts, ...] = ()
    unlabeled: tuple[UnlabeledFacts, ...] = ()
    systems: tuple[SystemFacts, ...] = ()
    uses: tuple[UseOfData, ...] = ()


def conditions_of(facts: ModelFacts) -> tuple[Condition, ...]:
    """Each with what stands against it: for the screen, the API and the command alike."""
    of_it = obstacles_to_release(facts.learned)
    behind = [reason for each in facts.unknown for reason in obstacles_to_release(each)]
    untold = tuple(reason for reason in (*of_it, *behind) if reason.code == LINEAGE_UNKNOWN)
    standing = tuple(reason for reason in of_it if reason.code != LINEAGE_UNKNOWN)
    found = {
        Demand.LINEAGE: untold,
        Demand.STANDING: (*standing, *facts.closed),
        Demand.LABELS: tuple(_not_named(each) for each in facts.unlabeled),
        Demand.QUALITY: tuple(reason for each in facts.sets for reason in _objections(each)),
        **objections(facts.systems, facts.uses, model=facts.learned.model, version=facts.learned.version),
    }
    return tuple(Condition(demand=demand, obstacles=found[demand]) for demand in Demand)


def obstacles_of(conditions: tuple[Condition, ...]) -> tuple[Reason, ...]:
    """Empty where the version may be released."""
    found = (reason for each in conditions for reason in each.obstacles)
    return tuple(dict.fromkeys(found))


def _not_named(given: UnlabeledFacts) -> Reason:
    facts: dict[str, Value] = {
        "dataset": given.dataset,
        "version": given.version,
        "policy": given.policy,
    }
    return Reason(code=LABELS_NOT_NAMED, articles=ARTICLES[Demand.LABELS], facts=facts)


def _objections(given: SetFacts) -> Iterator[Reason]:
    articles = ARTICLES[Demand.QUALITY]
    facts: dict[str, Value] = {"dataset": given.dataset, "policy": given.policy}
    code = NOT_GOOD_ENOUGH.get(given.verdict)
    if code is not None:
        yield Reason(code=code, articles=articles, facts={**facts, "number": given.number})
    if not given.is_governed:
        yield Reason(code=POLICY_GONE, articles=articles, facts=facts)
