"""L10: what drifts. An annotator within a set, answer by answer; and a set against the one before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.labeling.checks.around import BeforeFacts, Bounds, Shares
from apps.labeling.checks.findings import at_least, at_most, finding, said
from apps.labeling.checks.golden import is_right
from apps.labeling.checks.terms import Finding, Outcome
from apps.labeling.imports.annotation import UNNAMED, Annotation
from apps.labeling.measures.proportions import CHANCE, Share, exact_upper, so_few
from apps.policy.reason import declare

WINDOW = 20
"""Fewest answers to gold that are looked at together."""
WINDOWS = (WINDOW, 40, 80, 160)
"""Who gives less care for longer is found in a long run; a short one would show it by chance as well."""

L10_DRIFTED = declare(
    "LABELS_ANNOTATOR_DRIFTED",
    "Annotator «%(annotator)s» had %(hits)s of %(total)s gold answers in a row right: no more than %(upper)s,"
    " where %(needed)s is asked.",
    "Pause the annotator and look at a sample of the answers.",
)
L10_OTHER = declare(
    "LABELS_OTHER_THAN_BEFORE",
    "Since label set %(number)s the %(what)s went from %(before)s to %(now)s, and the bounds do not meet.",
    "See whether the items, the guideline or those who label became others.",
)


@dataclass(frozen=True, kw_only=True)
class Now:
    """What is set against the set before."""

    agreement: Bounds
    gold: Bounds
    classes: tuple[Shares, ...]
    coefficient: str = ""


@dataclass(frozen=True, kw_only=True)
class Runs:
    """By annotator the run of answers to gold that is the least likely of somebody who is right as often as
    is asked; `looked_at`: of how many runs of all annotators these are the worst."""

    worst: Mapping[str, Share]
    looked_at: int


def worst_runs(
    people: Iterable[Annotation], gold: Iterable[Annotation], needed: float, by: Decimal | None = None
) -> Runs:
    """In the order of the file. Several labels on an item are one answer. Whoever answered less than the
    shortest run has none, and nobody is held against what they said themselves."""
    truth: dict[str, set[str]] = defaultdict(set)
    authors: dict[str, set[str]] = defaultdict(set)
    for each in gold:
        if not each.is_region:
            truth[each.item].add(each.label)
            authors[each.item].add(each.annotator)
    right: dict[str, list[bool]] = defaultdict(list)
    for (item, who), labels in _whole_answers(people, authors).items():
        right[who].append(_are_right(labels, truth[item], by))
    worst, looked_at = {}, 0
    for who, answers in right.items():
        runs = [_fewest(answers, length) for length in WINDOWS if length <= len(answers)]
        looked_at += sum(len(answers) - run.total + 1 for run in runs)
        if runs:
            worst[who] = min(runs, key=lambda run: so_few(run.hits, run.total, needed))
    return Runs(worst=worst, looked_at=looked_at)


def _fewest(answers: Sequence[bool], length: int) -> Share:
    hits = fewest = sum(answers[:length])
    for came, went in zip(answers[length:], answers, strict=False):
        hits += came - went
        fewest = min(fewest, hits)
    return Share(hits=fewest, total=length)


def _are_right(labels: set[str], true: set[str], by: Decimal | None) -> bool:
    """Numbers are so one by one."""
    if labels == true or len(labels) != 1 or len(true) != 1:
        return labels == true
    (one,), (other,) = labels, true
    return is_right(one, other, by)


def _whole_answers(
    people: Iterable[Annotation], authors: Mapping[str, set[str]]
) -> Mapping[tuple[str, str], set[str]]:
    """To gold, by item and annotator, in the order in which they begin."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for each in people:
        if each.is_region or each.annotator == UNNAMED or each.item not in authors:
            continue
        if each.annotator not in authors[each.item]:
            found[each.item, each.annotator].add(each.label)
    return found


def of_annotator(annotator: str, worst: Share | None, looked_at: int, needed: float) -> Iterator[Finding]:
    """Of many runs some are bad by chance: the bound holds for all that were looked at together (C. E.
    Bonferroni), and is exact, since few are counted."""
    if worst is None:
        return
    upper = exact_upper(worst.hits, worst.total, CHANCE / looked_at)
    if upper < needed:
        counts = {"hits": worst.hits, "total": worst.total}
        bounds = {"upper": at_most(upper), "needed": said(needed)}
        yield finding("L10", Outcome.NOTED, L10_DRIFTED, annotator=annotator, **counts, **bounds)


def of_sets(now: Now, before: BeforeFacts) -> Iterator[Finding]:
    """Where the bounds of the two do not meet, it is no chance."""
    pairs = {
        "agreement": (before.agreement if _is_of_the_same(now, before) else (None, None), now.agreement),
        "share of gold that is right": (before.gold, now.gold),
        **_of_classes(now.classes, before.classes),
    }
    for what, (then_bounds, now_bounds) in pairs.items():
        if _are_apart(then_bounds, now_bounds):
            told = {"before": _told(then_bounds), "now": _told(now_bounds)}
            yield finding("L10", Outcome.NOTED, L10_OTHER, number=before.number, what=what, **told)


def _of_classes(now: Iterable[Shares], before: Iterable[Shares]) -> Mapping[str, tuple[Bounds, Bounds]]:
    then = {shares.is_of_regions: shares for shares in before}
    found = {}
    for shares in now:
        other = then.get(shares.is_of_regions)
        where = " in regions" if shares.is_of_regions else ""
        if other is None:
            continue
        for label in sorted({*shares.by_label, *other.by_label}):
            found[f"share of «{label}»{where}"] = (other.bounds(label), shares.bounds(label))
    return found


def _is_of_the_same(now: Now, before: BeforeFacts) -> bool:
    """What is not told was measured alike."""
    return "" in (now.coefficient, before.coefficient) or now.coefficient == before.coefficient


def _told(bounds: Bounds) -> str:
    return f"[{at_least(bounds[0])}, {at_most(bounds[1])}]"


def _are_apart(one: Bounds, other: Bounds) -> bool:
    (low, high), (low_too, high_too) = one, other
    if low is None or high is None or low_too is None or high_too is None:
        return False
    return high < low_too or high_too < low
